"""Supervisors of a call centre: entering groups, answering calls for help, listening, intruding.

A supervisor is an operator, too: log on and the like are `services.agent`'s, and so are licence and errors.
"""

from enum import StrEnum

from pydantic import Field

from services.border import Writing
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.numbers import dialable
from services.session import Session


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


class Supervisors:
    """What supervisors do beyond what agents do.

    Each operation raises `NotAllowed` for a user who is no supervisor or without licence, `NotExpected` where the state
    of supervisor or agent does not allow it, `BadParameter` for what is no number (O2G is not asked then), `O2GError`
    where O2G fails.
    """

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

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
