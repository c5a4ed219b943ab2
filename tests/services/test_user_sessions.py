"""A session for each user, which the administrator opens: whose it is, how long it lives, whose licence it frees."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import redis
from structlog.testing import capture_logs

from services import keepers, neighbours
from services.board import Board
from services.deadline import Deadline
from services.directory import NameQuery
from services.endpoint import O2GEndpoint, SessionRules
from services.errors import NoLicence, NotAllowed, NotFound, O2GBusy, O2GTimeout
from services.o2g import O2G
from services.own_set import OwnSet
from simulators.o2g.process import RunningO2G, simulated_o2g
from store.shared import InProcess, InRedis
from tests.servers import redis_server
from tests.services.scripted import INVALID_SESSION, Reply, ScriptedO2G, descriptor

Until = Callable[[Callable[[], object]], None]
SUMMARY = "GET /eventSummary"
PER_USER = SessionRules(per_user=True)


@pytest.fixture(autouse=True)
def summary(scripted: ScriptedO2G) -> None:
    scripted.guarded = True
    scripted.on(SUMMARY, Reply(json={"missedCallsNb": 3}))


@pytest.fixture
def endpoint(endpoint: O2GEndpoint) -> O2GEndpoint:
    return replace(endpoint, sessions=PER_USER)


def ask(o2g: O2G, number: int = 1000, seconds: float = 10) -> None:
    o2g.event_summary.of(f"oxe{number}", Deadline.after(seconds))


def supervised(scripted: ScriptedO2G) -> list[str | None]:
    """For whom sessions were opened, in order; None: for the administrator."""
    return [seen.body.get("supervisedAccount", {}).get("id") for seen in scripted.asked("POST /sessions")]


def test_L30_each_user_gets_a_session_of_their_own(scripted: ScriptedO2G, o2g: O2G) -> None:
    for number in (1000, 1001, 1000):
        ask(o2g, number)
    assert [seen.body for seen in scripted.asked("POST /sessions")] == [
        {"applicationName": "Touchline", "supervisedAccount": {"id": f"oxe{number}", "type": "LOGIN_NAME"}}
        for number in (1000, 1001)
    ]
    cookies = [seen.headers["Cookie"] for seen in scripted.asked(SUMMARY)]
    assert cookies[0] == cookies[2] != cookies[1]
    assert o2g.state().sessions == 2


def test_L24_each_session_has_a_credential_of_its_own(scripted: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g, 1000)
    ask(o2g, 1001)
    assert len({seen.headers["Cookie"] for seen in scripted.asked("POST /sessions")}) == 2


def test_what_costs_no_licence_opens_no_users_session(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    record = {"loginName": "oxe1000", "companyPhone": "1000", "devices": []}
    scripted.on("GET /users", Reply(json=record))
    scripted.on("GET /users/oxe1000/preferences", Reply(json={"guiLanguage": "fr"}))
    o2g.users.by_number("1000", deadline)
    o2g.users.language("oxe1000", deadline)
    assert supervised(scripted) == [None]


def test_operations_that_name_a_set_and_no_user_are_done_by_the_user(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    """O2G itself then refuses a set that is another's (L113)."""
    for what in ("answer", "hold", "retrieve"):
        scripted.on(f"POST /telephony/calls/49bf/{what}", Reply(204))
        getattr(o2g.call_control, what)("49bf", OwnSet("oxe1000", "1000"), deadline)
    scripted.on("POST /telephony/devices/1000/pickup", Reply(204))
    o2g.call_control.pick_up(OwnSet("oxe1000", "1000"), deadline)
    assert supervised(scripted) == ["oxe1000"]


def test_requests_of_one_user_at_once_share_one_login(scripted: ScriptedO2G, o2g: O2G) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: ask(o2g), range(24)))
    assert supervised(scripted) == ["oxe1000"]


