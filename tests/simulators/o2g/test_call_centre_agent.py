"""Call-centre agent: who may, coming and going, ready, pause, wrap-up, withdraw, skills."""

from functools import partial

import httpx
import pytest

from simulators.o2g.process import RunningO2G
from tests.simulators.o2g.call_centre import (
    AGENT_OF_ANOTHER_NODE,
    BAD_PARAMETER,
    CLARA,
    COMPLAINTS,
    DAVID,
    ELLA,
    FRANK,
    NOT_ALLOWED,
    NOT_AN_OPERATOR,
    NOT_EXPECTED,
    RECEPTION,
    SALES,
    SEAT,
    SUPPORT,
    DeskOf,
    refusal,
)
from tests.simulators.o2g.clients import Channel, Json
from tests.simulators.o2g.conftest import ListenTo, UserOf


@pytest.fixture
def o2g(own_o2g: RunningO2G) -> RunningO2G:
    return own_o2g


def test_the_configuration_of_an_agent(desk: DeskOf) -> None:
    assert desk(ELLA).config() == {
        "type": "AGENT",
        "processingGroups": {"preferred": SALES, "groups": [SALES, SUPPORT]},
        "skills": {
            "skills": [
                {"number": 7, "level": 5, "active": True},
                {"number": 44, "level": 3, "active": False},
                {"number": 100, "level": 9, "active": True},
            ]
        },
        "selfAssign": True,
        "headset": True,
        "multiline": True,
    }


def test_the_configuration_of_a_supervisor_and_of_a_fixed_agent(desk: DeskOf) -> None:
    supervisor = desk(DAVID).config()
    assert (supervisor["type"], supervisor["help"]) == ("SUPERVISOR", True)
    assert "proacd" not in supervisor
    assert desk(FRANK).config()["proacd"] == FRANK


def test_a_user_speaks_for_itself_whatever_login_is_named(user: UserOf) -> None:
    own = user(ELLA).get("/acd/agent/config", params={"loginName": f"oxe{DAVID}"})
    assert own.json()["type"] == "AGENT"


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "config", None),
        ("GET", "state", None),
        ("POST", "state/snapshot", None),
        ("POST", "logon", {"proAcdDeviceNumber": NOT_AN_OPERATOR}),
        ("POST", "logoff", None),
        ("POST", "enterPG", {"pgGroupNumber": SALES}),
        ("POST", "exitPG", {"pgGroupNumber": SALES}),
        ("POST", "ready", None),
        ("POST", "pause", None),
        ("POST", "wrapUp", None),
        ("POST", "withdraw", {"reasonIndex": 1}),
        ("GET", "withdrawReasons", None),
        ("POST", "config/skills/activate", {"skills": [7]}),
        ("POST", "config/skills/deactivate", {"skills": [7]}),
        ("POST", "supervisorHelp", None),
        ("DELETE", "supervisorHelp", None),
        ("POST", "permanentListening", {"agentNumber": ELLA}),
        ("DELETE", "permanentListening", None),
        ("POST", "intrusion", {"agentNumber": ELLA}),
        ("PUT", "intrusion", {"mode": "NORMAL"}),
    ],
)
def test_who_is_no_operator_is_refused_everything(desk: DeskOf, method: str, what: str, body: object) -> None:
    assert refusal(desk(NOT_AN_OPERATOR).ask(method, what, body)) == NOT_ALLOWED


def test_an_administrator_names_an_operator_who_exists(admin: httpx.Client) -> None:
    assert refusal(admin.get("/acd/agent/state")) == BAD_PARAMETER
    assert refusal(admin.get("/acd/agent/state", params={"loginName": "nobody"})) == (400, "NOT_FOUND")
    snapshot = admin.post("/acd/agent/state/snapshot", params={"loginName": "nobody"})
    assert refusal(snapshot) == (404, "NOT_FOUND")


def test_a_day_of_work(desk: DeskOf) -> None:
    ella = desk(ELLA)
    assert ella.state() == {"mainState": "LOG_OFF"}
    ella.log_on()
    at_work = {"mainState": "LOG_ON", "proAcdDeviceNumber": ELLA, "pgNumber": SALES}
    assert ella.state() == {**at_work, "subState": "READY"}
    for what, sub_state in (("pause", "PAUSE"), ("wrapUp", "WRAPUP"), ("withdraw", "WITHDRAW"), ("ready", "READY")):
        ella.do(what)
        assert ella.state() == {**at_work, "subState": sub_state}
    ella.do("logoff")
    assert ella.state() == {"mainState": "LOG_OFF"}


