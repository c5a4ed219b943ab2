"""One simulated O2G: its world, its rules, its addresses, its faults; what all ports work on."""

from collections import deque
from dataclasses import dataclass, field

from simulators.o2g import agent_events, events
from simulators.o2g.clock import Clock
from simulators.o2g.rules.faults import Faults
from simulators.o2g.rules.searches import Pace, Searches
from simulators.o2g.rules.sessions import Session, Sessions
from simulators.o2g.rules.snapshots import Snapshots
from simulators.o2g.rules.subscriptions import Subscriptions
from simulators.o2g.user_records import user_created
from simulators.o2g.world.calls import Call
from simulators.o2g.world.people import Person
from simulators.o2g.world.world import World

JOURNAL = 20_000  # requests remembered


@dataclass(slots=True)
class Addresses:
    """Where the simulator can be reached, as it tells its clients; set once its ports are open."""

    api: str = ""
    events: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A request that was received and what it was answered."""

    number: int
    method: str
    path: str
    query: str
    status: int


@dataclass(frozen=True, slots=True)
class Options:
    """What a simulated O2G is made of."""

    users: int = 200
    seed: int = 1
    admins: dict[str, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    latency_ms: float = 0.0


class O2G:
    """A simulated O2G."""

    def __init__(self, options: Options) -> None:
        """Make the world and the rules; nothing is served yet. Needs a running event loop, for its clock."""
        self.clock = Clock()
        self.world = World(options.users, options.seed, self.clock)
        self.sessions = Sessions(self.world, self.clock, options.admins, options.seed)
        self.searches = Searches(self.clock, options.pace)
        self.subscriptions = Subscriptions(self.clock)
        self.snapshots = Snapshots(self.clock)
        self.faults = Faults(latency_ms=options.latency_ms)
        self.addresses = Addresses()
        self.started = self.clock.today()
        self.journal: deque[Noted] = deque(maxlen=JOURNAL)
        self.received = 0
        self.sessions.on_closed += [self.searches.forget, self.subscriptions.forget]
        self.world.register.on_returned = lambda person: self.subscriptions.publish(user_created(person))
        self.world.calls.listener = self._call_changed
        agent_events.tell(self.world, self.subscriptions.publish)

    def note(self, method: str, path: str, query: str, status: int) -> None:
        """Remember a request, for tests to read."""
        self.received += 1
        self.journal.append(Noted(self.received, method, path, query, status))

    def _call_changed(self, name: str, call: Call, person: Person, cause: str | None) -> None:
        self.subscriptions.publish(events.call_event(name, call, person, cause))
        agent_events.call_changed(self.world, person)


__all__ = ["O2G", "Addresses", "Noted", "Options", "Session"]
