"""A user's calls in progress, and what can be done with each."""

from services.border import read
from services.call_changes import call_changes
from services.call_views import (
    CallAbility,
    CallInProgress,
    CallReading,
    CallState,
    IdleAbility,
    IdleSet,
    Leg,
    Participant,
    RecordingState,
    SetAbility,
    TelephonyReading,
    TelephonyState,
    UserState,
    call_in,
    state_in,
)
from services.calls import Call
from services.deadline import Deadline
from services.errors import NotFound
from services.live.known import Known
from services.live.packages import Package
from services.live.state import LiveState
from services.session import Session

__all__ = [
    "CallAbility",
    "CallInProgress",
    "CallState",
    "CallsInProgress",
    "IdleAbility",
    "IdleSet",
    "Leg",
    "Participant",
    "RecordingState",
    "SetAbility",
    "TelephonyState",
    "UserState",
]


class CallsInProgress:
    """Calls in progress, as they are now."""

    def __init__(self, session: Session, live: LiveState | None = None) -> None:
        """Ask through `session` what `live` does not know."""
        self._session = session
        live = live or LiveState()
        self._feed = live.feed
        self._kept = live.shelf("telephony", Package.TELEPHONY, call_changes(live))

    def of(self, login: str, deadline: Deadline) -> tuple[CallInProgress, ...]:
        """Tell a user's calls: live, else asked for (GET /telephony/calls); none where O2G says that there is nothing.

        Raises:
            NotAllowed: the user has no licence for it (L46).
            O2GError: O2G failed.
        """
        if self._feed.live(Package.TELEPHONY):
            return self.state(login, deadline).calls  # which is kept from then on
        return self._ask("GET /telephony/calls", login, deadline).calls

    def state(self, login: str, deadline: Deadline) -> TelephonyState:
        """Tell a user's calls, and what each of the user's sets can do beside them: live, else GET /telephony/state.

        Raises:
            NotAllowed: the user has no licence for it (L46).
            O2GError: O2G failed.
        """
        return self._kept.get(login, lambda: self._ask("GET /telephony/state", login, deadline))

    def known_state(self, login: str, deadline: Deadline) -> Known[TelephonyState]:
        """Tell the same with its age, and while O2G does not answer what is known of before.

        Raises:
            O2GError: O2G failed, and nothing is known.
        """
        return self._kept.known(login, lambda: self._ask("GET /telephony/state", login, deadline))

    def one(self, login: str, call_ref: str, deadline: Deadline) -> CallInProgress | None:
        """Tell one call: live, else asked for (GET /telephony/calls/{callRef}); None: it is over.

        Raises:
            O2GError: O2G failed.
        """
        kept = self._kept.live(login)
        if kept is not None:
            return next((call for call in kept.value.calls if call.call_ref == call_ref), None)
        call = Call("GET /telephony/calls/{callRef}", path={"callRef": call_ref}, query={"loginName": login})
        try:
            answer = self._session.call(call, deadline)
        except NotFound:
            return None
        return call_in(read(CallReading, answer.body, "a call")) if answer.body.strip() else None

    def _ask(self, operation: str, login: str, deadline: Deadline) -> TelephonyState:
        try:
            body = self._session.call(Call(operation, query={"loginName": login}), deadline).body
        except NotFound:
            body = b""
        return state_in(read(TelephonyReading, body, "a list of calls") if body.strip() else TelephonyReading())
