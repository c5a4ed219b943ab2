"""What events of telephony make of what was known of a user's calls.

An event that does not fit what is known (a change of a call that was not there, a part where a whole is needed) leaves
it unknown: O2G is asked at the next look. Each event may come twice.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, TypeVar

from pydantic import Field

from services.border import MaybeText, MaybeTexts, Reading, Text, many, one
from services.call_views import (
    CallDataReading,
    CallInProgress,
    CallReading,
    IdleReading,
    IdleSet,
    LegReading,
    ParticipantReading,
    TelephonyReading,
    TelephonyState,
    UserState,
    call_in,
    idle_in,
    leg_in,
    participant_in,
    state_in,
)
from services.live.shelf import UNKNOWN, Event, Fold, Unknown
from services.live.state import LiveState, text

Part = TypeVar("Part")
MOST_ENDED = 10_000  # calls that ended, of all users; some 2 MB


class _Change(Reading):
    call_ref: Annotated[Text, Field(min_length=1)]
    previous_call_ref: MaybeText = None
    replaced_by_call_ref: MaybeText = None
    call_data: Annotated[CallDataReading | None, one(CallDataReading)] = None
    modified_legs: Annotated[tuple[LegReading, ...] | None, many(LegReading)] = None
    added_legs: Annotated[tuple[LegReading, ...] | None, many(LegReading)] = None
    removed_legs: Annotated[tuple[LegReading, ...] | None, many(LegReading)] = None
    modified_participants: Annotated[tuple[ParticipantReading, ...] | None, many(ParticipantReading)] = None
    added_participants: Annotated[tuple[ParticipantReading, ...] | None, many(ParticipantReading)] = None
    removed_participant_ids: MaybeTexts = None

    @property
    def is_whole(self) -> bool:
        """Whether everything in it is: O2G does not say whether what changed in part comes as a part."""
        legs = (*(self.modified_legs or ()), *(self.added_legs or ()))
        data = self.call_data
        return all(leg.state for leg in legs) and (data is None or bool(data.state and data.capabilities is not None))


class _Sets(Reading):
    device_capabilities: Annotated[tuple[IdleReading, ...] | None, many(IdleReading)] = None


def _created(old: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
    if old is None:
        return UNKNOWN
    call = call_in(CallReading.model_validate(event))
    calls = _merged(old.calls, (call,), lambda known: known.call_ref)
    return replace(old, calls=calls, sets=_sets(old, event))


def _modified(old: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
    change = _Change.model_validate(event)
    if old is None or change.replaced_by_call_ref or not change.is_whole:
        return UNKNOWN
    names = (change.previous_call_ref or change.call_ref, change.call_ref)
    place = next((place for place, call in enumerate(old.calls) if call.call_ref in names), None)
    if place is None:
        return UNKNOWN
    call = _changed(old.calls[place], change)
    others = [known for known in old.calls if known.call_ref not in names]
    others.insert(min(place, len(others)), call)
    return replace(old, calls=tuple(others), sets=_sets(old, event))


def _removed(old: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
    if old is None:
        return UNKNOWN
    gone = _Change.model_validate(event).call_ref
    calls = tuple(call for call in old.calls if call.call_ref != gone)
    return replace(old, calls=calls, sets=_sets(old, event))


def _busy_or_free(old: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
    if old is None:
        return UNKNOWN
    said = event.get("state")
    return replace(old, user_state=UserState(said) if isinstance(said, str) and said else None)


def _whole(_: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
    return state_in(TelephonyReading.model_validate(event.get("state")))


def _lost(_: TelephonyState | None, __: Event) -> TelephonyState | Unknown:
    return UNKNOWN


def call_changes(live: LiveState) -> Mapping[str, Fold[TelephonyState]]:
    """Give what each event makes of what is known; a call that ended does not come back by a late event of its begin.

    O2G sends again what it is not sure to have sent. Such an event, or one of a new call with an old name, leaves
    unknown what calls there are.
    """
    ended = Ended()
    live.hear("OnCallRemoved", ended.note)

    def created(old: TelephonyState | None, event: Event) -> TelephonyState | Unknown:
        return UNKNOWN if ended.has(event) else _created(old, event)

    return {**CALL_CHANGES, "OnCallCreated": created}


class Ended:
    """The calls that ended last, of each user; any thread may use it."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self._calls: OrderedDict[tuple[str, str], None] = OrderedDict()

    def note(self, event: Event) -> None:
        """Hear of an end; the oldest are forgotten."""
        with self._lock:
            self._calls[_named(event)] = None
            self._calls.move_to_end(_named(event))
            while len(self._calls) > MOST_ENDED:
                self._calls.popitem(last=False)

    def has(self, event: Event) -> bool:
        """Tell whether the call of an event has ended."""
        with self._lock:
            return _named(event) in self._calls


def _named(event: Event) -> tuple[str, str]:
    return text(event, "loginName"), text(event, "callRef")


CALL_CHANGES: Mapping[str, Fold[TelephonyState]] = {
    "OnCallCreated": _created,
    "OnCallModified": _modified,
    "OnCallRemoved": _removed,
    "OnUserStateModified": _busy_or_free,
    "OnTelephonyState": _whole,
    "OnDeviceStateModified": _lost,  # it changes what the set can do, and does not tell how
}


def _changed(call: CallInProgress, change: _Change) -> CallInProgress:
    gone_legs = {leg.device_id for leg in change.removed_legs or ()}
    gone_others = set(change.removed_participant_ids or ())
    legs = tuple(leg_in(leg) for leg in (*(change.modified_legs or ()), *(change.added_legs or ())))
    others = tuple(
        participant_in(other) for other in (*(change.modified_participants or ()), *(change.added_participants or ()))
    )
    if change.call_data is not None:
        told = call_in(CallReading(callRef=change.call_ref, callData=change.call_data))
        call = replace(told, legs=call.legs, participants=call.participants)
    return replace(
        call,
        call_ref=change.call_ref,
        legs=tuple(leg for leg in _merged(call.legs, legs, lambda leg: leg.device) if leg.device not in gone_legs),
        participants=tuple(
            other for other in _merged(call.participants, others, lambda one: one.id) if other.id not in gone_others
        ),
    )


def _sets(old: TelephonyState, event: Event) -> tuple[IdleSet, ...]:
    told = _Sets.model_validate(event).device_capabilities or ()
    return _merged(old.sets, tuple(idle_in(own) for own in told), lambda own: own.device)


def _merged(old: tuple[Part, ...], told: tuple[Part, ...], name: Callable[[Part], str]) -> tuple[Part, ...]:
    """Put what was told in the place of what has the same name, and what is new behind."""
    named = {name(part): part for part in old} | {name(part): part for part in told}
    return tuple(named.values())