def test_a_lost_session_of_one_user_is_opened_again_for_that_user_only(scripted: ScriptedO2G, o2g: O2G) -> None:
    ask(o2g, 1000)
    ask(o2g, 1001)
    scripted.on(SUMMARY, Reply(403, INVALID_SESSION), Reply(json={}))
    ask(o2g, 1000)
    ask(o2g, 1001)
    assert supervised(scripted) == ["oxe1000", "oxe1001", "oxe1000"]
    assert o2g.state().healed["logged_in_again"] == 1


def test_an_idle_session_is_closed(scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, idle_seconds=0.3)))
    for number in range(1000, 1005):
        ask(o2g, number)
    until(lambda: scripted.cookies == set())
    assert o2g.state().sessions == 0
    ask(o2g, 1000)
    assert supervised(scripted).count("oxe1000") == 2
    o2g.close()


def test_a_session_in_use_is_not_closed_for_being_idle(scripted: ScriptedO2G, endpoint: O2GEndpoint) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, idle_seconds=0.2)))
    scripted.on(SUMMARY, Reply(json={}, delay=1))
    ask(o2g)
    operations = [seen.operation for seen in scripted.seen]
    assert "DELETE /sessions" not in operations[: operations.index(SUMMARY) + 1]
    assert supervised(scripted) == ["oxe1000"]
    o2g.close()


def test_a_session_that_is_opened_after_all_have_gone_is_closed(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "CLOSE_SECONDS", 0.05)
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, idle_seconds=0.1)))
    scripted.on("GET /api/rest", Reply(json=descriptor(scripted.url), delay=1))
    with pytest.raises(O2GTimeout):
        ask(o2g, seconds=0.05)
    until(lambda: scripted.asked("DELETE /sessions"))
    assert supervised(scripted) == ["oxe1000"]
    assert scripted.cookies == set()
    o2g.close()


def test_never_more_sessions_than_are_wanted(scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, most=3)))
    for number in range(1000, 1004):
        ask(o2g, number)
    until(lambda: len(scripted.cookies) == 3)
    ask(o2g, 1001)  # still open: the one of 1000 was the least recently used
    assert supervised(scripted).count("oxe1001") == 1
    ask(o2g, 1000)
    assert supervised(scripted).count("oxe1000") == 2
    o2g.close()
    assert scripted.cookies == set()


def test_all_of_them_in_use_is_busy(scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, most=1)))
    scripted.on(SUMMARY, Reply(json={}, delay=0.5))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, o2g, 1000)
        until(lambda: scripted.asked(SUMMARY))
        with pytest.raises(O2GBusy):
            ask(o2g, 1001)
        first.result()
    ask(o2g, 1001)
    o2g.close()


def test_sessions_are_kept_alive_by_one_thread(scripted: ScriptedO2G, o2g: O2G, until: Until) -> None:
    scripted.ttl = 1
    for number in range(1000, 1020):
        ask(o2g, number)
    until(lambda: len({s.headers["Cookie"] for s in scripted.asked("POST /sessions/keepalive")}) == 20)
    assert len(supervised(scripted)) == 20
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("o2g-")]
    assert "o2g-keep-alive" not in names
    assert len([name for name in names if name == "o2g-login"]) == 0


def test_closing_closes_them_all(scripted: ScriptedO2G, o2g: O2G) -> None:
    for number in range(1000, 1040):
        ask(o2g, number)
    assert len(scripted.cookies) == 40
    o2g.close()
    assert scripted.cookies == set()


def test_many_sessions_at_a_slow_O2G_are_all_closed(scripted: ScriptedO2G, o2g: O2G) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: ask(o2g, number), range(1000, 1100)))
    scripted.on("DELETE /sessions", Reply(204, delay=0.5))
    with capture_logs() as logs:
        o2g.close()
    assert len({seen.headers["Cookie"] for seen in scripted.asked("DELETE /sessions")}) == 100
    assert [line for line in logs if line["log_level"] == "warning"] == []


