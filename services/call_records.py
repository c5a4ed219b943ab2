"""One record of the call log: who called whom, when, and how it went, as the user sees it whose log it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from services.border import MaybeCount, MaybeFlag, MaybeText, OpenEnum, Reading, many, one
from services.moments import MaybeMoment
from services.parties import Party, PartyInfo, party


class Direction(OpenEnum):
    """Whether the user was called or called (Role); UNKNOWN where O2G does not say, as for some conferences."""

    INCOMING = "CALLEE"
    OUTGOING = "CALLER"
    UNKNOWN = "UNKNOWN"


class CallReason(OpenEnum):
    """Why a call was established, rerouted or released (Reason); UNKNOWN also for one that the reference lacks."""

    ALL_TRUNK_BUSY = "ALL_TRUNK_BUSY"
    INVALID_NUMBER = "INVALID_NUMBER"
    ABANDONED = "ABANDONED"
    BUSY = "BUSY"
    CONFERENCED = "CONFERENCED"
    PICKUP = "PICKUP"
    FORWARDED = "FORWARDED"
    REDIRECTED = "REDIRECTED"
    RELEASED_ON_REDIRECT = "RELEASED_ON_REDIRECT"
    TRANSFERRED = "TRANSFERRED"
    RELEASED_ON_TRANSFER = "RELEASED_ON_TRANSFER"
    VOICEMAIL = "VOICEMAIL"
    NORMAL = "NORMAL"
    UNKNOWN = "UNKNOWN"


REASONS_OF_THE_TEXT = {"PICKED_UP": "PICKUP", "VOICEMAILDEPOSIT": "VOICEMAIL"}  # A74


class Media(OpenEnum):
    """A medium of a communication; UNKNOWN also for one that the reference lacks."""

    AUDIO = "AUDIO"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class RecordedParty:
    """Who took part beside the user.

    Attributes:
        party: who; None where O2G does not say, as for an anonymous caller.
        anonymous: whether it withheld its identity.
        role: as a caller or as one called; UNKNOWN for the other side of a simple call, of which O2G does not say.
        answered: whether it took part in the conversation; None where not said.
        first_called: whom the call was first for, where it was rerouted to this party.
        reason: why it came into the call, or left it.
        leg: the device, where it is not the party's main one.
    """

    party: Party | None
    anonymous: bool | None
    role: Direction
    answered: bool | None
    first_called: Party | None
    reason: CallReason
    leg: str | None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A record of a user's call log.

    Attributes:
        id: what acknowledging and deleting takes; None where O2G does not give one.
        reference: O2G's reference of the communication, of which a conference may leave several records; may be empty.
        direction: whether the user called or was called.
        answered: whether the user answered, or for an outgoing call was answered; where the call was rerouted away from
            the user, whether it was answered there. None: not known.
        acknowledged: False for a missed call that waits for being acknowledged; None where O2G does not say.
        others: who else took part, in an order that stays the same (O2G's does not); several in a conference; none for
            a conference that has not begun. The first is whom the user would call back.
        rerouted_to: who got a call for the user instead (forward, overflow, pick-up), whether answering or not.
        first_called: whom the call was first for, if that was not the user: another person's call that came here, or
            a call of the user's that went elsewhere than dialled.
        reason: why it was rerouted or ended, where O2G says.
        transferred_by: who transferred it, in O2G's words (a number or a name); None where nobody did.
        associated_data: what an application attached to the call.
        medias: may be empty (A76); more than one where media were added.
        began: when it was launched, or rang at the user's; UTC.
        connected: when the conversation began; None where there was none, or O2G does not say.
        ended: when it ended for the user; None while it lasts, or where O2G does not say.
    """

    id: int | None
    reference: str
    direction: Direction
    answered: bool | None
    acknowledged: bool | None
    others: tuple[RecordedParty, ...]
    rerouted_to: Party | None
    first_called: Party | None
    reason: CallReason
    transferred_by: str | None
    associated_data: str | None
    medias: tuple[Media, ...]
    began: datetime | None
    connected: datetime | None
    ended: datetime | None

    @property
    def missed(self) -> bool:
        """Whether the user was called and did not answer, as far as O2G says."""
        return self.direction is Direction.INCOMING and self.answered is False

    @property
    def conversation(self) -> timedelta | None:
        """How long they talked; None where O2G gives not both ends of it, or they make no sense."""
        if self.connected is None or self.ended is None or self.ended < self.connected:
            return None
        return self.ended - self.connected