@pytest.mark.parametrize("what", ["logoff", "ready", "pause", "wrapUp", "withdraw", "supervisorHelp"])
def test_nothing_is_done_while_logged_off(desk: DeskOf, what: str) -> None:
    assert refusal(desk(ELLA).ask("POST", what)) == NOT_EXPECTED
    assert desk(ELLA).state() == {"mainState": "LOG_OFF"}


def test_each_change_of_state_is_told_once(desk: DeskOf, admin: httpx.Client, listen: ListenTo) -> None:
    ella = desk(ELLA)
    with listen(admin, "agent", ids=[ella.login]) as channel:
        ella.log_on(SUPPORT)
        ella.do("pause")
        ella.do("pause")
        ella.do("logoff")
        channel.wait_for("OnAgentStateChanged", state={"mainState": "LOG_OFF"})
        told = [event["state"] for event in channel.named("OnAgentStateChanged", loginName=ella.login)]
    at_work = {"mainState": "LOG_ON", "proAcdDeviceNumber": ELLA, "pgNumber": SUPPORT}
    assert told == [
        {**at_work, "subState": "READY"},
        {**at_work, "subState": "PAUSE"},
        {"mainState": "LOG_OFF"},
    ]


def test_an_operator_hears_of_itself(desk: DeskOf, user: UserOf, listen: ListenTo) -> None:
    own = user(ELLA)
    with listen(own, "agent", ids=[f"oxe{ELLA}"]) as channel:
        desk(ELLA).log_on()
        assert channel.wait_for("OnAgentStateChanged")["loginName"] == f"oxe{ELLA}"


# Logging on.


def test_a_second_log_on_is_refused(desk: DeskOf) -> None:
    desk(ELLA).log_on()
    assert refusal(desk(ELLA).ask("POST", "logon", {"proAcdDeviceNumber": SEAT})) == NOT_EXPECTED


def test_a_log_on_names_a_set(desk: DeskOf) -> None:
    assert refusal(desk(ELLA).ask("POST", "logon", {})) == BAD_PARAMETER
    assert refusal(desk(ELLA).ask("POST", "logon", {"proAcdDeviceNumber": ""})) == BAD_PARAMETER


def test_a_free_seat_is_taken_by_one_operator_at_a_time(desk: DeskOf) -> None:
    desk(ELLA).log_on(device=SEAT)
    assert desk(ELLA).state()["proAcdDeviceNumber"] == SEAT
    assert refusal(desk(CLARA).ask("POST", "logon", {"proAcdDeviceNumber": SEAT, "pgGroupNumber": SALES})) == (
        NOT_EXPECTED
    )
    desk(ELLA).do("logoff")
    desk(CLARA).log_on(SALES, SEAT)
    assert desk(CLARA).state()["proAcdDeviceNumber"] == SEAT


def test_a_set_outside_the_call_centre_is_no_pro_acd_set(desk: DeskOf) -> None:
    for device in (NOT_AN_OPERATOR, "52001", "99999"):
        assert refusal(desk(ELLA).ask("POST", "logon", {"proAcdDeviceNumber": device})) == BAD_PARAMETER


def test_a_fixed_agent_works_at_one_set_only(desk: DeskOf) -> None:
    assert refusal(desk(FRANK).ask("POST", "logon", {"proAcdDeviceNumber": SEAT})) == NOT_ALLOWED
    desk(FRANK).log_on()
    assert desk(FRANK).state()["proAcdDeviceNumber"] == FRANK


def test_L140_the_group_may_be_left_out_where_one_is_preferred(desk: DeskOf) -> None:
    desk(ELLA).log_on()
    assert desk(ELLA).state()["pgNumber"] == SALES
    assert refusal(desk(CLARA).ask("POST", "logon", {"proAcdDeviceNumber": CLARA})) == BAD_PARAMETER
    desk(CLARA).log_on(RECEPTION)
    assert desk(CLARA).state()["pgNumber"] == RECEPTION


def test_a_group_is_one_of_the_operators_own(desk: DeskOf) -> None:
    def log_on(number: str, group: str) -> httpx.Response:
        return desk(number).ask("POST", "logon", {"proAcdDeviceNumber": number, "pgGroupNumber": group})

    assert refusal(log_on(ELLA, COMPLAINTS)) == NOT_ALLOWED
    assert refusal(log_on(ELLA, "62001")) == BAD_PARAMETER
    assert refusal(log_on(FRANK, SUPPORT)) == NOT_ALLOWED
    assert desk(ELLA).state() == {"mainState": "LOG_OFF"}


