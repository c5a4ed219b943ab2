"""A desk phone whose screens are counted, with a user who presses Retry as long as it is offered."""

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import httpx
from lxml import etree

from prs.language import languages
from tests.house import Simulator
from tests.pages import Shown
from tests.phone import Phone
from tests.walks.labels import Labels
from tests.walks.on_wire import PhoneWalker

DEADLINE_SECONDS, GRACE_SECONDS = 2.5, 0.2
LATE_SECONDS = DEADLINE_SECONDS + GRACE_SECONDS
RETRY_SECONDS = 0.1
LOOK_AGAIN_SECONDS = 2.0
SETTLE_SECONDS = 4.0  # a search that takes longer is given up
CODE = re.compile(r"Code ([A-Z]\d+), reference")
BUGS = frozenset({"X1"})


class Interrupted(Exception):
    """The walk cannot go on: what was pressed failed, and is not offered again."""


@dataclass
class Seen:
    """What one user saw."""

    screens: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    late: int = 0
    twice: list[str] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    healthy_since: float | None = None  # when the first screen came after which none told of trouble; None: never


class Notes(Protocol):
    """Tells which writes O2G did for the user since it was last asked."""

    def writes(self) -> list[str]:
        """Give them."""


class WatchedPhone(Phone):
    """Counts what is shown.

    `before` is called before each request; a test stops the user there until the fault has begun. `until` tells when
    Retry is not worth pressing any more.
    """

    def __init__(
        self, prs: httpx.Client, number: str, journal: Notes, before: Callable[[], None], until: Callable[[], bool]
    ) -> None:
        super().__init__(prs, number)
        self.seen = Seen()
        self.opened = ""  # the application whose first screen is shown as it was opened
        self._journal = journal
        self._before = before
        self._until = until

    def get(self, address: str, **parameters: str) -> Shown:
        shown = self._persist(lambda: Phone.get(self, address, **parameters))
        self.opened = ""
        return shown

    def open(self, application: str = "") -> Shown:
        shown = super().open(application)
        self.opened = application
        return shown

    def post(self, address: str, values: dict[str, str]) -> Shown:
        self.opened = ""
        return self._persist(lambda: Phone.post(self, address, values))

    def look(self, application: str) -> Shown | None:
        """Open an application once; None where the screen tells of trouble."""
        shown = self._ask(lambda: Phone.get(self, f"/phone/{application}"), Counter())
        return None if shown is None or self.trouble(shown) else shown

    def trouble(self, shown: Shown) -> str:
        """Give the code that a screen shows instead of what was wanted."""
        found = CODE.search(shown.text)
        return found.group(1) if found else ""

    def _persist(self, ask: Callable[[], Shown]) -> Shown:
        done: Counter[str] = Counter()
        while True:
            self._before()
            shown = self._ask(ask, done)
            if shown is not None and not self.trouble(shown):
                return shown
            again = "" if shown is None else _retry(shown)
            if not again or self._until():
                raise Interrupted
            time.sleep(RETRY_SECONDS)
            ask = partial(Phone.get, self, again)

    def _ask(self, ask: Callable[[], Shown], done: Counter[str]) -> Shown | None:
        """Ask once and count; `done` are the writes of what the user meant, with all its repetitions."""
        shown, began = None, time.monotonic()
        try:
            shown = ask()
        except httpx.HTTPError as error:
            self.seen.wrong.append(f"no answer: {error!r}")
        except (etree.LxmlError, AssertionError) as error:
            self.seen.wrong.append(f"no valid page: {error}")
        self._count(time.monotonic() - began, shown)
        for write in self._journal.writes():
            done[write] += 1
            if done[write] == 2:
                self.seen.twice.append(write)
        return shown

    def _count(self, took: float, shown: Shown | None) -> None:
        seen, code = self.seen, "" if shown is None else self.trouble(shown)
        seen.screens += 1
        seen.slowest = max(seen.slowest, took)
        seen.late += took > LATE_SECONDS
        if code:
            seen.codes[code] += 1
        if code in BUGS:
            seen.wrong.append(f"{code} on {shown.id if shown else ''}, reference {self.correlation}")
        if shown is None or code:
            seen.healthy_since = None
        elif seen.healthy_since is None:
            seen.healthy_since = time.monotonic()


def _retry(shown: Shown) -> str:
    """Find Retry: a soft key, or a line where the set has none or nobody knows yet which set it is."""
    return next((key.href for key in (*shown.soft_keys, *shown.actions) if key.label == "Retry"), "")


class PatientWalker(PhoneWalker):
    """A user who, where something has just happened that is not on the screen yet, looks again for a moment."""

    def __init__(self, phone: WatchedPhone, family: str, o2g: Simulator) -> None:
        self._english = Labels(languages().of("en"))
        super().__init__(phone, family, o2g, self._english)
        self._watched = phone

    def press(self, message: str) -> None:
        self._await(message)
        super().press(message)

    def choose(self, line: str | int) -> None:
        if isinstance(line, str):
            self._await(line)
        super().choose(line)

    def settle(self) -> None:
        self._watched.settle(SETTLE_SECONDS)

    def _await(self, message: str) -> None:
        end = time.monotonic() + LOOK_AGAIN_SECONDS
        while (application := self._watched.opened) and not self._offers(message) and time.monotonic() < end:
            time.sleep(RETRY_SECONDS)
            self._watched.open(application)

    def _offers(self, message: str) -> bool:
        shown = self.screen
        entries = (*shown.answers, *shown.items, *shown.actions, *shown.soft_keys)
        return self._english.has([*(entry.label for entry in entries), *shown.submits], message)
