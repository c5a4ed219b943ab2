"""Workers make room for each other's users: O2G's licences are for all of them, and any may hold one it does not need.

Who lacks a licence opens a round. Each other worker offers the session it could spare, by how long that was unused; the
one unused for longest of all is chosen, and its worker closes it.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import redis
import structlog

from services.board import Board
from services.deadline import Deadline
from services.threads import started

LOOK_SECONDS = 0.2  # between two looks at what the others want
BIDDING_SECONDS = 0.5  # each worker has looked once by then, and written its offer
CLOSING_SECONDS = 1.0  # one more look, and O2G's answer
ASKED_SECONDS = 0.05  # between two looks at what has become of it
ROUND_SECONDS = 10  # for which what belongs to a round is kept
OFFERS_SECONDS = 2 * ROUND_SECONDS  # for which their number is: no late offer gets one that was chosen
ROUNDS_SECONDS = 3600  # for which the number of rounds is
MOST_ROUNDS = 50  # that a worker takes up at one look
WITHOUT_SECONDS = 5.0  # after the board has not answered

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Spare:
    """A session that may be closed; the greater of two is closed first.

    Attributes:
        served: whether O2G did something in it: else it holds no licence.
        idle_seconds: for how long it has been unused.
    """

    served: bool
    idle_seconds: float

    def written(self) -> bytes:
        """Write it for the board."""
        return f"{int(self.served)} {self.idle_seconds:.3f}".encode()

    @classmethod
    def read(cls, written: bytes | None) -> Self | None:
        """Read it; None: it is not there, or no offer."""
        served, _, idle = (written or b"").partition(b" ")
        try:
            return cls(bool(int(served)), float(idle))
        except ValueError:
            return None


class Neighbours:
    """The other workers, as the sessions at one address need them; any thread may use it."""

    def __init__(
        self,
        board: Board,
        address: str,
        spare: Callable[[], Spare | None],
        give: Callable[[Deadline], bool],
    ) -> None:
        """Start no thread: a process may still fork.

        Args:
            board: what all workers see.
            address: the name of O2G's address; each has rounds of its own.
            spare: tells which session this worker would close first; None: it may close none.
            give: closes it; False: there is none any more.
        """
        self._board = board
        self._name = f"o2g.room.{address}"
        self._spare = spare
        self._give = give
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: int | None = None  # the last round that was taken up; None: no look was taken since there was need
        self._own: set[int] = set()  # rounds that this worker has opened
        self._unheard_until = 0.0  # the board did not answer: nobody is made to wait for it again before
        self._offered: dict[int, tuple[int, float]] = {}  # rounds: the offer's number, and until when it stands

    def begin(self) -> None:
        """Answer the others from now on."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None and not self._over.is_set():
                self._thread = started(self._answer, "o2g-neighbours")

    def close(self) -> None:
        """Answer no more."""
        self._over.set()

    def made_room(self, deadline: Deadline) -> bool:
        """Have another worker close the session unused for longest of all; False: none can spare one that was unused
        for longer than this worker's own, or not in time."""
        if deadline.remaining() < BIDDING_SECONDS + CLOSING_SECONDS or time.monotonic() < self._unheard_until:
            return False
        try:
            # Not under the lock: a board that is silent holds up one user then, and not everybody. A look in between
            # may offer this worker's own session in its own round; `_best` does not choose it.
            nth = self._board.count(self._name, ROUNDS_SECONDS)
            with self._lock:
                self._own.add(nth)
            try:
                return not self._over.wait(BIDDING_SECONDS) and self._closed(nth, deadline.at_most(CLOSING_SECONDS))
            finally:
                with self._lock:
                    self._own.discard(nth)
        except redis.RedisError as error:
            self._unheard_until = time.monotonic() + WITHOUT_SECONDS
            log.warning("o2g.neighbours_unheard", error=type(error).__name__)
            return False

    def _closed(self, nth: int, patience: Deadline) -> bool:
        best = self._best(nth)
        if best is None:
            return False
        self._board.put(self._at("chosen", nth), str(best).encode(), ROUND_SECONDS)
        while patience.remaining():
            if (done := self._board.get(self._at("closed", nth))) is not None:
                return done == b"1"
            self._over.wait(ASKED_SECONDS)
        return False

    def _best(self, nth: int) -> int | None:
        """Give the number of the offer that is better than all others, and than what this worker has itself."""
        offers = {
            number: Spare.read(self._board.get(self._at(f"offer.{number}", nth)))
            for number in range(1, self._board.count(self._at("offers", nth), OFFERS_SECONDS, 0) + 1)
        }
        standing = {number: offer for number, offer in offers.items() if offer is not None}
        best = max(standing, key=lambda number: standing[number], default=None)
        own = self._spare()
        return None if best is None or (own is not None and own >= standing[best]) else best

    def _answer(self) -> None:
        pause = LOOK_SECONDS
        while not self._over.wait(pause):
            pause = LOOK_SECONDS
            try:
                self._look()
            except redis.RedisError as error:
                log.debug("o2g.neighbours_unheard", error=type(error).__name__)
                self._seen, pause = None, WITHOUT_SECONDS
            except Exception:
                # The boundary of this thread: one fault must not leave the others without an answer for ever.
                log.exception("o2g.neighbours_failed")

    def _look(self) -> None:
        spare = self._spare()
        if spare is None and not self._offered:
            self._seen = None  # nothing to offer: what is wanted until there is concerns the others
            return
        latest = self._board.count(self._name, ROUNDS_SECONDS, 0)
        if self._seen is None or self._seen > latest:
            seen = max(0, latest - 1)  # the last one may have been opened just now
        else:
            seen = max(self._seen, latest - MOST_ROUNDS)
        with self._lock:
            wanted = [nth for nth in range(seen + 1, latest + 1) if nth not in self._own]
        self._seen = latest
        for nth in wanted:
            if spare is not None:
                number = self._board.count(self._at("offers", nth), OFFERS_SECONDS)
                self._board.put(self._at(f"offer.{number}", nth), spare.written(), ROUND_SECONDS)
                self._offered[nth] = number, time.monotonic() + BIDDING_SECONDS + CLOSING_SECONDS
        for nth, (number, until) in tuple(self._offered.items()):
            chosen = self._board.get(self._at("chosen", nth))
            if chosen is None and time.monotonic() < until:
                continue
            del self._offered[nth]
            if chosen == str(number).encode():
                closed = self._give(Deadline.after(CLOSING_SECONDS))
                self._board.put(self._at("closed", nth), b"1" if closed else b"0", ROUND_SECONDS)

    def _at(self, what: str, nth: int) -> str:
        return f"{self._name}.{nth}.{what}"
