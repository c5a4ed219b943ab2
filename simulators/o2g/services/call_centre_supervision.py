"""Call-centre agent, between agents and supervisors: help, permanent listening, intrusion."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from simulators.o2g.services.call_centre_agent import Loose, of_agent
from simulators.o2g.wire.answers import NO_CONTENT, Answer
from simulators.o2g.wire.request import Request
from simulators.o2g.world.agents import Agent
from simulators.o2g.world.supervision import IntrusionMode

# The reference writes it in lower case too (A97).
Mode = Annotated[IntrusionMode, BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)]


class Listening(Loose):
    """To whom to listen (PermanentListeningRequest)."""

    agentNumber: str = Field(min_length=1)


class Intruding(Loose):
    """Whose call to enter, and how (IntrusionRequest); normally, unless said otherwise (L139)."""

    agentNumber: str = Field(min_length=1)
    mode: Mode | None = None


class ChangingMode(Loose):
    """How to go on in an intrusion (ChangeIntrusionModeRequest)."""

    mode: Mode


@of_agent("POST", "/acd/agent/supervisorHelp")
def ask_help(request: Request, agent: Agent) -> Answer:
    """Ask a supervisor for help."""
    request.o2g.world.supervision.ask_help(agent)
    return NO_CONTENT


@of_agent("DELETE", "/acd/agent/supervisorHelp")
def end_help(request: Request, agent: Agent) -> Answer:
    """Cancel a request for help (the agent), or reject it (the supervisor); `other` is the other one's number."""
    request.o2g.world.supervision.end_help(agent, request.query.get("other") or None)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/permanentListening")
def listen(request: Request, supervisor: Agent) -> Answer:
    """Listen to an agent's calls from now on."""
    agent = request.o2g.world.call_centre.agent_of_number(request.read(Listening).agentNumber)
    request.o2g.world.supervision.listen(supervisor, agent)
    return NO_CONTENT


@of_agent("DELETE", "/acd/agent/permanentListening")
def stop_listening(request: Request, supervisor: Agent) -> Answer:
    """End the permanent listening."""
    request.o2g.world.supervision.stop_listening(supervisor)
    return NO_CONTENT


@of_agent("POST", "/acd/agent/intrusion")
def intrude(request: Request, supervisor: Agent) -> Answer:
    """Enter an agent's call."""
    wanted = request.read(Intruding)
    agent = request.o2g.world.call_centre.agent_of_number(wanted.agentNumber)
    request.o2g.world.supervision.intrude(supervisor, agent, wanted.mode or IntrusionMode.NORMAL)
    return NO_CONTENT


@of_agent("PUT", "/acd/agent/intrusion")
def change_mode(request: Request, supervisor: Agent) -> Answer:
    """Change how a supervisor takes part in the agent's call, or leave it."""
    request.o2g.world.supervision.change_mode(supervisor, request.read(ChangingMode).mode)
    return NO_CONTENT
