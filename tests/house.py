"""The whole house as tests use it: Touchline over HTTPS, phones in front of it, the O2G simulator behind."""

import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from settings import Settings
from simulators.demo.house import DemoHouse
from simulators.o2g.process import RunningO2G
from tests.phone import Phone

PhoneOf = Callable[..., Phone]
PUBLIC_URL = "https://phones.example"
TOLD_SECONDS = 0.1  # nobody looks at a set before it has rung: by then the event has come to Touchline


class Simulator:
    """The O2G simulator's control interface."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10)

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        noted = self._get("/requests")["requests"]
        return [r for r in noted if r["method"].startswith(method) and path in r["path"]]

    def request_count(self, method: str = "", path: str = "") -> int:
        return len(self.requests(method, path))

    def set_counters(self, number: str, **counters: int | None) -> None:
        self._client.put(f"/users/{number}/eventSummary", json=counters).raise_for_status()

    def called_from(self, number: str) -> list[str]:
        return [call["callee"] for call in self._get("/calls")["calls"] if call["caller"] == number]

    def missed_call(self, caller: str, callee: str) -> None:
        """Let somebody call and give up."""
        call = self._client.post("/calls", json={"caller": caller, "callee": callee}).raise_for_status().json()
        self._client.delete(f"/calls/{call['callRef']}").raise_for_status()

    def call(self, caller: str, callee: str, *, answered: bool = False) -> str:
        """Let somebody call, and maybe have it answered; the call's reference."""
        body = {"caller": caller, "callee": callee}
        reference: str = self._client.post("/calls", json=body).raise_for_status().json()["callRef"]
        if answered:
            self.answer(reference)
        time.sleep(TOLD_SECONDS)
        return reference

    def calls(self) -> list[dict[str, Any]]:
        """List the calls in progress, oldest first; `sides` tells each party's state."""
        return [call for call in self._get("/calls")["calls"] if call["state"] != "ended"]

    def answer(self, call: str) -> None:
        """Have a call answered where it rings."""
        self._client.post(f"/calls/{call}/answer", json={}).raise_for_status()

    def end_call(self, call: str) -> None:
        """End a call for all in it."""
        self._client.delete(f"/calls/{call}").raise_for_status()

    def ask_callback(self, number: str, caller: str) -> None:
        """Let somebody ask a user to call back."""
        self._client.post(f"/people/{number}/callbacks", json={"caller": caller}).raise_for_status()

    def message(self, sender: str, number: str, text: str) -> None:
        """Let somebody leave a user a mini message."""
        self._client.post(f"/people/{number}/miniMessages", json={"sender": sender, "text": text}).raise_for_status()

    def forget_messages(self, number: str) -> None:
        """Take away a user's mini messages."""
        self._client.delete(f"/people/{number}/miniMessages").raise_for_status()

    def forget_calls(self, number: str) -> None:
        """Empty a user's call log."""
        self._client.delete(f"/people/{number}/comlog").raise_for_status()

    def language(self, number: str) -> str:
        """Look up a user's language, by O2G's code."""
        return str(self._get(f"/people/{number}")["language"])

    def secret_code(self, number: str) -> str:
        """Look up a user's secret code, which also opens their mailbox unless it has a password of its own."""
        return str(self._get(f"/people/{number}")["secret"])

    def mailbox_password(self, number: str) -> str:
        """Look up the password of a user's mailbox."""
        return str(self._get(f"/users/{number}/mailbox")["password"])

    def set_rights(self, number: str, **rights: bool) -> None:
        """Change what a user may set: `forward`, `overflow`, `dnd`."""
        self._client.put(f"/users/{number}/rights", json=rights).raise_for_status()

    def set_mailbox_password(self, number: str, password: str | None) -> None:
        """Change the password of a user's mailbox; None: the user's own again."""
        self._client.put(f"/users/{number}/mailbox", json={"password": password}).raise_for_status()

    def voice_messages(self, number: str) -> list[dict[str, Any]]:
        """List a mailbox's messages, newest first: their ids, and whether they were not heard yet."""
        return list(self._get(f"/users/{number}/mailbox")["messages"])

    def leave_voice_message(self, number: str, caller: str = "", seconds: int = 5, *, urgent: bool = False) -> str:
        """Have somebody leave a message; its id."""
        message = {"caller": caller, "seconds": seconds, "urgent": urgent}
        left = self._client.post(f"/users/{number}/mailbox/messages", json=message).raise_for_status().json()
        return str(left["voicemailId"])

    def refuse_telephony(self, error_type: str, error_cause: str = "UNKNOWN", times: int = 1) -> None:
        """Refuse the next requests of call control, whatever they ask."""
        body = {"errorType": error_type, "errorCause": error_cause, "times": times}
        self._client.post("/telephony/refusals", json=body).raise_for_status()

    def end_calls(self) -> None:
        """Have everybody hang up."""
        for call in self._get("/calls")["calls"]:
            if call["state"] != "ended":
                self._client.delete(f"/calls/{call['callRef']}")

    def agent(self, number: str) -> dict[str, Any]:
        """Look at an operator of the call centre: state, configuration, whom they asked, hear, are in the call of."""
        return dict(self._get(f"/agents/{number}"))

    def set_agent(self, number: str, **state: str | int) -> None:
        """Put an operator of the call centre into a state, such as `subState="BUSY"` or `mainState="LOG_OFF"`."""
        self._client.put(f"/agents/{number}/state", json=state).raise_for_status()

    def searches(self) -> int:
        count: int = self._get("/searches")["searches"]
        return count

    def sessions(self) -> list[dict[str, object]]:
        sessions: list[dict[str, object]] = self._get("/sessions")["sessions"]
        return sessions

    def credentials(self) -> list[str]:
        """List every credential that was given: the values of O2G's cookies."""
        return list(self._get("/sessions")["credentials"])

    def lose_sessions(self) -> None:
        self._client.delete("/sessions").raise_for_status()

    @contextmanager
    def failing(self, **faults: object) -> Iterator[None]:
        """Fail in that way until the context ends."""
        self._client.put("/faults", json=faults).raise_for_status()
        try:
            yield
        finally:
            self._client.delete("/faults").raise_for_status()

    def close(self) -> None:
        self._client.close()

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.get(path).raise_for_status().json()
        return answer


