"""Administrators' passwords: argon2, a few at a time, and as long for a login that does not exist."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST, LONGEST = 12, 200  # characters
FEWEST_DIFFERENT = 5
AT_ONCE = 2  # each takes 64 MiB and some 50 ms of a core: a crowd at the door must not take all of both
WAIT_SECONDS = 3.0


class TooManyAtOnce(Exception):
    """More passwords than can be checked at once are waiting; this one was not looked at."""


class Passwords:
    """Hashes passwords, and checks them against hashes."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE) -> None:
        """Use argon2id with the library's parameters, unless others are given."""
        self._hasher = hasher or PasswordHasher()
        self._places = threading.BoundedSemaphore(at_once)
        self._nobodys = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """Hash a password.

        Raises:
            TooManyAtOnce: see there.
        """
        with _Place(self._places):
            return self._hasher.hash(password)

    def fits(self, hashed: str | None, password: str) -> bool:
        """Tell whether a password is the one of a hash; without a hash it takes as long, and is not.

        Raises:
            TooManyAtOnce: see there.
        """
        with _Place(self._places):
            try:
                fits = self._hasher.verify(hashed or self._nobodys, password[: LONGEST + 1])
            except (VerifyMismatchError, VerificationError, InvalidHashError):
                return False
            return fits and hashed is not None

    def outdated(self, hashed: str) -> bool:
        """Tell whether the same password should be hashed anew, since parameters have changed."""
        return self._hasher.check_needs_rehash(hashed)


def weakness(password: str, login: str) -> str | None:
    """Tell in words why a password is too weak; None: it is not."""
    if len(password) < SHORTEST:
        return f"A password has {SHORTEST} characters or more."
    if len(password) > LONGEST:
        return f"A password has {LONGEST} characters at most."
    if len(set(password)) < FEWEST_DIFFERENT:
        return f"A password has {FEWEST_DIFFERENT} different characters or more."
    if login.lower() in password.lower() and len(login) > 2:
        return "The login must not be part of the password."
    return None


class _Place:
    """A turn at the hashing; whoever waits too long is sent away."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise TooManyAtOnce

    def __exit__(self, *_: object) -> None:
        self._places.release()
