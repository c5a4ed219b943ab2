"""Supervisors of a call centre."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, O2GUnreachable
from services.live.packages import Package
from services.live.state import LiveMode, LiveState
from services.o2g import O2G
from services.supervisor import HELP_KEPT, HELP_LOGINS, REQUESTS_EACH, HelpBoard, HelpRequest, Intrusion, Supervisors
from tests.services.scripted import Reply, ScriptedO2G

LOGIN = "oxe1009"
WHO = {"loginName": LOGIN}

Act = Callable[[O2G, Deadline], None]

ACTS: dict[str, tuple[Act, str, dict[str, str], Any]] = {
    "B38_enter": (
        lambda o, d: o.supervisors.enter_group(LOGIN, "6000", d),
        "POST enterPG",
        WHO,
        {"pgGroupNumber": "6000"},
    ),
    "B38_exit": (
        lambda o, d: o.supervisors.exit_group(LOGIN, "6000", d),
        "POST exitPG",
        WHO,
        {"pgGroupNumber": "6000"},
    ),
    "B40_reject_help": (
        lambda o, d: o.supervisors.reject_help(LOGIN, "1000", d),
        "DELETE supervisorHelp",
        WHO | {"other": "1000"},
        None,
    ),
    "listen": (
        lambda o, d: o.supervisors.listen(LOGIN, "1000", d),
        "POST permanentListening",
        WHO,
        {"agentNumber": "1000"},
    ),
    "stop_listening": (lambda o, d: o.supervisors.stop_listening(LOGIN, d), "DELETE permanentListening", WHO, None),
    "A97_intrude": (
        lambda o, d: o.supervisors.intrude(LOGIN, "1000", Intrusion.RESTRICTED, d),
        "POST intrusion",
        WHO,
        {"agentNumber": "1000", "mode": "RESTRICTED"},
    ),
    "change": (
        lambda o, d: o.supervisors.change_intrusion(LOGIN, Intrusion.RESTRICTED, Intrusion.DISCRETE, d),
        "PUT intrusion",
        WHO,
        {"mode": "DISCRETE"},
    ),
    "A100_stop": (lambda o, d: o.supervisors.stop_intrusion(LOGIN, d), "PUT intrusion", WHO, {"mode": "STOP"}),
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
    lambda o, d: o.supervisors.enter_group(LOGIN, "", d),
    lambda o, d: o.supervisors.exit_group(LOGIN, " ", d),  # L71: would log off
    lambda o, d: o.supervisors.reject_help(LOGIN, "", d),
    lambda o, d: o.supervisors.listen(LOGIN, "Anna", d),
    lambda o, d: o.supervisors.intrude(LOGIN, "", Intrusion.NORMAL, d),
    lambda o, d: o.supervisors.change_intrusion(LOGIN, Intrusion.NORMAL, Intrusion.NORMAL, d),  # L72: would drop out
]


@pytest.mark.parametrize("act", WRONG)
def test_what_would_do_harm_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, act: Act) -> None:
    with pytest.raises(BadParameter):
        act(o2g, deadline)
    assert scripted.seen == []


def test_A100_stopping_is_no_way_to_begin() -> None:
    assert "STOP" not in {mode.value for mode in Intrusion}


NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_what_no_event_could_tell_is_not_known(o2g: O2G) -> None:
    assert o2g.supervisors.help_requests(LOGIN) is None
    o2g.supervisors.help_board.opened()
    assert o2g.supervisors.help_requests(LOGIN) == ()
    o2g.supervisors.help_board.lost()
    assert o2g.supervisors.help_requests(LOGIN) is None


def test_A101_both_sides_see_a_request_until_it_is_cancelled() -> None:
    board = HelpBoard(lambda: NOON)
    board.opened()
    for login, number in (("supervisor", "1000"), ("agent", "1009"), ("supervisor", "1001")):
        board.requested(login, number)
    assert board.of("supervisor") == (HelpRequest("1000", NOON), HelpRequest("1001", NOON))
    assert board.of("agent") == (HelpRequest("1009", NOON),)
    board.cancelled("supervisor", "1000")
    board.cancelled("agent", "1009")
    assert board.of("supervisor") == (HelpRequest("1001", NOON),)
    assert board.of("agent") == ()


@pytest.fixture
def live() -> LiveState:
    return LiveState(mode=LiveMode.CHANNEL)


@pytest.fixture
def listening(o2g: O2G, live: LiveState) -> Supervisors:
    supervisors = Supervisors(o2g._session, live)
    live.feed.opened(tuple(Package), missed=True)
    return supervisors


def event(name: str, number: str = "1000") -> bytes:
    return json.dumps({"eventName": name, "loginName": LOGIN, "agentNumber": number}).encode()


def test_a_request_is_not_shown_any_more_when_o2g_ended_the_channel_in_order_and_opens_no_other(
    listening: Supervisors, live: LiveState
) -> None:
    live.take(event("OnSupervisorHelpRequested"))
    live.feed.closed(missed=False)
    assert [request.number for request in listening.help_requests(LOGIN) or ()] == ["1000"]  # it may open the next one
    live.feed.closed(missed=True)
    assert listening.help_requests(LOGIN) is None
    live.feed.opened(tuple(Package), missed=True)
    assert listening.help_requests(LOGIN) == ()


def test_after_a_line_that_could_not_be_read_nobody_is_said_not_to_ask(listening: Supervisors, live: LiveState) -> None:
    assert listening.help_requests(LOGIN) == ()
    live.take(b"{broken")
    assert listening.help_requests(LOGIN) is None
    live.take(event("OnSupervisorHelpRequested"))
    assert [request.number for request in listening.help_requests(LOGIN) or ()] == ["1000"]


def test_doubts_end_when_what_may_have_been_missed_would_be_forgotten() -> None:
    times = [NOON]
    board = HelpBoard(lambda: times[0])
    board.opened()
    board.doubted()
    assert board.of("supervisor") is None
    times[0] = NOON + HELP_KEPT
    assert board.of("supervisor") == ()


def test_events_out_of_place_change_nothing() -> None:
    board = HelpBoard()
    board.requested("supervisor", "1000")  # before it was opened
    board.cancelled("supervisor", "1000")
    board.opened()
    board.requested("supervisor", "")  # agentNumber may be missing
    board.cancelled("supervisor", "1000")
    assert board.of("supervisor") == ()


def test_requests_are_forgotten_after_a_while_and_beyond_their_number() -> None:
    times = [NOON]
    board = HelpBoard(lambda: times[0])
    board.opened()
    board.requested("supervisor", "1000")
    times[0] = NOON + HELP_KEPT + timedelta(seconds=1)
    assert board.of("supervisor") == ()
    for number in range(REQUESTS_EACH + 1):
        board.requested("supervisor", str(number))
    assert [request.number for request in board.of("supervisor") or ()] == [str(n) for n in range(1, REQUESTS_EACH + 1)]
    for login in range(HELP_LOGINS):
        board.requested(f"agent{login}", "1009")
    assert board.of("supervisor") == ()


def test_many_threads_write_on_the_board() -> None:
    board = HelpBoard(lambda: NOON)
    board.opened()

    def asks(agent: int) -> None:
        board.requested("supervisor", str(agent))
        board.requested(f"agent{agent}", "1009")
        if agent % 2:
            board.cancelled("supervisor", str(agent))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(asks, range(REQUESTS_EACH)))
    assert {request.number for request in board.of("supervisor") or ()} == {str(n) for n in range(0, REQUESTS_EACH, 2)}