def test_who_starts_withdrawn_says_so_until_ready(desk: DeskOf) -> None:
    frank = desk(FRANK)
    frank.log_on()
    assert (frank.state()["subState"], frank.state()["withdrawn"]) == ("WITHDRAW", True)
    assert "withdrawReason" not in frank.state()
    frank.do("ready")
    assert frank.state()["subState"] == "READY"
    assert "withdrawn" not in frank.state()


# Supervisors.


def test_L71_a_supervisor_logs_on_out_of_group_then_enters_and_leaves(desk: DeskOf) -> None:
    david = desk(DAVID)
    david.log_on()
    assert david.state() == {"mainState": "LOG_ON", "subState": "OUT_OF_PG", "proAcdDeviceNumber": DAVID}
    assert refusal(david.ask("POST", "ready")) == NOT_EXPECTED
    assert refusal(david.ask("POST", "exitPG", {"pgGroupNumber": SALES})) == NOT_EXPECTED
    david.do("enterPG", {"pgGroupNumber": SUPPORT})
    assert (david.state()["subState"], david.state()["pgNumber"]) == ("READY", SUPPORT)
    assert refusal(david.ask("POST", "enterPG", {"pgGroupNumber": SALES})) == NOT_EXPECTED
    assert refusal(david.ask("POST", "exitPG", {"pgGroupNumber": SALES})) == NOT_EXPECTED
    david.do("exitPG", {"pgGroupNumber": SUPPORT})
    assert david.state()["subState"] == "OUT_OF_PG"


@pytest.mark.parametrize("body", [None, {}, {"pgGroupNumber": ""}, {"pgGroupNumber": None}])
def test_L71_leaving_without_a_group_is_a_log_off(desk: DeskOf, body: object) -> None:
    desk(DAVID).log_on(SALES)
    desk(DAVID).do("exitPG", body)
    assert desk(DAVID).state() == {"mainState": "LOG_OFF"}


def test_L71_a_supervisor_is_logged_on_before_entering(desk: DeskOf) -> None:
    assert refusal(desk(DAVID).ask("POST", "enterPG", {"pgGroupNumber": SALES})) == NOT_EXPECTED


def test_L140_a_second_log_on_with_the_own_number_enters_a_group(desk: DeskOf) -> None:
    david = desk(DAVID)
    david.log_on(device=SEAT)
    assert refusal(david.ask("POST", "logon", {"proAcdDeviceNumber": SEAT, "pgGroupNumber": SALES})) == NOT_EXPECTED
    david.log_on(SALES)
    assert (david.state()["pgNumber"], david.state()["proAcdDeviceNumber"]) == (SALES, SEAT)


@pytest.mark.parametrize("what", ["enterPG", "exitPG"])
def test_an_agent_neither_enters_nor_leaves_groups(desk: DeskOf, what: str) -> None:
    desk(ELLA).log_on()
    assert refusal(desk(ELLA).ask("POST", what, {"pgGroupNumber": SALES})) == NOT_ALLOWED


# Withdraw.


def test_L138_withdraw_reasons_of_a_group(desk: DeskOf) -> None:
    def reasons(number: str, group: str) -> dict[str, object]:
        found: dict[str, object] = desk(number).ask("GET", "withdrawReasons", pgNumber=group).json()
        return found

    assert reasons(CLARA, RECEPTION) == {"number": 0, "reasons": []}
    many = desk(ELLA).ask("GET", "withdrawReasons", pgNumber=SUPPORT).json()
    assert many["number"] == len(many["reasons"]) == 9
    assert [reason["index"] for reason in many["reasons"]] == list(range(1, 10))
    assert sum("label" not in reason for reason in many["reasons"]) == 1


def test_withdraw_reasons_of_no_group_in_particular(desk: DeskOf) -> None:
    assert desk(ELLA).ask("GET", "withdrawReasons").json()["number"] == 5
    desk(ELLA).log_on(SUPPORT)
    assert desk(ELLA).ask("GET", "withdrawReasons").json()["number"] == 9
    assert refusal(desk(CLARA).ask("GET", "withdrawReasons")) == BAD_PARAMETER
    assert refusal(desk(ELLA).ask("GET", "withdrawReasons", pgNumber="xxx")) == BAD_PARAMETER
    assert refusal(desk(ELLA).ask("GET", "withdrawReasons", pgNumber=RECEPTION)) == NOT_ALLOWED


