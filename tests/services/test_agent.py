"""Call-centre agents."""

from collections.abc import Callable
from typing import Any

import pytest

from services.agent import AgentConfig, AgentKind, AgentState, MainState, Skill, SubState, WithdrawReason
from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, O2GUnreachable, UnreadableAnswer
from services.o2g import O2G, O2GEndpoint
from tests.services.scripted import NOT_ALLOWED, Reply, ScriptedO2G

LOGIN = "oxe1000"
WHO = {"loginName": LOGIN}
NOTHING = AgentConfig(AgentKind.UNKNOWN, None, None, (), (), None, None, None, None)

Act = Callable[[O2G, Deadline], None]


@pytest.mark.parametrize(
    ("said", "config"),
    [
        (
            {
                "type": "SUPERVISOR",
                "proacd": 1000,
                "processingGroups": {"preferred": "6000", "groups": ["6000", 6001]},
                "skills": {
                    "skills": [
                        {"number": "12", "level": 3, "active": "true"},
                        {"number": 13, "level": "?"},
                        {"level": 1},
                        {"number": True},
                    ]
                },
                "selfAssign": "false",
                "headset": "true",
                "help": True,
                "multiline": False,
            },
            AgentConfig(
                AgentKind.SUPERVISOR,
                "1000",
                "6000",
                ("6000", "6001"),
                (Skill(12, 3, True), Skill(13, None, None)),
                chooses_group=False,
                headset=True,
                helps=True,
                multi_line=False,
            ),
        ),
        ({"type": "DREAMER", "processingGroups": [], "skills": 7, "proacd": ""}, NOTHING),
        ({}, NOTHING),
    ],
)
def test_A96_a_configuration(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, config: AgentConfig
) -> None:
    scripted.on("GET /acd/agent/config", Reply(json=said))
    assert o2g.agents.config(LOGIN, deadline) == config
    assert scripted.asked("GET /acd/agent/config")[0].query == WHO


def state(main: MainState, sub: SubState | None = None, **other: Any) -> AgentState:
    given: dict[str, Any] = {"pro_acd": None, "group": None, "reason": None, "withdrawn": None} | other
    return AgentState(main, sub, **given)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param(
            {
                "mainState": "LOG_ON",
                "subState": "WITHDRAW",
                "proAcdDeviceNumber": "1000",
                "pgNumber": "6000",
                "withdrawReason": "2",
                "withdrawn": True,
            },
            AgentState(MainState.LOGGED_ON, SubState.WITHDRAWN, "1000", "6000", 2, True),
            id="table",
        ),
        pytest.param({"mainState": "LOGGED_ON"}, state(MainState.LOGGED_ON), id="A93_on"),
        pytest.param({"mainState": "LOGGED_OFF"}, state(MainState.LOGGED_OFF), id="A93_off"),
        pytest.param({"mainState": "LOG_ON", "subState": "IDLE"}, state(MainState.LOGGED_ON, SubState.READY), id="A94"),
        pytest.param(
            {"mainState": "LOG_ON", "pgGroupNumber": 6000}, state(MainState.LOGGED_ON, group="6000"), id="A95"
        ),
        pytest.param({"mainState": "LOG_ON", "withdraw": "true"}, state(MainState.LOGGED_ON, withdrawn=True), id="B39"),
        pytest.param(
            {"mainState": "LOG_ON", "withdrawn": False, "withdraw": True},
            state(MainState.LOGGED_ON, withdrawn=False),
            id="B39_both",
        ),
        pytest.param(
            {"mainState": "DREAMING", "subState": "NAP"}, state(MainState.UNKNOWN, SubState.UNKNOWN), id="newer"
        ),
        pytest.param({"mainState": "ERROR", "pgNumber": ""}, state(MainState.ERROR), id="error"),
        pytest.param({}, state(MainState.UNKNOWN), id="nothing"),
    ],
)
def test_a_state_in_either_vocabulary(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, found: AgentState
) -> None:
    scripted.on("GET /acd/agent/state", Reply(json=said))
    assert o2g.agents.state(LOGIN, deadline) == found


