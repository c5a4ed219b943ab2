"""Calls in progress in our words, and as O2G writes them in reads and events."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import Field, TypeAdapter, model_validator

from services.border import MaybeFlag, MaybeText, OpenEnum, Reading, Text, many, one, true_ones
from services.parties import Party, PartyInfo, party


class CallState(OpenEnum):
    """State of a call, of a set in it or of a participant (MediaState); UNKNOWN also for one of a newer O2G."""

    UNKNOWN = "UNKNOWN"
    OFF_HOOK = "OFF_HOOK"
    IDLE = "IDLE"
    RELEASING = "RELEASING"
    DIALING = "DIALING"
    HELD = "HELD"
    RINGING_INCOMING = "RINGING_INCOMING"
    RINGING_OUTGOING = "RINGING_OUTGOING"
    ACTIVE = "ACTIVE"


class RecordingState(OpenEnum):
    """Whether a call's recording runs."""

    RECORDING = "RECORDING"
    PAUSED = "PAUSED"
    UNKNOWN = "UNKNOWN"


class UserState(OpenEnum):
    """Whether a user is busy; O2G uses it when it began to watch the user in the middle of a call."""

    FREE = "FREE"
    BUSY = "BUSY"
    UNKNOWN = "UNKNOWN"


class CallAbility(StrEnum):
    """What can be done with a call (CallCapabilities)."""

    ADD_DEVICE = "addDevice"
    ADD_PARTICIPANT = "addParticipant"
    BE_INTRUDED = "intruded"
    INTRUDE = "intrusion"
    TRANSFER = "transfer"
    BLIND_TRANSFER = "blindTransfer"
    MERGE = "merge"
    REDIRECT = "redirect"
    BE_PICKED_UP = "pickedUp"
    REDIRECT_TO_VOICEMAIL = "redirectToVoiceMail"
    REDIRECT_TO_DVA = "redirectToDVA"
    OVERFLOW_TO_VOICEMAIL = "overflowToVoiceMail"
    DROP_ME = "dropMe"
    TERMINATE = "terminate"
    REJECT = "reject"
    CALL_BACK = "callBack"
    PARK = "park"
    START_RECORDING = "startRecord"
    STOP_RECORDING = "stopRecord"
    PAUSE_RECORDING = "pauseRecord"
    RESUME_RECORDING = "resumeRecord"
    DROP_PARTICIPANT = "dropParticipant"
    MUTE_PARTICIPANT = "muteParticipant"
    HOLD_PARTICIPANT = "holdParticipant"


class SetAbility(StrEnum):
    """What a set can do with its call (LegCapabilities)."""

    ANSWER = "answer"
    DROP = "drop"
    HOLD = "hold"
    RETRIEVE = "retrieve"
    RECONNECT = "reconnect"
    MUTE = "mute"
    UNMUTE = "unMute"
    SEND_DTMF = "sendDtmf"
    SWITCH_DEVICE = "switchDevice"


class IdleAbility(StrEnum):
    """What a set can do beside its calls (DeviceCapabilities)."""

    MAKE_CALL = "makeCall"
    MAKE_BUSINESS_CALL = "makeBusinessCall"
    MAKE_PRIVATE_CALL = "makePrivateCall"
    UNPARK = "unParkCall"


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the user's sets in a call.

    Attributes:
        device: the set's `Device.id`.
        state: state of the call on this set.
        can: what the set can do with it now; None where O2G does not say.
        rings_there: whether the called set rings; only while calling.
    """

    device: str
    state: CallState
    can: frozenset[SetAbility] | None = None
    rings_there: bool | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part beside the user.

    Attributes:
        id: names the participant in operations; never shown.
        party: who it is; None where O2G does not say.
        anonymous: whether the identity is secret: what `party` holds must not be shown then.
        droppable: whether the participant can be dropped.
        state: told in a conference only, when it changed.
    """

    id: str
    party: Party | None
    anonymous: bool | None = None
    droppable: bool | None = None
    state: CallState = CallState.UNKNOWN


