"""How far events can be relied upon: whether they come at the moment, and whether any were missed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.live.packages import Package
from services.nodes import Link, NodeLinks

KEEP_ALIVE_SECONDS = 60.0  # L92; O2G's administrator may change it
SILENCE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """How events come.

    Attributes:
        connected: whether they come now, as far as silence can tell.
        since: since when without a gap; None: they do not come.
        heard: when anything was heard last, a keep-alive included; None: never.
        gaps: how often events may have been missed since the start.
        packages: what O2G accepted to tell.
    """

    connected: bool
    since: datetime | None
    heard: datetime | None
    gaps: int
    packages: tuple[Package, ...]


class Feed:
    """The flow of events, as those who keep state see it. Any thread may ask.

    A generation is a time without a gap. What was read in an earlier one may have changed unnoticed.

    Attributes:
        links: O2G's links to its nodes, as events tell of them.
    """

    def __init__(self, silence: float = SILENCE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without events; `silence` is how many seconds without any, keep-alives included, are believed."""
        self._silence = silence
        self._clock = clock
        self._lock = threading.Lock()
        self._open = False
        self._generation = 0
        self._heard = 0.0
        self._ever_heard = False
        self._since = 0.0
        self._gaps = 0
        self._packages: frozenset[Package] = frozenset()
        self._on_begin: list[Callable[[], None]] = []
        self._on_end: list[Callable[[], None]] = []
        self._on_doubt: list[Callable[[], None]] = []
        self._begun = False  # whether those who were told of a beginning have not been told of its end
        self.links = NodeLinks()
        self._node_of: Callable[[str], str | None] = lambda _: None
        self._on_want: Callable[[], None] | None = None
        self._downs: dict[str, float] = {}  # since when links are down, of those whose end an event told
        self._witness = ""
        self._holds: Callable[[], bool] = lambda: True

    @property
    def silence(self) -> float:
        """Seconds without any event or keep-alive that are believed."""
        return self._silence

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds that never go back."""
        return self._clock

    @property
    def generation(self) -> int:
        """The number of the present time without a gap, from 1; 0 before the first."""
        return self._generation

    @property
    def last_heard(self) -> float:
        """When anything was heard last, by the clock."""
        return self._heard

    @property
    def witness(self) -> str:
        """The login whose state was wanted last, of those that O2G hears of; empty: nobody's yet."""
        return self._witness if self._witness and self.reaches(self._witness) else ""

    def dismiss(self, login: str) -> None:
        """Have somebody else be the witness: the next one whose state is wanted."""
        if self._witness == login:
            self._witness = ""

    def on_want(self, begin: Callable[[], None]) -> None:
        """Call `begin` whenever somebody's state is wanted: events are listened to from the first time on."""
        self._on_want = begin

    def want(self, login: str = "") -> None:
        """Note that somebody's state is wanted."""
        self._witness = login or self._witness
        if self._on_want is not None:
            self._on_want()

    def tell(
        self, begins: Callable[[], None], ends: Callable[[], None], doubts: Callable[[], None] = lambda: None
    ) -> None:
        """Have somebody called.

        Args:
            begins: when a time without a gap begins.
            ends: when events come no more, and some will be missed.
            doubts: when they go on, and something may have been missed.
        """
        self._on_begin.append(begins)
        self._on_end.append(ends)
        self._on_doubt.append(doubts)

    def nodes_from(self, node_of: Callable[[str], str | None]) -> None:
        """Take what tells the OXE node of a login."""
        self._node_of = node_of

    def live(self, package: Package) -> bool:
        """Tell whether events of a package come now."""
        return package in self._packages and self._is_connected()

    def tells(self, package: Package) -> bool:
        """Tell whether events of a package are among those that come, or came last."""
        return package in self._packages

    def reaches(self, login: str) -> bool:
        """Tell whether O2G itself hears of a user: not while the link to the user's node is down (L101)."""
        return self.links.of(self._node_of(login)) is not Link.DOWN

    def heard_of(self, login: str) -> float:
        """Tell when anything could be heard of a user last: not since the link to the user's node is down."""
        node = self._node_of(login)
        if self.links.of(node) is not Link.DOWN:
            return self._heard
        return min(self._heard, self._downs.get(node or "", self._since))

    def opened(self, packages: tuple[Package, ...], *, missed: bool, holds: Callable[[], bool] = lambda: True) -> None:
        """Events come from now on.

        Args:
            packages: which.
            missed: whether some may not have come.
            holds: tells whether they come from the O2G that is asked, and that one answers: else they are not believed,
                however lately something was heard. Asked for each value that is shown.
        """
        now = self._clock()
        with self._lock:
            missed = missed or not self._generation
            if missed:
                self._generation += 1
                self._gaps += self._generation > 1
                self._since = now
            self._packages = frozenset(packages)
            self._heard = now
            self._ever_heard = True
            self._holds = holds
            self._open = self._begun = True
        if missed:
            self.links.forget()
            self._downs.clear()
            for begins in self._on_begin:
                begins()

    def heard(self) -> None:
        """Something came."""
        self._heard = self._clock()

    def missed(self) -> None:
        """Something may have happened that was not told, or not understood."""
        with self._lock:
            self._generation += 1
            self._gaps += 1
            self._since = self._clock()
        for doubts in self._on_doubt:
            doubts()

    def closed(self, *, missed: bool) -> None:
        """Events do not come now; `missed`: nor will those come later that would have."""
        with self._lock:
            self._open = False
            ended = missed and self._begun
            self._begun = self._begun and not missed
        if ended:
            for ends in self._on_end:
                ends()

    def node_down(self, node: str) -> None:
        """O2G hears nothing of a node's users."""
        self.links.down(node)
        if self.links.of(node) is Link.DOWN:  # one of those that are kept
            self._downs.setdefault(node, self._clock())

    def node_up(self, node: str) -> None:
        """O2G hears of a node's users again; what happened meanwhile was not told."""
        self.links.up(node)
        self._downs.pop(node, None)
        self.missed()

    def moment(self, seconds: float) -> datetime:
        """Give a moment of the clock as time of day, UTC."""
        return datetime.now(UTC) - timedelta(seconds=max(0.0, self._clock() - seconds))

    def status(self) -> FeedStatus:
        """Tell how events come."""
        with self._lock:
            connected = self._is_connected()
            return FeedStatus(
                connected=connected,
                since=self.moment(self._since) if connected else None,
                heard=self.moment(self._heard) if self._ever_heard else None,
                gaps=self._gaps,
                packages=tuple(package for package in Package if package in self._packages) if connected else (),
            )

    def _is_connected(self) -> bool:
        return self._open and self._clock() - self._heard <= self._silence and self._holds()
