"""What O2G did for one user, read from the simulator's journal as it grows."""

import json
from collections.abc import Callable

import httpx

NO_WRITES = ("/sessions", "/subscriptions", "/directory/search", "/authenticate")
OPENS = "/messaging/mailboxes/"  # opening a mailbox again changes nothing
DONE = range(200, 300)


class Journal:
    """The writes of one user that O2G did; what it refused, or never read, is none.

    A write is told by method, path, query and body: two that are equal, for one press of a key, are one too many.
    """

    def __init__(self, control: httpx.Client, number: str, deaf: Callable[[], bool]) -> None:
        self._control = control
        self._number = number
        self._deaf = deaf
        self._read = 0

    def begin(self) -> None:
        """Leave out what was before."""
        self._read = self._control.get("/requests", params={"since": 1 << 60}).json()["received"]

    def writes(self) -> list[str]:
        """Give what was done since the last look; nothing while O2G cannot be asked, which makes up for it later."""
        if self._deaf():
            return []
        told = self._control.get("/requests", params={"since": self._read}).json()
        self._read = max([self._read, *(noted["number"] for noted in told["requests"])])
        return [write for noted in told["requests"] if (write := self._write(noted))]

    def _write(self, noted: dict[str, object]) -> str:
        path = str(noted["path"]).removeprefix("/api/rest/1.0")
        if noted["method"] == "GET" or noted["status"] not in DONE or path.startswith(NO_WRITES):
            return ""
        if path.startswith(OPENS) and noted["method"] == "POST":
            return ""
        body = json.dumps(noted["body"], sort_keys=True)
        asked = f"{path}?{noted['query']}"
        its_own = (
            f"oxe{self._number}" in asked,
            f"/devices/{self._number}" in asked,
            f'"deviceId": "{self._number}"' in body,
        )
        return f"{noted['method']} {asked} {body}" if any(its_own) else ""
