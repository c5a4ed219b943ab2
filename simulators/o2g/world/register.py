"""Which subscribers of the OXE are users of O2G: loaded at its start, made on demand, taken away, back at midnight.

Beside the people of the world there are subscribers that O2G does not load by itself (they have no A4980): 69000 to
69099. Whoever is taken away stays a subscriber and in the phone book, but O2G knows nothing of the person (L81).
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from simulators.o2g.clock import Clock
from simulators.o2g.world.people import Person, subscriber
from simulators.o2g.world.phone_book import PhoneBook

NOT_LOADED = range(69_000, 69_100)
NUMBER = re.compile(r"[0-9]{5}")


class Register:
    """Users of O2G by login, number and set. The three dictionaries are the world's own; they change in place."""

    def __init__(
        self,
        seed: int,
        clock: Clock,
        phone_book: PhoneBook,
        by_login: dict[str, Person],
        by_number: dict[str, Person],
        by_device: dict[str, Person],
    ) -> None:
        """Take the dictionaries with everybody whom O2G loaded at its start."""
        self._seed = seed
        self._clock = clock
        self._phone_book = phone_book
        self._by_login = by_login
        self._by_number = by_number
        self._by_device = by_device
        self._on_demand: dict[str, Person] = {}
        self._removed: dict[str, Person] = {}
        self._audit_due = False
        self.on_returned: Callable[[Person], None] = lambda _: None

    def find(self, device: str, node: str) -> Person | None:
        """Give the subscriber of a node who has this set, user of O2G or not."""
        person = self._by_device.get(device) or self._by_number.get(device) or self._elsewhere(device)
        return person if person is not None and person.node == node else None

    def of_node(self, node: str) -> Iterator[Person]:
        """Give the subscribers of a node who are no users of O2G."""
        yield from [person for person in self._removed.values() if person.node == node]
        yield from (person for person in self.not_loaded(node) if person.login not in self._by_login)

    def not_loaded(self, node: str) -> Iterator[Person]:
        """Give the subscribers of a node whom O2G does not load by itself, made users since or not."""
        people = (self._not_loaded(str(number)) for number in NOT_LOADED)
        return (person for person in people if person.node == node)

    def add(self, person: Person) -> bool:
        """Make a subscriber a user; False where it is one already."""
        if person.login in self._by_login:
            return False
        loaded_at_start = self._removed.pop(person.login, None) is not None
        if not loaded_at_start:
            self._phone_book.add(person)
            self._on_demand[person.login] = person
        self._by_login[person.login] = person
        self._by_number[person.number] = person
        for device in person.devices:
            self._by_device[device.id] = person
        return True

    def remove(self, person: Person) -> None:
        """Let O2G forget a user; one that it loads by itself comes back at midnight, UTC (L81)."""
        del self._by_login[person.login]
        self._by_number.pop(person.number, None)
        for device in person.devices:
            self._by_device.pop(device.id, None)
        if self._on_demand.pop(person.login, None) is None:
            self._removed[person.login] = person
            self._await_audit()

    def restart(self) -> None:
        """Begin as at the start: with everybody who is loaded, without those made on demand (L81). Nobody is told."""
        for person in list(self._on_demand.values()):
            self.remove(person)
        for person in list(self._removed.values()):
            self.add(person)

    def _audit(self) -> None:
        self._audit_due = False
        for person in list(self._removed.values()):
            self.add(person)
            self.on_returned(person)

    def _await_audit(self) -> None:
        if self._audit_due:
            return
        self._audit_due = True
        now = self._clock.today()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._clock.after((midnight - now).total_seconds(), self._audit)

    def _elsewhere(self, device: str) -> Person | None:
        for person in self._removed.values():
            if device == person.number or any(device == own.id for own in person.devices):
                return person
        if NUMBER.fullmatch(device) and int(device) in NOT_LOADED:
            return self._not_loaded(device)
        return None

    def _not_loaded(self, number: str) -> Person:
        return self._on_demand.get(f"oxe{number}") or subscriber(number, self._seed)
