"""Whether O2G takes the administrator's login and password: what it has refused is tried again seldom (B10)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
import structlog

from services.board import Board
from services.errors import WrongCredentials

# Three tries within the first quarter of an hour, then fewer and fewer: accounts are locked for more than that. An O2G
# whose directory was not up yet, or a password that somebody has put right, is still found without a restart.
AGAIN_SECONDS = 300.0  # after the first refusal; twice as long after each further one
LONGEST_SECONDS = 3600.0
LOOK_SECONDS = 15.0  # until it is looked again whether it is this worker's turn, or whether another one was taken
TAKEN, NOT_TAKEN = b"taken", b"refused"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Refused:
    error: WrongCredentials
    pause: float  # seconds
    not_before: float
    trying: bool = False  # whether somebody may be trying them again


class Credentials:
    """What each address of O2G said of them.

    An address that refused them is asked again after a pause, once, and by one of the server's workers only. Where none
    has ever taken them they are wrong, and the other address is not asked either: wrong passwords lock accounts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, board: Board | None = None) -> None:
        """Know nothing yet; `board` is what the workers of the server share, where there are several."""
        self._clock = clock
        self._board = board
        self._lock = threading.Lock()
        self._taken = False
        self._refused: dict[str, _Refused] = {}

    def check(self, address: str) -> None:
        """Go on only where logging in makes sense now; who may go on tries it: for a while nobody else may.

        Raises:
            WrongCredentials: it does not.
        """
        with self._lock:
            refused = self._refused.get(address)
            if refused is not None and refused.not_before <= self._clock() and self._is_our_turn(address, refused):
                refused.trying = True
                return
            if refused is None and not self._taken:
                refused = next(iter(self._refused.values()), None)
        if refused is not None:
            raise refused.error.again()

    def taken(self, address: str) -> None:
        """Hear that an address took them."""
        with self._lock:
            self._taken = True
            if self._refused.pop(address, None) is None:
                return
        log.info("o2g.credentials_taken_again", address=address)
        self._tell(address, TAKEN)

    def refused(self, address: str, error: WrongCredentials) -> None:
        """Hear that an address refused them."""
        with self._lock:
            before = self._refused.get(address)
            if before is not None and not before.trying:
                return  # of the same moment
            pause = AGAIN_SECONDS if before is None else _longer(before.pause)
            self._refused[address] = _Refused(error, pause, self._clock() + pause)
        again = f"tried again in {pause / 60:.0f} minutes"
        log.error("o2g.credentials_refused", address=address, status=error.status, code=error.code, meaning=again)
        self._tell(address, NOT_TAKEN)

    def refusal(self) -> WrongCredentials | None:
        """Give the refusal, if an address refuses them."""
        with self._lock:
            return next((refused.error for refused in self._refused.values()), None)

    def again_seconds(self) -> float | None:
        """Tell in how many seconds at the soonest they are tried again; None: no address refuses them."""
        with self._lock:
            soonest = min((refused.not_before for refused in self._refused.values()), default=None)
        return None if soonest is None else max(0.0, soonest - self._clock())

    def _is_our_turn(self, address: str, refused: _Refused) -> bool:
        now = self._clock()
        refused.not_before = now + refused.pause
        if self._board is None:
            return True
        try:
            if self._board.get(_name(address)) == TAKEN:  # from another worker
                return True
            if self._board.claim(f"{_name(address)}.turn", int(refused.pause)):
                return True
        except redis.RedisError as error:
            log.warning("o2g.neighbours_unheard", error=type(error).__name__)
        refused.not_before = now + LOOK_SECONDS
        return False

    def _tell(self, address: str, what: bytes) -> None:
        if self._board is None:
            return
        try:
            self._board.put(_name(address), what, int(LONGEST_SECONDS * 2))
        except redis.RedisError as error:
            log.warning("o2g.neighbours_unheard", error=type(error).__name__)


def _longer(pause: float) -> float:
    return min(LONGEST_SECONDS, pause * 2)


def _name(address: str) -> str:
    return f"o2g.login.{address}"
