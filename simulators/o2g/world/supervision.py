"""What goes on between agents and supervisors: help, permanent listening, intrusion (L72, L139, B40)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from simulators.o2g.world.agents import Agent
from simulators.o2g.world.call_centre import CallCentre, NoSuchValue, NotPermitted, WrongState


class IntrusionMode(StrEnum):
    """O2G's IntrusionMode."""

    NORMAL = "NORMAL"
    RESTRICTED = "RESTRICTED"
    DISCRETE = "DISCRETE"
    STOP = "STOP"


@dataclass(slots=True)
class Intrusion:
    """A supervisor in an agent's call."""

    supervisor: Agent
    agent: Agent
    mode: IntrusionMode


class Supervision:
    """Requests for help that are open, who listens to whom, who intrudes.

    `on_help` is told of (agent, supervisor, asked): True when help is asked for, False when that is over;
    `on_intrusion` likewise of a supervisor who comes into an agent's call and leaves it.
    """

    def __init__(self, centre: CallCentre) -> None:
        """Start with nobody being helped or heard."""
        self._centre = centre
        self._helps: dict[Agent, Agent] = {}
        self._listening: dict[Agent, Agent] = {}
        self._intrusions: dict[Agent, Intrusion] = {}
        self.on_help: Callable[[Agent, Agent, bool], None] = lambda agent, supervisor, asked: None
        self.on_intrusion: Callable[[Agent, Agent, bool], None] = lambda agent, supervisor, there: None
        centre.on_idle.append(self._forget)

    def ask_help(self, agent: Agent) -> Agent:
        """Ask a supervisor of the agent's group for help; give whom. Only supervisors who are logged on and may help
        are asked, those in the group first: O2G names no rule, this is our reading."""
        if agent.operator.supervises:
            raise NotPermitted("only for an agent")
        if not agent.logged_on or agent.group is None:
            raise WrongState("the agent is in no processing group")
        if agent in self._helps:
            raise WrongState("help is asked for already")
        supervisor = self.supervisor_of(agent)
        if supervisor is None:
            raise WrongState("no supervisor of the processing group is there")
        self._helps[agent] = supervisor
        self.on_help(agent, supervisor, True)
        return supervisor

    def supervisor_of(self, agent: Agent) -> Agent | None:
        """Give the supervisor whom an agent reaches now, if any."""
        found = self._centre.supervisors(agent.group or "")
        return next((supervisor for supervisor in found if supervisor.operator.help), None)

    def end_help(self, who: Agent, other: str | None) -> None:
        """Cancel a request (asked by the agent, `other` the supervisor's number) or reject it (the other way round).

        An agent has asked one supervisor at most and need not name one.
        """
        if who.operator.supervises:
            open_ones = [agent for agent, asked in self._helps.items() if asked is who and agent.number == other]
        else:
            asked = self._helps.get(who)
            open_ones = [who] if asked is not None and other in (None, asked.number) else []
        if not open_ones:
            raise WrongState("no help is asked for between these two")
        for agent in open_ones:
            self._end_help(agent)

    def asked_by(self, agent: Agent) -> Agent | None:
        """Give the supervisor whom an agent has asked for help."""
        return self._helps.get(agent)

    def listen(self, supervisor: Agent, agent: Agent) -> None:
        """Listen to all calls of an agent from now on."""
        self._check_pair(supervisor, agent)
        if supervisor in self._listening:
            raise WrongState("the supervisor listens already")
        self._listening[supervisor] = agent

    def stop_listening(self, supervisor: Agent) -> None:
        """End the permanent listening."""
        self._must_supervise(supervisor)
        if self._listening.pop(supervisor, None) is None:
            raise WrongState("the supervisor listens to nobody")

    def heard_by(self, supervisor: Agent) -> Agent | None:
        """Give the agent to whom a supervisor listens."""
        return self._listening.get(supervisor)

    def intrude(self, supervisor: Agent, agent: Agent, mode: IntrusionMode) -> None:
        """Enter an agent's call."""
        self._check_pair(supervisor, agent)
        if mode is IntrusionMode.STOP:
            raise NoSuchValue("an intrusion does not begin with STOP")
        if supervisor in self._intrusions or supervisor.in_call:
            raise WrongState("the supervisor is in a call already")
        if not agent.in_call:
            raise WrongState("the agent is in no call")
        self._intrusions[supervisor] = Intrusion(supervisor, agent, mode)
        supervisor.intruding = True
        self.on_intrusion(agent, supervisor, True)
        self._centre.tell(supervisor)

    def change_mode(self, supervisor: Agent, mode: IntrusionMode) -> None:
        """Change how a supervisor takes part; the mode that is set already ends the intrusion, as STOP does (L72)."""
        self._must_supervise(supervisor)
        intrusion = self._intrusions.get(supervisor)
        if intrusion is None:
            raise WrongState("the supervisor is in no intrusion")
        if mode in (intrusion.mode, IntrusionMode.STOP):
            self._end_intrusion(intrusion)
        else:
            intrusion.mode = mode

    def intrusion_of(self, supervisor: Agent) -> Intrusion | None:
        """Give the intrusion that a supervisor is in."""
        return self._intrusions.get(supervisor)

    def _check_pair(self, supervisor: Agent, agent: Agent) -> None:
        self._must_supervise(supervisor)
        if not supervisor.logged_on:
            raise WrongState("the supervisor is not logged on")
        if agent.operator.supervises or not set(agent.operator.groups) & set(supervisor.operator.groups):
            raise NotPermitted("not an agent of this supervisor's processing groups")
        if not agent.logged_on:
            raise WrongState("the agent is not logged on")

    def _must_supervise(self, agent: Agent) -> None:
        if not agent.operator.supervises:
            raise NotPermitted("only for a supervisor")

    def _end_help(self, agent: Agent) -> None:
        self.on_help(agent, self._helps.pop(agent), False)

    def _end_intrusion(self, intrusion: Intrusion) -> None:
        del self._intrusions[intrusion.supervisor]
        intrusion.supervisor.intruding = False
        self.on_intrusion(intrusion.agent, intrusion.supervisor, False)
        self._centre.tell(intrusion.supervisor)

    def _forget(self, idle: Agent) -> None:
        """End what a call's end or a log-off ends."""
        for intrusion in [i for i in self._intrusions.values() if idle in (i.agent, i.supervisor)]:
            self._end_intrusion(intrusion)
        if idle.logged_on:
            return
        for agent in [agent for agent, asked in self._helps.items() if idle in (agent, asked)]:
            self._end_help(agent)
        for supervisor in [s for s, agent in self._listening.items() if idle in (s, agent)]:
            del self._listening[supervisor]
