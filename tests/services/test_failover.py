"""Two addresses of O2G: the other is used while the first fails, the first again as soon as it answers."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import trustme
from structlog.testing import capture_logs

from services import addressed
from services.deadline import Deadline
from services.directory import NameQuery
from services.endpoint import Access
from services.errors import O2GNotReady, O2GUnreachable, WrongCredentials
from services.o2g import O2G, O2GEndpoint
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.services.scripted import INVALID_SESSION, LOGIN, NOT_ALLOWED, PASSWORD, Reply, ScriptedO2G, descriptor

Until = Callable[[Callable[[], object]], None]
SUMMARY, CALL = "GET /eventSummary", "POST /telephony/calls"
NOT_READY = Reply(503, {"code": 1000, "type": "NOT_READY", "canRetry": True})


def prepared(server: ScriptedO2G, missed: int) -> ScriptedO2G:
    server.guarded = True
    server.on(SUMMARY, Reply(json={"missedCallsNb": missed}))
    server.on(CALL, Reply(201, headers={"Location": f"x/{missed}"}))
    return server


@pytest.fixture
def first(scripted: ScriptedO2G) -> ScriptedO2G:
    return prepared(scripted, 1)


@pytest.fixture
def other(authority: trustme.CA) -> Iterator[ScriptedO2G]:
    with ScriptedO2G(authority) as server:
        yield prepared(server, 2)


@pytest.fixture
def endpoint(first: ScriptedO2G, other: ScriptedO2G, ca: Path) -> O2GEndpoint:
    return O2GEndpoint(first.url, LOGIN, PASSWORD, ca=ca, other_url=other.url)


def ask(o2g: O2G, seconds: float = 2.5) -> int | None:
    """Give the number of the O2G that answered."""
    return o2g.event_summary.of("oxe1000", Deadline.after(seconds)).missed_calls


def answering(o2g: O2G) -> int | None:
    try:
        return ask(o2g)
    except O2GUnreachable:
        return None


def call(o2g: O2G, deadline: Deadline) -> str | None:
    return o2g.telephony.make_call("oxe1000", "1000", "1001", deadline)


def test_while_the_first_answers_the_other_is_left_alone(first: ScriptedO2G, other: ScriptedO2G, o2g: O2G) -> None:
    assert [ask(o2g) for _ in range(5)] == [1] * 5
    assert other.seen == []
    assert not o2g.state().other_address


def test_the_first_is_gone_and_no_screen_notices(first: ScriptedO2G, other: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    first.stop()
    with capture_logs() as logs:
        assert [ask(o2g) for _ in range(5)] == [2] * 5
    assert o2g.state().other_address
    assert o2g.state().connected
    assert [line["event"] for line in logs].count("o2g.other_address") == 1
    assert o2g.state().healed["other_address"] == 1
    assert len(other.asked("POST /sessions")) == 1


def test_the_first_is_gone_before_the_start(
    first: ScriptedO2G, other: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    first.stop()
    o2g.connect(deadline)
    assert ask(o2g) == 2


def test_the_first_is_used_again_when_it_is_back_and_the_others_sessions_are_closed(
    first: ScriptedO2G,
    other: ScriptedO2G,
    authority: trustme.CA,
    o2g: O2G,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addressed, "LEFT_SECONDS", 0.1)
    ask(o2g)
    first.stop()
    until(lambda: ask(o2g) == 2)
    until(lambda: ask(o2g) == 2 and o2g.state().other_address)
    ask(o2g)
    with ScriptedO2G(authority, port=first.port) as back, capture_logs() as logs:
        prepared(back, 1)
        until(lambda: answering(o2g) == 1)
        until(lambda: other.cookies == set())
        assert [ask(o2g) for _ in range(3)] == [1] * 3
        assert len(back.asked("POST /sessions")) == 1
        assert not o2g.state().other_address
    events = [line["event"] for line in logs]
    assert events.count("o2g.first_address") == 1
    assert events.count("o2g.reachable_again") == 1


def test_it_fails_over_as_often_as_need_be(
    first: ScriptedO2G, other: ScriptedO2G, authority: trustme.CA, o2g: O2G, until: Until
) -> None:
    ask(o2g)
    first.stop()
    for _ in range(2):
        until(lambda: answering(o2g) == 2)
        until(lambda: not o2g._session._addresses.all()[0].line.up or answering(o2g) != 2)
        with ScriptedO2G(authority, port=first.port) as back:
            prepared(back, 1)
            until(lambda: answering(o2g) == 1)
    assert ask(o2g) == 2
    assert o2g.state().healed["other_address"] == 3


def test_a_write_that_nobody_took_goes_to_the_other_once(
    first: ScriptedO2G, other: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    ask(o2g)
    first.stop()
    assert call(o2g, deadline) == "2"
    assert len(other.asked(CALL)) == 1


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(201, delay=30), Reply(504), Reply(503)])
def test_a_write_that_may_have_been_done_is_never_sent_to_the_other(
    first: ScriptedO2G, other: ScriptedO2G, o2g: O2G, reply: Reply
) -> None:
    ask(o2g)
    first.on(CALL, reply)
    with pytest.raises((O2GUnreachable, O2GNotReady)):
        call(o2g, Deadline.after(0.5))
    assert len(first.asked(CALL)) == 1
    assert other.asked(CALL) == []


def test_a_first_that_is_not_ready_is_passed_over_also_by_writes(
    first: ScriptedO2G, other: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    ask(o2g)
    first.on(SUMMARY, NOT_READY)
    first.on(CALL, NOT_READY)
    first.on("GET /api/rest", NOT_READY)
    assert call(o2g, deadline) == "2"
    assert [ask(o2g) for _ in range(5)] == [2] * 5
    assert len(first.asked(CALL)) == len(other.asked(CALL)) == 1


def test_a_first_that_hangs_costs_two_screens_their_time(first: ScriptedO2G, other: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    first.on(SUMMARY, Reply(json={}, delay=30))
    first.on("GET /api/rest", Reply(delay=30))
    for _ in range(2):
        with pytest.raises(O2GUnreachable):
            ask(o2g, seconds=1.2)
    assert [ask(o2g, seconds=1.2) for _ in range(5)] == [2] * 5
    assert len(first.asked(SUMMARY)) == 3


def test_a_first_that_answers_but_logs_nobody_in_is_not_used_again(
    first: ScriptedO2G, other: ScriptedO2G, authority: trustme.CA, o2g: O2G, until: Until
) -> None:
    ask(o2g)
    first.stop()
    until(lambda: answering(o2g) == 2 and not o2g._session._addresses.all()[0].line.up)
    with ScriptedO2G(authority, port=first.port) as standby:
        prepared(standby, 1)
        standby.on("GET /api/rest/authenticate", NOT_READY)
        until(lambda: len(standby.asked("GET /api/rest/authenticate")) >= 2)
        assert [ask(o2g) for _ in range(3)] == [2] * 3
        assert standby.asked(SUMMARY) == []
        standby.on("GET /api/rest/authenticate", standby.authenticated())
        until(lambda: answering(o2g) == 1)


def test_both_gone_fail_at_once_and_the_one_that_is_back_is_used(
    first: ScriptedO2G, other: ScriptedO2G, authority: trustme.CA, o2g: O2G, until: Until
) -> None:
    ask(o2g)
    first.stop()
    other.stop()
    until(lambda: answering(o2g) is None and not o2g.state().connected)
    with ScriptedO2G(authority, port=other.port) as back:
        prepared(back, 2)
        until(lambda: answering(o2g) == 2)


def test_a_first_that_is_no_O2G_any_more(first: ScriptedO2G, other: ScriptedO2G, o2g: O2G) -> None:
    page = Reply(body=b"<html>Maintenance</html>")
    first.on("GET /api/rest", page)
    assert [ask(o2g) for _ in range(3)] == [2] * 3
    assert o2g.state().connected


def test_wrong_credentials_are_not_tried_at_the_other(
    first: ScriptedO2G, other: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    o2g = O2G(replace(endpoint, password="Wrong-Secret-9"))
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            ask(o2g)
    assert len(first.asked("GET /api/rest/authenticate")) == 1
    assert other.seen == []
    o2g.close()


def test_credentials_that_only_the_first_refuses_any_more(first: ScriptedO2G, other: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    first.on("GET /api/rest/authenticate", Reply(401, NOT_ALLOWED))
    first.lose_sessions()
    assert [ask(o2g) for _ in range(3)] == [2] * 3
    assert len(first.asked("GET /api/rest/authenticate")) == 2


def test_the_other_may_be_reached_from_the_other_side(
    first: ScriptedO2G, other: ScriptedO2G, endpoint: O2GEndpoint
) -> None:
    """The private address first, the public one of the same O2G after it: each names the addresses of its side."""
    doors = descriptor(other.url)
    doors["versions"][0]["internalUrl"] = "https://127.0.0.1:1/api/rest/authenticate"
    other.on("GET /api/rest", Reply(json=doors))
    first.stop()
    o2g = O2G(replace(endpoint, other_access=Access.PUBLIC))
    assert ask(o2g) == 2
    o2g.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[RunningO2G, RunningO2G]]:
    """Two hosts that know the same people, with certificates of one authority."""
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    files = (tmp_path / "chain.pem", tmp_path / "key.pem", tmp_path / "ca.pem")
    leaf.cert_chain_pems[0].write_to_path(files[0])
    leaf.private_key_pem.write_to_path(files[1])
    authority.cert_pem.write_to_path(files[2])
    with ExitStack() as stack:
        first, other = (stack.enter_context(simulated_o2g(users=200, seed=1, certificate=files)) for _ in range(2))
        yield first, other


def told(o2g: RunningO2G, what: str) -> object:
    return httpx.get(f"{o2g.control}/{what}").raise_for_status().json()[what]


@pytest.mark.parametrize("per_user", [False, True])
def test_a_search_goes_on_at_the_other_and_nothing_is_left_behind(
    pair: tuple[RunningO2G, RunningO2G], deadline: Deadline, until: Until, per_user: bool
) -> None:
    first, other = pair
    plain = O2GEndpoint(first.url, first.login, first.password, ca=first.ca, other_url=other.url)
    o2g = O2G(replace(plain, sessions=replace(plain.sessions, per_user=per_user)))
    httpx.put(f"{first.control}/faults", json={"search_stuck": True}).raise_for_status()
    search = o2g.directory.search("oxe70000", NameQuery("Mü"), deadline)
    assert told(first, "searches") == 1
    first.process.kill()
    first.process.wait(10)
    o2g.event_summary.of("oxe70001", deadline)
    done = search.wait(1_000, deadline)
    assert done.failed is None
    assert "70000" in {person.number for person in done.people}
    assert search.ended(deadline)
    assert told(other, "searches") == 0
    calls = httpx.get(f"{other.control}/requests").json()["requests"]
    assert sum(r["method"] == "POST" and r["path"].endswith("/directory/search") for r in calls) == 1
    o2g.close()
    assert told(other, "sessions") == []


def test_a_lost_session_of_which_two_make_sure_at_once_is_opened_once(first: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g)
    lost = Reply(403, INVALID_SESSION)
    first.on("POST /sessions/keepalive", lost, replace(lost, delay=0.5))
    keeper = o2g._session._addresses.all()[0].keepers.main
    with ThreadPoolExecutor(2) as together:
        list(together.map(lambda _: keeper.make_sure(Deadline.after(10)), range(2)))
    assert len(first.asked("POST /sessions")) == 2
    assert o2g.state().healed["logged_in_again"] == 1


def test_who_makes_sure_of_a_session_waits_for_the_login_that_is_under_way(first: ScriptedO2G, o2g: O2G) -> None:
    first.on("GET /api/rest", replace(Reply(json=descriptor(first.url)), delay=0.5))
    keeper = o2g._session._addresses.all()[0].keepers.main
    with ThreadPoolExecutor(3) as together:
        list(together.map(lambda _: keeper.make_sure(Deadline.after(10)), range(3)))
    assert len(first.asked("POST /sessions")) == 1


def test_after_the_end_no_session_is_opened_any_more(first: ScriptedO2G, o2g: O2G) -> None:
    keeper = o2g._session._addresses.all()[0].keepers.main
    o2g.close()
    with pytest.raises(O2GUnreachable):
        keeper.make_sure(Deadline.after(10))
    assert first.asked("POST /sessions") == []
