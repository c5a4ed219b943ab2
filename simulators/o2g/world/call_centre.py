"""The call centre: who is at work where, and the rules for coming, going and resting (L71, L138, L140)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from simulators.o2g.clock import Clock
from simulators.o2g.world.agents import Agent, MainState, SubState
from simulators.o2g.world.operators import Group, Operator, employ, groups_of_node, seats_of_node, work_set
from simulators.o2g.world.people import Person


class CallCentreRefusal(Exception):
    """The call centre does not do what is asked; the message says why."""


class NotPermitted(CallCentreRefusal):
    """It is not for this person, whatever the state."""


class WrongState(CallCentreRefusal):
    """Not in this state."""


class NoSuchValue(CallCentreRefusal):
    """A number in the request is not one that there is."""


class CallCentre:
    """Every operator of one company.

    Attributes:
        on_state, on_skills: told of an agent whose state or skills have changed.
        on_idle: told of an agent who has logged off, or whose call is over.
    """

    def __init__(
        self,
        people: Sequence[Person],
        by_login: Mapping[str, Person],
        by_number: Mapping[str, Person],
        by_device: Mapping[str, Person],
        clock: Clock,
        seed: int,
    ) -> None:
        """Employ some of the people. Who joins the company later is no operator; who leaves it is one no longer."""
        self._by_login, self._by_number, self._by_device = by_login, by_number, by_device
        self._clock = clock
        self._operators = employ(people, seed)
        self._agents: dict[str, Agent] = {}
        self._at: dict[str, Agent] = {}
        self._distributed: set[str] = set()
        self._supervisors: dict[str, list[Operator]] = {}
        for operator in self._operators.values():
            for group in operator.groups if operator.supervises else ():
                self._supervisors.setdefault(group, []).append(operator)
        self.on_state: Callable[[Agent], None] = lambda agent: None
        self.on_skills: Callable[[Agent], None] = lambda agent: None
        self.on_idle: list[Callable[[Agent], None]] = []

    def employs(self, person: Person) -> bool:
        """Tell whether a person is an operator: agent or supervisor."""
        return person.login in self._operators

    def operators(self) -> Iterator[Operator]:
        """Give the operators who are in the company, by directory number."""
        return (operator for login, operator in self._operators.items() if login in self._by_login)

    def agent(self, person: Person) -> Agent:
        """Give an operator at work.

        Raises:
            NotPermitted: the person does not belong to the call centre.
        """
        if person.login not in self._agents:
            operator = self._operators.get(person.login)
            if operator is None:
                raise NotPermitted("the user is no operator of the call centre")
            self._agents[person.login] = self._arrive(operator)
        return self._agents[person.login]

    def agent_of_number(self, number: str) -> Agent:
        """Give the operator with a directory number.

        Raises:
            NoSuchValue: nobody has the number, or no operator.
        """
        person = self._by_number.get(number)
        if person is None or not self.employs(person):
            raise NoSuchValue("no operator of the call centre has this number")
        return self.agent(person)

    def supervisors(self, group: str) -> list[Agent]:
        """Give the supervisors of a group who are logged on: those who are in the group first."""
        found = [self.agent(operator.person) for operator in self._supervisors.get(group, ())]
        at_work = [agent for agent in found if agent.logged_on and agent.operator.person.login in self._by_login]
        return sorted(at_work, key=lambda agent: (agent.group != group, agent.number))

    def group(self, agent: Agent, number: str) -> Group:
        """Give one of an operator's groups by its number.

        Raises:
            NoSuchValue: the operator's node has no such group; NotPermitted: it is not one of the operator's.
        """
        for group in groups_of_node(agent.operator.person.node):
            if group.number == number:
                if number not in agent.operator.groups:
                    raise NotPermitted("the operator does not belong to this processing group")
                return group
        raise NoSuchValue("there is no such processing group")

    def log_on(self, agent: Agent, device: str, group: str | None, headset: bool | None) -> None:
        """Begin to work at a set. Without a group: in the preferred one, but a supervisor out of all groups (L71).

        A supervisor who is logged on out of group names the own number as the set to enter a group (L140).
        """
        if agent.logged_on:
            if not agent.operator.supervises or agent.group is not None or device != agent.number:
                raise WrongState("the operator is logged on already")
            self.enter(agent, group)
            return
        self._check_set(agent, device)
        chosen = None if group is None and agent.operator.supervises else self._choose(agent, group)
        agent.device = device
        self._at[device] = agent
        if headset is not None:
            agent.headset = headset
        agent.begin(chosen)
        self.tell(agent)

    def log_off(self, agent: Agent) -> None:
        """Stop working."""
        self._must_be_logged_on(agent)
        if agent.in_call:
            raise WrongState("the operator is in a call")
        self.take_away(agent)

    def take_away(self, agent: Agent) -> None:
        """Log an operator off, whatever the state."""
        self._at.pop(agent.device or "", None)
        agent.stop()
        self.idle(agent)
        self.tell(agent)

    def put(self, agent: Agent, device: str | None, group: str | None, *, in_group: bool) -> None:
        """Set an operator to work without asking for any rule; nobody is told yet.

        Without a set: where the operator is, or else the own one; without a group likewise, or else the first.
        """
        if group is not None:
            self.group(agent, group)
        operator = agent.operator
        place = device or agent.device or operator.fixed_set or work_set(operator.person) or agent.number
        if self._at.get(place) not in (None, agent):
            raise WrongState("another operator is logged on at this set")
        self._at.pop(agent.device or "", None)
        self._at[place] = agent
        agent.device = place
        chosen = group or agent.group or operator.preferred or operator.groups[0]
        if not in_group or chosen != agent.group:
            agent.begin(chosen if in_group else None)

    def enter(self, agent: Agent, group: str | None) -> None:
        """Let a supervisor who is logged on enter a group; without a number, the preferred one."""
        self._must_supervise(agent)
        self._must_be_logged_on(agent)
        if agent.group is not None:
            raise WrongState("the supervisor is in a processing group already")
        agent.begin(self._choose(agent, group))
        self.tell(agent)

    def leave(self, agent: Agent, group: str | None) -> None:
        """Let a supervisor leave the group and stay logged on; without a number this is a log-off (L71)."""
        self._must_supervise(agent)
        self._must_be_logged_on(agent)
        if group is None:
            self.log_off(agent)
            return
        if agent.group != group:
            raise WrongState("the supervisor is not in this processing group")
        agent.begin(None)
        self.tell(agent)

    def be_ready(self, agent: Agent) -> None:
        """Take calls again, from wherever."""
        self._must_be_in_group(agent)
        agent.serve(withdrawn=False)
        self.tell(agent)

    def rest(self, agent: Agent, what: SubState) -> None:
        """Begin a wrap-up or a pause; having been asked for, it lasts until another state is asked for."""
        self._must_be_in_group(agent)
        agent.rest(what)
        self.tell(agent)

    def withdraw(self, agent: Agent, reason: int | None) -> None:
        """Leave the distribution, for a reason of the group if one is given (L73, L138)."""
        group = self._must_be_in_group(agent)
        if reason is not None and not 1 <= reason <= len(group.reasons):
            raise NoSuchValue(f"the processing group has {len(group.reasons)} withdraw reasons")
        agent.serve(withdrawn=True, reason=reason)
        self.tell(agent)

    def reasons(self, agent: Agent, number: str | None) -> tuple[str, ...]:
        """Give the withdraw reasons of a group; without a number, of the one that the operator is in or prefers."""
        known = number or agent.group or agent.operator.preferred
        if known is None:
            raise NoSuchValue("which processing group?")
        return self.group(agent, known).reasons

    def switch_skills(self, agent: Agent, numbers: Sequence[int], *, active: bool) -> None:
        """Activate or deactivate skills; all of them or, where the operator lacks one, none."""
        wanted = set(numbers)
        if not wanted <= {skill.number for skill in agent.skills}:
            raise NoSuchValue("the operator does not have all of these skills")
        skills = [replace(s, active=active) if s.number in wanted else s for s in agent.skills]
        if skills != agent.skills:
            agent.skills = skills
            self.on_skills(agent)

    def who_is_ready(self, group: str) -> Agent | None:
        """Give whom the next call of a group goes to: the first by number who is ready. That order is our reading."""
        agents = (self.agent(operator.person) for operator in self.operators() if group in operator.groups)
        return next((a for a in agents if a.group == group and a.state().sub is SubState.READY), None)

    def distributed(self, reference: str) -> None:
        """Remember that a call came from the distribution."""
        self._distributed.add(reference)

    def in_calls(self, person: Person, references: Sequence[str]) -> None:
        """Hear which calls a person talks in; after one from the distribution comes the wrap-up."""
        if not self.employs(person):
            return
        agent = self.agent(person)
        ended = agent.in_call and not references
        own = not agent.intruding and not self._distributed.isdisjoint(references)
        from_distribution = agent.acd_call or own
        agent.in_call, agent.acd_call = bool(references), from_distribution and bool(references)
        if ended:
            if from_distribution and agent.group is not None and agent.break_from_calls is None:
                self._wrap_up(agent, self.group(agent, agent.group))
            self.idle(agent)
        self.tell(agent)

    def tell(self, agent: Agent) -> None:
        """Tell subscribers of an agent's state, if it is another than they know."""
        state = agent.state()
        if state != agent.told:
            agent.told = state
            self.on_state(agent)

    def idle(self, agent: Agent) -> None:
        """Let whatever hung on an agent's call or log-on end with it."""
        for heard in self.on_idle:
            heard(agent)

    def _arrive(self, operator: Operator) -> Agent:
        agent = Agent(operator, list(operator.skills), operator.headset)
        if operator.works_at_first:
            agent.device = operator.fixed_set or work_set(operator.person) or operator.person.number
            agent.group = operator.preferred
            agent.withdrawn = operator.withdrawn_at_first
            if agent.withdrawn and self.group(agent, agent.group or "").reasons:
                agent.reason = 1
            self._at[agent.device] = agent
        agent.told = agent.state()
        return agent

    def _check_set(self, agent: Agent, device: str) -> None:
        owner = self._by_device.get(device)
        seat = device in seats_of_node(agent.operator.person.node)
        if not seat and (owner is None or not self.employs(owner)):
            raise NoSuchValue("there is no such pro-ACD set")
        if agent.operator.fixed_set not in (None, device):
            raise NotPermitted("the operator works at another set")
        if owner is not None and owner is not agent.operator.person:
            self.agent(owner)
        if device in self._at:
            raise WrongState("another operator is logged on at this set")

    def _choose(self, agent: Agent, group: str | None) -> str:
        chosen = group or agent.operator.preferred
        if chosen is None:
            raise NoSuchValue("which processing group? The operator prefers none")
        self.group(agent, chosen)
        if chosen != agent.operator.preferred and not agent.operator.self_assign:
            raise NotPermitted("the operator may not choose the processing group")
        return chosen

    def _wrap_up(self, agent: Agent, group: Group) -> None:
        def pause() -> None:
            self._break_for(agent, SubState.PAUSE, group.pause_seconds, over)

        def over() -> None:
            agent.rest(None)
            self.tell(agent)

        self._break_for(agent, SubState.WRAPUP, group.wrap_up_seconds, pause)

    def _break_for(self, agent: Agent, what: SubState, seconds: float, then: Callable[[], None]) -> None:
        if seconds <= 0:
            then()
            return
        agent.rest(what)
        agent.timer = self._clock.after(seconds, then)
        self.tell(agent)

    def _must_supervise(self, agent: Agent) -> None:
        if not agent.operator.supervises:
            raise NotPermitted("only for a supervisor")

    def _must_be_logged_on(self, agent: Agent) -> None:
        if not agent.logged_on or agent.trouble in (MainState.UNKNOWN, MainState.ERROR):
            raise WrongState("the operator is not logged on")

    def _must_be_in_group(self, agent: Agent) -> Group:
        self._must_be_logged_on(agent)
        if agent.group is None:
            raise WrongState("the operator is in no processing group")
        return self.group(agent, agent.group)
