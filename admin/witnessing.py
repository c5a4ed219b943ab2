"""What this process has seen of the pages that it served: bounded, in memory, and without anybody's name or number.

A page that tells of trouble says fixed words, a code and a reference. What could say more is taken off it before it is
kept: addresses, which carry signed links, and whatever looks like a number.
"""

import re
import statistics
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lxml import etree

KEPT = 50  # pages of each kind
TIMES = 100  # of each screen
SCREENS = 500
SERVERS = 20
LARGEST_PAGE = 64 * 1024  # bytes
DIGITS = re.compile(r"\d{3,}")
ADDRESS = re.compile(r"^(https?:)?//|^/|[?&]\w+=")
HIDDEN = "•••"
SHOWN = ("label", "detail", "note", "value")


class Sighting(Protocol):
    """A page that was served (`prs_apps.witness.Sighting`)."""

    @property
    def screen(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def server(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def trouble(self) -> str: ...
    @property
    def correlation(self) -> str: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page on which a phone said that something went wrong.

    Attributes:
        at: when, UTC.
        screen, status, model, code, correlation, seconds: as the log has them.
        lines: what the page said, without names, numbers and addresses.
        source: the page itself, as XML, without them.
    """

    at: datetime
    screen: str
    status: int
    model: str
    code: str
    correlation: str
    seconds: float
    lines: tuple[str, ...]
    source: str

    @property
    def ours(self) -> bool:
        """Whether it was no fault of the one who asked."""
        return self.status >= 500


@dataclass(frozen=True, slots=True)
class ScreenTimes:
    """How long a screen took, of late, in seconds: the slowest, and what half stayed below; and how many there were."""

    screen: str
    slowest: float
    median: float
    count: int


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """A presentation server: its address, when it asked last (UTC), how often."""

    address: str
    at: datetime
    count: int


class Witness:
    """Keeps what an administrator wants to see of the pages that this process served."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Begin with nothing; `now` gives UTC."""
        self._now = now
        self._lock = threading.Lock()
        self._failed: deque[Trouble] = deque(maxlen=KEPT)
        self._refused: deque[Trouble] = deque(maxlen=KEPT)
        self._times: dict[str, deque[float]] = {}
        self._counts: dict[str, int] = {}
        self._servers: OrderedDict[str, ServerSeen] = OrderedDict()
        self._unproven: ServerSeen | None = None

    def see(self, sighting: Sighting) -> None:
        """Keep what matters of a page."""
        trouble = self._trouble(sighting) if sighting.trouble else None
        with self._lock:
            self._see_server(sighting.server)
            self._see_time(sighting.screen, sighting.seconds)
            if trouble is not None:
                # Apart: whoever knocks at the door all night must not push a fault of ours out of sight.
                (self._failed if trouble.ours else self._refused).append(trouble)

    def failed(self) -> tuple[Trouble, ...]:
        """List the last pages that told of a fault of ours or of O2G's, the newest first."""
        with self._lock:
            return tuple(reversed(self._failed))

    def refused(self) -> tuple[Trouble, ...]:
        """List the last pages that refused something, the newest first."""
        with self._lock:
            return tuple(reversed(self._refused))

    def trouble(self, correlation: str) -> Trouble | None:
        """Find a page by its reference; None where it is not kept, or not any more."""
        return next((one for one in (*self.failed(), *self.refused()) if one.correlation == correlation), None)

    def slowest(self, most: int) -> tuple[ScreenTimes, ...]:
        """List the screens that took longest of late, the slowest first."""
        with self._lock:
            times = {screen: tuple(taken) for screen, taken in self._times.items()}
            counts = dict(self._counts)
        found = [
            ScreenTimes(screen, max(taken), statistics.median(taken), counts[screen]) for screen, taken in times.items()
        ]
        return tuple(sorted(found, key=lambda one: one.slowest, reverse=True)[:most])

    def servers(self) -> tuple[ServerSeen, ...]:
        """List the presentation servers that have proven themselves, the last one to ask first."""
        with self._lock:
            return tuple(reversed(self._servers.values()))

    def unproven(self) -> ServerSeen | None:
        """Tell of those who did not prove to be one; None: there was nobody."""
        with self._lock:
            return self._unproven

    def _see_server(self, address: str) -> None:
        now = self._now()
        if not address:
            self._unproven = ServerSeen("", now, self._unproven.count + 1 if self._unproven else 1)
            return
        before = self._servers.pop(address, None)
        self._servers[address] = ServerSeen(address, now, before.count + 1 if before else 1)
        if len(self._servers) > SERVERS:
            self._servers.popitem(last=False)

    def _see_time(self, screen: str, seconds: float) -> None:
        if screen not in self._times:
            if len(self._times) >= SCREENS:
                return
            self._times[screen] = deque(maxlen=TIMES)
            self._counts[screen] = 0
        self._times[screen].append(seconds)
        self._counts[screen] += 1

    def _trouble(self, sighting: Sighting) -> Trouble:
        lines, source = masked(sighting.body, sighting.correlation)
        return Trouble(
            self._now(),
            sighting.screen,
            sighting.status,
            sighting.model,
            sighting.trouble,
            sighting.correlation,
            sighting.seconds,
            lines,
            source,
        )


def masked(body: bytes, reference: str) -> tuple[tuple[str, ...], str]:
    """Take addresses and numbers off a page, all but its reference; give what it says line by line, and its XML.

    Nothing where it is no XML, or longer than any page.
    """
    if not body or len(body) > LARGEST_PAGE:
        return (), ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    try:
        tree = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return (), ""
    lines: list[str] = []
    for element in tree.iter(etree.Element):
        for name, value in element.attrib.items():
            element.set(name, HIDDEN if ADDRESS.search(str(value)) else _without_numbers(str(value), reference))
        if element.text:
            element.text = _without_numbers(element.text, reference)
        said = [*(element.get(name) or "" for name in SHOWN), (element.text or "").strip()]
        lines += [" ".join(filter(None, said))]
    return tuple(filter(None, lines)), etree.tostring(tree, encoding="unicode", pretty_print=True)


def _without_numbers(text: str, reference: str) -> str:
    before, found, after = text.partition(reference)
    return DIGITS.sub(HIDDEN, before) + found + DIGITS.sub(HIDDEN, after)
