"""What O2G said of users, kept for a while (L154) or while events keep it true, and asked once where many want it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from services.behind import behind
from services.deadline import Deadline
from services.errors import NotFound, O2GError, O2GNotReady, O2GTimeout, O2GUnreachable, SessionLost
from services.live.feed import Feed
from services.live.packages import Package

ENTRIES = 100_000  # as many users as the largest O2G has (L155)
ABSENT = 1_000  # numbers that nobody has; in places of their own: whoever asks for any number pushes no user out
ABSENT_SECONDS = 5.0  # a number that O2G does not know is soon asked again: it may just be created
OLD_SECONDS = 4 * 3600.0  # for how long after its time a value serves while O2G does not answer
OVERTAKEN = -1
BEHIND_SECONDS = 5.0  # what is renewed behind may take longer than a screen

log = structlog.get_logger(__name__)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Value]):
    until: float
    value: Value
    generation: int | None


@dataclass(frozen=True, slots=True)
class _Absent:
    until: float
    error: NotFound


class _Flight(Generic[Value]):
    """One question under way, whose outcome all who came for it get."""

    def __init__(self, epoch: int, generation: int | None) -> None:
        self.epoch = epoch
        self.generation = generation
        self.landed = threading.Event()
        self.value: Value | None = None
        self.error: O2GError | None = None


class Remembered(Generic[Value]):
    """Answers by key, each kept for `seconds`; the oldest go where there are too many.

    With a feed, an answer is also kept for as long as events would tell that it changed: whoever hears them calls
    `replace` or `forget_key`. While O2G does not answer, what it said last serves for four hours more.
    """

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        entries: int = ENTRIES,
        feed: Feed | None = None,
    ) -> None:
        """Start empty; `seconds` of 0 keeps nothing, and still asks only once at a time."""
        self._seconds = seconds
        self._clock = clock
        self._entries = entries
        self._feed = feed
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept[Value]] = OrderedDict()
        self._absent: OrderedDict[str, _Absent] = OrderedDict()
        self._flights: dict[str, _Flight[Value]] = {}
        self._epoch = 0

    def __len__(self) -> int:
        """Tell how many are kept, those that nobody has among them."""
        return len(self._kept) + len(self._absent)

    def peek(self, key: str) -> Value | None:
        """Give what was said last, without asking and however old it is; None: nothing, or that there is none."""
        kept = self._kept.get(key)
        return None if kept is None else kept.value

    def get(self, key: str, ask: Callable[[], Value], deadline: Deadline) -> Value:
        """Give what is kept, else ask: one thread does, the others wait for what it brings.

        Raises:
            NotFound: there is none; also remembered, for a few seconds.
            O2GTimeout: the thread that asks did not come back in time.
            O2GError: what `ask` raised; not remembered. Who waited for a thread that ran out of its own time asks anew.
        """
        while True:
            with self._lock:
                kept = self._fresh(key)
                if kept is not None:
                    break
                flight = self._flights.get(key)
                leading = flight is None or flight.epoch != self._epoch
                if flight is None or leading:
                    flight = self._flights[key] = _Flight(self._epoch, self._generation())
            if leading:
                try:
                    return self._lead(key, flight, ask)
                except O2GError as error:
                    kept = self._old(key, error)
                    break
            if not flight.landed.wait(deadline.remaining()):
                raise O2GTimeout("O2G took too long to tell of a user")
            if flight.error is None:
                return flight.value  # type: ignore[return-value]  # landed without an error: there is a value
            if isinstance(flight.error, O2GTimeout) and deadline.remaining() > 0:
                continue
            kept = self._old(key, flight.error.again())
            break
        return kept.value

    def soon(self, key: str, ask: Callable[[Deadline], Value], deadline: Deadline) -> Value:
        """Give what is kept, where its time is over as well: that is renewed behind, and nobody waits for it.

        For what may be old for one screen. What is older than four hours is asked for as `get` does.

        Raises:
            O2GError: as `get`, where nothing is kept.
        """
        flight = None
        with self._lock:
            kept = self._fresh(key)
            if kept is None:
                kept = self._kept.get(key)
                if kept is not None and self._clock() - kept.until > OLD_SECONDS:
                    kept = None
                if kept is not None and key not in self._flights:
                    flight = self._flights[key] = _Flight(self._epoch, self._generation())
        if kept is None:
            return self.get(key, lambda: ask(deadline), deadline)
        if flight is not None:
            self._renew(key, flight, ask)
        return kept.value

    def _renew(self, key: str, flight: _Flight[Value], ask: Callable[[Deadline], Value]) -> None:
        def renew() -> None:
            try:
                self._lead(key, flight, lambda: ask(Deadline.after(BEHIND_SECONDS)))
            except O2GError as error:
                log.info("not_renewed", reason=error.type)  # the old one serves on, and the next who wants it tries
            except Exception:
                log.exception("not_renewed")  # nobody waits who could tell of it

        if not behind(renew):
            self._land(key, flight, O2GTimeout("too many questions wait"))

    def replace(self, key: str, value: Value) -> None:
        """Take a value that an event told, where one is kept; what is being asked now is not kept."""
        with self._lock:
            self._overtake(key)
            self._absent.pop(key, None)
            if key in self._kept:
                self._kept[key] = _Kept(self._clock() + self._seconds, value, self._generation())

    def forget_key(self, key: str) -> None:
        """Drop one value, also that there is none; what is being asked now is not kept either."""
        with self._lock:
            self._overtake(key)
            self._kept.pop(key, None)
            self._absent.pop(key, None)

    def overtake(self) -> None:
        """Keep nothing of what is being asked now: something changed, and it is not known of whom."""
        with self._lock:
            self._epoch += 1

    def forget(self, unwanted: Callable[[str, Value], bool]) -> None:
        """Drop the values for which `unwanted(key, value)` holds; what is being asked now is not kept either."""
        with self._lock:
            self._epoch += 1
            gone = [key for key, kept in self._kept.items() if unwanted(key, kept.value)]
            for key in gone:
                del self._kept[key]

    def _fresh(self, key: str) -> _Kept[Value] | None:
        """Give what is kept and holds; None: it must be asked.

        Raises:
            NotFound: there was none a moment ago.
        """
        now = self._clock()
        absent = self._absent.get(key)
        if absent is not None:
            if absent.until > now:
                raise absent.error.again()
            del self._absent[key]
        kept = self._kept.get(key)
        if kept is None or kept.until > now:
            return kept
        return kept if kept.generation is not None and kept.generation == self._generation() else None

    def _overtake(self, key: str) -> None:
        flight = self._flights.get(key)
        if flight is not None:
            flight.epoch = OVERTAKEN

    def _generation(self) -> int | None:
        """Give the time without a gap in which events tell of changes; None: they do not."""
        return self._feed.generation if self._feed is not None and self._feed.live(Package.USER) else None

    def _old(self, key: str, error: O2GError) -> _Kept[Value]:
        """Give what was said before O2G did not answer.

        Raises:
            O2GError: the error, where nothing was, or where O2G did answer.
        """
        with self._lock:
            kept = self._kept.get(key)
        silent = isinstance(error, O2GUnreachable | O2GNotReady | SessionLost)
        if not silent or kept is None:
            raise error
        if self._clock() - kept.until > OLD_SECONDS:
            raise error
        return kept

    def _lead(self, key: str, flight: _Flight[Value], ask: Callable[[], Value]) -> Value:
        try:
            value = flight.value = ask()
        except O2GError as error:
            flight.error = error
            if isinstance(error, NotFound):
                self._keep_absent(key, flight, error)
            raise
        except BaseException:
            flight.error = O2GTimeout("whoever asked O2G broke off")
            raise
        else:
            self._keep(key, flight, value)
            return value
        finally:
            self._land(key, flight)

    def _land(self, key: str, flight: _Flight[Value], error: O2GError | None = None) -> None:
        flight.error = error or flight.error
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.landed.set()

    def _keep(self, key: str, flight: _Flight[Value], value: Value) -> None:
        with self._lock:
            if self._seconds <= 0 or flight.epoch != self._epoch:
                return
            self._kept[key] = _Kept(self._clock() + self._seconds, value, flight.generation)
            self._kept.move_to_end(key)
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)

    def _keep_absent(self, key: str, flight: _Flight[Value], error: NotFound) -> None:
        with self._lock:
            if self._seconds <= 0 or flight.epoch != self._epoch:
                return
            self._kept.pop(key, None)
            self._absent[key] = _Absent(self._clock() + min(self._seconds, ABSENT_SECONDS), error)
            self._absent.move_to_end(key)
            while len(self._absent) > ABSENT:
                self._absent.popitem(last=False)
