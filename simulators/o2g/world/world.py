"""The world behind the simulated O2G: people, calls, logs. What an operation changes here, later reads show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulators.o2g.clock import Clock
from simulators.o2g.world.agents import Agent
from simulators.o2g.world.call_centre import CallCentre
from simulators.o2g.world.call_services import CallServices
from simulators.o2g.world.calls import Switchboard
from simulators.o2g.world.communication_log import CommunicationLog
from simulators.o2g.world.company import Company
from simulators.o2g.world.deposits import Deposits
from simulators.o2g.world.mailboxes import Mailboxes
from simulators.o2g.world.nodes import load_nodes
from simulators.o2g.world.notes import Notes
from simulators.o2g.world.pbx_objects import PbxObjects
from simulators.o2g.world.people import Person, populate
from simulators.o2g.world.phone_book import PhoneBook
from simulators.o2g.world.register import Register
from simulators.o2g.world.routing import RoutingTable
from simulators.o2g.world.sets import Sets
from simulators.o2g.world.supervision import Supervision
from simulators.o2g.world.telephones import TALKING, Change, MediaState

COUNTERS = ("missedCallsNb", "voiceMessagesNb", "callBackRequestsNb", "faxNb", "newTextNb", "oldTextNb")


@dataclass(slots=True)
class Counters:
    """What waits for a user; a counter that O2G does not know is None (L132)."""

    numbers: dict[str, int | None] = field(default_factory=dict)


class World:
    """One company. The same seed and number of people give the same company."""

    def __init__(self, users: int, seed: int, clock: Clock) -> None:
        """Make `users` people, of whom the first are the cast."""
        self.clock = clock
        self.seed = seed
        self.people = populate(users, seed)
        self.by_login = {person.login: person for person in self.people}
        self.by_number = {person.number: person for person in self.people}
        self.by_device = {device.id: person for person in self.people for device in person.devices}
        self.phone_book = PhoneBook(self.people)
        self.phone_book.prepare()
        self.register = Register(seed, clock, self.phone_book, self.by_login, self.by_number, self.by_device)
        self.nodes = load_nodes()
        self.pbx_objects = PbxObjects(self._subscribers, self.register.find)
        self.routing = RoutingTable(seed, self.by_number.get)
        self.mailboxes = Mailboxes(seed, clock, self.people)
        self.sets = Sets(seed, self.people)
        self.company = Company(self.people, lambda number: self.by_number.get(number) or self.by_device.get(number))
        self.calls = Switchboard(clock, seed, self.company, self.routing)
        self.call_services = CallServices(self.calls)
        self.call_centre = CallCentre(self.people, self.by_login, self.by_number, self.by_device, clock, seed)
        self.supervision = Supervision(self.call_centre)
        self.supervision.on_intrusion = self._intrude
        self._counters: dict[str, Counters] = {}
        self.on_counters: Callable[[Person, Counters], None] = lambda person, counters: None
        began = clock.today()
        self.log = CommunicationLog(self.people, seed, began, lambda person: self._first(person, "missedCallsNb"))
        self.log.today = clock.today
        self.log.counted = self.count
        self.calls.diary = self.log
        self.notes = Notes(
            self.people,
            seed,
            began,
            lambda person: self._first(person, "callBackRequestsNb"),
            lambda person: self._first(person, "newTextNb"),
        )
        self.notes.counted = self.count
        self.deposits = Deposits(self.mailboxes, clock.today, self._message_left)
        self.calls.listeners += [self._tell_call_centre, self.deposits.hear]

    def _subscribers(self, node: str) -> Iterator[Person]:
        yield from self.register.not_loaded(node)
        yield from (person for person in self.people if person.node == node)

    def counters(self, person: Person) -> Counters:
        """Give a person's counters: some that follow from the person's number, until something changes them."""
        if person.login not in self._counters:
            self._counters[person.login] = Counters(self._first_counters(person))
        return self._counters[person.login]

    def count(self, person: Person, name: str, by: int) -> None:
        """Raise or lower a counter, and tell who listens; one that is unknown stays so."""
        before = self.counters(person).numbers.get(name)
        if before is not None:
            self.set_counter(person, name, max(0, before + by))

    def set_counter(self, person: Person, name: str, number: int | None) -> None:
        """Set a counter, None for one that O2G does not know, and tell who listens."""
        counters = self.counters(person)
        if counters.numbers.get(name) != number:
            counters.numbers[name] = number
            self.on_counters(person, counters)

    def _first(self, person: Person, name: str) -> int:
        return self._first_counters(person)[name] or 0

    def _first_counters(self, person: Person) -> dict[str, int | None]:
        mixed = (int(person.number) * 2_654_435_761 + self.seed) & 0xFFFF_FFFF
        return {
            "missedCallsNb": mixed % 5,
            "voiceMessagesNb": self.mailboxes.unread(person),
            "callBackRequestsNb": (mixed >> 8) % 2,
            "faxNb": None,
            "newTextNb": (mixed >> 12) % 2,
            "oldTextNb": 0,
        }

    def _message_left(self, person: Person) -> None:
        self.set_counter(person, "voiceMessagesNb", self.mailboxes.unread(person))

    def _tell_call_centre(self, change: Change) -> None:
        for person in change.people:
            talking = [(call, call.side_of(person)) for call in self.calls.of(person)]
            references = [call.reference for call, side in talking if side is not None and side.state in TALKING]
            self.call_centre.in_calls(person, references)

    def _intrude(self, agent: Agent, supervisor: Agent, there: bool) -> None:
        """Take a supervisor into what an agent talks in, or out of it."""
        person = supervisor.operator.person
        call = self.calls.in_state(agent.operator.person if there else person, MediaState.ACTIVE)
        if call is None:
            return
        side = call.side_of(person)
        if there:
            self.call_services.enter(call, person, supervisor.device or supervisor.number)
        elif side is not None:
            self.calls.hang_up(call, side)