def test_L73_a_withdraw_reason_is_one_of_the_group(desk: DeskOf) -> None:
    ella = desk(ELLA)
    ella.log_on(SALES)
    ella.do("withdraw", {"reasonIndex": 5})
    assert (ella.state()["subState"], ella.state()["withdrawReason"]) == ("WITHDRAW", 5)
    for wrong in (0, 6, -1, 10**6):
        assert refusal(ella.ask("POST", "withdraw", {"reasonIndex": wrong})) == BAD_PARAMETER
    assert ella.state()["withdrawReason"] == 5
    desk(CLARA).log_on(RECEPTION)
    assert refusal(desk(CLARA).ask("POST", "withdraw", {"reasonIndex": 1})) == BAD_PARAMETER
    desk(CLARA).do("withdraw")
    assert desk(CLARA).state()["subState"] == "WITHDRAW"


# Skills.


def test_skills_are_switched_and_the_whole_set_is_told(desk: DeskOf, admin: httpx.Client, listen: ListenTo) -> None:
    ella = desk(ELLA)
    with listen(admin, "agent", ids=[ella.login]) as channel:
        ella.do("config/skills/deactivate", {"skills": [100, 7]})
        event = channel.wait_for("OnAgentSkillChanged", loginName=ella.login)
        assert [skill["active"] for skill in event["skills"]["skills"]] == [False, False, False]
        assert ella.config()["skills"] == event["skills"]
        ella.do("config/skills/activate", {"skills": [100, 7]})
        assert [skill["active"] for skill in ella.config()["skills"]["skills"]] == [True, False, True]
        ella.do("config/skills/activate", {"skills": [7]})
        ella.do("config/skills/activate", {"skills": []})
        ella.log_on()
        channel.wait_for("OnAgentStateChanged", loginName=ella.login)
        assert len(channel.named("OnAgentSkillChanged")) == 2


def test_of_skills_that_the_operator_lacks_none_is_switched(desk: DeskOf) -> None:
    before = desk(ELLA).config()
    assert refusal(desk(ELLA).ask("POST", "config/skills/activate", {"skills": [44, 101]})) == BAD_PARAMETER
    assert desk(ELLA).config() == before


# Snapshots, and the administrator's list.


def test_L64_a_snapshot_of_one(desk: DeskOf, admin: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "agent") as channel:
        desk(ELLA).do("state/snapshot")
        assert channel.wait_for("OnAgentStateChanged")["loginName"] == f"oxe{ELLA}"


