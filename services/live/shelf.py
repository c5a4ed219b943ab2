"""One kind of state for many users, such as their counters: read once, then kept true by events."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, Generic, TypeVar

from pydantic import ValidationError

from services.errors import O2GNotReady, O2GUnreachable, SessionLost, UnreadableAnswer
from services.live.feed import Feed
from services.live.known import Known
from services.live.packages import Package

USERS = 100_000  # as many as the largest O2G has (L155)
HOLD_SECONDS = 2.0  # after a write: events of before it may still come, and must not be shown as what it did
OLD_SECONDS = 4 * 3600.0  # what is older is not shown, even with its age
READ_OUTSIDE = -1  # the generation of what was read while no events came

Value = TypeVar("Value")
Event = Mapping[str, object]


class Unknown(Enum):
    """What an event may leave of a value."""

    UNKNOWN = "unknown"  # it changed, and the event does not tell to what


UNKNOWN: Final = Unknown.UNKNOWN
Fold = Callable[[Value | None, Event], Value | Unknown]


class _Kept(Generic[Value]):
    __slots__ = ("at", "generation", "value")

    def __init__(self, value: Value, generation: int, at: float) -> None:
        self.value = value
        self.generation = generation
        self.at = at


class _Reading:
    """A question to O2G under way, and the events that came meanwhile."""

    __slots__ = ("events", "generation", "overtaken")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.events: list[tuple[str, Event]] = []
        self.overtaken = False  # by a write of our own


class Shelf(Generic[Value]):
    """Keeps one kind of state by login; any thread may use it.

    A value is used while events of its package come without a gap since it was read. An event is folded into the value
    of a user who was seen; events about others cost a look. What is read while events come has those applied to it, in
    their order, that came meanwhile: O2G may have answered before or after them.
    """

    def __init__(
        self,
        feed: Feed,
        package: Package,
        folds: Mapping[str, Fold[Value]],
        *,
        seconds: float | None = None,
        users: int = USERS,
    ) -> None:
        """Start empty.

        Args:
            feed: how events come.
            package: the package that the events belong to.
            folds: for each event, what makes the new value of the old one (None: there is none that holds) and the
                event. It must give the same where the same event comes twice.
            seconds: how long a value is used at most, for what events do not tell in full; None: without limit.
            users: how many are kept; those who were not wanted for longest go first.
        """
        self._feed = feed
        self._package = package
        self._folds = folds
        self._seconds = seconds
        self._users = users
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept[Value]] = OrderedDict()
        self._readings: dict[str, list[_Reading]] = {}
        self._held: dict[str, float] = {}

    @property
    def events(self) -> tuple[str, ...]:
        """The events that change these values."""
        return tuple(self._folds)

    def __len__(self) -> int:
        """Tell of how many users something is kept."""
        return len(self._kept)

    def get(self, login: str, read: Callable[[], Value]) -> Value:
        """Give what is kept and true now, else what `read` brings from O2G.

        Raises:
            O2GError: what `read` raised.
        """
        found = self.live(login)
        return self._read(login, read) if found is None else found.value

    def known(self, login: str, read: Callable[[], Value]) -> Known[Value]:
        """Give the same with its age, and where O2G does not answer what it said last, for up to four hours.

        Raises:
            O2GError: what `read` raised, where nothing is known.
        """
        found = self.live(login)
        if found is not None:
            return found
        try:
            value = self._read(login, read)
        except (O2GUnreachable, O2GNotReady, SessionLost):
            old = self._old(login)
            if old is None:
                raise
            return old
        return Known(value, self._feed.moment(self._feed.clock()), live=True)

    def is_followed(self, login: str) -> bool:
        """Tell whether events of this user's state come now: what is read is kept true then."""
        return self._feed.live(self._package) and self._feed.reaches(login)

    def live(self, login: str) -> Known[Value] | None:
        """Give what is true now, without asking O2G; None: that is not known."""
        self._feed.want(login)
        if not self.is_followed(login):
            return None
        now = self._feed.clock()
        with self._lock:
            kept = self._kept.get(login)
            if kept is None or kept.generation != self._feed.generation or self._is_held(login, now):
                return None
            if self._seconds is not None and now - kept.at >= self._seconds:
                return None
            self._kept.move_to_end(login)
            return Known(kept.value, self._feed.moment(now), live=True)

    def take(self, name: str, login: str, event: Event) -> bool:
        """Fold an event into what is kept of a user; False: it could not be understood, so that nothing is kept now."""
        with self._lock:
            for reading in self._readings.get(login, ()):
                reading.events.append((name, event))
            kept = self._kept.get(login)
            if kept is None:
                return True
            holds = kept.generation == self._feed.generation
            try:
                value = self._folds[name](kept.value if holds else None, event)
            except (ValidationError, UnreadableAnswer):
                del self._kept[login]
                return False
            if value is UNKNOWN:
                del self._kept[login]
            else:
                self._kept[login] = _Kept(value, self._feed.generation, self._feed.clock())
            return True

    def wrote(self, login: str) -> None:
        """Forget a user's value, which our own write changed; for a moment O2G is asked each time."""
        now = self._feed.clock()
        with self._lock:
            self._kept.pop(login, None)
            for reading in self._readings.get(login, ()):
                reading.overtaken = True
            if len(self._held) > 1000:
                self._held = {held: until for held, until in self._held.items() if until > now}
            self._held[login] = now + HOLD_SECONDS

    def forget(self, login: str) -> None:
        """Forget a user's value."""
        with self._lock:
            self._kept.pop(login, None)
            for reading in self._readings.get(login, ()):
                reading.overtaken = True

    def _read(self, login: str, read: Callable[[], Value]) -> Value:
        events = self._feed.live(self._package) and self._feed.reaches(login)
        reading = _Reading(self._feed.generation if events else READ_OUTSIDE)
        with self._lock:
            self._readings.setdefault(login, []).append(reading)
        try:
            value = read()
        except BaseException:
            with self._lock:
                self._done(login, reading)
            raise
        with self._lock:
            self._done(login, reading)
            if not reading.overtaken:
                self._keep(login, value, reading)
        return value

    def _done(self, login: str, reading: _Reading) -> None:
        others = self._readings[login]
        others.remove(reading)
        if not others:
            del self._readings[login]

    def _keep(self, login: str, value: Value, reading: _Reading) -> None:
        for name, event in reading.events:
            try:
                folded = self._folds[name](value, event)
            except (ValidationError, UnreadableAnswer):
                folded = UNKNOWN
            if folded is UNKNOWN:
                self._kept.pop(login, None)
                return
            value = folded
        self._kept[login] = _Kept(value, reading.generation, self._feed.clock())
        self._kept.move_to_end(login)
        while len(self._kept) > self._users:
            self._kept.popitem(last=False)

    def _is_held(self, login: str, now: float) -> bool:
        until = self._held.get(login)
        if until is None:
            return False
        if until <= now:
            del self._held[login]
            return False
        return True

    def _old(self, login: str) -> Known[Value] | None:
        with self._lock:
            kept = self._kept.get(login)
            if kept is None:
                return None
            true_at = kept.at
            if kept.generation == self._feed.generation and self._seconds is None:
                true_at = max(true_at, self._feed.heard_of(login))  # no event told otherwise until then
            if self._feed.clock() - true_at > OLD_SECONDS:
                return None
            return Known(kept.value, self._feed.moment(true_at), live=False)