def test_A99_reasons_for_withdrawing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    reasons = [
        {"index": "2", "label": "Training"},
        {"index": 1, "label": "Déjeuner"},
        {"index": 3},
        {"label": "lost"},
        {"index": 0, "label": "none"},
        {"index": 10, "label": "too many"},
    ]
    scripted.on("GET /acd/agent/withdrawReasons", Reply(json={"number": "3", "reasons": reasons}))
    assert o2g.agents.withdraw_reasons(LOGIN, "6000", deadline) == (
        WithdrawReason(1, "Déjeuner"),
        WithdrawReason(2, "Training"),
        WithdrawReason(3, ""),
    )
    assert scripted.asked("GET /acd/agent/withdrawReasons")[0].query == WHO | {"pgNumber": "6000"}


@pytest.mark.parametrize("nothing", [Reply(404), Reply(200), Reply(json={"number": 0})])
def test_a_group_without_reasons(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply) -> None:
    scripted.on("GET /acd/agent/withdrawReasons", nothing)
    assert o2g.agents.withdraw_reasons(LOGIN, "6000", deadline) == ()


ACTS: dict[str, tuple[Act, str, dict[str, str], Any]] = {
    "log_on": (lambda o, d: o.agents.log_on(LOGIN, "1000", d), "POST logon", WHO, {"proAcdDeviceNumber": "1000"}),
    "A95_log_on_in_a_group": (
        lambda o, d: o.agents.log_on(LOGIN, "1000", d, group="6000", headset=False),
        "POST logon",
        WHO,
        {"proAcdDeviceNumber": "1000", "pgGroupNumber": "6000", "headset": False},
    ),
    "log_off": (lambda o, d: o.agents.log_off(LOGIN, d), "POST logoff", WHO, None),
    "ready": (lambda o, d: o.agents.ready(LOGIN, d), "POST ready", WHO, None),
    "pause": (lambda o, d: o.agents.pause(LOGIN, d), "POST pause", WHO, None),
    "wrap_up": (lambda o, d: o.agents.wrap_up(LOGIN, d), "POST wrapUp", WHO, None),
    "A98_withdraw": (lambda o, d: o.agents.withdraw(LOGIN, 2, d), "POST withdraw", WHO, {"reasonIndex": 2}),
    "withdraw_without_reason": (lambda o, d: o.agents.withdraw(LOGIN, None, d), "POST withdraw", WHO, {}),
    "skills_on": (
        lambda o, d: o.agents.activate_skills(LOGIN, (12, 13), d),
        "POST config/skills/activate",
        WHO,
        {"skills": [12, 13]},
    ),
    "skills_off": (
        lambda o, d: o.agents.deactivate_skills(LOGIN, (12,), d),
        "POST config/skills/deactivate",
        WHO,
        {"skills": [12]},
    ),
    "ask_help": (lambda o, d: o.agents.ask_help(LOGIN, d), "POST supervisorHelp", WHO, None),
    "B40_cancel_help": (
        lambda o, d: o.agents.cancel_help(LOGIN, "1009", d),
        "DELETE supervisorHelp",
        WHO | {"other": "1009"},
        None,
    ),
    "cancel_help_of_an_unknown_supervisor": (
        lambda o, d: o.agents.cancel_help(LOGIN, None, d),
        "DELETE supervisorHelp",
        WHO,
        None,
    ),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_an_operation_asks_just_this(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, name: str) -> None:
    act, what, query, body = ACTS[name]
    operation = what.replace(" ", " /acd/agent/")
    scripted.on(operation, Reply(204))
    act(o2g, deadline)
    (seen,) = scripted.asked(operation)
    assert (seen.query, seen.body) == (query, body)


@pytest.mark.parametrize("name", list(ACTS))
def test_an_operation_whose_connection_breaks_is_not_repeated(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, name: str
) -> None:
    act, what, _, _ = ACTS[name]
    operation = what.replace(" ", " /acd/agent/")
    scripted.on(operation, Reply(drop=True))
    with pytest.raises(O2GUnreachable):
        act(o2g, deadline)
    assert len(scripted.asked(operation)) == 1


WRONG: list[Act] = [
    lambda o, d: o.agents.log_on(LOGIN, "", d),
    lambda o, d: o.agents.log_on(LOGIN, "1000", d, group=""),
    lambda o, d: o.agents.withdraw(LOGIN, 0, d),
    lambda o, d: o.agents.withdraw(LOGIN, 10, d),  # L138
    lambda o, d: o.agents.activate_skills(LOGIN, (), d),
    lambda o, d: o.agents.deactivate_skills(LOGIN, (-1,), d),
    lambda o, d: o.agents.cancel_help(LOGIN, "", d),
]


@pytest.mark.parametrize("act", WRONG)
def test_what_cannot_be_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, act: Act) -> None:
    with pytest.raises(BadParameter):
        act(o2g, deadline)
    assert scripted.seen == []


