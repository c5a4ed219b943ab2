"""A desk phone as a test uses it: it shows a screen, and its user presses, chooses and types."""

import time
from urllib.parse import urlsplit

import httpx

from tests.pages import Entry, Shown, parse_page


class Phone:
    """One user's set; its presentation server asks Touchline over HTTPS with certificate and secret."""

    def __init__(self, prs: httpx.Client, number: str, device: str = "") -> None:
        self.number = number
        self._prs = prs
        self._identity = {"number": number, **({"set": device} if device else {})}
        self._typed: dict[str, str] = {}
        self.status = 0
        self.correlation = ""
        self.headers = httpx.Headers()
        self._shown: Shown | None = None

    @property
    def screen(self) -> Shown:
        assert self._shown is not None, "the phone has not been opened"
        return self._shown

    def open(self, application: str = "") -> Shown:
        """Press the menu key, or an application's own key."""
        return self.get(f"/phone/{application}")

    def get(self, address: str, **parameters: str) -> Shown:
        return self._take(self._prs.get(address, params={**_query(address), **self._identity, **parameters}))

    def type_text(self, field: str, text: str) -> None:
        """Type into the field with that label."""
        self._typed[next(f.name for f in self.screen.fields if f.label == field)] = text

    def press(self, label: str) -> Shown:
        """Press the dialog answer or soft key of that label; where the set has none, choose the action."""
        if label in self.screen.submits:
            return self.send()
        return self._follow(label, (*self.screen.answers, *self.screen.soft_keys, *self.screen.actions))

    def choose(self, label: str) -> Shown:
        """Move to the line, or the dialog's answer, of that label and press OK."""
        return self._follow(label, (*self.screen.answers, *self.screen.items, *self.screen.actions))

    def send(self) -> Shown:
        """Press OK in a form."""
        values = {f.name: f.value for f in self.screen.fields} | self._typed
        return self.post(self.screen.form, values)

    def post(self, address: str, values: dict[str, str]) -> Shown:
        return self._take(self._prs.post(address, params={**_query(address), **self._identity}, data=values))

    def key(self, digits: str) -> Shown:
        """Key digits on a screen that listens to the keypad."""
        assert self.screen.keypad, "this screen does not listen to the keypad"
        return self.get(self.screen.keypad, digits=digits)

    def back(self) -> Shown:
        return self.get(self.screen.keys["back"])

    def right(self) -> Shown:
        return self.get(self.screen.keys["right"])

    def left(self) -> Shown:
        return self.get(self.screen.keys["left"])

    def settle(self, seconds: float = 10) -> Shown:
        """Wait as a person does until the screen does not renew itself any more."""
        end = time.monotonic() + seconds
        while self.screen.refresh:
            assert time.monotonic() < end, f"still renewing itself: {self.screen.title}"
            time.sleep(0.05)
            self.get(self.screen.refresh)
        return self.screen

    def _follow(self, label: str, entries: tuple[Entry, ...]) -> Shown:
        for entry in entries:
            if entry.label == label and entry.href:
                return self.get(entry.href)
        raise AssertionError(f"no {label!r} on this screen: {[entry.label for entry in entries]}")

    def _take(self, response: httpx.Response) -> Shown:
        self.status = response.status_code
        self.headers = response.headers
        self.correlation = response.headers.get("X-Correlation-Id", "")
        assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
        self._typed = {}
        self._shown = parse_page(response.content)
        return self._shown


def _query(address: str) -> dict[str, str]:
    return dict(httpx.QueryParams(urlsplit(address).query))
