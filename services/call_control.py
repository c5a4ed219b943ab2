"""What a user does with calls: answering, holding, transferring, parking, picking up, recording.

O2G acknowledges before the call has changed: read the calls again, or wait for the event, before showing what became of
it. Whether an operation is possible stands in the capabilities that `services.calls_in_progress` reads; O2G refuses
the others with `NotExpected`, or with details that name the cause.

No operation is ever sent twice, except where O2G refused it for a lost session.
"""

from enum import StrEnum

from pydantic import Field

from services.border import Writing
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.numbers import DIGITS, dialable
from services.own_set import OwnSet
from services.session import Session

VOICEMAIL = "VOICEMAIL"


class Recording(StrEnum):
    """What to do with a call's recording (L118); starting needs a voicemail."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"


class OnSet(Writing):
    """Which of the user's sets acts: for answering, holding, retrieving, alternating."""

    device_id: str = Field(min_length=1)


class Held(Writing):
    """The held call that the active one meets: for a transfer or a conference."""

    held_call_ref: str = Field(min_length=1)


class Reconnection(Writing):
    """Which enquiry call to give up."""

    device_id: str = Field(min_length=1)
    enquiry_call_ref: str = Field(min_length=1)


class BlindTransfer(Writing):
    """Where a call goes."""

    transfer_to: str = Field(min_length=1)


class Redirection(Writing):
    """Where a ringing call goes: a number, or `VOICEMAIL`."""

    redirect_to: str = Field(min_length=1)


class Parking(Writing):
    """At which set to park."""

    park_to: str = Field(min_length=1)


class Unparking(Writing):
    """At which set the call is parked; none: at the own one. The SDKs send `heldCallRef` here (B26): not we."""

    un_park_from: str | None = None


class PickUp(Writing):
    """Whose call to pick up; none: a call of the user's group (B43)."""

    other_phone_number: str | None = None


class AccountInfo(Writing):
    """A transaction code (L115)."""

    device_id: str = Field(min_length=1)
    account_info: str = Field(min_length=1)


