"""Callback requests: who asked a user to call back, and asking somebody."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.border import Reading, Text, Writing, many, one, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import NotFound
from services.numbers import dialable
from services.parties import Party, PartyInfo, party
from services.session import Session


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """Somebody asks to be called back; `party` is None where O2G does not say who."""

    id: str
    party: Party | None


class AskCallback(Writing):
    """Whom to ask."""

    callee: str = Field(min_length=1)


class _Callback(Reading):
    callback_id: Annotated[Text, Field(min_length=1)]
    party_info: Annotated[PartyInfo | None, one(PartyInfo)] = None


class _Callbacks(Reading):
    callbacks: Annotated[tuple[_Callback, ...] | None, many(_Callback)] = None


class Callbacks:
    """Callback requests of users. Every operation raises `O2GError` where O2G fails, `NotAllowed` without licence."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def of(self, login: str, deadline: Deadline) -> tuple[CallbackRequest, ...]:
        """Tell who asked the user to call back (GET /telephony/incomingCallbacks); none where there is nothing."""
        call = Call("GET /telephony/incomingCallbacks", query={"loginName": login})
        try:
            body = self._session.call(call, deadline).body
        except NotFound:
            return ()
        found = read(_Callbacks, body, "a list of callback requests") if body.strip() else _Callbacks()
        return tuple(CallbackRequest(asked.callback_id, party(asked.party_info)) for asked in found.callbacks or ())

    def ask(self, login: str, callee: str, deadline: Deadline) -> None:
        """Ask a number to call the user back, without a call in progress (POST /telephony/outgoingCallbacks).

        Raises:
            BadParameter: this is no number; O2G was not asked.
        """
        request = AskCallback(callee=dialable(callee))
        call = Call("POST /telephony/outgoingCallbacks", query={"loginName": login}, body=request)
        self._session.call(call, deadline)

    def delete(self, login: str, callback_id: str, deadline: Deadline) -> None:
        """Delete one request (DELETE /telephony/incomingCallbacks/{callbackId}).

        Raises:
            NotFound: it is deleted already, or was answered.
        """
        call = Call(
            "DELETE /telephony/incomingCallbacks/{callbackId}",
            path={"callbackId": callback_id},
            query={"loginName": login},
        )
        self._session.call(call, deadline)

    def delete_all(self, login: str, deadline: Deadline) -> None:
        """Delete all of a user's requests (DELETE /telephony/incomingCallbacks)."""
        self._session.call(Call("DELETE /telephony/incomingCallbacks", query={"loginName": login}), deadline)
