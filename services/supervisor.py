"""Supervisors of a call centre: entering groups, answering calls for help, listening, intruding.

A supervisor is an operator, too: log on and the like are `services.agent`'s, and so are licence and errors.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from services.border import Writing
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.live.packages import Package
from services.live.state import LiveState, text
from services.numbers import dialable
from services.session import Session

HELP_KEPT = timedelta(minutes=30)
REQUESTS_EACH = 50  # of one supervisor; the oldest go first, and so with the logins
HELP_LOGINS = 10_000


class Intrusion(StrEnum):
    """How a supervisor takes part in an agent's call (IntrusionMode, A97).

    NORMAL talks with both, RESTRICTED talks with the agent only, DISCRETE only listens.
    """

    NORMAL = "NORMAL"
    RESTRICTED = "RESTRICTED"
    DISCRETE = "DISCRETE"


class GroupRequest(Writing):
    """Which processing group."""

    pg_group_number: str = Field(min_length=1)


class IntrusionRequest(Writing):
    """Whose call to intrude into, and how."""

    agent_number: str = Field(min_length=1)
    mode: str


class IntrusionModeRequest(Writing):
    """How to go on."""

    mode: str


class ListeningRequest(Writing):
    """Whom to listen to."""

    agent_number: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A request for help that is open: the directory number at the other side (A101), and when it was made.

    To a supervisor `number` is the agent who asks, to an agent the supervisor who is asked.
    """

    number: str
    asked_at: datetime


class HelpBoard:
    """Who asks whom for help. O2G tells it by events only, and has no operation that lists it.

    Whoever receives events of the package `agent` writes here, from any thread: `opened` when they begin to flow,
    `requested` and `cancelled` for OnSupervisorHelpRequested and OnSupervisorHelpCancelled, as they stand, whichever
    side they are for, `doubted` when some may be missing, and `lost` when none come. Before `opened` and after `lost`
    nothing is known, which is not the same as that nobody asks; after `doubted` only requests are known, until
    `HELP_KEPT` has passed. A request is forgotten after as long: no event tells that a supervisor came.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Start with nothing known. `now` is the clock of `asked_at`."""
        self._now = now
        self._lock = threading.Lock()
        self._open: OrderedDict[str, OrderedDict[str, HelpRequest]] | None = None
        self._doubted: datetime | None = None

    def opened(self) -> None:
        """Hear that events flow from now on, and none is open that they have not told of."""
        with self._lock:
            self._open = OrderedDict()
            self._doubted = None

    def doubted(self) -> None:
        """Hear that events may be missing: those who are not known to be asked, or to ask, may be."""
        with self._lock:
            self._doubted = self._now()

    def lost(self) -> None:
        """Hear that events come no more: what is open is not known any longer."""
        with self._lock:
            self._open = None

    def requested(self, login: str, number: str) -> None:
        """Hear that help is asked for; `login` is whom the event is for, `number` the event's agentNumber."""
        with self._lock:
            if self._open is None or not number:
                return
            requests = self._open.setdefault(login, OrderedDict())
            self._open.move_to_end(login)
            requests[number] = HelpRequest(number, self._now())
            requests.move_to_end(number)
            if len(requests) > REQUESTS_EACH:
                requests.popitem(last=False)
            if len(self._open) > HELP_LOGINS:
                self._open.popitem(last=False)

    def cancelled(self, login: str, number: str) -> None:
        """Hear that help is asked for no longer, or was refused; arguments as those of `requested`."""
        with self._lock:
            requests = self._open.get(login) if self._open is not None else None
            if self._open is None or requests is None:
                return
            requests.pop(number, None)
            if not requests:
                del self._open[login]

    def of(self, login: str) -> tuple[HelpRequest, ...] | None:
        """Give the requests that an agent has made or a supervisor has got, oldest first; None: not known."""
        since = self._now() - HELP_KEPT
        with self._lock:
            if self._open is None:
                return None
            found = tuple(request for request in self._open.get(login, {}).values() if request.asked_at > since)
            doubtful = self._doubted is not None and self._doubted > since
            return None if doubtful and not found else found