class CallControl:
    """Operations on calls in progress.

    Each takes the time within which O2G must have answered; the operation may be done even if it did not.

    Every operation raises:
        BadParameter: O2G was not asked, as a number or a reference cannot be one; or it refused them.
        NotAllowed: the right or the licence is missing (L46).
        NotFound: the call is over.
        NotExpected: the call's state does not allow it.
        O2GTimeout: no answer: it may be done or not.
        O2GError: O2G failed; `details` tells the cause.
    """

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def answer(self, call_ref: str, own: OwnSet, deadline: Deadline) -> None:
        """Answer a ringing call on a set that has `SetAbility.ANSWER` (POST …/answer, L65)."""
        self._on_set("answer", call_ref, own, deadline)

    def hold(self, call_ref: str, own: OwnSet, deadline: Deadline) -> None:
        """Put an active call on hold (POST …/hold)."""
        self._on_set("hold", call_ref, own, deadline)

    def retrieve(self, call_ref: str, own: OwnSet, deadline: Deadline) -> None:
        """Take a held call back (POST …/retrieve)."""
        self._on_set("retrieve", call_ref, own, deadline)

    def alternate(self, held: str, own: OwnSet, deadline: Deadline) -> None:
        """Put the active call on hold and take the call `held` back (POST …/alternate).

        The reference's table names the held call; ALE's C# client says the active one. We follow the table.
        """
        self._on_set("alternate", held, own, deadline)

    def reconnect(self, held: str, enquiry: str, own: OwnSet, deadline: Deadline) -> None:
        """Give the call `enquiry` up, active or ringing, and take the call `held` back (POST …/reconnect)."""
        request = Reconnection(device_id=own.device, enquiry_call_ref=_given(enquiry))
        self._with_login("reconnect", held, own.login, deadline, request)

    def hang_up(self, call_ref: str, login: str, deadline: Deadline) -> None:
        """Leave a call: a conference goes on without the user, any other call ends (POST …/dropme)."""
        self._with_login("dropme", call_ref, login, deadline)

    def end(self, call_ref: str, login: str, deadline: Deadline) -> None:
        """End a call for everybody in it (DELETE /telephony/calls/{callRef})."""
        call = Call("DELETE /telephony/calls/{callRef}", path={"callRef": call_ref}, query={"loginName": login})
        self._session.call(call, deadline)

    def drop(self, call_ref: str, participant: str, login: str, deadline: Deadline) -> None:
        """Send a participant (`Participant.id`) out of a conference; a call of two ends (DELETE …/participants/…)."""
        call = Call(
            "DELETE /telephony/calls/{callRef}/participants/{participantId}",
            path={"callRef": call_ref, "participantId": participant},
            query={"loginName": login},
        )
        self._session.call(call, deadline)

    def transfer(self, active: str, held: str, login: str, deadline: Deadline) -> None:
        """Connect the other parties of the active and the held call; the user leaves both (POST …/transfer)."""
        self._with_login("transfer", active, login, deadline, Held(held_call_ref=_given(held)))

    def merge(self, active: str, held: str, login: str, deadline: Deadline) -> None:
        """Make a conference of the active call, which may be one, and the held one (POST …/merge)."""
        self._with_login("merge", active, login, deadline, Held(held_call_ref=_given(held)))

    def blind_transfer(self, call_ref: str, to: str, login: str, deadline: Deadline) -> None:
        """Send an active call to a number without waiting for an answer there (POST …/blindtransfer)."""
        self._with_login("blindtransfer", call_ref, login, deadline, BlindTransfer(transfer_to=dialable(to)))

    def redirect(self, call_ref: str, to: str, login: str, deadline: Deadline) -> None:
        """Send a call that rings at the user to a number (POST …/redirect)."""
        self._with_login("redirect", call_ref, login, deadline, Redirection(redirect_to=dialable(to)))

    def redirect_to_voicemail(self, call_ref: str, login: str, deadline: Deadline) -> None:
        """Send a call that rings at the user to the user's voicemail (POST …/redirect, L119)."""
        self._with_login("redirect", call_ref, login, deadline, Redirection(redirect_to=VOICEMAIL))

    def overflow_to_voicemail(self, call_ref: str, login: str, deadline: Deadline) -> None:
        """Send the user's own call, while it rings, to the called user's voicemail (POST …/overflowToVoiceMail)."""
        self._with_login("overflowToVoiceMail", call_ref, login, deadline)

    def park(self, call_ref: str, login: str, deadline: Deadline, *, at: str | None = None) -> None:
        """Park an active call at a set's number, or at the user's own set (POST …/park, A51, B43).

        Only for external incoming calls: O2G loses track of others (L67).
        """
        self._with_login("park", call_ref, login, deadline, None if at is None else Parking(park_to=dialable(at)))

    def unpark(self, own: OwnSet, deadline: Deadline, *, parked_at: str | None = None) -> None:
        """Take a parked call to the user's set (POST /telephony/devices/{deviceId}/unpark).

        `parked_at` is the number of the set where it was parked; None: it was parked at this one.
        """
        request = Unparking(un_park_from=None if parked_at is None else dialable(parked_at))
        path = {"deviceId": own.device}
        self._session.call(
            Call("POST /telephony/devices/{deviceId}/unpark", path=path, body=request, own=own.login), deadline
        )

    def pick_up(self, own: OwnSet, deadline: Deadline, *, ringing_at: str | None = None) -> None:
        """Take a call that rings elsewhere to the user's set (POST /telephony/devices/{deviceId}/pickup).

        `ringing_at` is the colleague's number; None: a call of the user's hunting or processing group.
        """
        request = PickUp(other_phone_number=None if ringing_at is None else dialable(ringing_at))
        path = {"deviceId": own.device}
        self._session.call(
            Call("POST /telephony/devices/{deviceId}/pickup", path=path, body=request, own=own.login), deadline
        )

    def record(self, call_ref: str, action: Recording, login: str, deadline: Deadline) -> None:
        """Start, stop, pause or resume a call's recording (POST …/recording, B27)."""
        call = Call(
            "POST /telephony/calls/{callRef}/recording",
            path={"callRef": call_ref},
            query={"loginName": login, "action": action.value},
        )
        self._session.call(call, deadline)

    def ask_call_back(self, call_ref: str, login: str, deadline: Deadline) -> None:
        """Ask the one who is being called, and is busy or away, to call back (POST …/callback)."""
        self._with_login("callback", call_ref, login, deadline)

    def send_account_info(self, call_ref: str, own: OwnSet, info: str, deadline: Deadline) -> None:
        """Send an agent's transaction code at the end of a call (POST …/sendaccountinfo); digits only (L115)."""
        if not DIGITS.fullmatch(info):
            raise BadParameter("account information is digits only")
        request = AccountInfo(device_id=own.device, account_info=info)
        self._session.call(_on("sendaccountinfo", call_ref, {}, request, own.login), deadline)

    def _on_set(self, what: str, call_ref: str, own: OwnSet, deadline: Deadline) -> None:
        self._session.call(_on(what, call_ref, {}, OnSet(device_id=own.device), own.login), deadline)

    def _with_login(
        self, what: str, call_ref: str, login: str, deadline: Deadline, request: Writing | None = None
    ) -> None:
        self._session.call(_on(what, call_ref, {"loginName": login}, request), deadline)


def _on(what: str, call_ref: str, query: dict[str, str], request: Writing | None, own: str | None = None) -> Call:
    """Name an operation on a call; those that name a set take no login name (B44): `own` is whose set it is."""
    path = {"callRef": call_ref}
    return Call(f"POST /telephony/calls/{{callRef}}/{what}", path=path, query=query, body=request, own=own)


def _given(call_ref: str) -> str:
    if not call_ref:
        raise BadParameter("a call's reference is empty")
    return call_ref
