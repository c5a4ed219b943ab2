"""Voice mail: the mailboxes of the 4645, their messages, and what a deposit or a deletion makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulators.o2g.clock import Clock
from simulators.o2g.world.chance import chance_of
from simulators.o2g.world.people import FIRST_NUMBER, Person

READABLE = "VM_4645"
CAPACITY = 600  # seconds of messages that fill a mailbox
LONGEST = 60  # seconds of one message
CAST = 30  # the cast's mailboxes have the password of their user
DAYS_BACK = 20
UNSAID = ""  # a caller who hid the number


@dataclass(slots=True)
class Message:
    """A voice message; `caller` is a number, empty where it was hidden; `seconds` is how long its sound is."""

    id: str
    caller: str
    date: datetime
    seconds: int
    unread: bool
    urgent: bool


@dataclass(slots=True)
class Mailbox:
    """A mailbox, newest message first. `password` is None while it is the user's own (L62)."""

    id: str
    owner: Person
    password: str | None
    messages: list[Message] = field(default_factory=list)
    next_id: int = 0

    @property
    def unread(self) -> int:
        """Messages that nobody has listened to."""
        return sum(message.unread for message in self.messages)

    @property
    def storage(self) -> int:
        """How full it is, in hundredths; at 100 nothing more is taken."""
        return min(100, sum(message.seconds for message in self.messages) * 100 // CAPACITY)

    def opens_with(self, password: str) -> bool:
        """Tell whether this is the password."""
        return password == (self.owner.secret if self.password is None else self.password)

    def find(self, message_id: str) -> Message | None:
        """Give a message."""
        return next((message for message in self.messages if message.id == message_id), None)

    def delete(self, ids: set[str] | None) -> bool:
        """Delete messages, all for None; unknown ids are ignored (L135). Tell whether anything was deleted."""
        before = len(self.messages)
        self.messages = [message for message in self.messages if ids is not None and message.id not in ids]
        return len(self.messages) != before


class Mailboxes:
    """Everybody's mailbox that O2G can read; one is made when first asked for."""

    def __init__(self, seed: int, clock: Clock, people: Sequence[Person]) -> None:
        """Take a seed, the clock, and the people who leave messages."""
        self._seed = seed
        self._clock = clock
        self._people = people
        # Messages of the past hang on the day of the start, so that two starts of a day make the same ones.
        self._today = clock.today().replace(hour=0, minute=0, second=0, microsecond=0)
        self._by_login: dict[str, Mailbox] = {}

    def of(self, person: Person) -> Mailbox | None:
        """Give a person's mailbox, or None without a voice mail that O2G can read (L133)."""
        if person.voicemail is None or person.voicemail[1] != READABLE:
            return None
        box = self._by_login.get(person.login)
        if box is None:
            box = self._by_login[person.login] = self._at_first(person)
        return box

    def unread(self, person: Person) -> int | None:
        """Give the number of unread messages without making the mailbox; None where nobody can know."""
        if person.voicemail is None or person.voicemail[1] != READABLE:
            return None
        box = self._by_login.get(person.login)
        return self._unread_at_first(person) if box is None else box.unread

    def deposit(self, person: Person, caller: str, seconds: int, *, urgent: bool = False) -> Message | None:
        """Leave a message for a person, now; None where there is no mailbox or it is full.

        Args:
            person: for whom.
            caller: the number of who speaks; empty for a hidden one.
            seconds: how long, 1 to 60.
            urgent: marked so by the caller.
        """
        box = self.of(person)
        if box is None or box.storage >= 100:
            return None
        message = Message(str(box.next_id), caller, self._clock.today(), seconds, unread=True, urgent=urgent)
        box.next_id += 1
        box.messages.insert(0, message)
        return message

    def _unread_at_first(self, person: Person) -> int:
        return chance_of(self._seed, "unread", person.number).randrange(3)

    def _at_first(self, person: Person) -> Mailbox:
        chance = chance_of(self._seed, "voicemail", person.number)
        in_cast = int(person.number) - FIRST_NUMBER in range(CAST)
        password = None if in_cast or chance.random() < 0.8 else f"{chance.randrange(10_000):04d}"
        unread = self._unread_at_first(person)
        count = unread + chance.randrange(5)
        first = 10_000 + chance.randrange(80_000)
        minutes = sorted(chance.sample(range(DAYS_BACK * 24 * 60), count))
        messages = [
            Message(
                id=str(first + count - 1 - place),
                caller=self._caller(person, place),
                date=self._today - timedelta(minutes=ago, seconds=chance.randrange(60)),
                seconds=chance.randint(2, 8),
                unread=place < unread,
                urgent=chance.random() < 0.1,
            )
            for place, ago in enumerate(minutes)
        ]
        return Mailbox(f"{person.number}-{person.node}-MAILBOX", person, password, messages, first + count)

    def _caller(self, person: Person, place: int) -> str:
        chance = chance_of(self._seed, "caller", f"{person.number}/{place}")
        drawn = chance.random()
        if drawn < 0.05:
            return UNSAID
        if drawn < 0.25:
            return f"00331{chance.randrange(100_000_000):08d}"
        return self._people[chance.randrange(len(self._people))].number
