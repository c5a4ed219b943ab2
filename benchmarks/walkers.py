"""Many phones at once, whose users walk through every application, again and again, at a pace."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from benchmarks.__main__ import prs_client
from simulators.demo.house import DemoHouse
from tests.faults.house import OwnWorld, People
from tests.faults.watched import Interrupted, PatientWalker, WatchedPhone
from tests.walks import WALKS, users_of

FAMILIES = ("one_line", "small", "large", "large_colour")
SUPERVISORS = users_of("agent")
# Walks whose users call, or are called by, the same people: one user at a time; the others walk elsewhere meanwhile.
ALONE = {name: threading.Lock() for name in ("agent", "calls", "call_log")}
LONGEST_PAUSE_SECONDS = 1.0  # what was not asked for in time is not made up for later


class Pace:
    """Hands out the moments at which screens are asked for, evenly, whoever asks."""

    def __init__(self) -> None:
        """Begin without a pace: as many screens as there can be."""
        self._lock = threading.Lock()
        self._apart = 0.0
        self._next = 0.0
        self.asked = 0

    def set(self, a_second: float) -> None:
        """Let so many screens be asked for in a second."""
        with self._lock:
            self._apart = 1 / a_second

    def take_turn(self) -> None:
        """Wait until it is one's turn."""
        with self._lock:
            self.asked += 1
            now = time.monotonic()
            mine = self._next = max(self._next + self._apart, now - LONGEST_PAUSE_SECONDS) if self._apart else now
        time.sleep(max(0.0, mine - now))


class Tally:
    """What the users saw, all together."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self.walks: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.why: dict[str, str] = {}
        self.codes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.screens = self.late = 0

    def add(self, walk: str, phone: WatchedPhone, why: str) -> None:
        """Count one walk; `why` it did not come to its end."""
        with self._lock:
            self.walks[walk] += 1
            if why:
                self.left[walk] += 1
                self.why[walk] = why
            self.codes += phone.seen.codes
            self.wrong += phone.seen.wrong
            self.screens += phone.seen.screens
            self.late += phone.seen.late


class Unwritten:
    """Stands for the journal, which a long run does not read."""

    def writes(self) -> list[str]:
        """Tell of none."""
        return []


class User(threading.Thread):
    """Somebody at a desk phone; walks until told to stop."""

    def __init__(self, house: DemoHouse, number: str, family: str, pace: Pace, tally: Tally) -> None:
        """Take the set."""
        super().__init__(name=f"user-{number}", daemon=True)
        self.over = threading.Event()
        self._house = house
        self.number = number
        self._family = family
        self._pace = pace
        self._tally = tally

    def run(self) -> None:
        """Walk through one application after the other."""
        walks = _walks_of(self.number, self._family)
        world = OwnWorld(self._house.o2g.control, self.number)
        with prs_client(self._house) as prs:
            prs.base_url = httpx.URL(self._house.touchline.url)
            while not self.over.is_set():
                for name in walks:
                    with _alone(name) as free:
                        if free and not self.over.is_set():
                            self._walk(name, world, prs)
        world.end_calls()
        world.close()

    def _walk(self, name: str, world: OwnWorld, prs: httpx.Client) -> None:
        phone = WatchedPhone(prs, self.number, Unwritten(), self._before, self.over.is_set)
        why = ""
        if name == "call_log":  # calls of other walks would make pages, and other questions than the walk expects
            world.forget_calls(self.number)
        try:
            WALKS[name](PatientWalker(phone, self._family, world))
        except _Over:
            return
        except (Interrupted, AssertionError, IndexError, StopIteration, httpx.HTTPError) as error:
            why = str(error) or type(error).__name__
        self._tally.add(name, phone, why)

    def _before(self) -> None:
        if self.over.is_set():
            raise _Over
        self._pace.take_turn()


class _Over(Exception):
    """The run has ended in the middle of a walk."""


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Tell whether nobody else walks there who would be in the way, and be the only one until the context ends."""
    lock = ALONE.get(name)
    if lock is None:
        yield True
    elif lock.acquire(blocking=False):
        try:
            yield True
        finally:
            lock.release()
    else:
        yield False


def users(house: DemoHouse, phones: int, pace: Pace, tally: Tally) -> list[User]:
    """Seat so many users, the four supervisors of the call centre among them; on all families of sets."""
    people = People(house.o2g.control)
    seats: Mapping[str, str] = {number: family for family, number in SUPERVISORS.items()}
    others = ((people.next(family), family) for family in FAMILIES * phones)
    chosen = [*seats.items(), *(next(others) for _ in range(max(0, phones - len(seats))))]
    return [User(house, number, family, pace, tally) for number, family in chosen[:phones]]


def _walks_of(number: str, family: str) -> tuple[str, ...]:
    """Name the applications that a user walks through; each begins with another one, so that all are walked at once."""
    if number in SUPERVISORS.values():
        return ("agent", "menu")  # whom others call must not end those calls
    # The walk through `this_set` takes who has a colour set for a member of a hunting group.
    names = [name for name in WALKS if name != "agent" and (name, family) != ("this_set", "large_colour")]
    first = int(number) % len(names)
    return (*names[first:], *names[:first])
