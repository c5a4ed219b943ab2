"""The live state: what events say goes to those who keep it, and is counted."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from services.border import parse
from services.errors import UnreadableAnswer
from services.live.feed import Feed
from services.live.packages import Package
from services.live.shelf import USERS, Event, Fold, Shelf, Value

INFORMATION = "OnChannelInformation"  # keep-alives and the channel's first line (B19); no event
MOST_NAMES = 64  # of unknown events that are told apart

log = structlog.get_logger(__name__)


class LiveMode(StrEnum):
    """How events come."""

    OFF = "off"
    CHANNEL = "channel"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """How the live state stands, for readiness, metrics and administrators.

    Attributes:
        mode: how events should come.
        connected: whether they come now.
        since: since when without a gap, UTC; None: not now.
        heard: when anything was heard last, keep-alives included, UTC; None: never.
        last_event: when the last event came, UTC; None: never.
        events: how many came, by O2G's name; those that the reference does not have together as `other`.
        malformed: how many lines were no event.
        gaps: how often events may have been missed.
        packages: what O2G tells now.
        refused: why O2G does not tell all or anything, in words for administrators; None: it does not refuse.
        kept: of how many users each kind of state is kept.
    """

    mode: LiveMode
    connected: bool
    since: datetime | None
    heard: datetime | None
    last_event: datetime | None
    events: Mapping[str, int]
    malformed: int
    gaps: int
    packages: tuple[Package, ...]
    refused: str | None
    kept: Mapping[str, int]


class LiveState:
    """What is known of users without asking O2G, and what keeps it true."""

    def __init__(self, feed: Feed | None = None, *, mode: LiveMode = LiveMode.OFF, users: int = USERS) -> None:
        """Start with nothing and without events; `users` bounds each kind of state."""
        self.feed = feed or Feed()
        self._mode = mode
        self._users = users
        self._lock = threading.Lock()
        self._hearers: dict[str, list[Callable[[Event], None]]] = {}
        self._shelves: dict[str, tuple[Shelf, ...]] = {}  # type: ignore[type-arg]
        self._named: dict[str, Shelf] = {}  # type: ignore[type-arg]
        self._counts: Counter[str] = Counter()
        self._strange: set[str] = set()
        self._complained: set[str] = set()
        self._malformed = 0
        self._last_event: float | None = None
        self._refused: str | None = None
        self.hear("OnUserDeleted", self._forget_user)
        self.hear("OnCtiLinkDown", lambda event: self.feed.node_down(text(event, "nodeId")))
        self.hear("OnCtiLinkUp", lambda event: self.feed.node_up(text(event, "nodeId")))
        self.hear("OnPbxLoaded", lambda event: self.feed.node_up(text(event, "nodeId")))
        self.hear("OnServerStart", lambda _: self.feed.missed())
        self.hear("OnLicenseExpiration", lambda _: None)

    @property
    def mode(self) -> LiveMode:
        """How events should come."""
        return self._mode

    def shelf(
        self, name: str, package: Package, folds: Mapping[str, Fold[Value]], *, seconds: float | None = None
    ) -> Shelf[Value]:
        """Make a place for one kind of state, fed with the events that `folds` names (see `Shelf`)."""
        made = Shelf(self.feed, package, folds, seconds=seconds, users=self._users)
        self._named[name] = made
        for event in made.events:
            self._shelves[event] = (*self._shelves.get(event, ()), made)
        return made

    def hear(self, name: str, hearer: Callable[[Event], None]) -> None:
        """Have `hearer` called with each event of that name, in the thread that events come in; must not take long."""
        self._hearers.setdefault(name, []).append(hearer)

    def take(self, line: bytes) -> None:
        """Take one event as O2G sends it: a JSON object. What is none is counted, and may have been an event missed."""
        try:
            event = parse(line)
        except UnreadableAnswer:
            self.complain("no JSON")
            return
        if not isinstance(event, dict) or not isinstance(event.get("eventName"), str):
            self.complain("no event")
            return
        name: str = event["eventName"]
        if name != INFORMATION:
            self._deal(name, event)
            self._count(name)  # only now: what is counted is already known

    def complain(self, what: str, *, missed: bool = True) -> None:
        """Count what could not be understood; the first of each kind is logged."""
        with self._lock:
            self._malformed += 1
            first = what not in self._complained
            self._complained.add(what)
        if first:
            log.warning("live.malformed", what=what, meaning="counted from now on without a line for each")
        if missed:
            self.feed.missed()

    def wrote(self, login: str) -> None:
        """Forget what our own write may have changed of a user; for a moment O2G is asked each time."""
        for shelf in self._named.values():
            shelf.wrote(login)

    def refused(self, why: str | None) -> None:
        """Note why O2G does not tell all, or that it does."""
        self._refused = why

    def status(self) -> LiveStatus:
        """Tell how things stand, without a request."""
        feed = self.feed.status()
        with self._lock:
            events, last, malformed = dict(self._counts), self._last_event, self._malformed
        return LiveStatus(
            mode=self._mode,
            connected=feed.connected,
            since=feed.since,
            heard=feed.heard,
            last_event=None if last is None else self.feed.moment(last),
            events=events,
            malformed=malformed,
            gaps=feed.gaps,
            packages=feed.packages,
            refused=self._refused,
            kept={name: len(shelf) for name, shelf in self._named.items()},
        )

    def _count(self, name: str) -> None:
        known = name in self._shelves or name in self._hearers or name in TOLD_TO_NOBODY
        with self._lock:
            self._counts[name if known else "other"] += 1
            self._last_event = self.feed.clock()
            strange = not known and name not in self._strange and len(self._strange) < MOST_NAMES
            if strange:
                self._strange.add(name)
        if strange:
            log.info("live.unknown_event", name=name[:64])

    def _deal(self, name: str, event: Event) -> None:
        login = event.get("loginName")
        if isinstance(login, str):
            for shelf in self._shelves.get(name, ()):
                if not shelf.take(name, login, event):
                    self.complain(name, missed=False)
        for hearer in self._hearers.get(name, ()):
            hearer(event)

    def _forget_user(self, event: Event) -> None:
        for shelf in self._named.values():
            shelf.forget(text(event, "loginName"))


# Listened to with their package, although nothing is kept of them: a call log is read when it is shown.
TOLD_TO_NOBODY = frozenset(
    {
        "OnDynamicStateChanged",
        "OnAgentSkillChanged",
        "OnUserCreated",
        "OnComRecordCreated",
        "OnComRecordModified",
        "OnComRecordsDeleted",
        "OnComRecordsAck",
        "OnComRecordsUnAck",
    }
)


def text(event: Event, name: str) -> str:
    """Give a text of an event; empty where it has none; a number, as a node's may be, is written."""
    value = event.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