class Supervisors:
    """What supervisors do beyond what agents do.

    Each operation raises `NotAllowed` for a user who is no supervisor or without licence, `NotExpected` where the state
    of supervisor or agent does not allow it, `BadParameter` for what is no number (O2G is not asked then), `O2GError`
    where O2G fails.
    """

    def __init__(self, session: Session, live: LiveState | None = None) -> None:
        """Ask through `session`. What events tell of help is written on `help_board`."""
        self._session = session
        self.help_board = HelpBoard()
        if live is not None:
            self._listen(live)

    def _listen(self, live: LiveState) -> None:
        board = self.help_board

        def begins() -> None:
            if live.feed.tells(Package.AGENT):
                board.opened()

        live.feed.tell(begins, board.lost, board.doubted)
        live.hear(
            "OnSupervisorHelpRequested",
            lambda event: board.requested(text(event, "loginName"), text(event, "agentNumber")),
        )
        live.hear(
            "OnSupervisorHelpCancelled",
            lambda event: board.cancelled(text(event, "loginName"), text(event, "agentNumber")),
        )

    def help_requests(self, login: str) -> tuple[HelpRequest, ...] | None:
        """Tell the requests for help at a supervisor, or of an agent, as the board has them; None: not known."""
        return self.help_board.of(login)

    def enter_group(self, login: str, group: str, deadline: Deadline) -> None:
        """Enter a processing group; the supervisor must be logged on (POST /acd/agent/enterPG, B38, L71)."""
        self._send("POST", "enterPG", login, deadline, GroupRequest(pg_group_number=dialable(group)))

    def exit_group(self, login: str, group: str, deadline: Deadline) -> None:
        """Leave the processing group in which the supervisor is (POST /acd/agent/exitPG, B38, L71).

        The group must be named: without one O2G would log the supervisor off.
        """
        self._send("POST", "exitPG", login, deadline, GroupRequest(pg_group_number=dialable(group)))

    def reject_help(self, login: str, agent: str, deadline: Deadline) -> None:
        """Refuse the help that an agent's number asked for (DELETE /acd/agent/supervisorHelp, B40)."""
        query = {"loginName": login, "other": dialable(agent)}
        self._session.call(Call("DELETE /acd/agent/supervisorHelp", query=query), deadline)

    def listen(self, login: str, agent: str, deadline: Deadline) -> None:
        """Listen to all calls of an agent's number (POST /acd/agent/permanentListening)."""
        request = ListeningRequest(agent_number=dialable(agent))
        self._send("POST", "permanentListening", login, deadline, request)

    def stop_listening(self, login: str, deadline: Deadline) -> None:
        """Listen no more (DELETE /acd/agent/permanentListening)."""
        self._send("DELETE", "permanentListening", login, deadline)

    def intrude(self, login: str, agent: str, mode: Intrusion, deadline: Deadline) -> None:
        """Intrude into the call that an agent's number has now (POST /acd/agent/intrusion)."""
        request = IntrusionRequest(agent_number=dialable(agent), mode=mode.value)
        self._send("POST", "intrusion", login, deadline, request)

    def change_intrusion(self, login: str, now: Intrusion, to: Intrusion, deadline: Deadline) -> None:
        """Intrude in another way (PUT /acd/agent/intrusion, L72). O2G does not tell the mode: remember it.

        Raises:
            BadParameter: the mode is that already. O2G would drop the supervisor out of the call: it was not asked.
        """
        if now is to:
            raise BadParameter("the supervisor intrudes in this way already")
        self._send("PUT", "intrusion", login, deadline, IntrusionModeRequest(mode=to.value))

    def stop_intrusion(self, login: str, deadline: Deadline) -> None:
        """Leave the agent's call (PUT /acd/agent/intrusion with STOP, A100; O2G 2.7.3 or later)."""
        self._send("PUT", "intrusion", login, deadline, IntrusionModeRequest(mode="STOP"))

    def _send(self, method: str, what: str, login: str, deadline: Deadline, request: Writing | None = None) -> None:
        call = Call(f"{method} /acd/agent/{what}", query={"loginName": login}, body=request)
        self._session.call(call, deadline)
