"""What was received and what was answered, for tests to read; without the secrets."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

REMEMBERED = 20_000  # requests
LONGEST_BODY = 8192  # bytes that are kept of a body
HIDDEN = "…"
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})
SECRET_KEY = re.compile(r"password|secret|^pin$|^code$|credential", re.IGNORECASE)
SECRET_TEXT = re.compile(r'("[^"]*(?:password|secret|pin|code|credential)[^"]*"\s*:\s*)"[^"]*"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Noted:
    """A request and the status it was answered with; 0 for a connection that was cut, or was no HTTP."""

    number: int
    method: str
    path: str
    query: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def told(self) -> dict[str, object]:
        """Describe it, with every secret hidden."""
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "headers": {str(name): _shown(name, value) for name, value in self.headers.items()},
            "body": _without_secrets(self.body),
        }


class Journal:
    """The requests of late."""

    def __init__(self) -> None:
        """Start with none."""
        self._noted: deque[Noted] = deque(maxlen=REMEMBERED)
        self.received = 0

    def note(self, method: str, path: str, query: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Remember a request."""
        self.received += 1
        self._noted.append(Noted(self.received, method, path, query, status, headers, body[:LONGEST_BODY]))

    def since(self, number: int) -> Iterator[Noted]:
        """Give what was received after that number."""
        return (noted for noted in self._noted if noted.number > number)

    def clear(self) -> None:
        """Forget the requests; their numbers go on."""
        self._noted.clear()


def _shown(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS:
        return value
    kind = value.split("=", 1)[0] if "cookie" in name.lower() else value.split(" ", 1)[0]
    return f"{kind} {HIDDEN}"


def _without_secrets(body: bytes) -> object:
    """Give a JSON body as what it says, any other as text."""
    try:
        return _hide(orjson.loads(body)) if body else None
    except orjson.JSONDecodeError:
        return SECRET_TEXT.sub(rf'\1"{HIDDEN}"', body.decode("utf-8", "replace"))


def _hide(value: object) -> object:
    if isinstance(value, dict):
        return {key: HIDDEN if SECRET_KEY.search(key) else _hide(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner) for inner in value]
    return value
