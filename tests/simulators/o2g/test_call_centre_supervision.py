"""Call-centre agent, between agents and supervisors: help, permanent listening, intrusion."""

import httpx
import pytest

from simulators.o2g.process import RunningO2G
from tests.simulators.o2g.call_centre import (
    AGENT_OF_ANOTHER_NODE,
    BAD_PARAMETER,
    CLARA,
    DAVID,
    ELLA,
    NOT_ALLOWED,
    NOT_AN_OPERATOR,
    NOT_EXPECTED,
    OTHER_SUPERVISOR,
    RECEPTION,
    SALES,
    Desk,
    DeskOf,
    refusal,
)
from tests.simulators.o2g.conftest import ListenTo, UserOf


@pytest.fixture
def o2g(own_o2g: RunningO2G) -> RunningO2G:
    return own_o2g


@pytest.fixture
def at_work(desk: DeskOf) -> tuple[Desk, Desk]:
    """Give Ella and David, both logged on to sales."""
    ella, david = desk(ELLA), desk(DAVID)
    ella.log_on(SALES)
    david.log_on(SALES)
    return ella, david


@pytest.fixture
def in_a_call(at_work: tuple[Desk, Desk], control: httpx.Client) -> tuple[Desk, Desk]:
    """Give them while Ella talks."""
    control.put(f"/agents/{ELLA}/state", json={"subState": "BUSY"}).raise_for_status()
    return at_work


# Help.


def test_help_is_asked_for_and_cancelled_by_the_agent(
    at_work: tuple[Desk, Desk], admin: httpx.Client, listen: ListenTo
) -> None:
    ella, david = at_work
    with listen(admin, "agent", ids=[ella.login, david.login]) as channel:
        ella.do("supervisorHelp")
        channel.wait_for("OnSupervisorHelpRequested", loginName=ella.login, agentNumber=DAVID)
        channel.wait_for("OnSupervisorHelpRequested", loginName=david.login, agentNumber=ELLA)
        assert ella.ask("DELETE", "supervisorHelp", other=DAVID).status_code == 204
        channel.wait_for("OnSupervisorHelpCancelled", loginName=ella.login, agentNumber=DAVID)
        channel.wait_for("OnSupervisorHelpCancelled", loginName=david.login, agentNumber=ELLA)
    assert refusal(ella.ask("DELETE", "supervisorHelp", other=DAVID)) == NOT_EXPECTED


def test_help_is_rejected_by_the_supervisor(at_work: tuple[Desk, Desk], admin: httpx.Client, listen: ListenTo) -> None:
    ella, david = at_work
    with listen(admin, "agent", ids=[ella.login, david.login]) as channel:
        ella.do("supervisorHelp")
        assert refusal(david.ask("DELETE", "supervisorHelp", other=CLARA)) == NOT_EXPECTED
        assert refusal(david.ask("DELETE", "supervisorHelp")) == NOT_EXPECTED
        assert david.ask("DELETE", "supervisorHelp", other=ELLA).status_code == 204
        channel.wait_for("OnSupervisorHelpCancelled", loginName=ella.login, agentNumber=DAVID)
    ella.do("supervisorHelp")


def test_A101_each_side_is_told_the_number_of_the_other(
    at_work: tuple[Desk, Desk], user: UserOf, listen: ListenTo
) -> None:
    ella, david = at_work
    with (
        listen(user(ELLA), "agent", ids=[ella.login]) as hers,
        listen(user(DAVID), "agent", ids=[david.login]) as his,
    ):
        ella.do("supervisorHelp")
        assert hers.wait_for("OnSupervisorHelpRequested")["agentNumber"] == DAVID
        assert his.wait_for("OnSupervisorHelpRequested")["agentNumber"] == ELLA


def test_who_may_ask_for_help_and_when(desk: DeskOf) -> None:
    ella, david = desk(ELLA), desk(DAVID)
    ella.log_on(SALES)
    assert refusal(ella.ask("POST", "supervisorHelp")) == NOT_EXPECTED
    david.log_on()
    assert refusal(david.ask("POST", "supervisorHelp")) == NOT_ALLOWED
    ella.do("supervisorHelp")
    assert refusal(ella.ask("POST", "supervisorHelp")) == NOT_EXPECTED


