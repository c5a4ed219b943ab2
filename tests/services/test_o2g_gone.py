"""O2G that does not answer, restarts, moves or changes its certificate: nobody waits for it in vain, all heals."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import trustme
from structlog.testing import capture_logs

from services import addressed, breaker, line
from services.deadline import Deadline
from services.errors import O2GBusy, O2GTimeout, O2GUnreachable
from services.o2g import O2G, O2GEndpoint
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.services.scripted import LOGIN, PASSWORD, Reply, ScriptedO2G, descriptor

Until = Callable[[Callable[[], object]], None]
SCREEN = 1.2  # seconds; enough for a silence to say something of O2G


def ask(o2g: O2G, seconds: float = SCREEN) -> None:
    o2g.event_summary.of("oxe1000", Deadline.after(seconds))


def answers(o2g: O2G) -> bool:
    try:
        ask(o2g)
    except O2GUnreachable:
        return False
    return True


def took(work: Callable[[], object]) -> float:
    began = time.monotonic()
    with pytest.raises(O2GUnreachable):
        work()
    return time.monotonic() - began


def call(o2g: O2G, deadline: Deadline) -> str | None:
    return o2g.telephony.make_call("oxe1000", "1000", "1001", deadline)


@pytest.fixture(autouse=True)
def summary(scripted: ScriptedO2G) -> None:
    scripted.on("GET /eventSummary", Reply(json={"missedCallsNb": 3}))


def test_O2G_that_hangs_costs_two_screens_their_time_and_the_next_ones_nothing(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(json={}, delay=30))
    scripted.on("GET /api/rest", Reply(delay=30))
    for _ in range(2):
        assert took(lambda: ask(o2g)) >= SCREEN * 0.9
    assert not o2g.state().connected
    for _ in range(20):
        assert took(lambda: ask(o2g)) < SCREEN / 2
    assert len(scripted.asked("GET /eventSummary")) == 2


def test_after_it_hung_the_first_request_works_again(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", *[Reply(delay=30)] * 2, Reply(json={"missedCallsNb": 3}))
    for _ in range(2):
        took(lambda: ask(o2g))
    until(lambda: o2g.state().connected)
    ask(o2g)
    assert len(scripted.asked("POST /sessions")) == 1
    assert o2g.state().healed["reachable_again"] == 1


@pytest.fixture
def probed_for_requests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by the clock whether O2G is back; a request waits for its probe, however busy the machine is."""
    monkeypatch.setattr(breaker, "PROBE_SECONDS", 3600)
    monkeypatch.setattr(breaker, "PATIENCE_SECONDS", 10)
    monkeypatch.setattr(addressed, "PATIENCE_SECONDS", 10)


