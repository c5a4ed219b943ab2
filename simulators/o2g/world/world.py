"""The world behind the simulated O2G: people, phone book, counters, calls. What an operation changes here, later reads show."""

from dataclasses import dataclass, field

from simulators.o2g.clock import Clock
from simulators.o2g.world.call_centre import CallCentre
from simulators.o2g.world.calls import Switchboard
from simulators.o2g.world.mailboxes import Mailboxes
from simulators.o2g.world.nodes import load_nodes
from simulators.o2g.world.people import Person, populate
from simulators.o2g.world.phone_book import PhoneBook
from simulators.o2g.world.register import Register
from simulators.o2g.world.routing import RoutingTable
from simulators.o2g.world.sets import Sets
from simulators.o2g.world.supervision import Supervision

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
        self.register = Register(seed, clock, self.phone_book, self.by_login, self.by_number, self.by_device)
        self.nodes = load_nodes()
        self.routing = RoutingTable(seed, self.by_number.get)
        self.mailboxes = Mailboxes(seed, clock, self.people)
        self.sets = Sets(seed, self.people)
        self.calls = Switchboard(clock, seed, self.by_number.get)
        self.call_centre = CallCentre(self.people, self.by_login, self.by_number, self.by_device, clock, seed)
        self.supervision = Supervision(self.call_centre)
        self._counters: dict[str, Counters] = {}

    def counters(self, person: Person) -> Counters:
        """Give a person's counters: some that follow from the person's number, until something changes them."""
        if person.login not in self._counters:
            mixed = (int(person.number) * 2_654_435_761 + self.seed) & 0xFFFF_FFFF
            numbers: dict[str, int | None] = {
                "missedCallsNb": mixed % 5,
                "voiceMessagesNb": self.mailboxes.unread(person),
                "callBackRequestsNb": (mixed >> 8) % 2,
                "faxNb": None,
                "newTextNb": (mixed >> 12) % 2,
                "oldTextNb": 0,
            }
            self._counters[person.login] = Counters(numbers)
        return self._counters[person.login]

