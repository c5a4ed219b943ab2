"""Agents and supervisors against the simulated O2G: a day at the call centre."""

import httpx
import pytest

from services.agent import AgentKind, MainState, SubState
from services.deadline import Deadline
from services.errors import NotAllowed, NotExpected, O2GError
from services.o2g import O2G
from services.supervisor import Intrusion
from simulators.o2g.process import RunningO2G

NOBODY, SUPERVISOR, AGENT, FIXED = "oxe70000", "oxe70003", "oxe70004", "oxe70005"
GROUP, SET, SUPERVISORS_SET = "61001", "70004", "70003"


@pytest.fixture(autouse=True)
def logged_off(simulator: RunningO2G) -> None:
    for number in ("70003", "70004"):
        put_state(simulator, number, mainState="LOG_OFF")


def put_state(simulator: RunningO2G, number: str, **state: str) -> None:
    """Put an operator into a state, by the simulator's control interface."""
    control = simulator.control.removesuffix("/simulator")
    httpx.put(f"{control}/simulator/agents/{number}/state", json=state).raise_for_status()


def test_what_an_operator_is_and_has(simulated: O2G, deadline: Deadline) -> None:
    agent = simulated.agents.config(AGENT, deadline)
    assert (agent.kind, agent.chooses_group, agent.headset, agent.multi_line) == (AgentKind.AGENT, True, True, True)
    assert GROUP in agent.groups
    assert [(skill.number, skill.active) for skill in agent.skills] == [(7, True), (44, False), (100, True)]
    supervisor = simulated.agents.config(SUPERVISOR, deadline)
    assert (supervisor.kind, supervisor.helps) == (AgentKind.SUPERVISOR, True)
    assert simulated.agents.config(FIXED, deadline).pro_acd == "70005"


def test_a_user_who_is_no_operator(simulated: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotAllowed):
        simulated.agents.config(NOBODY, deadline)


def test_who_is_an_operator(simulated: O2G, deadline: Deadline) -> None:
    assert all(simulated.agents.is_operator(login, deadline) for login in (SUPERVISOR, AGENT, FIXED))
    assert not simulated.agents.is_operator(NOBODY, deadline)


def test_a_day(simulated: O2G, deadline: Deadline) -> None:
    agents = simulated.agents
    agents.log_on(AGENT, SET, deadline, group=GROUP)
    state = agents.state(AGENT, deadline)
    assert (state.main, state.sub, state.pro_acd, state.group) == (MainState.LOGGED_ON, SubState.READY, SET, GROUP)
    agents.pause(AGENT, deadline)
    assert agents.state(AGENT, deadline).sub is SubState.PAUSE
    agents.ready(AGENT, deadline)
    agents.wrap_up(AGENT, deadline)
    assert agents.state(AGENT, deadline).sub is SubState.WRAP_UP
    agents.ready(AGENT, deadline)
    reasons = agents.withdraw_reasons(AGENT, GROUP, deadline)
    assert [reason.label for reason in reasons] == ["Lunch", "Meeting", "Coffee break", "Training", "Other"]
    agents.withdraw(AGENT, reasons[1].index, deadline)
    state = agents.state(AGENT, deadline)
    assert (state.sub, state.reason) == (SubState.WITHDRAWN, 2)
    agents.ready(AGENT, deadline)
    assert agents.state(AGENT, deadline).sub is SubState.READY
    agents.log_off(AGENT, deadline)
    assert agents.state(AGENT, deadline).main is MainState.LOGGED_OFF


def test_what_the_state_does_not_allow(simulated: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotExpected):
        simulated.agents.pause(AGENT, deadline)


def test_skills_on_and_off(simulated: O2G, deadline: Deadline) -> None:
    def active() -> set[int]:
        return {skill.number for skill in simulated.agents.config(AGENT, deadline).skills if skill.active}

    simulated.agents.activate_skills(AGENT, (44,), deadline)
    assert 44 in active()
    simulated.agents.deactivate_skills(AGENT, (44, 100), deadline)
    assert active() == {7}
    simulated.agents.activate_skills(AGENT, (100,), deadline)


