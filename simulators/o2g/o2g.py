"""One simulated O2G: its world, its rules, its addresses, its faults; what all ports work on."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime

from aiohttp import web

from simulators.o2g import events
from simulators.o2g.clock import Clock
from simulators.o2g.incidents import Incidents
from simulators.o2g.journal import Journal
from simulators.o2g.rules.faults import Faults
from simulators.o2g.rules.licence_expiry import default_expiry, tell_daily
from simulators.o2g.rules.licences import WITHOUT_FILE, Licences
from simulators.o2g.rules.searches import Pace, Searches
from simulators.o2g.rules.sessions import Session, Sessions
from simulators.o2g.rules.snapshots import Snapshots
from simulators.o2g.rules.subscriptions import Subscriptions
from simulators.o2g.user_records import user_created
from simulators.o2g.wire.webhook import Webhooks
from simulators.o2g.world.links import CtiLinks
from simulators.o2g.world.world import World


@dataclass(slots=True)
class Addresses:
    """Where the simulator can be reached, as it tells its clients; set once its ports are open.

    Attributes:
        api: of the REST API, from inside the company network.
        public: the same through a reverse proxy; the same address where there is none.
        events: of the event channel.
    """

    api: str = ""
    public: str = ""
    events: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a simulated O2G is made of."""

    users: int = 200
    seed: int = 1
    admins: dict[str, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    faults: Faults = field(default_factory=Faults)
    plain_admins: frozenset[str] = frozenset()  # administrators who may not supervise (L30)
    licences: dict[str, int] = field(default_factory=dict)
    bypass_tokens: dict[str, str] = field(default_factory=dict)  # and when they expire (L29)
    calendar: datetime | None = None  # None: today
    licences_expire: date | None = None  # None: at the end of the second year from now (L52)


class O2G:
    """A simulated O2G."""

    def __init__(self, options: Options) -> None:
        """Make the world and the rules; nothing is served yet. Needs a running event loop, for its clock."""
        self.options = options
        self.clock = Clock(options.calendar)
        self.world = World(options.users, options.seed, self.clock)
        self.sessions = Sessions(self.world, self.clock, options.admins, options.seed, options.plain_admins)
        self.searches = Searches(self.clock, options.pace)
        self.subscriptions = Subscriptions(self.clock, options.seed)
        self.snapshots = Snapshots(self.clock)
        self.faults = options.faults.model_copy(deep=True)
        self.licences = Licences(options.licences, options.users)
        self.bypass_tokens = options.bypass_tokens
        self.webhooks = Webhooks()
        self.links = CtiLinks(self.clock, self.subscriptions.publish)
        self.incidents = Incidents(self)
        self.ready_at = 0.0  # by the clock; everything answers NOT_READY before
        self.instance = 1  # the second answers after a switch-over
        self.addresses = Addresses()
        self.started = self.clock.today()  # the last time
        self.licences_expire = options.licences_expire or default_expiry(self.started.date())
        self.journal = Journal()
        self._background: set[asyncio.Task[None]] = set()
        self.sessions.on_closed += [self.searches.forget, self.subscriptions.forget, self.licences.release]
        self.subscriptions.on_removed.append(lambda removed: self.licences.give_back(removed.id))
        self.world.register.on_returned = lambda person: self.subscriptions.publish(user_created(person))
        events.tell(self.world, self.subscriptions.publish)
        if options.licences != WITHOUT_FILE:
            tell_daily(self.clock, self.licences_expire, self.subscriptions.publish)

    def note(self, asked: web.BaseRequest, status: int, body: bytes) -> None:
        """Remember a request, for tests to read."""
        self.journal.note(asked.method, asked.path, asked.query_string, status, asked.headers, body)

    def background(self, work: Coroutine[object, object, None]) -> None:
        """Do something without anybody waiting for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


__all__ = ["O2G", "Addresses", "Options", "Session"]