def test_sessions_that_O2G_does_not_close_are_told_of_in_one_line(scripted: ScriptedO2G, o2g: O2G) -> None:
    for number in range(1000, 1010):
        ask(o2g, number)
    scripted.on("DELETE /sessions", Reply(502, body=b"<html>Bad Gateway</html>"))
    with capture_logs() as logs:
        o2g.close()
    told = [line for line in logs if line["log_level"] == "warning" and "left_open" in line["event"]]
    assert [(line["event"], line["sessions"]) for line in told] == [("o2g.sessions_left_open", 10)]


def test_idle_sessions_that_O2G_is_slow_to_close_keep_no_other_from_being_kept_alive(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "CLOSE_SECONDS", 60.0)
    scripted.ttl = 2
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, idle_seconds=0.5)))
    o2g.connect(Deadline.after(10))
    for number in range(1000, 1006):
        ask(o2g, number)
    with scripted.holding("DELETE /sessions"):
        until(lambda: scripted.asked("DELETE /sessions"))
        before = len(scripted.asked("POST /sessions/keepalive"))
        until(lambda: len(scripted.asked("POST /sessions/keepalive")) > before)
        assert len(scripted.asked("DELETE /sessions")) < 6
    o2g.close()
    assert len(scripted.asked("DELETE /sessions")) == 7


def test_newcomers_begin_no_thread_each_while_O2G_hangs_in_closing_sessions(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "CLOSE_SECONDS", 60.0)

    def closing() -> int:
        return len([thread for thread in threading.enumerate() if thread.name == "o2g-close-idle"])

    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, most=2)))
    with scripted.holding("DELETE /sessions"):
        for number in range(1000, 1012):
            ask(o2g, number)
        assert closing() <= keepers.IDLE_AT_ONCE
        until(lambda: scripted.asked("DELETE /sessions"))
    until(lambda: closing() == 0)
    o2g.close()
    assert len({seen.headers["Cookie"] for seen in scripted.asked("DELETE /sessions")}) == 12
    assert scripted.cookies == set()


def test_closing_while_a_thread_that_closes_is_about_to_start_closes_all(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, most=2)))
    for number in (1000, 1001):
        ask(o2g, number)
    about, go, start = threading.Event(), threading.Event(), threading.Thread.start

    def late(thread: threading.Thread) -> None:
        if thread.name == "o2g-close-idle":
            about.set()
            go.wait(1)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", late)
    with ThreadPoolExecutor(2) as pool:
        newcomer = pool.submit(ask, o2g, 1002)
        assert about.wait(10)
        closed = pool.submit(o2g.close)
        assert closed.exception(20) is None
        go.set()
        newcomer.exception(20)  # it may come too late
    assert scripted.cookies == set()


