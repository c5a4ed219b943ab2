"""Calls: making one from a user's own set, and those in progress."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import Field

from services.border import MaybeText, OpenEnum, Reading, Text, Writing, many, one, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NotFound
from services.session import Session

CALLEE = re.compile(r"[+]?[0-9A-D*#() ]{1,49}")  # L12


class CallState(OpenEnum):
    """State of a call (MediaState); UNKNOWN also for one that the reference does not have."""

    UNKNOWN = "UNKNOWN"
    OFF_HOOK = "OFF_HOOK"
    IDLE = "IDLE"
    RELEASING = "RELEASING"
    DIALING = "DIALING"
    HELD = "HELD"
    RINGING_INCOMING = "RINGING_INCOMING"
    RINGING_OUTGOING = "RINGING_OUTGOING"
    ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class CallParty:
    """Who takes part in a call beside the user; empty where O2G does not say or the party is anonymous."""

    first_name: str
    last_name: str
    number: str


@dataclass(frozen=True, slots=True)
class CallInProgress:
    """A call of a user: its reference, state, the user's devices in it, the other parties."""

    call_ref: str
    state: CallState
    devices: tuple[str, ...]
    parties: tuple[CallParty, ...]


class MakeCallRequest(Writing):
    """What starts a regular call; `deviceId` is mandatory (A41)."""

    device_id: str = Field(min_length=1)
    callee: str = Field(min_length=1)
    auto_answer: bool


class _Identifier(Reading):
    phone_number: MaybeText = None


class _Party(Reading):
    id: Annotated[_Identifier | None, one(_Identifier)] = None
    first_name: MaybeText = None
    last_name: MaybeText = None
    display_name: MaybeText = None


class _Participant(Reading):
    identity: Annotated[_Party | None, one(_Party)] = None


class _Leg(Reading):
    device_id: Text


class _CallData(Reading):
    state: MaybeText = None


class _Call(Reading):
    call_ref: Annotated[Text, Field(min_length=1)]
    call_data: Annotated[_CallData | None, one(_CallData)] = None
    legs: Annotated[tuple[_Leg, ...] | None, many(_Leg)] = None
    participants: Annotated[tuple[_Participant, ...] | None, many(_Participant)] = None


class _Calls(Reading):
    calls: Annotated[tuple[_Call, ...] | None, many(_Call)] = None


class Telephony:
    """Calls of users."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def make_call(
        self, login: str, device: str, callee: str, deadline: Deadline, *, auto_answer: bool = True
    ) -> str | None:
        """Call `callee` from a user's set (POST /telephony/calls).

        Not `basicCall`, although that needs no licence: in an administrator's session it rings any set, whoever it
        belongs to (L113), and takes no login name to check it against. The user holds the licence for this one anyway,
        from the directory search before it (L41, L46).

        Never sent twice, except where O2G refused it for a lost session: a call made twice rings twice.

        Args:
            login: the user.
            device: `Device.id` of the user's own set.
            callee: digits, `+ * # A-D ( )` and spaces, at most 49 characters.
            auto_answer: True calls at once, hands free, as a key of the set would: whoever pressed Call on a screen is
                there. False rings the user's set first and calls once it is answered: for a set elsewhere.
            deadline: until when O2G must have answered; the call may be made even if it did not.

        Returns:
            The call's reference; None where O2G does not give one (A45, A46).

        Raises:
            BadParameter: O2G was not asked, as the number or the set cannot be one; or it refused them.
            NotAllowed: the user may not make it, or not beside another one (L54).
            O2GTimeout: no answer: the call may be made or not.
            O2GError: O2G failed; `details` tells the cause.
        """
        callee = callee.strip()
        if not CALLEE.fullmatch(callee) or not device.strip():
            raise BadParameter("this number cannot be called")
        request = MakeCallRequest(device_id=device, callee=callee, auto_answer=auto_answer)
        answer = self._session.call(Call("POST /telephony/calls", query={"loginName": login}, body=request), deadline)
        return _last_segment(answer.headers.get("location", ""))

    def calls(self, login: str, deadline: Deadline) -> tuple[CallInProgress, ...]:
        """Tell a user's calls in progress (GET /telephony/calls); none where O2G says that there is nothing.

        Raises:
            O2GError: O2G failed.
        """
        try:
            answer = self._session.call(Call("GET /telephony/calls", query={"loginName": login}), deadline)
        except NotFound:
            return ()
        if not answer.body.strip():
            return ()
        return tuple(_call(found) for found in read(_Calls, answer.body, "a list of calls").calls or ())


def _last_segment(location: str) -> str | None:
    try:
        path = urlsplit(location).path
    except ValueError:
        return None
    return unquote(path.rpartition("/")[2]) or None


def _call(found: _Call) -> CallInProgress:
    state = found.call_data.state if found.call_data is not None else None
    return CallInProgress(
        call_ref=found.call_ref,
        state=CallState(state or ""),
        devices=tuple(leg.device_id for leg in found.legs or ()),
        parties=tuple(_party(other.identity) for other in found.participants or () if other.identity is not None),
    )


def _party(found: _Party) -> CallParty:
    return CallParty(
        first_name=found.first_name or "",
        last_name=found.last_name or found.display_name or "",
        number=(found.id.phone_number if found.id is not None else None) or "",
    )
