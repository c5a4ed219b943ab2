"""Call-centre agent: configuration, state, coming and going, ready, pause, wrap-up, withdraw, skills."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulators.o2g.events.agents import agent_config, agent_state, state_event
from simulators.o2g.wire.answers import (
    NO_CONTENT,
    Answer,
    Refusal,
    bad_parameter,
    json_answer,
    not_allowed,
    not_expected,
)
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.agents import Agent, SubState
from simulators.o2g.world.call_centre import CallCentreRefusal, NotPermitted, WrongState

SNAPSHOT = "agent"

Act = Callable[[Request, Agent], Answer]
# An empty number is none (L71).
Number = Annotated[str | None, BeforeValidator(lambda value: value or None)]


class Loose(BaseModel):
    """A body whose numbers of sets and groups may be sent as numbers."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class LogOn(Loose):
    """Where to log on (LoggOnAgentRequest)."""

    proAcdDeviceNumber: str = Field(min_length=1)
    pgGroupNumber: Number = None
    headset: bool | None = None


class ProcessingGroup(Loose):
    """Which group to enter or leave (PGRequest)."""

    pgGroupNumber: Number = None


class Withdrawal(BaseModel):
    """Why to withdraw (WithdrawAgentRequest)."""

    reasonIndex: int | None = None


class SkillNumbers(BaseModel):
    """Which skills to switch (AgentSkillActivation)."""

    skills: list[int] = []


def of_agent(method: str, path: str) -> Callable[[Act], Act]:
    """Name the operation that a function answers for an operator: the subject of the request.

    Who is no operator, and what the call centre does not do, is refused: 403 NOT_ALLOWED, 403 NOT_EXPECTED in this
    state, or 400. The reference names the statuses, not which is for what; that choice is our reading.
    """

    def register(act: Act) -> Act:
        def handle(request: Request) -> Answer:
            person = request.subject()
            try:
                return act(request, request.o2g.world.call_centre.agent(person))
            except CallCentreRefusal as refused:
                raise refusal(refused) from refused

        operation(method, path)(handle)
        return act

    return register


def refusal(refused: CallCentreRefusal) -> Refusal:
    """Say in O2G's words what the call centre does not do."""
    if isinstance(refused, NotPermitted):
        return not_allowed(str(refused))
    if isinstance(refused, WrongState):
        return not_expected(str(refused))
    return bad_parameter(str(refused))


@of_agent("GET", "/acd/agent/config")
def show_config(request: Request, agent: Agent) -> Answer:
    """Show how an operator is set up."""
    return json_answer(agent_config(agent))


@of_agent("GET", "/acd/agent/state")
def show_state(request: Request, agent: Agent) -> Answer:
    """Show what an operator does now."""
    return json_answer(agent_state(agent))


@operation("POST", "/acd/agent/state/snapshot")
def snapshot(request: Request) -> Answer:
    """Tell an operator's state as an event, or for an administrator who names nobody, everybody's (L64)."""
    o2g, centre = request.o2g, request.o2g.world.call_centre
    if request.session.identity.admin and not request.query.get("loginName"):
        people = [operator.person for operator in centre.operators()]
    else:
        people = [request.subject()]
        if not centre.employs(people[0]):
            raise not_allowed("the user is no operator of the call centre")
    o2g.snapshots.begin(
        (SNAPSHOT, request.session.cookie),
        people,
        lambda person: o2g.subscriptions.publish(state_event(centre.agent(person))),
    )
    return NO_CONTENT


@of_agent("POST", "/acd/agent/logon")
def log_on(request: Request, agent: Agent) -> Answer:
    """Log on at a pro-ACD set."""
    wanted = request.read(LogOn)
    request.o2g.world.call_centre.log_on(agent, wanted.proAcdDeviceNumber, wanted.pgGroupNumber, wanted.headset)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/logoff")
def log_off(request: Request, agent: Agent) -> Answer:
    """Log off."""
    request.o2g.world.call_centre.log_off(agent)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/enterPG")
def enter(request: Request, agent: Agent) -> Answer:
    """Let a supervisor enter a group."""
    request.o2g.world.call_centre.enter(agent, request.read(ProcessingGroup).pgGroupNumber)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/exitPG")
def leave(request: Request, agent: Agent) -> Answer:
    """Let a supervisor leave the group; without a number it is a log-off."""
    request.o2g.world.call_centre.leave(agent, request.read(ProcessingGroup).pgGroupNumber)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/ready")
def be_ready(request: Request, agent: Agent) -> Answer:
    """Be ready for calls."""
    request.o2g.world.call_centre.be_ready(agent)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/pause")
def pause(request: Request, agent: Agent) -> Answer:
    """Pause."""
    request.o2g.world.call_centre.rest(agent, SubState.PAUSE)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/wrapUp")
def wrap_up(request: Request, agent: Agent) -> Answer:
    """Wrap up."""
    request.o2g.world.call_centre.rest(agent, SubState.WRAPUP)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/withdraw")
def withdraw(request: Request, agent: Agent) -> Answer:
    """Withdraw, for a reason of the group if one is given."""
    request.o2g.world.call_centre.withdraw(agent, request.read(Withdrawal).reasonIndex)
    return NO_CONTENT


@of_agent("GET", "/acd/agent/withdrawReasons")
def withdraw_reasons(request: Request, agent: Agent) -> Answer:
    """List the withdraw reasons of a group; each has its number, from 1, and usually a label."""
    labels = request.o2g.world.call_centre.reasons(agent, request.query.get("pgNumber"))
    reasons = [{"index": index} | ({"label": label} if label else {}) for index, label in enumerate(labels, start=1)]
    return json_answer({"number": len(reasons), "reasons": reasons})


@of_agent("POST", "/acd/agent/config/skills/activate")
def activate_skills(request: Request, agent: Agent) -> Answer:
    """Activate skills."""
    request.o2g.world.call_centre.switch_skills(agent, request.read(SkillNumbers).skills, active=True)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/config/skills/deactivate")
def deactivate_skills(request: Request, agent: Agent) -> Answer:
    """Deactivate skills."""
    request.o2g.world.call_centre.switch_skills(agent, request.read(SkillNumbers).skills, active=False)
    return NO_CONTENT