@pytest.mark.usefixtures("probed_for_requests_only")
def test_the_first_request_after_O2G_is_back_works(
    authority: trustme.CA, scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the last look whether it is back was just before."""
    monkeypatch.setattr(breaker, "FIRST_PROBE_SECONDS", 3600)
    o2g.connect(deadline)
    scripted.stop()
    for _ in range(3):
        took(lambda: ask(o2g))
    with ScriptedO2G(authority, port=scripted.port) as back:
        back.on("GET /eventSummary", Reply(json={"missedCallsNb": 3}))
        o2g.event_summary.of("oxe1000", deadline)


@pytest.mark.usefixtures("probed_for_requests_only")
def test_the_first_request_after_O2G_hung_works_although_what_looked_for_it_still_hangs(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PROBE_LIMIT_SECONDS", 30)
    o2g.connect(deadline)
    before = len(scripted.asked("GET /api/rest"))
    scripted.on("GET /eventSummary", *[Reply(delay=30)] * 2, Reply(json={"missedCallsNb": 3}))
    scripted.on("GET /api/rest", Reply(delay=30))
    for _ in range(2):
        took(lambda: ask(o2g))
    until(lambda: len(scripted.asked("GET /api/rest")) > before)
    scripted.on("GET /api/rest", Reply(json=descriptor(scripted.url)))
    o2g.event_summary.of("oxe1000", deadline)


def test_a_login_that_hung_does_not_keep_the_first_request_after_O2G_is_back(
    scripted: ScriptedO2G, o2g: O2G, until: Until
) -> None:
    scripted.on("GET /api/rest", Reply(delay=30))
    for _ in range(2):
        took(lambda: ask(o2g))
    scripted.on("GET /api/rest", Reply(json=descriptor(scripted.url)))
    until(lambda: o2g.state().last_error is None)
    ask(o2g, seconds=8)  # the login that hangs would end after ten


def test_O2G_that_hangs_from_the_start(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.on("GET /api/rest", Reply(delay=30))
    for _ in range(2):
        took(lambda: ask(o2g))
    assert took(lambda: ask(o2g)) < SCREEN / 2


def test_one_request_that_hangs_harms_no_other(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users/oxe1000/preferences", Reply(delay=30))
    ask(o2g)
    for _ in range(3):
        with pytest.raises(O2GTimeout):
            o2g.users.language("oxe1000", Deadline.after(SCREEN))
        ask(o2g)
    assert o2g.state().connected


def test_a_little_time_left_says_nothing_of_O2G(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(json={}, delay=0.5))
    for _ in range(5):
        with pytest.raises(O2GTimeout):
            ask(o2g, seconds=0.1)
    assert o2g.state().connected


def test_a_host_that_takes_connections_up_and_says_nothing(endpoint: O2GEndpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        o2g = O2G(replace(endpoint, url=f"https://127.0.0.1:{silent.getsockname()[1]}"))
        for _ in range(2):
            took(lambda: ask(o2g, seconds=4))
        assert took(lambda: ask(o2g, seconds=4)) < 1
        o2g.close()


def test_a_gateway_without_O2G_behind_it(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until) -> None:
    o2g.connect(deadline)
    page = Reply(502, body=b"<html>Bad Gateway</html>")
    scripted.on("GET /eventSummary", page)
    scripted.on("GET /api/rest", page)
    for _ in range(10):
        took(lambda: ask(o2g))
    assert len(scripted.asked("GET /eventSummary")) == 2
    scripted.on("GET /api/rest", Reply(json={}))
    scripted.on("GET /eventSummary", Reply(json={}))
    until(lambda: answers(o2g))


def test_a_write_that_was_not_sent_says_so(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.stop()
    screen = Deadline.after(5)
    with pytest.raises(O2GUnreachable) as caught:
        call(o2g, screen)
    assert caught.value.nothing_sent
    assert not screen.wrote


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(201, delay=30), Reply(504)])
def test_a_write_that_may_have_been_done_says_so(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, reply: Reply
) -> None:
    o2g.connect(deadline)
    scripted.on("POST /telephony/calls", reply)
    screen = Deadline.after(0.5)
    with pytest.raises(O2GUnreachable) as caught:
        call(o2g, screen.at_most(5))
    assert not caught.value.nothing_sent
    assert screen.wrote
    assert len(scripted.asked("POST /telephony/calls")) == 1


def test_a_read_after_a_write_does_not_hide_the_write(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("POST /telephony/calls", Reply(201, headers={"Location": "x/49bf"}))
    call(o2g, deadline)
    scripted.stop()
    with pytest.raises(O2GUnreachable) as caught:
        o2g.event_summary.of("oxe1000", deadline)
    assert caught.value.nothing_sent
    assert deadline.wrote


def test_a_write_that_O2G_refuses_was_not_done(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /telephony/calls", Reply(400, {"code": 1006}))
    with pytest.raises(Exception, match="1006"):
        call(o2g, deadline)
    assert not deadline.wrote


def test_a_write_that_times_out_while_logging_in_was_not_sent(scripted: ScriptedO2G, o2g: O2G) -> None:
    scripted.on("GET /api/rest", Reply(delay=30))
    screen = Deadline.after(0.2)
    with pytest.raises(O2GTimeout) as caught:
        call(o2g, screen)
    assert caught.value.nothing_sent
    assert not screen.wrote


def test_only_so_many_requests_at_once_and_the_others_in_turn(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline
) -> None:
    o2g = O2G(replace(endpoint, at_once=2))
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(json={}, delay=0.1))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ask(o2g, seconds=10), range(10)))
    assert scripted.most_at_once == 2
    o2g.close()


def test_who_gets_no_turn_is_told_that_O2G_is_busy(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline, until: Until
) -> None:
    o2g = O2G(replace(endpoint, at_once=1))
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(json={}, delay=1))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, o2g, 10)
        until(lambda: scripted.asked("GET /eventSummary"))
        with pytest.raises(O2GBusy) as caught:
            call(o2g, Deadline.after(0.3))
        assert caught.value.nothing_sent
        first.result()
    assert o2g.state().connected
    o2g.close()


@pytest.fixture(scope="module")
def restarting() -> Iterator[RunningO2G]:
    with simulated_o2g(users=100, seed=1) as running:
        yield running


@pytest.fixture
def simulated(restarting: RunningO2G, deadline: Deadline) -> Iterator[O2G]:
    door = O2G(O2GEndpoint(restarting.url, restarting.login, restarting.password, ca=restarting.ca))
    door.connect(deadline)
    yield door
    door.close()


def see(o2g: O2G) -> bool:
    try:
        o2g.event_summary.of("oxe70000", Deadline.after(2.5))
    except O2GUnreachable:
        return False
    return True


@pytest.mark.parametrize("how", ["restart", "switch-over"])
def test_O2G_that_restarts_is_used_again_by_itself(
    restarting: RunningO2G, simulated: O2G, how: str, until: Until
) -> None:
    """Sessions are gone; a switch-over is the same to us: another host at the same virtual address (L156)."""
    assert see(simulated)
    with capture_logs() as logs:
        httpx.post(f"{restarting.control}/{how}", json={"down_seconds": 30}).raise_for_status()
        for _ in range(4):
            assert took(lambda: simulated.event_summary.of("oxe70000", Deadline.after(2.5))) < 1.5
        httpx.post(f"{restarting.control}/clock", json={"seconds": 31}).raise_for_status()
        until(lambda: see(simulated))
    events = [line["event"] for line in logs]
    for healing in ("o2g.reachable_again", "o2g.logged_in_again"):
        assert events.count(healing) == 1
    assert events.count("o2g.unreachable") == 1
    assert simulated.state().healed["logged_in_again"] == 1
    assert simulated.state().connected


def test_kept_connections_to_a_host_that_is_no_more_are_not_used_again(
    authority: trustme.CA, ca: Path, deadline: Deadline, until: Until
) -> None:
    """A virtual address that moves: what hung was the old host; new connections lead to the new one."""
    with ScriptedO2G(authority) as old:
        old.on("GET /eventSummary", Reply(json={}))
        o2g = O2G(O2GEndpoint(old.url, LOGIN, PASSWORD, ca=ca))
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: ask(o2g), range(6)))
        port = old.port
        old.on("GET /eventSummary", Reply(delay=60))  # the old host's connections lead nowhere
        old.stop_listening()
        with ScriptedO2G(authority, port=port) as new:
            new.guarded = True
            new.on("GET /eventSummary", Reply(json={"missedCallsNb": 5}))
            for _ in range(2):
                took(lambda: ask(o2g))
            until(lambda: answers(o2g))
            hung = len(old.asked("GET /eventSummary"))
            for _ in range(10):
                ask(o2g)
            assert len(old.asked("GET /eventSummary")) == hung
        o2g.close()


def test_another_certificate_of_the_same_authority_is_no_event(
    authority: trustme.CA, ca: Path, deadline: Deadline, until: Until
) -> None:
    with ScriptedO2G(authority) as before:
        before.on("GET /eventSummary", Reply(json={}))
        o2g = O2G(O2GEndpoint(before.url, LOGIN, PASSWORD, ca=ca))
        ask(o2g)
        port = before.port
    with ScriptedO2G(authority, port=port) as after:  # issues itself a new one
        after.guarded = True
        after.on("GET /eventSummary", Reply(json={}))
        until(lambda: answers(o2g))
        assert after.asked("GET /eventSummary")
    o2g.close()


def test_a_certificate_of_a_stranger_is_refused_until_the_right_one_is_back(
    authority: trustme.CA, ca: Path, deadline: Deadline, until: Until
) -> None:
    with ScriptedO2G(authority) as before:
        before.on("GET /eventSummary", Reply(json={}))
        o2g = O2G(O2GEndpoint(before.url, LOGIN, PASSWORD, ca=ca))
        ask(o2g)
        port = before.port
    with ScriptedO2G(trustme.CA(), port=port) as stranger:
        for _ in range(3):
            with pytest.raises(O2GUnreachable):
                ask(o2g)
        assert "certificate" in (o2g.state().last_error or "")
        assert stranger.seen == []
    with ScriptedO2G(authority, port=port) as again:
        again.on("GET /eventSummary", Reply(json={}))
        until(lambda: answers(o2g))
    o2g.close()


def test_a_clock_that_jumps_ends_no_session_and_delays_nothing(
    scripted: ScriptedO2G, o2g: O2G, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(o2g)
    real = time.time
    for jump in (86_400 * 400, -86_400 * 400):
        monkeypatch.setattr(time, "time", lambda jump=jump: real() + jump)
        ask(o2g)
    scripted.guarded = True
    scripted.lose_sessions()
    with capture_logs() as logs:
        ask(o2g)
    assert [line["open_seconds"] < 60 for line in logs if line["event"] == "o2g.session_lost"] == [True]
    assert len(scripted.asked("POST /sessions")) == 2
