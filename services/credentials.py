"""Whether O2G takes the administrator's login and password: what it has refused is tried again seldom (B10)."""

import hashlib
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
FIRST_SECONDS = 1  # for which the others wait for the first of them to be taken or refused
ASKED_SECONDS = 0.05  # between two looks at what has become of it
TAKEN_SECONDS = 60  # after a login that went well, everybody logs in at once; then one goes first again
KEPT_SECONDS = int(LONGEST_SECONDS * 2)  # that O2G refused them, and how often
UNHEARD_SECONDS = 5.0  # after the board has not answered
TAKEN, NOT_TAKEN, NEITHER = b"taken", b"refused", b"neither"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Refused:
    error: WrongCredentials
    times: int  # by O2G, as far as is known
    not_before: float
    trying: bool = False  # whether somebody may be trying them again


class Credentials:
    """What each address of O2G said of them.

    An address that refused them is asked again after a pause, once, and by one of the server's workers only: accounts
    are locked after so many refusals, whoever got them. Where none has ever taken them they are wrong, and the other
    address is not asked either.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        board: Board | None = None,
        login: str = "",
        password: str = "",
    ) -> None:
        """Know nothing yet; `board` is what the workers of the server share, where there are several."""
        self._clock = clock
        self._board = board
        # Those that an administrator has put right are others, and tried at once. Too short to guess a password by.
        self._which = hashlib.sha256(f"{login}\0{password}".encode()).hexdigest()[:4]
        self._lock = threading.Lock()
        self._taken = False
        self._refused: dict[str, _Refused] = {}
        self._first: set[str] = set()  # addresses at which this worker goes first
        self._unheard_until = 0.0

    def check(self, address: str) -> None:
        """Go on only where logging in makes sense now, as far as this worker knows; nothing is waited for.

        Who may try again what was refused is the only one for a while; `await_turn` comes next.

        Raises:
            WrongCredentials: it does not.
        """
        with self._lock:
            refused = self._refused.get(address)
            if refused is not None and refused.not_before <= self._clock():
                refused.trying, refused.not_before = True, self._clock() + LOOK_SECONDS
                return
            if refused is None and not self._taken:
                refused = next(iter(self._refused.values()), None)
        if refused is not None:
            raise refused.error.again()

    def await_turn(self, address: str) -> None:
        """Go on only where no other worker was refused or tries just now; it may take some seconds.

        Raises:
            WrongCredentials: another was.
        """
        with self._lock:
            known = address in self._refused
        if self._board is None or (not known and self._clock() < self._unheard_until):
            return
        try:
            said = self._board.get(self._at(address))
            if said is None and not known:
                said = self._after_the_first(address, self._board)
            if said == TAKEN or (said != NOT_TAKEN and not known):
                return
            paused = self._board.get(self._at(address, "pause")) is not None
            ours = not paused and self._board.claim(self._at(address, "turn"), int(LOOK_SECONDS))
        except redis.RedisError as error:
            self._unheard(error)
            if not known:
                return
            ours = False
        with self._lock:
            refused = self._refused.get(address)
            if refused is None:
                error_of_another = WrongCredentials("O2G refused them to another worker")
                refused = self._refused[address] = _Refused(error_of_another, 0, 0.0, trying=True)
            if ours or refused.trying:
                refused.trying, refused.not_before = ours, self._clock() + LOOK_SECONDS
        if not ours:
            raise refused.error.again()

    def neither(self, address: str) -> None:
        """Hear that an address said nothing of them: nobody waits for this worker any more."""
        with self._lock:
            first = address in self._first
            self._first.discard(address)
        if not first or self._board is None:
            return
        try:
            if self._board.get(self._at(address)) is None:
                self._board.put(self._at(address), NEITHER, FIRST_SECONDS)
        except redis.RedisError as error:
            self._unheard(error)

    def taken(self, address: str) -> None:
        """Hear that an address took them."""
        with self._lock:
            self._taken = True
            self._first.discard(address)
            again = self._refused.pop(address, None) is not None
        if again:
            log.info("o2g.credentials_taken_again", address=address)
        if self._board is None or (not again and self._clock() < self._unheard_until):
            return
        try:
            self._board.put(self._at(address), TAKEN, TAKEN_SECONDS)
            if again:
                times = self._board.count(self._at(address, "times"), KEPT_SECONDS, 0)
                self._board.count(self._at(address, "times"), KEPT_SECONDS, -times)
        except redis.RedisError as error:
            self._unheard(error)

    def refused(self, address: str, error: WrongCredentials) -> None:
        """Hear that an address refused them."""
        with self._lock:
            self._first.discard(address)
            before = self._refused.get(address)
            if before is not None and not before.trying:
                return  # of the same moment
            times = 1 if before is None else before.times + 1
            refused = self._refused[address] = _Refused(error, times, self._clock() + _pause(times))
        if self._board is not None:
            try:
                times = max(times, self._board.count(self._at(address, "times"), KEPT_SECONDS))
                self._board.put(self._at(address, "pause"), b"1", int(_pause(times)))
                self._board.put(self._at(address), NOT_TAKEN, KEPT_SECONDS)
            except redis.RedisError as unheard:
                self._unheard(unheard)
            with self._lock:
                refused.times, refused.not_before = times, self._clock() + _pause(times)
        again = f"tried again in {_pause(times) / 60:.0f} minutes"
        log.error("o2g.credentials_refused", address=address, status=error.status, code=error.code, meaning=again)

    def refusal(self) -> WrongCredentials | None:
        """Give the refusal, if an address refuses them."""
        with self._lock:
            return next((refused.error for refused in self._refused.values()), None)

    def again_seconds(self) -> float | None:
        """Tell in how many seconds at the soonest they are tried again; None: no address refuses them."""
        with self._lock:
            soonest = min((refused.not_before for refused in self._refused.values()), default=None)
        return None if soonest is None else max(0.0, soonest - self._clock())

    def _after_the_first(self, address: str, board: Board) -> bytes | None:
        """Of those who log in at the same moment let one go first; give what it was told, None: go on without."""
        if board.claim(self._at(address, "first"), FIRST_SECONDS):
            with self._lock:
                self._first.add(address)
            return None
        until = time.monotonic() + FIRST_SECONDS
        while (said := board.get(self._at(address))) is None and time.monotonic() < until:
            time.sleep(ASKED_SECONDS)
        return said

    def _unheard(self, error: redis.RedisError) -> None:
        self._unheard_until = self._clock() + UNHEARD_SECONDS
        log.warning("o2g.neighbours_unheard", error=type(error).__name__)

    def _at(self, address: str, what: str = "said") -> str:
        return f"o2g.login.{address}.{self._which}.{what}"


def _pause(times: int) -> float:
    """Give the pause after so many refusals, in seconds."""
    return min(LONGEST_SECONDS, AGAIN_SECONDS * 2.0 ** min(times - 1, 16))
