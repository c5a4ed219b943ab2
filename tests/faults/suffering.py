"""A user who walks while a fault happens, and all of them together: one in each application."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.faults import reading
from tests.faults.catalogue import CONTROL, Fault
from tests.faults.house import FaultyHouse, OwnWorld
from tests.faults.journal import Journal
from tests.faults.watched import Interrupted, PatientWalker, Seen, WatchedPhone
from tests.pages import Shown
from tests.phone import Phone
from tests.walks import WALKS
from tests.walks.walker import Walk

READING = "reading"  # messages, one after the other
ALL_WALKS: Mapping[str, Walk] = {**WALKS, READING: reading.walk}
APPLICATION_OF = {READING: "messages", "menu": ""}
PATIENCE_SECONDS = 12.0  # after O2G is well again, for a user to see it
TRUTH_SECONDS = 5.0  # for a screen to be true
AWAITED_SECONDS = 13.0  # a message that is on its way is waited for so long
SWALLOWED_SECONDS = 3.0  # where O2G's answers broke, it will most likely not come
STUCK_SECONDS = 60.0
PEOPLE_TRIED = 5
WHOLE_WALK = 1_000_000  # requests
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Suffered:
    """What a fault did to the user of one application.

    Attributes:
        walk, family: which one, on which sets.
        seen: the screens.
        left: why the walk did not come to its end: a person whom a screen asks to look does something else.
        recovered: seconds from O2G's return until every screen was good.
        false: what a screen said that is not so, after O2G's return.
        lost, told: messages that are nowhere, and those of which the user is told that they may be lost.
    """

    walk: str
    family: str
    seen: Seen
    left: str
    recovered: float
    false: str
    lost: int
    told: int


@dataclass
class Course:
    """When it happens: users meet in the middle of their walks, then the fault begins; a while later it ends."""

    fault: Fault
    users: int
    begun: threading.Event = field(default_factory=threading.Event)
    ended: float | None = None
    deaf: bool = False
    _middle: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def reach_the_middle(self) -> None:
        self._middle.release()
        assert self.begun.wait(STUCK_SECONDS), "the fault did not begin"

    def await_users(self, go_on: Callable[[], None]) -> None:
        """Wait until all are there; `go_on` raises where one of them will never be."""
        for _ in range(self.users):
            while not self._middle.acquire(timeout=PAUSE_SECONDS):
                go_on()

    @property
    def over(self) -> bool:
        return self.ended is not None and time.monotonic() > self.ended + PATIENCE_SECONDS


class User:
    """Somebody who walks through an application, and stays until it works again."""

    def __init__(self, house: FaultyHouse, walk: str, family: str, course: Course, middle: int) -> None:
        self._house = house
        self._walk = walk
        self._wanted_family = family
        self._course = course
        self._middle = middle
        self._control = house.control()
        self._prs = house.client()
        self._begin()

    def _begin(self) -> None:
        """Begin as somebody who has not walked yet."""
        self.requests = 0
        self.number, self._family = self._house.user(APPLICATION_OF.get(self._walk, self._walk), self._wanted_family)
        self._world = OwnWorld(self._house.house.o2g.control, self.number)
        journal = Journal(self._control, self.number, lambda: self._course.deaf)
        journal.begin()
        self.phone = WatchedPhone(self._prs, self.number, journal, self._before, lambda: self._course.over)

    def suffer(self) -> Suffered:
        """Walk, and tell what came of it."""
        try:
            left = self._walk_on()
            while self._course.ended is None:
                self.phone.look(self._application)
                time.sleep(PAUSE_SECONDS)
            self._world.end_calls()  # how long a call has lasted, nobody knows who has not seen it begin
            false = self._find_truth()
            recovered = max(0.0, (self.phone.seen.healthy_since or float("inf")) - self._course.ended)
            lost, told = self._count_messages()
            return Suffered(self._walk, self._family, self.phone.seen, left, recovered, false, lost, told)
        finally:
            self._world.end_calls()
            for client in (self._world, self._control, self._prs):
                client.close()

    @property
    def _application(self) -> str:
        return APPLICATION_OF.get(self._walk, self._walk)

    def _before(self) -> None:
        self.requests += 1
        if self.requests == self._middle:
            self._course.reach_the_middle()

    def _walk_on(self) -> str:
        """Walk as far as it goes: what failed may have been done or not, and then the next key is not there."""
        for _ in range(PEOPLE_TRIED):
            walker = PatientWalker(self.phone, self._family, self._world)
            try:
                ALL_WALKS[self._walk](walker)
            except (Interrupted, AssertionError, IndexError, StopIteration, httpx.HTTPStatusError) as error:
                left = str(error) or type(error).__name__
            else:
                left = ""
            if left and not self._course.begun.is_set():  # this person's set, keys or calls are not as the walk expects
                self._begin()
                continue
            if self.requests < self._middle:
                self._course.reach_the_middle()
            return left
        raise AssertionError(f"{self._walk}: {left}")

    def _find_truth(self) -> str:
        """Compare the application's first screen, and the menu, with what O2G says when it is asked for all of it."""
        end = max(time.monotonic() + 1.0, (self._course.ended or 0.0) + TRUTH_SECONDS)
        beside = Phone(self._house.truth, self.number)
        while True:
            differences = [
                difference
                for application in dict.fromkeys((self._application, ""))
                if (difference := self._difference(application, beside))
            ]
            if not differences or time.monotonic() > end:
                return "; ".join(differences)
            time.sleep(PAUSE_SECONDS)

    def _difference(self, application: str, beside: Phone) -> str:
        shown = self.phone.look(application)
        true = beside.open(application)
        if shown is None or self.phone.trouble(true):
            return f"{application or 'menu'} does not come"
        return "" if _told(shown) == _told(true) else f"{_told(shown)} instead of {_told(true)}"

    def _count_messages(self) -> tuple[int, int]:
        if self._walk != READING:
            return 0, 0
        sent, house = set(reading.texts(self.number)), self._house
        end = time.monotonic() + (SWALLOWED_SECONDS if self._course.fault.swallows else AWAITED_SECONDS)
        there = set(house.texts_at_o2g(self.number))
        while sent - there - set(house.texts_kept(self.number)) and time.monotonic() < end:
            time.sleep(PAUSE_SECONDS)
        kept = house.texts_kept(self.number)
        self.phone.seen.twice += [text for text in sent if kept.count(text) > 1]
        return len(sent - there - set(kept)), house.told_of(self.number)