class _Participant(Reading):
    role: MaybeText = None
    answered: MaybeFlag = None
    identity: Annotated[PartyInfo | None, one(PartyInfo)] = None
    anonymous: MaybeFlag = None
    initial_called: Annotated[PartyInfo | None, one(PartyInfo)] = None
    reason: MaybeText = None
    leg: MaybeText = None


def _names(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))


class RecordReading(Reading):
    """A record as O2G writes it, in the spellings of the table and of the examples."""

    record_id: MaybeCount = None
    com_ref: MaybeText = Field(default=None, validation_alias=AliasChoices("comRef", "comref"))  # A68
    acknowledged: MaybeFlag = Field(default=None, validation_alias=AliasChoices("acknowledged", "acknowledge"))  # A69
    participants: Annotated[tuple[_Participant, ...] | None, many(_Participant)] = None
    begin_date: MaybeMoment = None
    end_date: MaybeMoment = None
    conv_date: MaybeMoment = None
    transferred_by: MaybeText = None
    associated_data: MaybeText = Field(default=None, validation_alias=AliasChoices("associatedData", "associateData"))
    medias: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()

    @property
    def tells_something(self) -> bool:
        """Whether there is anything to show."""
        return self.record_id is not None or self.begin_date is not None or bool(self.participants)


def record(found: RecordReading, login: str) -> CallRecord:
    """Read a record as the user `login` sees it."""
    participants = found.participants or ()
    own = _own(participants, login)
    rerouted = own is None or _login(own.identity) != login
    stand_in = own if own is not None and rerouted and _login(own.initial_called) == login else None
    others = [other for other in participants if other is not own or stand_in is not None]
    others.sort(key=lambda other: (other is stand_in, *_order(other)))
    first_called = party(own.initial_called) if own is not None and stand_in is None else None
    if first_called in [Party(), *(party(one.identity) for one in participants)]:
        first_called = None  # O2G also says so of a call that was not rerouted
    return CallRecord(
        id=found.record_id,
        reference=found.com_ref or "",
        direction=Direction((own.role if own is not None else None) or ""),
        answered=own.answered if own is not None else None,
        acknowledged=found.acknowledged,
        others=tuple(_party(other) for other in others),
        rerouted_to=party(stand_in.identity) if stand_in is not None else None,
        first_called=first_called,
        reason=_first_known([own, *others]),
        transferred_by=(found.transferred_by or "").strip() or None,
        associated_data=found.associated_data,
        medias=tuple(dict.fromkeys(Media(name) for name in found.medias)),
        began=found.begin_date,
        connected=found.conv_date,
        ended=found.end_date,
    )


def _own(participants: tuple[_Participant, ...], login: str) -> _Participant | None:
    """Find who tells how the call went for the user: the user, who got the call instead, or the only one with a role.

    In the record of a user whose call was rerouted it is not the user who takes part, but who was rung instead, with
    the user as the one first called. A user who was several times in a conference has a record for each time.
    """
    mine = [one for one in participants if _login(one.identity) == login]
    with_role = [one for one in participants if one.role]
    instead = [one for one in with_role if _login(one.initial_called) == login]
    found = [one for one in mine if one.role] or mine or instead or (with_role if len(with_role) == 1 else [])
    return found[0] if found else None


def _login(info: PartyInfo | None) -> str | None:
    return info.id.login_name if info is not None and info.id is not None else None


def _order(other: _Participant) -> tuple[str, str, str]:
    who = party(other.identity) or Party()
    return who.number, who.login, who.last_name


def _first_known(participants: list[_Participant | None]) -> CallReason:
    reasons = [_reason(one) for one in participants if one is not None]
    return next((reason for reason in reasons if reason is not CallReason.UNKNOWN), CallReason.UNKNOWN)


def _reason(participant: _Participant) -> CallReason:
    said = participant.reason or ""
    return CallReason(REASONS_OF_THE_TEXT.get(said, said))


def _party(found: _Participant) -> RecordedParty:
    who = party(found.identity)
    return RecordedParty(
        party=who if who != Party() else None,
        anonymous=found.anonymous,
        role=Direction(found.role or ""),
        answered=found.answered,
        first_called=party(found.initial_called),
        reason=_reason(found),
        leg=found.leg,
    )
