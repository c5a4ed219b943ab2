"""An operator's state in a screen's words, and what it offers."""

import pytest

from prs_apps.agent.states import FROM, SENTENCES, STEPS, Doing, Situation, doing, steps
from services.agent import AgentConfig, AgentKind, AgentState, MainState, Skill, SubState

SKILLS = (Skill(7, 5, True),)


def state(
    main: MainState = MainState.LOGGED_ON, sub: SubState | None = None, *, withdrawn: bool | None = None
) -> AgentState:
    return AgentState(main, sub, "70004", "61001", None, withdrawn)


def config(kind: AgentKind) -> AgentConfig:
    return AgentConfig(kind, None, "61001", ("61001",), SKILLS, True, True, True, True)


@pytest.mark.parametrize("sub", [*SubState, None])
def test_every_state_of_an_agent_has_a_sentence_and_a_way_on(sub: SubState | None) -> None:
    what = doing(state(sub=sub))
    assert what not in (Doing.OFF, Doing.ERROR, Doing.UNKNOWN)
    assert SENTENCES[what]
    assert FROM[what]


@pytest.mark.parametrize("main", [main for main in MainState if main is not MainState.LOGGED_ON])
def test_every_state_of_who_is_not_logged_on_offers_to_log_on(main: MainState) -> None:
    assert STEPS["log_on"] in FROM[doing(state(main))]


def test_an_agent_of_whom_only_the_withdrawal_is_known() -> None:
    assert doing(state(withdrawn=True)) is Doing.WITHDRAWN
    assert doing(state(sub=SubState.UNKNOWN, withdrawn=True)) is Doing.WITHDRAWN
    assert doing(state(sub=SubState.READY, withdrawn=True)) is Doing.READY  # what is said now counts


@pytest.mark.parametrize("what", list(Doing))
@pytest.mark.parametrize("kind", list(AgentKind))
def test_nobody_is_offered_what_is_not_theirs(what: Doing, kind: AgentKind) -> None:
    of_doing = {doing(state(main, sub)): state(main, sub) for main in MainState for sub in [*SubState, None]}
    offered = {step.id for step in steps(Situation(of_doing[what], config(kind), None))}
    if kind is AgentKind.SUPERVISOR:
        assert not offered & {"help", "no_help"}
    else:
        assert not offered & {"team", "enter", "leave"}