@pytest.mark.parametrize("who", [ELLA, DAVID])
def test_a_log_off_ends_a_request_for_help(
    at_work: tuple[Desk, Desk], desk: DeskOf, admin: httpx.Client, listen: ListenTo, who: str
) -> None:
    ella, david = at_work
    with listen(admin, "agent", ids=[ella.login, david.login]) as channel:
        ella.do("supervisorHelp")
        desk(who).do("logoff")
        channel.wait_for("OnSupervisorHelpCancelled", loginName=ella.login)
        channel.wait_for("OnSupervisorHelpCancelled", loginName=david.login)


def test_B40_help_is_also_cancelled_where_a_client_of_ales_looks_for_it(at_work: tuple[Desk, Desk]) -> None:
    ella, _ = at_work
    ella.do("supervisorHelp")
    assert ella.ask("DELETE", "intrusion", other=DAVID).status_code == 204
    assert refusal(ella.ask("DELETE", "supervisorHelp", other=DAVID)) == NOT_EXPECTED


def test_a_test_asks_for_help_and_ends_it(
    at_work: tuple[Desk, Desk], control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    _, david = at_work
    with listen(admin, "agent", ids=[david.login]) as channel:
        assert control.post(f"/agents/{ELLA}/supervisorHelp").json() == {"supervisor": DAVID}
        channel.wait_for("OnSupervisorHelpRequested", loginName=david.login, agentNumber=ELLA)
        assert control.get(f"/agents/{ELLA}").json()["helpAskedOf"] == DAVID
        control.delete(f"/agents/{DAVID}/supervisorHelp", params={"other": ELLA}).raise_for_status()
        channel.wait_for("OnSupervisorHelpCancelled", loginName=david.login, agentNumber=ELLA)


# Permanent listening.


def test_a_supervisor_listens_to_one_agent_at_a_time(at_work: tuple[Desk, Desk], control: httpx.Client) -> None:
    _, david = at_work
    assert refusal(david.ask("DELETE", "permanentListening")) == NOT_EXPECTED
    david.do("permanentListening", {"agentNumber": ELLA})
    assert control.get(f"/agents/{DAVID}").json()["listensTo"] == ELLA
    assert refusal(david.ask("POST", "permanentListening", {"agentNumber": ELLA})) == NOT_EXPECTED
    assert david.ask("DELETE", "permanentListening").status_code == 204
    assert control.get(f"/agents/{DAVID}").json()["listensTo"] is None


def test_A102_a_listening_names_the_agent(at_work: tuple[Desk, Desk]) -> None:
    _, david = at_work
    assert refusal(david.ask("POST", "permanentListening", {})) == BAD_PARAMETER
    david.do("permanentListening", {"agentNumber": int(ELLA)})


@pytest.mark.parametrize("what", ["permanentListening", "intrusion"])
def test_only_agents_of_the_supervisors_groups_are_listened_to(
    at_work: tuple[Desk, Desk], what: str, desk: DeskOf
) -> None:
    ella, david = at_work
    assert refusal(ella.ask("POST", what, {"agentNumber": ELLA})) == NOT_ALLOWED
    for number, expected in (
        (NOT_AN_OPERATOR, BAD_PARAMETER),
        ("99999", BAD_PARAMETER),
        (AGENT_OF_ANOTHER_NODE, NOT_ALLOWED),
        (OTHER_SUPERVISOR, NOT_ALLOWED),
        (CLARA, NOT_EXPECTED),
    ):
        assert refusal(david.ask("POST", what, {"agentNumber": number})) == expected, number
    david.do("logoff")
    assert refusal(david.ask("POST", what, {"agentNumber": ELLA})) == NOT_EXPECTED


def test_a_listening_ends_with_the_agents_log_off(at_work: tuple[Desk, Desk], control: httpx.Client) -> None:
    ella, david = at_work
    david.do("permanentListening", {"agentNumber": ELLA})
    ella.do("logoff")
    assert control.get(f"/agents/{DAVID}").json()["listensTo"] is None


# Intrusion.


def intrusion(control: httpx.Client) -> object:
    return control.get(f"/agents/{DAVID}").raise_for_status().json()["intrusion"]


def test_L139_an_intrusion_is_normal_unless_said_otherwise(in_a_call: tuple[Desk, Desk], control: httpx.Client) -> None:
    _, david = in_a_call
    david.do("intrusion", {"agentNumber": ELLA})
    assert intrusion(control) == {"agent": ELLA, "mode": "NORMAL"}
    assert david.state()["subState"] == "BUSY"


MODES = ("NORMAL", "RESTRICTED", "DISCRETE")


@pytest.mark.parametrize("was", MODES)
@pytest.mark.parametrize("wanted", MODES)
def test_L72_the_mode_changes_and_the_same_again_ends_the_intrusion(
    in_a_call: tuple[Desk, Desk], control: httpx.Client, was: str, wanted: str
) -> None:
    _, david = in_a_call
    david.do("intrusion", {"agentNumber": ELLA, "mode": was})
    assert david.ask("PUT", "intrusion", {"mode": wanted}).status_code == 204
    assert intrusion(control) == (None if was == wanted else {"agent": ELLA, "mode": wanted})
    assert david.state()["subState"] == ("READY" if was == wanted else "BUSY")


def test_L72_stop_ends_an_intrusion(in_a_call: tuple[Desk, Desk], control: httpx.Client) -> None:
    _, david = in_a_call
    david.do("intrusion", {"agentNumber": ELLA, "mode": "DISCRETE"})
    assert david.ask("PUT", "intrusion", {"mode": "STOP"}).status_code == 204
    assert intrusion(control) is None
    assert refusal(david.ask("PUT", "intrusion", {"mode": "STOP"})) == NOT_EXPECTED


def test_A97_a_mode_is_written_in_any_case(in_a_call: tuple[Desk, Desk], control: httpx.Client) -> None:
    _, david = in_a_call
    david.do("intrusion", {"agentNumber": ELLA, "mode": "restricted"})
    assert intrusion(control) == {"agent": ELLA, "mode": "RESTRICTED"}
    assert david.ask("PUT", "intrusion", {"mode": "Discrete"}).status_code == 204
    assert intrusion(control) == {"agent": ELLA, "mode": "DISCRETE"}
    for wrong in ("loud", 1, None):
        assert refusal(david.ask("PUT", "intrusion", {"mode": wrong})) == BAD_PARAMETER


def test_A100_an_intrusion_does_not_begin_with_stop(in_a_call: tuple[Desk, Desk], control: httpx.Client) -> None:
    _, david = in_a_call
    assert refusal(david.ask("POST", "intrusion", {"agentNumber": ELLA, "mode": "STOP"})) == BAD_PARAMETER
    assert intrusion(control) is None


def test_an_intrusion_needs_a_call_and_a_free_supervisor(in_a_call: tuple[Desk, Desk], desk: DeskOf) -> None:
    ella, david = in_a_call
    desk(CLARA).log_on(RECEPTION)
    assert refusal(david.ask("POST", "intrusion", {"agentNumber": CLARA})) == NOT_EXPECTED
    assert refusal(david.ask("PUT", "intrusion", {"mode": "NORMAL"})) == NOT_EXPECTED
    david.do("intrusion", {"agentNumber": ELLA})
    assert refusal(david.ask("POST", "intrusion", {"agentNumber": ELLA})) == NOT_EXPECTED
    assert refusal(ella.ask("POST", "logoff")) == NOT_EXPECTED


def test_an_intrusion_is_told_and_ends_with_the_agents_call(
    in_a_call: tuple[Desk, Desk], control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    _, david = in_a_call
    with listen(admin, "agent", ids=[david.login]) as channel:
        david.do("intrusion", {"agentNumber": ELLA})
        control.put(f"/agents/{ELLA}/state", json={"subState": "READY"}).raise_for_status()
        channel.wait_until(
            lambda: [e for e in channel.named("OnAgentStateChanged") if e["state"]["subState"] == "READY"], "READY"
        )
        assert [e["state"]["subState"] for e in channel.named("OnAgentStateChanged")] == ["BUSY", "READY"]
    assert intrusion(control) is None