@dataclass(frozen=True, slots=True)
class CallInProgress:
    """A call of a user.

    Attributes:
        call_ref: O2G's reference of it.
        state: its state.
        legs: the user's sets in it.
        participants: the others.
        can: what can be done with it now; None where O2G does not say.
        recording: whether it is recorded; None while no recording is on.
        anonymous: whether the caller is secret.
        first_called: whom the caller called first.
        redirected_by: who sent it on last, where that is another.
        associated_data: text that goes with it (A39, B23).
        account_info: transaction code that goes with it.
        pilot: number of the call centre's pilot that it came through.
    """

    call_ref: str
    state: CallState
    legs: tuple[Leg, ...] = ()
    participants: tuple[Participant, ...] = ()
    can: frozenset[CallAbility] | None = None
    recording: RecordingState | None = None
    anonymous: bool | None = None
    first_called: Party | None = None
    redirected_by: Party | None = None
    associated_data: str | None = None
    account_info: str | None = None
    pilot: str | None = None

    @property
    def devices(self) -> tuple[str, ...]:
        """The user's sets in it."""
        return tuple(leg.device for leg in self.legs)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The others that O2G names and that may be shown."""
        return tuple(other.party for other in self.participants if other.party is not None and not other.anonymous)


@dataclass(frozen=True, slots=True)
class IdleSet:
    """What a set can do beside its calls."""

    device: str
    can: frozenset[IdleAbility]


@dataclass(frozen=True, slots=True)
class TelephonyState:
    """All that a screen of calls needs: the calls, what each set can do beside them, whether the user is busy.

    `user_state` is None where O2G does not say, which is usual.
    """

    calls: tuple[CallInProgress, ...]
    sets: tuple[IdleSet, ...]
    user_state: UserState | None


IDLE_ABILITIES: TypeAdapter[frozenset[IdleAbility]] = TypeAdapter(
    Annotated[frozenset[IdleAbility], true_ones(IdleAbility)]
)


class ParticipantReading(Reading):
    """Who takes part."""

    participant_id: MaybeText = None
    identity: Annotated[PartyInfo | None, one(PartyInfo)] = None
    anonymous: MaybeFlag = None
    undroppable: MaybeFlag = None
    state: MaybeText = None


class LegReading(Reading):
    """A set in a call."""

    device_id: Annotated[Text, Field(min_length=1)]
    state: MaybeText = None
    ringing_remote: MaybeFlag = None
    capabilities: Annotated[frozenset[SetAbility] | None, true_ones(SetAbility)] = None


class AcdDataReading(Reading):
    """What the call centre adds to a call."""

    pilot_number: MaybeText = None


class CallDataReading(Reading):
    """What is said of a call as a whole."""

    state: MaybeText = None
    anonymous: MaybeFlag = None
    record_state: MaybeText = None
    initial_called: Annotated[PartyInfo | None, one(PartyInfo)] = None
    last_redirecting: Annotated[PartyInfo | None, one(PartyInfo)] = None
    capabilities: Annotated[frozenset[CallAbility] | None, true_ones(CallAbility)] = None
    associate_data: MaybeText = None
    associated_data: MaybeText = None
    account_info: MaybeText = None
    acd_call_data: Annotated[AcdDataReading | None, one(AcdDataReading)] = None


class CallReading(Reading):
    """A call."""

    call_ref: Annotated[Text, Field(min_length=1)]
    call_data: Annotated[CallDataReading | None, one(CallDataReading)] = None
    legs: Annotated[tuple[LegReading, ...] | None, many(LegReading)] = None
    participants: Annotated[tuple[ParticipantReading, ...] | None, many(ParticipantReading)] = None


class IdleReading(Reading):
    """Capabilities stand beside the set's number here, not in an object of their own."""

    device_id: Annotated[Text, Field(min_length=1)]
    can: frozenset[IdleAbility]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: object) -> object:
        return value | {"can": IDLE_ABILITIES.validate_python(value)} if isinstance(value, dict) else value


class TelephonyReading(Reading):
    """All of a user's calls (TelephonicState)."""

    calls: Annotated[tuple[CallReading, ...] | None, many(CallReading)] = None
    device_capabilities: Annotated[tuple[IdleReading, ...] | None, many(IdleReading)] = None
    user_state: MaybeText = None


def state_in(found: TelephonyReading) -> TelephonyState:
    """Give all of a user's calls in our words."""
    return TelephonyState(
        calls=tuple(call_in(call) for call in found.calls or ()),
        sets=tuple(idle_in(own) for own in found.device_capabilities or ()),
        user_state=UserState(found.user_state) if found.user_state else None,
    )


def idle_in(found: IdleReading) -> IdleSet:
    """Give what a set can do beside its calls in our words."""
    return IdleSet(found.device_id, _one_for_all(found.can))


@lru_cache(maxsize=256)
def _one_for_all(can: frozenset[IdleAbility]) -> frozenset[IdleAbility]:
    """Give the same object for equal abilities: they are kept for every user, and there are few kinds of them."""
    return can


def leg_in(found: LegReading) -> Leg:
    """Give a set in a call in our words."""
    return Leg(found.device_id, CallState(found.state or ""), found.capabilities, found.ringing_remote)


def call_in(found: CallReading) -> CallInProgress:
    """Give a call in our words."""
    data = found.call_data or CallDataReading()
    return CallInProgress(
        call_ref=found.call_ref,
        state=CallState(data.state or ""),
        legs=tuple(leg_in(leg) for leg in found.legs or ()),
        participants=tuple(participant_in(other) for other in found.participants or ()),
        can=data.capabilities,
        recording=RecordingState(data.record_state) if data.record_state else None,
        anonymous=data.anonymous,
        first_called=party(data.initial_called),
        redirected_by=party(data.last_redirecting),
        associated_data=data.associate_data if data.associate_data is not None else data.associated_data,
        account_info=data.account_info,
        pilot=data.acd_call_data.pilot_number if data.acd_call_data is not None else None,
    )


def participant_in(found: ParticipantReading) -> Participant:
    """Give who takes part in our words."""
    return Participant(
        id=found.participant_id or "",
        party=party(found.identity),
        anonymous=found.anonymous,
        droppable=None if found.undroppable is None else not found.undroppable,
        state=CallState(found.state or ""),
    )
