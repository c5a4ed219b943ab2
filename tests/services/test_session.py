"""The session: opened when needed, shared by all threads, kept, lost, opened again once, closed."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Protocol

import pytest
from structlog.testing import capture_logs

from services import credentials
from services.board import Board
from services.deadline import Deadline
from services.errors import NotAllowed, O2GError, O2GTimeout, O2GUnreachable, SessionLost, WrongCredentials
from services.o2g import O2G, O2GEndpoint
from store.shared import InProcess
from tests.services.scripted import INVALID_SESSION, NOT_ALLOWED, PASSWORD, Reply, ScriptedO2G, descriptor

Until = Callable[[Callable[[], object]], None]
SUMMARY = Reply(json={"missedCallsNb": 3})


class Staff(Protocol):
    """So many workers of one house, each with an O2G of its own; closed when the test is over."""

    def __call__(self, number: int, *, board: Board, clock: Callable[[], float] = time.monotonic) -> list[O2G]: ...


@pytest.fixture
def staff(endpoint: O2GEndpoint) -> Iterator[Staff]:
    with ExitStack() as workers:
        yield lambda number, *, board, clock=time.monotonic: [
            workers.enter_context(closing(O2G(endpoint, clock=clock, board=board))) for _ in range(number)
        ]


@pytest.fixture(autouse=True)
def summary(scripted: ScriptedO2G) -> None:
    scripted.on("GET /eventSummary", SUMMARY)


def ask(o2g: O2G, seconds: float = 10) -> int | None:
    return o2g.event_summary.of("oxe1000", Deadline.after(seconds)).missed_calls


def test_furnishing_the_door_asks_nothing(scripted: ScriptedO2G, o2g: O2G) -> None:
    assert not o2g.state().connected
    o2g.close()
    assert scripted.seen == []


def test_the_password_goes_to_authentication_only_and_the_cookie_everywhere_else(
    scripted: ScriptedO2G, o2g: O2G
) -> None:
    assert ask(o2g) == 3
    order = ["GET /api/rest", "GET /api/rest/authenticate", "POST /sessions", "GET /eventSummary"]
    assert [seen.operation for seen in scripted.seen] == order
    assert ["Authorization" in seen.headers for seen in scripted.seen] == [False, True, False, False]
    assert [seen.headers.get("Cookie") for seen in scripted.seen[2:]] == ["AlcUserId=session-1"] * 2
    assert scripted.seen[1].query == {"version": "1.0"}
    assert scripted.seen[2].body == {"applicationName": "Touchline"}


def test_threads_that_come_at_once_share_one_login(scripted: ScriptedO2G, o2g: O2G) -> None:
    scripted.on("GET /api/rest", replace(scripted_root(scripted), delay=0.1))
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _: ask(o2g), range(20))) == [3] * 20
    assert len(scripted.asked("POST /sessions")) == 1


def test_a_login_for_which_no_thread_is_left_is_tried_again(o2g: O2G) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with pytest.MonkeyPatch.context() as machine:
        machine.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(O2GUnreachable) as caught:
            ask(o2g)
    assert caught.value.nothing_sent
    assert ask(o2g) == 3


def test_state_tells_how_things_stand(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    state = o2g.state()
    assert (state.connected, state.product_version, state.session_ttl) == (True, "2.7.004.000", 1800)
    assert state.since is not None
    assert state.since.utcoffset() is not None
    assert state.last_error is None


def test_A14_a_lost_session_is_opened_again_once_for_all(scripted: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    scripted.guarded = True
    scripted.lose_sessions()
    with capture_logs() as logs, ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _: ask(o2g), range(20))) == [3] * 20
    assert len(scripted.asked("POST /sessions")) == 2
    events = [line["event"] for line in logs]
    assert events.count("o2g.session_lost") == events.count("o2g.logged_in_again") == 1


def test_A14_a_write_refused_for_a_lost_session_is_done_once_in_the_new_one(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("POST /telephony/calls", Reply(403, INVALID_SESSION), Reply(201, headers={"Location": "x/49bf"}))
    assert o2g.telephony.make_call("oxe1000", "1000", "1001", deadline) == "49bf"
    cookies = [seen.headers["Cookie"] for seen in scripted.asked("POST /telephony/calls")]
    assert cookies == ["AlcUserId=session-1", "AlcUserId=session-2"]


@pytest.mark.parametrize("refusal", [Reply(401), Reply(403, body=b"<html>no</html>"), Reply(401, NOT_ALLOWED)])
def test_A14_a_refusal_without_the_code_is_a_lost_session_where_keep_alive_says_so(
    scripted: ScriptedO2G, o2g: O2G, refusal: Reply
) -> None:
    ask(o2g)
    scripted.lose_sessions()
    scripted.on("GET /eventSummary", refusal, SUMMARY)
    assert ask(o2g) == 3
    assert len(scripted.asked("POST /sessions")) == 2


@pytest.mark.parametrize("refusal", [Reply(401), Reply(403), Reply(401, NOT_ALLOWED), Reply(403, NOT_ALLOWED)])
def test_a_refusal_in_a_living_session_leaves_it_as_it_is(scripted: ScriptedO2G, o2g: O2G, refusal: Reply) -> None:
    scripted.on("GET /eventSummary", refusal)
    with pytest.raises(NotAllowed):
        ask(o2g)
    assert len(scripted.asked("GET /eventSummary")) == 1
    assert len(scripted.asked("POST /sessions")) == 1
    assert o2g.state().connected


def test_sessions_that_O2G_ends_at_once_do_not_make_every_call_log_in(scripted: ScriptedO2G, o2g: O2G) -> None:
    scripted.on("GET /eventSummary", Reply(403, INVALID_SESSION))
    for _ in range(20):
        with pytest.raises(SessionLost):
            ask(o2g)
    assert len(scripted.asked("POST /sessions")) == 2


def test_wrong_credentials_are_not_tried_again_for_a_while(scripted: ScriptedO2G, endpoint: O2GEndpoint) -> None:
    o2g = O2G(replace(endpoint, password="Wrong-Secret-9"))
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(WrongCredentials) as caught:
                ask(o2g)
            assert "Wrong-Secret-9" not in str(caught.value)
    assert len(scripted.seen) == 2
    assert [line["event"] for line in logs] == ["o2g.credentials_refused"]
    assert o2g.state().credentials_refused
    assert not o2g.state().connected
    o2g.close()
    assert len(scripted.seen) == 2


@pytest.mark.parametrize(("status", "code"), [(401, None), (401, 1001), (401, 1002), (403, 1002), (403, None)])
def test_B10_every_refusal_of_credentials_stands_for_a_while(
    scripted: ScriptedO2G, o2g: O2G, status: int, code: int | None
) -> None:
    scripted.on("GET /api/rest/authenticate", Reply(status, {"code": code} if code else None))
    for _ in range(2):
        with pytest.raises(WrongCredentials):
            ask(o2g)
    assert len(scripted.asked("GET /api/rest/authenticate")) == 1


def refused(scripted: ScriptedO2G) -> int:
    return len(scripted.asked("GET /api/rest/authenticate"))


def test_credentials_that_O2G_refused_while_it_started_are_taken_without_a_restart(
    scripted: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    now = 0.0
    o2g = O2G(endpoint, clock=lambda: now)
    scripted.on("GET /api/rest/authenticate", Reply(401), scripted.authenticated())
    with capture_logs() as logs:
        with pytest.raises(WrongCredentials):
            ask(o2g)
        assert o2g.state().login_again_seconds == 300
        now = 299.0
        with pytest.raises(WrongCredentials):
            ask(o2g)
        assert refused(scripted) == 1
        now = 301.0
        assert ask(o2g) == 3
    told = [line["event"] for line in logs if "credentials" in line["event"]]
    assert told == ["o2g.credentials_refused", "o2g.credentials_taken_again"]
    assert not o2g.state().credentials_refused
    assert o2g.state().login_again_seconds is None
    o2g.close()


def test_credentials_that_stay_wrong_are_tried_too_seldom_to_lock_the_account(
    scripted: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    now = 0.0
    o2g = O2G(endpoint, clock=lambda: now)
    scripted.on("GET /api/rest/authenticate", Reply(401))
    tried = []
    for now in map(float, range(0, 4 * 3600, 60)):
        before = refused(scripted)
        with pytest.raises(WrongCredentials):
            ask(o2g)
        tried += [now / 60] * (refused(scripted) - before)
    assert tried == [0, 5, 15, 35, 75, 135, 195]
    o2g.close()


def test_four_workers_try_wrong_credentials_no_oftener_than_one(scripted: ScriptedO2G, staff: Staff) -> None:
    now, board = 0.0, InProcess(lambda: now)
    workers = staff(4, clock=lambda: now, board=board)
    scripted.on("GET /api/rest/authenticate", Reply(401))
    tried = []
    for now in map(float, range(0, 4 * 3600, 60)):
        before = refused(scripted)
        assert [_served(worker) for worker in workers] == [False] * 4
        tried += [now / 60] * (refused(scripted) - before)
    assert tried == [0, 5, 15, 35, 75, 135, 195]


def test_workers_that_start_at_the_same_moment_try_wrong_credentials_once(
    scripted: ScriptedO2G, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "FIRST_SECONDS", 60)
    board = InProcess()
    workers = staff(4, board=board)
    scripted.on("GET /api/rest/authenticate", Reply(401, delay=0.2))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(_served, workers)) == [False] * 4
    assert refused(scripted) == 1


def test_workers_that_were_all_taken_before_try_what_is_refused_now_once(scripted: ScriptedO2G, staff: Staff) -> None:
    board = InProcess()
    workers = staff(4, board=board)
    assert [_served(worker) for worker in workers] == [True] * 4
    before = refused(scripted)
    scripted.guarded = True
    scripted.lose_sessions()
    scripted.on("GET /api/rest/authenticate", Reply(401))
    assert [_served(worker) for worker in workers] == [False] * 4
    assert refused(scripted) - before == 1


def test_nobody_waits_for_a_worker_to_which_O2G_said_nothing_of_its_credentials(
    scripted: ScriptedO2G, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "FIRST_SECONDS", 60)
    board = InProcess()
    one, other = staff(2, board=board)
    scripted.on("GET /api/rest/authenticate", Reply(503, {"code": 1000}), scripted.authenticated())
    with pytest.raises(O2GError):
        ask(one)
    assert ask(other) == 3


def test_a_password_that_was_put_right_is_tried_at_once_after_a_restart(
    scripted: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    board = InProcess()
    for password, served in (("Wrong-Secret-9", False), ("Wrong-Secret-9", False), (endpoint.password, True)):
        worker = O2G(replace(endpoint, password=password), board=board)
        assert _served(worker) is served
        worker.close()
    assert refused(scripted) == 2


def test_nobody_waits_for_a_board_that_is_silent_to_hear_that_credentials_are_refused(
    scripted: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    now, over, asked, silent = 0.0, threading.Event(), threading.Event(), False

    class Silent(InProcess):
        def get(self, name: str) -> bytes | None:
            if silent:
                asked.set()
                over.wait(60)
            return super().get(name)

    o2g = O2G(endpoint, clock=lambda: now, board=Silent())
    scripted.on("GET /api/rest/authenticate", Reply(401))
    assert not _served(o2g)
    now, silent = 301.0, True
    with ThreadPoolExecutor(2) as pool:
        try:
            trying = pool.submit(_served, o2g)
            assert asked.wait(10)
            assert pool.submit(o2g.state).result(10).credentials_refused
            assert not trying.done()
        finally:
            over.set()
        assert not trying.result(10)
    o2g.close()


def test_of_all_workers_one_tries_refused_credentials_again_and_the_others_follow_it(
    scripted: ScriptedO2G, staff: Staff
) -> None:
    now, board = 0.0, InProcess(lambda: now)
    workers = staff(4, clock=lambda: now, board=board)

    def all_ask() -> list[bool]:
        return [_served(worker) for worker in workers]

    scripted.on("GET /api/rest/authenticate", Reply(401))
    assert all_ask() == [False] * 4
    now = 301.0
    assert all_ask() == [False] * 4
    assert refused(scripted) == 2
    scripted.on("GET /api/rest/authenticate", scripted.authenticated())
    now = 950.0
    assert all_ask().count(True) >= 1
    now = 966.0
    assert all_ask() == [True] * 4


def _served(o2g: O2G) -> bool:
    try:
        ask(o2g)
    except WrongCredentials:
        return False
    return True


@pytest.mark.parametrize(("status", "code"), [(503, 1000), (500, 1007), (403, 1000)])
def test_an_O2G_that_is_starting_is_asked_again(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, status: int, code: int
) -> None:
    now = 0.0
    o2g = O2G(endpoint, clock=lambda: now)
    scripted.on("GET /api/rest/authenticate", Reply(status, {"code": code}), scripted.authenticated())
    for _ in range(3):  # a short pause is kept between attempts
        with pytest.raises(O2GError, match=str(code)):
            ask(o2g)
    assert len(scripted.asked("GET /api/rest/authenticate")) == 1
    now = 60.0
    assert ask(o2g) == 3
    o2g.close()


def test_a_login_that_outlasts_a_screen_serves_the_next_one(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.on("GET /api/rest", replace(scripted_root(scripted), delay=0.4))
    with pytest.raises(O2GTimeout):
        ask(o2g, seconds=0.1)
    until(lambda: o2g.state().connected)
    assert ask(o2g) == 3
    assert len(scripted.asked("POST /sessions")) == 1


def test_the_session_is_kept_alive_before_half_its_life(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.ttl = 1
    ask(o2g)
    until(lambda: len(scripted.asked("POST /sessions/keepalive")) >= 3)
    assert len(scripted.asked("POST /sessions")) == 1


def test_A15_any_2xx_keeps_the_session_alive(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.ttl = 1
    scripted.on("POST /sessions/keepalive", Reply(200, {"expirationDate": "2028-12-07"}))
    ask(o2g)
    until(lambda: len(scripted.asked("POST /sessions/keepalive")) >= 2)
    assert len(scripted.asked("POST /sessions")) == 1


def test_a_session_found_lost_by_keep_alive_is_opened_before_anybody_asks(
    scripted: ScriptedO2G, o2g: O2G, until: Until
) -> None:
    scripted.ttl = 1
    ask(o2g)
    scripted.lose_sessions()
    until(lambda: len(scripted.asked("POST /sessions")) == 2)
    until(lambda: o2g.state().connected)


def test_a_keep_alive_that_fails_is_soon_tried_again(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.ttl = 1
    scripted.on("POST /sessions/keepalive", Reply(drop=True), Reply(204))
    ask(o2g)
    until(lambda: len(scripted.asked("POST /sessions/keepalive")) >= 2)
    assert o2g.state().connected
    assert len(scripted.asked("POST /sessions")) == 1


def test_closing_closes_the_session_once(scripted: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    o2g.close()
    o2g.close()
    assert len(scripted.asked("DELETE /sessions")) == 1
    assert scripted.cookies == set()
    with pytest.raises(O2GUnreachable):
        ask(o2g)


@pytest.mark.parametrize("status", [403, 500])
def test_A14_a_session_that_is_closed_already_is_closed(scripted: ScriptedO2G, o2g: O2G, status: int) -> None:
    ask(o2g)
    scripted.on("DELETE /sessions", Reply(status))
    with capture_logs() as logs:
        o2g.close()
    assert [line["event"] for line in logs] == ["o2g.closed"]
    assert not o2g.state().connected


def test_closing_while_logging_in_leaves_no_session_behind(scripted: ScriptedO2G, o2g: O2G) -> None:
    scripted.on("GET /api/rest", replace(scripted_root(scripted), delay=0.3))
    with pytest.raises(O2GTimeout):
        ask(o2g, seconds=0.05)
    o2g.close()
    assert len(scripted.asked("POST /sessions")) == len(scripted.asked("DELETE /sessions")) == 1
    assert scripted.cookies == set()


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_no_secret_is_logged(
    scripted: ScriptedO2G, everything_logged: pytest.LogCaptureFixture, o2g: O2G, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as lines:
        ask(o2g)
        scripted.lose_sessions()
        scripted.on("GET /eventSummary", Reply(403, INVALID_SESSION | {"innerMessage": "no session session-1"}))
        with pytest.raises(SessionLost) as caught:
            ask(o2g)
        o2g.close()
    out = capsys.readouterr()
    written = everything_logged.text + out.out + out.err + str(lines) + str(caught.value) + repr(o2g.state())
    assert "o2g.session_lost" in written
    for secret in (PASSWORD, "Basic ", "session-1", "session-2", "oxe1000"):
        assert secret not in written


def scripted_root(scripted: ScriptedO2G) -> Reply:
    return Reply(json=descriptor(scripted.url))