def test_L71_a_supervisor_enters_a_group_and_leaves_it(simulated: O2G, deadline: Deadline) -> None:
    with pytest.raises(O2GError):
        simulated.supervisors.enter_group(SUPERVISOR, GROUP, deadline)
    simulated.agents.log_on(SUPERVISOR, SUPERVISORS_SET, deadline)
    assert simulated.agents.state(SUPERVISOR, deadline).sub is SubState.OUT_OF_GROUP
    simulated.supervisors.enter_group(SUPERVISOR, GROUP, deadline)
    assert simulated.agents.state(SUPERVISOR, deadline).group == GROUP
    simulated.supervisors.exit_group(SUPERVISOR, GROUP, deadline)
    state = simulated.agents.state(SUPERVISOR, deadline)
    assert (state.main, state.group) == (MainState.LOGGED_ON, None)


def test_help_is_asked_for_cancelled_and_refused(simulated: O2G, deadline: Deadline) -> None:
    simulated.agents.log_on(SUPERVISOR, SUPERVISORS_SET, deadline)
    simulated.supervisors.enter_group(SUPERVISOR, GROUP, deadline)
    simulated.agents.log_on(AGENT, SET, deadline, group=GROUP)
    simulated.agents.ask_help(AGENT, deadline)
    simulated.agents.cancel_help(AGENT, "70003", deadline)
    with pytest.raises(NotExpected):
        simulated.supervisors.reject_help(SUPERVISOR, "70004", deadline)
    simulated.agents.ask_help(AGENT, deadline)
    simulated.supervisors.reject_help(SUPERVISOR, "70004", deadline)
    with pytest.raises(NotExpected):
        simulated.agents.cancel_help(AGENT, "70003", deadline)


def test_a_supervisor_listens(simulated: O2G, deadline: Deadline) -> None:
    simulated.agents.log_on(SUPERVISOR, SUPERVISORS_SET, deadline)
    simulated.supervisors.enter_group(SUPERVISOR, GROUP, deadline)
    simulated.agents.log_on(AGENT, SET, deadline, group=GROUP)
    simulated.supervisors.listen(SUPERVISOR, "70004", deadline)
    simulated.supervisors.stop_listening(SUPERVISOR, deadline)
    with pytest.raises(NotExpected):
        simulated.supervisors.stop_listening(SUPERVISOR, deadline)


def test_L72_a_supervisor_intrudes_in_every_mode_and_leaves(
    simulated: O2G, simulator: RunningO2G, deadline: Deadline
) -> None:
    simulated.agents.log_on(SUPERVISOR, SUPERVISORS_SET, deadline)
    simulated.supervisors.enter_group(SUPERVISOR, GROUP, deadline)
    simulated.agents.log_on(AGENT, SET, deadline, group=GROUP)
    with pytest.raises(NotExpected):
        simulated.supervisors.intrude(SUPERVISOR, "70004", Intrusion.NORMAL, deadline)
    put_state(simulator, "70004", subState="BUSY", proAcdDeviceNumber=SET, pgNumber=GROUP)
    assert simulated.agents.state(AGENT, deadline).sub is SubState.BUSY
    simulated.supervisors.intrude(SUPERVISOR, "70004", Intrusion.DISCRETE, deadline)
    simulated.supervisors.change_intrusion(SUPERVISOR, Intrusion.DISCRETE, Intrusion.RESTRICTED, deadline)
    simulated.supervisors.stop_intrusion(SUPERVISOR, deadline)
    with pytest.raises(NotExpected):
        simulated.supervisors.stop_intrusion(SUPERVISOR, deadline)


def test_an_agent_is_no_supervisor(simulated: O2G, deadline: Deadline) -> None:
    simulated.agents.log_on(AGENT, SET, deadline, group=GROUP)
    with pytest.raises(NotAllowed):
        simulated.supervisors.listen(AGENT, "70003", deadline)
