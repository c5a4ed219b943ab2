"""Whether O2G takes the administrator's login and password: what it has refused is never tried again (B10)."""

import threading

from services.errors import WrongCredentials


class Credentials:
    """What each address of O2G said of them.

    An address that refused them is asked no more. Where none has ever taken them they are wrong, and the other address
    is not asked either: wrong passwords lock accounts.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._taken = False
        self._refused: dict[str, WrongCredentials] = {}

    def check(self, address: str) -> None:
        """Go on only where logging in makes sense.

        Raises:
            WrongCredentials: it does not.
        """
        with self._lock:
            refused = self._refused.get(address)
            if refused is None and not self._taken:
                refused = next(iter(self._refused.values()), None)
        if refused is not None:
            raise refused.again()

    def taken(self) -> None:
        """Hear that they were right."""
        with self._lock:
            self._taken = True

    def refused(self, address: str, error: WrongCredentials) -> None:
        """Hear that an address refused them."""
        with self._lock:
            self._refused[address] = error

    def refusal(self) -> WrongCredentials | None:
        """Give the refusal, if an address has refused them."""
        with self._lock:
            return next(iter(self._refused.values()), None)
