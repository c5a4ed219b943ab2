"""Calls as data: who is in them, with which sets, in which state."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from simulators.o2g.clock import Timer
from simulators.o2g.world.people import Person


class PartyKind(StrEnum):
    """What stands behind a number."""

    USER = "USER"
    EXTERNAL = "EXTERNAL"
    VOICEMAIL = "VOICEMAIL"
    SET = "SET"  # that belongs to nobody
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """Somebody at an end of a call; `person` where the number is a user's."""

    number: str
    person: Person | None
    kind: PartyKind

    @staticmethod
    def of(number: str, person: Person | None, otherwise: PartyKind = PartyKind.EXTERNAL) -> "Party":
        """Make the party of a person, or of a number that is nobody's."""
        if person is None:
            return Party(number, None, otherwise)
        return Party(person.number, person, PartyKind.USER)


class MediaState(StrEnum):
    """State of a call on one side (MediaState)."""

    IDLE = "IDLE"
    RELEASING = "RELEASING"  # hears a tone: busy, unknown number
    DIALING = "DIALING"  # the caller's own set rings first
    HELD = "HELD"
    RINGING_INCOMING = "RINGING_INCOMING"
    RINGING_OUTGOING = "RINGING_OUTGOING"
    ACTIVE = "ACTIVE"


TALKING = frozenset({MediaState.ACTIVE, MediaState.HELD})


class RecordState(StrEnum):
    """Whether a side records the call."""

    PAUSED = "PAUSED"
    RECORDING = "RECORDING"


@dataclass(slots=True, eq=False)
class Side:
    """One party's part in a call.

    Attributes:
        devices: the sets that ring, or the one that talks.
        calls: this side called; else it was called.
        began: when the call was made or presented; `talked`: when this side began to talk.
        called: whom the caller wanted, where another than this party.
        reason: the cause (CallCause) by which this side came in, such as REDIRECTED.
        held_seconds: in all; `held_since` while it holds the call.
        log_id: of the record in the communication log that was made before the end.
    """

    party: Party
    devices: tuple[str, ...]
    state: MediaState
    calls: bool
    began: datetime
    talked: datetime | None = None
    called: Party | None = None
    reason: str | None = None
    held_since: datetime | None = None
    held_seconds: float = 0.0
    transferred_by: str | None = None
    recording: RecordState | None = None
    muted: bool = False
    log_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """Somebody who was called, while another got the call; `missed` where it rang there in vain."""

    party: Party
    began: datetime
    reason: str
    missed: bool


@dataclass(slots=True, eq=False)
class Call:
    """A call: from a set to a number, later perhaps between others and more.

    `anonymous`: who is called does not see who calls; `failed` is the cause of the tone that the caller hears;
    `transferred_by` is the number of whoever transferred it last: whom it rings from then on is told so, too.
    """

    reference: str
    dialled: str
    sides: list[Side] = field(default_factory=list)
    wanted: Party | None = None
    last_redirecting: Party | None = None
    transferred_by: str | None = None
    data: str | None = None
    hexa_data: str | None = None
    account: str | None = None
    failed: str | None = None
    anonymous: bool = False
    parked_on: str | None = None
    dtmf: str = ""
    timer: Timer | None = None
    witnesses: list[Witness] = field(default_factory=list)
    first_caller: Party | None = None
    first_device: str = ""

    def side_of(self, person: Person) -> Side | None:
        """Give the part that a person has in it."""
        return next((side for side in self.sides if side.party.person is person), None)

    def people(self) -> Iterator[Person]:
        """Give who of the company takes part."""
        return (side.party.person for side in self.sides if side.party.person is not None)

    def others(self, side: Side) -> list[Side]:
        """Give all sides but one."""
        return [other for other in self.sides if other is not side]

    @property
    def talking(self) -> bool:
        """Whether two at least talk (or one holds the other)."""
        return sum(side.state in TALKING for side in self.sides) > 1

    @property
    def conference(self) -> bool:
        """Whether there are three or more."""
        return len(self.sides) > 2

    def stop_timer(self) -> None:
        """Forget what would have happened."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What happened to a call: told once, about all the `people` who saw it before or see it now.

    `replaces` is the reference of a call that this one now stands for; `destination` where a call went that is gone.
    """

    call: Call
    people: tuple[Person, ...]
    cause: str | None = None
    replaces: str | None = None
    destination: str | None = None


class Diary:
    """What is told of sides that leave and of people who begin to talk; the communication log keeps it."""

    def left(self, call: Call, side: Side, others: list[Party], cause: str, *, for_good: bool) -> None:
        """Hear that somebody's part ended; not `for_good`: it goes on, without one of the others."""

    def passed_over(self, call: Call, witness: Witness, caller: Party, answerer: Side) -> None:
        """Hear of somebody who was called, while another got the call that now ends."""

    def talked(self, person: Person, other: Party) -> None:
        """Hear that two began to talk."""


class Impossible(Exception):
    """A telephony request that cannot be: TelephonyErrorType and TelephonyErrorCause, and what is the matter."""

    def __init__(self, error_type: str, cause: str, message: str) -> None:
        """Take O2G's own names of what is wrong."""
        super().__init__(message)
        self.error_type = error_type
        self.cause = cause


def wrong_state(message: str, cause: str = "INVALID_CONNECTION_STATE") -> Impossible:
    """Make the refusal of what the state of things does not allow."""
    return Impossible("INCOMPATIBLE_WITH_STATE", cause, message)


def no_such_call(message: str = "there is no such call") -> Impossible:
    """Make the refusal of a reference that means nothing here."""
    return Impossible("CALL_REFERENCE_NOT_FOUND", "INVALID_CALL_ID", message)


def wrong_destination(message: str) -> Impossible:
    """Make the refusal of a number that cannot be called."""
    return Impossible("BAD_PARAMETER_VALUE", "INVALID_DESTINATION", message)


def wrong_set(message: str) -> Impossible:
    """Make the refusal of a set that does not exist or is another's."""
    return Impossible("BAD_PARAMETER_VALUE", "INVALID_DEVICE", message)


def bad_value(message: str, cause: str = "INVALID_DATA") -> Impossible:
    """Make the refusal of a value."""
    return Impossible("BAD_PARAMETER_VALUE", cause, message)