def prs_client(house: DemoHouse, *, certificate: bool = True, secret: str | None = None) -> httpx.Client:
    """Make the presentation server's connection to Touchline; a test may leave out a proof."""
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    if certificate:
        trust.load_cert_chain(house.certificates.prs_cert, house.certificates.prs_key)
    headers = {"X-PRS-Secret": house.touchline.secret if secret is None else secret}
    return httpx.Client(verify=trust, base_url=house.touchline.url, headers=headers, timeout=15)


def in_process(secret: str, *, database: Path, o2g: RunningO2G | None = None, **settings: object) -> Settings:
    """Give the settings of a Touchline that runs in the test's own process and serves no port."""
    nowhere = Path("nowhere.pem")
    of_o2g: dict[str, object] = {"o2g_url": "https://127.0.0.1:9", "o2g_login": "nobody", "o2g_password": "nothing"}
    if o2g is not None:
        of_o2g = {
            "o2g_url": o2g.url.removesuffix("/api/rest"),
            "o2g_login": o2g.login,
            "o2g_password": o2g.password,
            "o2g_ca": o2g.ca,
        }
    return Settings.model_validate(
        {
            "public_url": PUBLIC_URL,
            "link_keys": [secrets.token_hex(32)],
            "prs_shared_secret": secret,
            "tls_cert": nowhere,
            "tls_key": nowhere,
            "prs_requests_per_second": 0,
            "live_state": "off",
            "database_url": f"sqlite:///{database}",
            "registry_copy": database.with_suffix(".registry.toml"),
            "user_requests_per_minute": 0,  # a test presses faster than any person
            **of_o2g,
            **settings,
        }
    )