def _told(shown: Shown) -> tuple[object, ...]:
    """Take what a screen says; where it leads is signed anew each time."""
    return shown.title, shown.note, shown.lines, tuple((item.label, item.detail) for item in shown.items)


def suffer(
    house: FaultyHouse, fault: Fault, family: str, seconds: float, steps: Mapping[str, int]
) -> tuple[list[Suffered], dict[str, int]]:
    """Let a fault happen to a user of each application.

    Args:
        steps: how many requests each walk takes; empty: the fault begins after the last one.

    Returns:
        What each of them suffered, and how many requests each walk took.
    """
    course = Course(fault, len(ALL_WALKS))
    users = {
        walk: User(house, walk, family, course, max(1, steps[walk] // 2) if steps else WHOLE_WALK) for walk in ALL_WALKS
    }
    with ThreadPoolExecutor(len(users)) as together:
        suffering = [together.submit(user.suffer) for user in users.values()]
        _run(house, seconds, course, suffering)
        return [one.result() for one in suffering], {walk: user.requests for walk, user in users.items()}


def measure_steps(house: FaultyHouse, family: str) -> tuple[list[Suffered], dict[str, int]]:
    """Walk without a fault: what a fault is compared with."""
    return suffer(house, CONTROL, family, 0.0, {})


def _run(house: FaultyHouse, seconds: float, course: Course, suffering: list[Future[Suffered]]) -> None:
    def go_on() -> None:
        for one in suffering:
            if one.done():
                one.result()

    fault = course.fault
    try:
        course.await_users(go_on)
        with fault.happening(house.patient):
            course.deaf = fault.deaf
            course.begun.set()
            time.sleep(max(seconds, fault.least_seconds))
        course.deaf = False
    finally:
        course.begun.set()
        course.ended = time.monotonic()
