"""Secrets that several workers share for a while: what lies in the process or in Redis is sealed, never clear."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from store.shared import Shared

PURPOSE = b"touchline.sealed"


class Seals:
    """Encrypts and signs texts with keys that are derived from the server's own, each for the name it is kept under."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the server's keys, oldest first: the last one seals, all of them open."""
        self._seals = MultiFernet([_fernet(key) for key in reversed(keys)])
        self._newest = MultiFernet([_fernet(keys[-1])])

    def seal(self, name: str, text: str) -> bytes:
        """Seal a text for that name."""
        return self._seals.encrypt(_labelled(name, text))

    def open(self, name: str, sealed: bytes) -> str | None:
        """Give a sealed text; None for what was not sealed for this name, or with a key that is no more."""
        return _opened(self._seals, name, sealed)

    def newest(self, name: str, sealed: bytes) -> bool:
        """Tell whether a text is sealed for that name with the key that seals, so that the others are not needed."""
        return _opened(self._newest, name, sealed) is not None


class Sealed:
    """Keeps texts under names, encrypted and signed with keys that are derived from the server's own."""

    def __init__(self, shared: Shared, keys: Sequence[str]) -> None:
        """Args: where to keep them; the server's keys, oldest first: the last one seals, all of them open."""
        self._shared = shared
        self._seals = Seals(keys)

    def put(self, name: str, text: str, seconds: int) -> None:
        """Keep a text; one of the same name is replaced."""
        self._shared.put(name, self._seals.seal(name, text), seconds)

    def get(self, name: str) -> str | None:
        """Give a kept text; None if there is none any more, or what lies there was not sealed for this name."""
        kept = self._shared.get(name)
        return None if kept is None else self._seals.open(name, kept)

    def extend(self, name: str, seconds: int) -> None:
        """Keep a text for `seconds` from now; one that is forgotten stays so."""
        self._shared.extend(name, seconds)

    def forget(self, name: str) -> None:
        """Forget a text."""
        self._shared.forget(name)


def _opened(seals: MultiFernet, name: str, sealed: bytes) -> str | None:
    try:
        clear = seals.decrypt(sealed)
    except InvalidToken:
        return None
    label = _labelled(name, "")
    return clear.removeprefix(label).decode() if clear.startswith(label) else None


def _labelled(name: str, text: str) -> bytes:
    """Put the name into what is sealed, so that nobody who writes to Redis passes one secret off as another."""
    return f"{name}\0{text}".encode()


def _fernet(key: str) -> Fernet:
    """Derive a key for this purpose only; links are signed with others of the same origin."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key.encode(), PURPOSE, hashlib.sha256)))
