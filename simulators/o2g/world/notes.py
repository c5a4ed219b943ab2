"""What people leave for each other: requests to be called back, and mini messages."""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Party

LONGEST_MESSAGE = 128  # characters (L114)
TEXTS = (
    "Please call me when you are back.",
    "Meeting moved to 3 pm.",
    "Rappelez-moi avant midi, merci",
    "Paket liegt am Empfang",
    "Lunch?",
)


@dataclass(frozen=True, slots=True)
class Callback:
    """A request to be called back."""

    id: str
    party: Party


@dataclass(frozen=True, slots=True)
class MiniMessage:
    """A short text; read once."""

    sender: str
    date: datetime
    text: str


Seeded = Callable[[Person], int]
Counted = Callable[[Person, str, int], None]


class Notes:
    """Everybody's callbacks and mini messages; a user's first ones are made up when first looked at.

    `counted` is told of each change, with the counter's name and by how much.
    """

    def __init__(self, people: list[Person], seed: int, began: datetime, callbacks: Seeded, messages: Seeded) -> None:
        """Take who may have left something, before which moment, and how many each user begins with."""
        self._people = people
        self._seed = seed
        self._before = began
        self._first_callbacks = callbacks
        self._first_messages = messages
        self._callbacks: dict[str, list[Callback]] = {}
        self._messages: dict[str, list[MiniMessage]] = {}
        self._ids = itertools.count(1)
        self.counted: Counted = lambda person, counter, by: None

    def callbacks(self, person: Person) -> list[Callback]:
        """Give the requests that wait for a user."""
        return list(self._callbacks_of(person))

    def ask_callback(self, person: Person, asks: Party) -> None:
        """Leave a request with a user; a second one of the same asker is the same one."""
        waiting = self._callbacks_of(person)
        if all(callback.party.number != asks.number for callback in waiting):
            waiting.append(Callback(f"{person.number}-{next(self._ids)}", asks))
            self.counted(person, "callBackRequestsNb", 1)

    def drop_callbacks(self, person: Person, wanted: str | None = None) -> bool:
        """Delete one request, or all; False where there is no such request."""
        waiting = self._callbacks_of(person)
        kept = [callback for callback in waiting if wanted is not None and callback.id != wanted]
        gone = len(waiting) - len(kept)
        self._callbacks[person.login] = kept
        if gone:
            self.counted(person, "callBackRequestsNb", -gone)
        return gone > 0 or wanted is None

    def send(self, person: Person, sender: str, text: str, when: datetime) -> None:
        """Leave a mini message with a user."""
        self._messages_of(person).append(MiniMessage(sender, when, text))
        self.counted(person, "newTextNb", 1)

    def read(self, person: Person) -> MiniMessage | None:
        """Take the newest message: nobody will read it again; None where there is none."""
        waiting = self._messages_of(person)
        if not waiting:
            return None
        message = waiting.pop()
        self.counted(person, "newTextNb", -1)
        return message

    def forget(self, person: Person) -> None:
        """Take away all of a user's mini messages, as reading them elsewhere does."""
        while self.read(person) is not None:
            pass

    def _callbacks_of(self, person: Person) -> list[Callback]:
        if person.login not in self._callbacks:
            askers = [self._somebody(person, f"callback{n}") for n in range(self._first_callbacks(person))]
            self._callbacks[person.login] = [
                Callback(f"{person.number}-0{n}", Party.of(asker.number, asker)) for n, asker in enumerate(askers)
            ]
        return self._callbacks[person.login]

    def _messages_of(self, person: Person) -> list[MiniMessage]:
        if person.login not in self._messages:
            chance = random.Random(f"{self._seed}/{person.number}/messages")
            self._messages[person.login] = [
                MiniMessage(
                    self._somebody(person, f"message{n}").number,
                    self._before - timedelta(minutes=chance.randint(5, 4000)),
                    chance.choice(TEXTS),
                )
                for n in range(self._first_messages(person))
            ]
        return self._messages[person.login]

    def _somebody(self, person: Person, what: str) -> Person:
        place = random.Random(f"{self._seed}/{person.number}/{what}").randrange(len(self._people))
        found = self._people[place]
        return self._people[(place + 1) % len(self._people)] if found is person else found