def test_a_user_is_served_where_the_system_gives_no_thread_to_close_anothers_session(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    o2g = O2G(replace(endpoint, sessions=replace(PER_USER, most=2)))
    start = threading.Thread.start

    def none(thread: threading.Thread) -> None:
        if thread.name == "o2g-close-idle":
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as threadless:
        threadless.setattr(threading.Thread, "start", none)
        for number in range(1000, 1004):
            ask(o2g, number)
    o2g.close()
    assert scripted.cookies == set()


class World:
    """The simulated O2G of a test, with few licences."""

    def __init__(self, running: RunningO2G) -> None:
        self.running = running

    def told(self, what: str) -> Any:
        return httpx.get(f"{self.running.control}/{what}").raise_for_status().json()[what]

    def holders(self) -> list[str]:
        told = httpx.get(f"{self.running.control}/licences").raise_for_status().json()
        holders: list[str] = told["used"].get("ROXE_API_TEL_ADVANCED", [])
        return holders

    def logins(self) -> list[str]:
        return sorted(session["login"] for session in self.told("sessions"))

    @contextmanager
    def door(self, **rules: Any) -> Iterator[O2G]:
        given = self.running
        rule = replace(PER_USER, **rules)
        door = O2G(O2GEndpoint(given.url, given.login, given.password, ca=given.ca, sessions=rule))
        try:
            yield door
        finally:
            door.close()
        self.is_left_clean()

    @contextmanager
    def workers(self, count: int, board: Board | None = None) -> Iterator[list[O2G]]:
        """Several workers of one server, which share a board."""
        given, board = self.running, board or InProcess()
        endpoint = O2GEndpoint(given.url, given.login, given.password, ca=given.ca, sessions=PER_USER)
        doors = [O2G(endpoint, board=board) for _ in range(count)]
        try:
            yield doors
        finally:
            for door in doors:
                door.close()
        self.is_left_clean()

    def is_left_clean(self) -> None:
        assert self.told("sessions") == []
        assert self.told("searches") == 0


@pytest.fixture(scope="module")
def few() -> Iterator[World]:
    with simulated_o2g(users=100, seed=1, options=("--licences", "ROXE_API_TEL_ADVANCED=2")) as running:
        yield World(running)


def test_licences_are_free_when_users_are_idle(few: World, until: Until) -> None:
    with few.door(idle_seconds=0.4) as o2g:
        ask(o2g, 70000)
        ask(o2g, 70001)
        assert few.holders() == ["oxe70000", "oxe70001"]
        until(lambda: few.holders() == [])
        ask(o2g, 70002)


def test_with_few_licences_the_session_unused_for_longest_is_closed_first(
    few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    with few.door() as o2g:
        for number in (70000, 70001, 70000, 70002):
            ask(o2g, number)
        assert few.holders() == ["oxe70000", "oxe70002"]
        assert few.logins() == ["oxe70000", "oxe70002"]
        assert o2g.state().licences_refused == 0


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each worker's thread time to look, on a machine that does other work, too."""
    monkeypatch.setattr(neighbours, "BIDDING_SECONDS", 2.0)
    monkeypatch.setattr(neighbours, "CLOSING_SECONDS", 4.0)


@pytest.mark.usefixtures("roomy")
def test_a_session_that_another_worker_holds_is_closed_for_a_user_who_lacks_a_licence(
    few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    with few.workers(2) as (one, other):
        ask(one, 70000)
        ask(one, 70001)
        ask(other, 70002)
        assert few.holders() == ["oxe70001", "oxe70002"]
        assert other.state().licences_refused == 0


@pytest.mark.redis
@pytest.mark.usefixtures("roomy")
def test_workers_tell_each_other_through_redis(few: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    with redis_server() as url, few.workers(2, InRedis(url)) as (one, other):
        ask(one, 70000)
        ask(one, 70001)
        ask(other, 70002)
        assert few.holders() == ["oxe70001", "oxe70002"]


@pytest.mark.usefixtures("roomy")
def test_of_all_workers_sessions_the_one_unused_for_longest_is_closed_first(
    few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    with few.workers(3) as (one, other, third):
        ask(one, 70000)
        ask(other, 70001)
        ask(one, 70000)  # now it is the other's that is older
        ask(third, 70002)
        assert few.holders() == ["oxe70000", "oxe70002"]
        ask(other, 70003)
        assert few.holders() == ["oxe70002", "oxe70003"]
        ask(third, 70004)  # its own is older than any that others have
        assert few.holders() == ["oxe70003", "oxe70004"]


def test_workers_keep_a_session_that_was_used_just_now(few: World) -> None:
    with few.workers(2) as (one, other):
        ask(one, 70000)
        ask(one, 70001)
        with pytest.raises(NoLicence):
            ask(other, 70002)
        assert few.holders() == ["oxe70000", "oxe70001"]


def test_a_board_that_does_not_answer_leaves_each_worker_to_its_own_sessions(
    few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> int:
        raise redis.ConnectionError

    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    monkeypatch.setattr(InProcess, "count", gone)
    with few.workers(2) as (one, _):
        for number in (70000, 70001, 70002):
            ask(one, number)
        assert few.holders() == ["oxe70001", "oxe70002"]


def test_sessions_of_users_who_were_refused_are_not_closed_in_vain(few: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with few.door() as o2g:
        ask(o2g, 70000)
        ask(o2g, 70001)
        for number in range(70002, 70006):
            with pytest.raises(NoLicence):
                ask(o2g, number)
        monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
        ask(o2g, 70000)
        ask(o2g, 70001)
        ask(o2g, 70006)
        assert few.holders() == ["oxe70001", "oxe70006"]


def test_a_licence_that_O2G_has_none_of_costs_others_their_sessions_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "SPARED_SECONDS", 0.0)
    with simulated_o2g(users=100, seed=1, options=("--licences", "ROXE_API_CONTACTCENTER_AGENT=0")) as running:
        world = World(running)
        with world.door() as o2g:
            for number in range(70000, 70010):
                ask(o2g, number)
            for number in range(70000, 70010):
                with pytest.raises(NoLicence):
                    o2g.agents.config(f"oxe{number}", Deadline.after(10))
            assert len(world.logins()) >= 8
            assert o2g.state().licences_refused == 10


def test_who_gets_no_licence_is_told_so_and_counted(few: World) -> None:
    with few.door() as o2g, capture_logs() as logs:
        ask(o2g, 70000)
        ask(o2g, 70001)
        for _ in range(2):
            with pytest.raises(NoLicence):
                ask(o2g, 70002)
        assert o2g.state().licences_refused == 2
        assert few.holders() == ["oxe70000", "oxe70001"]
        refused = [line for line in logs if line["event"] == "o2g.no_licence"]
        assert [line["operation"] for line in refused] == [SUMMARY] * 2


def test_the_administrators_one_session_frees_no_licence_but_tells_and_counts(few: World) -> None:
    with few.door(per_user=False) as o2g:
        ask(o2g, 70000)
        ask(o2g, 70001)
        with pytest.raises(NoLicence):
            ask(o2g, 70002)
        assert o2g.state().licences_refused == 1
        assert few.logins() == ["touchline"]


def test_a_user_who_is_gone(few: World) -> None:
    with few.door() as o2g, pytest.raises(NotFound):
        ask(o2g, 99999)


def test_an_administrator_who_may_open_no_sessions_for_users() -> None:
    with simulated_o2g(users=50, options=("--plain-admin", "plain:Plain-Admin-1")) as running:
        endpoint = O2GEndpoint(running.url, "plain", "Plain-Admin-1", ca=running.ca, sessions=PER_USER)
        o2g = O2G(endpoint)
        with capture_logs() as logs, pytest.raises(NotAllowed) as caught:
            ask(o2g, 70000)
        assert not isinstance(caught.value, NoLicence)
        assert "o2g.may_not_supervise" in [line["event"] for line in logs]
        o2g.close()


def test_L120_searches_of_many_users_each_in_their_own_session(deadline: Deadline, until: Until) -> None:
    with simulated_o2g(users=200, seed=1) as running:
        world = World(running)
        with world.door() as o2g:

            def find(number: int) -> set[str]:
                search = o2g.directory.search(f"oxe{70000 + number}", NameQuery("Mü", "An"), deadline)
                found = search.wait(1_000, deadline)
                assert found.failed is None
                return {person.number for person in found.people}

            with ThreadPoolExecutor(20) as pool:
                assert all("70000" in found for found in pool.map(find, range(40)))
            until(lambda: world.told("searches") == 0)
            assert o2g.state().sessions == 40


def test_a_mailbox_is_opened_and_read_in_the_users_session(deadline: Deadline) -> None:
    with simulated_o2g(users=100, seed=1) as running:
        world = World(running)
        with world.door() as o2g:
            secret = httpx.get(f"{running.control}/people/70000").json()["secret"]
            box = o2g.voicemail.mailboxes("oxe70000", deadline)[0]
            httpx.put(f"{running.control}/users/70000/mailbox", json={"password": secret}).raise_for_status()
            for _ in range(2):
                o2g.voicemail.opened("oxe70000", box.id, secret, deadline).messages(0, 5, deadline)
            assert world.logins() == ["oxe70000"]
            asked = httpx.get(f"{running.control}/requests").json()["requests"]
            assert sum(r["method"] == "POST" and "/mailboxes/" in r["path"] for r in asked) == 1
