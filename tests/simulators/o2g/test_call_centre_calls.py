"""Call-centre agent: what a call does to an operator's state, and what comes after it."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.call_centre import CLARA, DAVID, ELLA, RECEPTION, SALES, Desk
from tests.simulators.o2g.conftest import ListenTo

CALLER = "70000"


@pytest.fixture(scope="module")
def own_o2g() -> Iterator[RunningO2G]:
    """Run one with so few people that the cast are its only operators."""
    with simulated_o2g(users=20) as running:
        yield running


@pytest.fixture
def o2g(own_o2g: RunningO2G) -> RunningO2G:
    return own_o2g


@pytest.fixture
def ella(admin: httpx.Client, control: httpx.Client) -> Iterator[Desk]:
    at_work = Desk(admin, ELLA)
    at_work.log_on(SALES)
    yield at_work
    for call in control.get("/calls").json()["calls"]:
        control.delete(f"/calls/{call['callRef']}")
    for number in (CLARA, DAVID, ELLA):
        control.put(f"/agents/{number}/state", json={"mainState": "LOG_OFF"}).raise_for_status()


def call(control: httpx.Client, callee: str) -> str:
    reference: str = control.post("/calls", json={"caller": CALLER, "callee": callee}).json()["callRef"]
    return reference


def distribute(control: httpx.Client, group: str) -> str:
    made = control.post(f"/processingGroups/{group}/calls", json={"caller": CALLER}).raise_for_status().json()
    reference: str = made["callRef"]
    control.post(f"/calls/{reference}/answer").raise_for_status()
    return reference


def sub_state(operator: Desk) -> object:
    return operator.state()["subState"]


def test_an_agent_is_busy_while_talking_and_then_as_before(ella: Desk, control: httpx.Client) -> None:
    reference = call(control, ELLA)
    assert sub_state(ella) == "READY"
    control.post(f"/calls/{reference}/answer").raise_for_status()
    assert sub_state(ella) == "BUSY"
    control.delete(f"/calls/{reference}").raise_for_status()
    assert sub_state(ella) == "READY"


def test_a_call_from_the_distribution_is_followed_by_wrap_up_and_pause(ella: Desk, control: httpx.Client) -> None:
    control.delete(f"/calls/{distribute(control, SALES)}").raise_for_status()
    assert sub_state(ella) == "WRAPUP"
    control.post("/clock", json={"seconds": 21}).raise_for_status()
    assert sub_state(ella) == "PAUSE"
    control.post("/clock", json={"seconds": 6}).raise_for_status()
    assert sub_state(ella) == "READY"


def test_the_states_of_a_distributed_call_are_told(
    ella: Desk, control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    with listen(admin, "agent", ids=[ella.login]) as channel:
        control.delete(f"/calls/{distribute(control, SALES)}").raise_for_status()
        control.post("/clock", json={"seconds": 60}).raise_for_status()
        channel.wait_until(
            lambda: [e for e in channel.events if e.get("state", {}).get("subState") == "READY"], "READY"
        )
        told = [event["state"]["subState"] for event in channel.named("OnAgentStateChanged")]
    assert told == ["BUSY", "WRAPUP", "PAUSE", "READY"]


def test_a_wrap_up_is_cut_short_by_ready(ella: Desk, control: httpx.Client) -> None:
    control.delete(f"/calls/{distribute(control, SALES)}").raise_for_status()
    ella.do("ready")
    assert sub_state(ella) == "READY"
    ella.do("wrapUp")
    control.post("/clock", json={"seconds": 1200}).raise_for_status()
    assert sub_state(ella) == "WRAPUP"


def test_who_withdraws_during_a_call_is_withdrawn_after_it(ella: Desk, control: httpx.Client) -> None:
    reference = distribute(control, SALES)
    ella.do("withdraw", {"reasonIndex": 3})
    assert sub_state(ella) == "BUSY"
    control.delete(f"/calls/{reference}").raise_for_status()
    control.post("/clock", json={"seconds": 60}).raise_for_status()
    assert (sub_state(ella), ella.state()["withdrawReason"]) == ("WITHDRAW", 3)


def test_a_group_without_wrap_up_has_its_agents_ready_at_once(
    ella: Desk, admin: httpx.Client, control: httpx.Client
) -> None:
    clara = Desk(admin, CLARA)
    clara.log_on(RECEPTION)
    control.delete(f"/calls/{distribute(control, RECEPTION)}").raise_for_status()
    assert sub_state(clara) == "READY"


def test_calls_are_distributed_to_who_is_ready(ella: Desk, control: httpx.Client) -> None:
    ella.do("withdraw")
    nobody = control.post(f"/processingGroups/{SALES}/calls", json={"caller": CALLER})
    assert nobody.status_code == 409


def test_an_intrusion_ends_with_the_call(ella: Desk, admin: httpx.Client, control: httpx.Client) -> None:
    david = Desk(admin, DAVID)
    david.log_on()
    reference = distribute(control, SALES)
    david.do("intrusion", {"agentNumber": ELLA})
    assert sub_state(david) == "BUSY"
    control.delete(f"/calls/{reference}").raise_for_status()
    assert sub_state(david) == "OUT_OF_PG"


def test_who_intrudes_is_seen_in_the_call_and_leaves_it(
    ella: Desk, admin: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    def parties() -> set[str]:
        calls = admin.get("/telephony/calls", params={"loginName": ella.login}).json()["calls"]
        return {participant["participantId"] for call in calls for participant in call["participants"]}

    david = Desk(admin, DAVID)
    david.log_on(SALES)
    ella.do("withdraw")
    ella.do("ready")
    david.do("withdraw")
    with listen(admin, "telephony", ids=[david.login, ella.login]) as channel:
        distribute(control, SALES)
        david.do("intrusion", {"agentNumber": ELLA, "mode": "RESTRICTED"})
        channel.wait_for("OnCallCreated", loginName=david.login)
        assert parties() == {CALLER, DAVID}
        assert david.ask("PUT", "intrusion", {"mode": "STOP"}).status_code == 204
        channel.wait_for("OnCallRemoved", loginName=david.login)
    assert parties() == {CALLER}
    assert (sub_state(david), sub_state(ella)) == ("WITHDRAW", "BUSY")


def test_who_hangs_up_intrudes_no_longer(ella: Desk, admin: httpx.Client, control: httpx.Client) -> None:
    david = Desk(admin, DAVID)
    david.log_on()
    reference = distribute(control, SALES)
    david.do("intrusion", {"agentNumber": ELLA})
    admin.post(f"/telephony/calls/{reference}/dropme", params={"loginName": david.login}).raise_for_status()
    assert control.get(f"/agents/{DAVID}").json()["intrusion"] is None
    assert (sub_state(david), sub_state(ella)) == ("OUT_OF_PG", "BUSY")


def test_nobody_is_left_with_the_caller_when_the_agent_hangs_up(
    ella: Desk, admin: httpx.Client, control: httpx.Client
) -> None:
    david = Desk(admin, DAVID)
    david.log_on()
    reference = distribute(control, SALES)
    david.do("intrusion", {"agentNumber": ELLA})
    admin.post(f"/telephony/calls/{reference}/dropme", params={"loginName": ella.login}).raise_for_status()
    assert (sub_state(david), sub_state(ella)) == ("OUT_OF_PG", "WRAPUP")
    calls = admin.get("/telephony/calls", params={"loginName": f"oxe{CALLER}"}).json()["calls"]
    assert reference not in {call["callRef"] for call in calls}