def test_L64_a_snapshot_of_all_names_everybody_once(
    admin: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    everybody = {agent["loginName"] for agent in control.get("/agents").json()["agents"]}
    with listen(admin, "agent") as channel:
        for _ in range(2):
            assert admin.post("/acd/agent/state/snapshot").status_code == 204
        channel.wait_until(
            lambda: [e for e in channel.events if e.get("loginName") == max(everybody)], "the last operator"
        )
        told = [event["loginName"] for event in channel.named("OnAgentStateChanged")]
    assert sorted(told) == sorted(everybody)


def test_operators_of_other_nodes_have_their_nodes_groups(desk: DeskOf) -> None:
    groups = desk(AGENT_OF_ANOTHER_NODE).config()["processingGroups"]["groups"]
    assert groups
    assert all(group.startswith("620") for group in groups)


# Where the reference contradicts itself.


def test_A93_main_states_are_those_of_the_table(desk: DeskOf) -> None:
    assert desk(ELLA).state()["mainState"] == "LOG_OFF"
    desk(ELLA).log_on()
    assert desk(ELLA).state()["mainState"] == "LOG_ON"


def test_A94_who_waits_for_calls_is_ready(desk: DeskOf) -> None:
    desk(ELLA).log_on()
    assert desk(ELLA).state()["subState"] == "READY"


def test_A95_the_group_is_written_and_read_under_two_names(desk: DeskOf) -> None:
    desk(ELLA).do("logon", {"proAcdDeviceNumber": ELLA, "pgGroupNumber": SUPPORT})
    state = desk(ELLA).state()
    assert state["pgNumber"] == SUPPORT
    assert "pgGroupNumber" not in state


@pytest.mark.parametrize(("headset", "is_on"), [("false", False), ("true", True), (False, False), (True, True)])
def test_A96_a_headset_is_chosen_with_a_string_or_a_boolean(desk: DeskOf, headset: object, is_on: bool) -> None:
    desk(ELLA).log_on(headset=headset)
    assert desk(ELLA).config()["headset"] is is_on
    desk(ELLA).do("logoff")
    desk(ELLA).log_on(headset=True)


@pytest.mark.parametrize("reason", ["2", 2])
def test_A98_a_reason_is_given_as_a_string_or_a_number(desk: DeskOf, reason: object) -> None:
    desk(ELLA).log_on()
    desk(ELLA).do("withdraw", {"reasonIndex": reason})
    assert desk(ELLA).state()["withdrawReason"] == 2


def test_A99_reasons_are_numbered_with_numbers(desk: DeskOf) -> None:
    body = desk(ELLA).ask("GET", "withdrawReasons").json()
    assert isinstance(body["number"], int)
    assert all(isinstance(reason["index"], int) for reason in body["reasons"])


def test_B35_skills_in_events_are_the_object_of_the_reference(
    desk: DeskOf, admin: httpx.Client, listen: ListenTo
) -> None:
    with listen(admin, "agent") as channel:
        desk(FRANK).do("config/skills/deactivate", {"skills": ["7"]})
        event = channel.wait_for("OnAgentSkillChanged")
        assert event["skills"] == {"skills": [{"number": 7, "level": 1, "active": False}]}
        desk(FRANK).do("config/skills/activate", {"skills": [7]})


def test_B38_a_group_is_entered_and_left_under_both_names(desk: DeskOf) -> None:
    david = desk(DAVID)
    david.log_on()
    david.do("enter", {"pgGroupNumber": SALES})
    assert david.state()["pgNumber"] == SALES
    david.do("exit", {"pgGroupNumber": david.state()["pgNumber"]})
    assert david.state()["subState"] == "OUT_OF_PG"
    david.do("enterPG", {"pgGroupNumber": SALES})
    david.do("exitPG", {"pgGroupNumber": SALES})
    assert david.state()["subState"] == "OUT_OF_PG"


def test_B39_withdrawn_is_spelt_as_in_the_reference(desk: DeskOf) -> None:
    desk(FRANK).log_on()
    state = desk(FRANK).state()
    assert state["withdrawn"] is True
    assert "withdraw" not in state


# What a test may do.


def _heard_of(channel: Channel, sub_state: str) -> list[Json]:
    return [e for e in channel.named("OnAgentStateChanged") if e["state"].get("subState") == sub_state]


def test_a_test_puts_an_operator_into_any_state(
    desk: DeskOf, admin: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    with listen(admin, "agent", ids=[f"oxe{ELLA}"]) as channel:
        for sub_state in ("BUSY", "TRANSACTION_CODE_INPUT", "WRAPUP_EMAIL", "WITHDRAW", "PAUSE", "READY"):
            control.put(f"/agents/{ELLA}/state", json={"subState": sub_state}).raise_for_status()
            assert desk(ELLA).state()["subState"] == sub_state
            channel.wait_until(partial(_heard_of, channel, sub_state), sub_state)
        for main_state in ("UNKNOWN", "ERROR", "LOG_OFF"):
            control.put(f"/agents/{ELLA}/state", json={"mainState": main_state}).raise_for_status()
            assert desk(ELLA).state() == {"mainState": main_state}


def test_what_a_test_asks_wrongly_is_told(control: httpx.Client) -> None:
    assert control.put(f"/agents/{ELLA}/state", json={"subState": "ASLEEP"}).status_code == 400
    assert control.put(f"/agents/{ELLA}/state", json={"pgNumber": "1"}).status_code == 400
    assert control.put(f"/agents/{ELLA}/state", json={"mainState": "LOG_OFF", "subState": "READY"}).status_code == 400
    assert control.get(f"/agents/{NOT_AN_OPERATOR}").status_code == 404
    assert control.post(f"/agents/{ELLA}/supervisorHelp").status_code == 409


def test_the_groups_of_the_company_are_shown(control: httpx.Client) -> None:
    groups = {group["number"]: group for group in control.get("/processingGroups").json()["processingGroups"]}
    assert groups[SALES]["name"] == "Sales"
    assert len(groups[SALES]["withdrawReasons"]) == 5