def test_a_user_who_is_no_operator(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /acd/agent/config", Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.agents.config(LOGIN, deadline)


@pytest.mark.parametrize("odd", [Reply(200), Reply(json=[]), Reply(body=b"<html>")])
def test_no_configuration_is_no_empty_one(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, odd: Reply) -> None:
    scripted.on("GET /acd/agent/config", odd)
    with pytest.raises(UnreadableAnswer):
        o2g.agents.config(LOGIN, deadline)


def test_L46_operators_are_listed_without_asking_about_anybody_and_remembered(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("GET /logins", Reply(json={"loginNames": [LOGIN, "oxe1009", None]}))
    assert o2g.agents.is_operator(LOGIN, deadline)
    assert not o2g.agents.is_operator("oxe1001", deadline)
    (seen,) = scripted.asked("GET /logins")
    assert seen.query == {"onlyACD": ""}


def test_what_was_told_of_operators_holds_while_O2G_cannot_tell(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline
) -> None:
    forgetful = O2G(endpoint, user_cache_seconds=0)
    scripted.on("GET /logins", Reply(json={"loginNames": LOGIN}))
    assert forgetful.agents.is_operator(LOGIN, deadline)
    scripted.on("GET /logins", Reply(403, NOT_ALLOWED))
    assert forgetful.agents.is_operator(LOGIN, deadline)
    forgetful.close()


def test_operators_of_whom_O2G_never_told_are_no_empty_list(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("GET /logins", Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.agents.is_operator(LOGIN, deadline)


def test_a_configuration_is_remembered_until_it_is_changed_or_asked_for(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    def asked() -> int:
        return len(scripted.asked("GET /acd/agent/config"))

    scripted.on("GET /acd/agent/config", Reply(json={"type": "AGENT"}))
    scripted.on("POST /acd/agent/config/skills/activate", Reply(204))
    for _ in range(2):
        assert o2g.agents.remembered_config(LOGIN, deadline).kind is AgentKind.AGENT
    assert asked() == 1
    o2g.agents.activate_skills(LOGIN, (7,), deadline)
    o2g.agents.remembered_config(LOGIN, deadline)
    assert asked() == 2
    scripted.on("GET /acd/agent/config", Reply(json={"type": "SUPERVISOR"}))
    assert o2g.agents.config(LOGIN, deadline).kind is AgentKind.SUPERVISOR
    assert o2g.agents.remembered_config(LOGIN, deadline).kind is AgentKind.SUPERVISOR
    assert asked() == 3


def test_that_somebody_is_no_operator_is_asked_anew(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /acd/agent/config", Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.agents.remembered_config(LOGIN, deadline)
    scripted.on("GET /acd/agent/config", Reply(json={"type": "AGENT"}))
    assert o2g.agents.remembered_config(LOGIN, deadline).kind is AgentKind.AGENT
