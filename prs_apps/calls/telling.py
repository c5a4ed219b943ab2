"""A call in words: who, in which state, for how long, and what else a user wants to know of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from prs.errors import N_
from prs_apps.application import Visit
from prs_apps.calls.lengths import Length
from prs_apps.calls.situations import Situation
from prs_apps.people import name_in_list, spoken_name
from services.calls_in_progress import CallInProgress, CallState, Participant, RecordingState


@dataclass(frozen=True, slots=True)
class Said:
    """A state: in a list's detail (9 columns), and on a line of its own."""

    short: str
    line: str


UNKNOWN = Said(N_("unknown"), N_("In a state that is not known"))
STATES = {
    CallState.ACTIVE: Said(N_("talking"), N_("Talking")),
    CallState.HELD: Said(N_("on hold"), N_("On hold")),
    CallState.RINGING_INCOMING: Said(N_("rings"), N_("Rings here")),
    CallState.RINGING_OUTGOING: Said(N_("calling"), N_("Calling")),
    CallState.RELEASING: Said(N_("ending"), N_("Busy, or ending")),
    CallState.DIALING: Said(N_("dialling"), N_("Dialling")),
    CallState.OFF_HOOK: Said(N_("off hook"), N_("Off the hook")),
}
RECORDINGS = {
    RecordingState.RECORDING: N_("Is being recorded"),
    RecordingState.PAUSED: N_("Recording is paused"),
    RecordingState.UNKNOWN: N_("May be recorded"),
}


def who(visit: Visit, call: CallInProgress) -> str:
    """Name the other, or tell that it is a conference."""
    if len(call.participants) > 1:
        return visit._("Conference")
    return next(iter(names(visit, call)), "") or visit._("Unknown caller")


def names(visit: Visit, call: CallInProgress) -> Iterable[str]:
    """Name each of the others that may be named."""
    return (name for name in (spoken_name(visit, party) for party in call.parties) if name)


def listed(visit: Visit, call: CallInProgress) -> str:
    """Name the other as a list does."""
    if len(call.participants) > 1 or not call.parties:
        return who(visit, call)
    party = call.parties[0]
    return name_in_list(visit, party) or who(visit, call)


def participant_name(visit: Visit, other: Participant) -> str:
    """Name somebody in a call, unless that is secret."""
    named = "" if other.anonymous or other.party is None else spoken_name(visit, other.party)
    return named or visit._("Unknown caller")


def shortly(visit: Visit, call: CallInProgress, length: Length | None) -> str:
    """Tell the state in a list's detail; of a call in which they talk, how long."""
    told = _minutes(visit, length) if call.state is CallState.ACTIVE else ""
    return told or visit._(STATES.get(call.state, UNKNOWN).short)


def lines(visit: Visit, situation: Situation, length: Length | None) -> tuple[str, ...]:
    """Tell what there is to tell, most wanted first."""
    call = situation.call
    state = visit._(STATES.get(call.state, UNKNOWN).line)
    return tuple(filter(None, (", ".join(filter(None, (state, _minutes(visit, length)))), *_more(visit, situation))))


def _more(visit: Visit, situation: Situation) -> Iterable[str]:
    call = situation.call
    if situation.conference:
        yield ", ".join(names(visit, call))
    elif call.parties and call.parties[0].number != who(visit, call):
        yield call.parties[0].number
    for other in situation.held:
        yield visit._("On hold: {name}", name=who(visit, other))
    if call.recording is not None:
        yield visit._(RECORDINGS[call.recording])
    if situation.elsewhere:
        yield visit._("On your set {number}", number=", ".join(situation.elsewhere))
    rings = call.state is CallState.RINGING_INCOMING
    if rings and call.first_called is not None and call.first_called.number not in _numbers(visit, call):
        yield visit._("Was for {name}", name=spoken_name(visit, call.first_called))
    if call.redirected_by is not None:
        yield visit._("Sent on by {name}", name=spoken_name(visit, call.redirected_by))
    if call.pilot:
        yield visit._("Through {number}", number=call.pilot)
    if call.associated_data:
        yield call.associated_data
    if call.account_info:
        yield visit._("Account code {code}", code=call.account_info)


def _numbers(visit: Visit, call: CallInProgress) -> set[str]:
    """List the numbers of all who take part: a call that was first for one of them needs no word."""
    return {visit.user.number, "", *call.devices, *(party.number for party in call.parties)}


def _minutes(visit: Visit, length: Length | None) -> str:
    said = "" if length is None else length.said()
    return visit._("{count} min", count=said) if said else ""
