"""Searches in the phone book, as they run at O2G: in portions, within its limits, never left behind."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.deadline import Deadline
from services.directory import Directory, KeypadQuery, NameQuery, SearchProgress
from services.endpoint import O2GEndpoint, SessionRules
from services.errors import (
    BadParameter,
    NotAllowed,
    O2GTimeout,
    O2GUnreachable,
    SearchLimitReached,
    ServerProblem,
    SessionLost,
    UnreadableAnswer,
)
from services.o2g import O2G
from services.session import Session
from tests.services.scripted import INVALID_SESSION, NOT_ALLOWED, Reply, ScriptedO2G

Until = Callable[[Callable[[], object]], None]
POST, DTMF = "POST /directory/search", "POST /directory/searchbydtmf"
GET, DELETE = "GET /directory/search", "DELETE /directory/search"
L = NameQuery("L")
TOO_MANY = {"code": 1004, "type": "NOT_EXPECTED", "innerMessage": "Too many concurrent searches in this session"}


def portion(code: str, *names: str) -> Reply:
    contacts = [{"id": {"phoneNumber": str(10_000 + n)}, "lastName": name} for n, name in enumerate(names)]
    said: dict[str, Any] = {"resultCode": code}
    if contacts:
        said["resultElements"] = [{"contacts": contacts}]
    return Reply(json=said)


@pytest.fixture(autouse=True)
def searching(scripted: ScriptedO2G) -> None:
    scripted.on(POST, Reply(201))
    scripted.on(DTMF, Reply(201, headers={"Location": "http://<server>/api/rest/1.0/directory/search/"}))
    scripted.on(GET, portion("NOK"))
    scripted.on(DELETE, Reply(204))


def names(progress: SearchProgress) -> list[str]:
    return [person.last_name for person in progress.people]


def test_people_come_in_portions_until_the_search_is_finished(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    scripted.on(GET, portion("NOK"), portion("OK", "La", "Le"), portion("NOK"), portion("OK", "Li"), portion("FINISH"))
    search = o2g.directory.search("oxe1000", L, deadline)
    assert names(search.wait(2, deadline))[:2] == ["La", "Le"]
    done = search.wait(100, deadline)
    assert (names(done), done.finished, done.timed_out, done.failed) == (["La", "Le", "Li"], True, False, None)
    until(lambda: scripted.asked(DELETE))
    for operation in (POST, GET, DELETE):
        assert {seen.query["loginName"] for seen in scripted.asked(operation)} == {"oxe1000"}
    assert len(scripted.asked(DELETE)) == 1


def test_A56_a_search_by_keypad(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("OK", "Lee"), portion("FINISH"))
    search = o2g.directory.search("oxe1000", KeypadQuery("533"), deadline)
    assert names(search.wait(100, deadline)) == ["Lee"]
    assert scripted.asked(DTMF)[0].body == {"keyboardType": "ITU", "lastName": "533", "limit": 100}
    assert scripted.asked(POST) == []


def test_the_first_page_is_there_before_the_search_is_over(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("OK", "La", "Le"), portion("NOK"))
    search = o2g.directory.search("oxe1000", L, deadline)
    first = search.wait(2, deadline)
    assert (names(first), first.finished) == (["La", "Le"], False)
    assert not search.wait(3, Deadline.after(0.05)).finished


def test_nobody_matches(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("FINISH"))
    assert o2g.directory.search("oxe1000", L, deadline).wait(8, deadline) == SearchProgress((), True, False, None)


def test_O2G_gives_up(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("OK", "La"), portion("TIMEOUT", "Le"))
    done = o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)
    assert (names(done), done.finished, done.timed_out) == (["La", "Le"], True, True)


def test_people_that_come_with_the_end_count(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("FINISH", "La"))
    assert names(o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)) == ["La"]


def test_the_same_entry_twice_is_shown_once(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("OK", "La", "Le"), portion("OK", "La", "Le", "Li"), portion("FINISH"))
    assert names(o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)) == ["La", "Le", "Li"]


def test_L122_a_hundred_are_enough(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until) -> None:
    scripted.on(GET, portion("OK", *(f"L{n}" for n in range(150))), portion("NOK"))
    done = o2g.directory.search("oxe1000", L, deadline).wait(1_000, deadline)
    assert (len(done.people), done.finished) == (100, True)
    until(lambda: scripted.asked(DELETE))


@pytest.mark.parametrize(
    "odd", [Reply(), Reply(json={}), Reply(json={"resultCode": "SOON"}), Reply(json={"status": "OK"})]
)
def test_A55_a_portion_that_says_nothing_is_nothing_yet(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, odd: Reply
) -> None:
    scripted.on(GET, odd, portion("FINISH", "La"))
    assert names(o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)) == ["La"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reply(body=b"<html>"), UnreadableAnswer),
        (Reply(500, {"code": 1007}), ServerProblem),
        (Reply(403, NOT_ALLOWED), NotAllowed),
        (Reply(drop=True), O2GUnreachable),
    ],
)
def test_a_search_that_breaks_off_keeps_whom_it_found(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until, answer: Reply, kind: type[Exception]
) -> None:
    scripted.on(GET, portion("OK", "La"), answer)
    done = o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)
    assert names(done) == ["La"]
    assert done.finished
    assert isinstance(done.failed, kind)
    until(lambda: scripted.asked(DELETE))


def test_progress_is_told_as_it_comes(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until) -> None:
    told: list[SearchProgress] = []
    scripted.on(GET, portion("OK", "La"), portion("NOK"), portion("OK", "Le"), portion("FINISH"))
    o2g.directory.search("oxe1000", L, deadline, told.append).wait(8, deadline)
    until(lambda: told and told[-1].finished)
    assert [(len(progress.people), progress.finished) for progress in told] == [(1, False), (2, False), (2, True)]


def test_who_waits_finds_what_the_listener_was_told(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    told: list[SearchProgress] = []
    pages = [portion("OK", *(f"{page}{n}" for n in range(8))) for page in "abcdef"]
    scripted.on(GET, *pages, portion("FINISH"))

    def tell(progress: SearchProgress) -> None:
        threading.Event().wait(0.02)  # a listener that takes its time
        told.append(progress)

    search = o2g.directory.search("oxe1000", L, deadline, tell)
    for count in (8, 16, 24, 32, 40, 48, 1_000):
        shown = search.wait(count, deadline)
        assert shown in told
    assert shown.finished


def test_a_search_that_is_stopped_finishes_with_whom_it_found(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    told: list[SearchProgress] = []
    scripted.on(GET, portion("OK", "La"), portion("NOK"))
    search = o2g.directory.search("oxe1000", L, deadline, told.append)
    search.wait(1, deadline)
    search.stop()
    last = search.wait(8, deadline)
    assert (names(last), last.finished, last.timed_out, last.failed) == (["La"], True, True, None)
    assert told[-1] == last


def test_a_listener_at_fault_leaves_no_search_behind(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    def fail(_: SearchProgress) -> None:
        raise ZeroDivisionError

    scripted.on(GET, portion("OK", "La"), portion("FINISH"))
    with capture_logs() as logs:
        o2g.directory.search("oxe1000", L, deadline, fail).wait(8, deadline)
        until(lambda: scripted.asked(DELETE))
    assert "o2g.search_listener_failed" in [line["event"] for line in logs]


def test_a_search_that_nobody_waits_for_is_deleted(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    search = o2g.directory.search("oxe1000", L, deadline)
    search.stop()
    assert search.wait(8, deadline).finished
    until(lambda: scripted.asked(DELETE))
    asked = len(scripted.asked(GET))
    assert search.ended(deadline)
    assert len(scripted.asked(GET)) == asked


@pytest.mark.parametrize("failure", [Reply(drop=True), Reply(500, {"code": 1007})])
def test_a_deletion_that_fails_is_tried_once_more(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, failure: Reply
) -> None:
    scripted.on(GET, portion("FINISH"))
    scripted.on(DELETE, failure, Reply(204))
    with capture_logs() as logs:
        assert o2g.directory.search("oxe1000", L, deadline).ended(deadline)
    assert len(scripted.asked(DELETE)) == 2
    assert [line["event"] for line in logs if "o2g." in line["event"]] == ["o2g.logged_in"]
    scripted.on(DELETE, failure)
    with capture_logs() as logs:
        assert o2g.directory.search("oxe1000", L, deadline).ended(deadline)
    assert [line["event"] for line in logs if "o2g." in line["event"]] == ["o2g.search_left_behind"]


def test_a_new_search_of_a_user_ends_the_earlier_one_first(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    earlier = o2g.directory.search("oxe1000", KeypadQuery("5"), deadline)
    scripted.on(GET, portion("FINISH", "Lee"))
    assert names(o2g.directory.search("oxe1000", KeypadQuery("53"), deadline).wait(8, deadline)) == ["Lee"]
    assert earlier.progress().finished
    writes = [seen.operation for seen in scripted.seen if seen.operation in (DTMF, DELETE)]
    assert writes[:3] == [DTMF, DELETE, DTMF]


def test_keys_pressed_at_once_by_one_user_never_overlap_at_O2G(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    with ThreadPoolExecutor(6) as pool:
        searches = list(pool.map(lambda n: o2g.directory.search("oxe1000", KeypadQuery(str(n)), deadline), range(2, 8)))
    for search in searches:
        search.stop()
        assert search.ended(deadline)
    writes = [seen.operation for seen in scripted.seen if seen.operation in (DTMF, DELETE)]
    assert writes == [DTMF, DELETE] * 6


def test_L120_a_process_runs_no_more_searches_than_its_share(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline
) -> None:
    o2g = O2G(replace(endpoint, sessions=SessionRules(searches=2)))
    for n in range(2):
        o2g.directory.search(f"oxe{n}", L, deadline)
    with pytest.raises(SearchLimitReached):
        o2g.directory.search("oxe9", L, Deadline.after(0.1))
    assert len(scripted.asked(POST)) == 2
    o2g.close()


@pytest.fixture
def one_session(endpoint: O2GEndpoint) -> Iterator[O2G]:
    """A door that searches in one session only."""
    door = O2G(replace(endpoint, sessions=SessionRules(for_searches=1)))
    yield door
    door.close()


def test_L120_five_searches_run_at_once_in_a_session(
    scripted: ScriptedO2G, one_session: O2G, deadline: Deadline
) -> None:
    running = [one_session.directory.search(f"oxe{n}", L, deadline) for n in range(5)]
    with pytest.raises(SearchLimitReached):
        one_session.directory.search("oxe9", L, Deadline.after(0.1))
    assert len(scripted.asked(POST)) == 5
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(one_session.directory.search, "oxe9", L, deadline)
        running[0].stop()
        waiting.result()
    assert len(scripted.asked(POST)) == 6


def test_L120_a_sixth_search_runs_in_a_second_session(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    running = [o2g.directory.search(f"oxe{n}", L, deadline) for n in range(12)]
    cookies = [seen.headers["Cookie"] for seen in scripted.asked(POST)]
    assert sorted(Counter(cookies).values()) == [2, 5, 5]
    for search in running:
        search.stop()
        assert search.ended(deadline)
    deleted = Counter(seen.headers["Cookie"] for seen in scripted.asked(DELETE))
    assert deleted == Counter(cookies)


def test_a_place_comes_free_when_a_search_ends(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("FINISH"))
    for n in range(12):
        o2g.directory.search(f"oxe{n}", L, deadline)
    assert len(scripted.asked(POST)) == 12


def test_a_place_comes_free_when_a_search_cannot_start(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(POST, *[Reply(500, {"code": 1007})] * 6, Reply(201))
    for n in range(6):
        with pytest.raises(ServerProblem):
            o2g.directory.search(f"oxe{n}", L, deadline)
    o2g.directory.search("oxe9", L, deadline)
    assert scripted.asked(DELETE) == []


@pytest.mark.parametrize(
    "refusal", [Reply(503, TOO_MANY), Reply(403, TOO_MANY | {"code": 1002, "type": "NOT_ALLOWED"})]
)
def test_L120_a_place_that_others_hold_at_O2G_is_waited_for(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, refusal: Reply
) -> None:
    told: list[SearchProgress] = []
    scripted.on(POST, refusal, refusal, Reply(201))
    scripted.on(GET, portion("FINISH", "La"))
    assert names(o2g.directory.search("oxe1000", L, deadline, told.append).wait(8, deadline)) == ["La"]
    assert all(progress.failed is None for progress in told)


def test_L120_no_place_at_O2G_within_the_deadline(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on(POST, Reply(503, TOO_MANY))
    with pytest.raises(SearchLimitReached) as caught:
        o2g.directory.search("oxe1000", L, Deadline.after(0.5))
    assert (caught.value.status, caught.value.code) == (503, 1004)


def test_a_start_without_an_answer_is_deleted_all_the_same(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    o2g.connect(deadline)
    scripted.on(POST, Reply(201, delay=5))
    with pytest.raises(O2GTimeout):
        o2g.directory.search("oxe1000", L, Deadline.after(0.2))
    until(lambda: scripted.asked(DELETE))
    assert len(scripted.asked(POST)) == 1


def test_a_user_without_the_licence(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(POST, Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.directory.search("oxe1000", L, deadline)


@pytest.mark.parametrize("query", [NameQuery(" "), KeypadQuery("abc")])
def test_what_cannot_be_searched_is_not_asked(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, query: NameQuery | KeypadQuery
) -> None:
    with pytest.raises(BadParameter):
        o2g.directory.search("oxe1000", query, deadline)
    assert scripted.seen == []


def test_a_search_lost_with_its_session_starts_once_more(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    lost = Reply(403, INVALID_SESSION)
    scripted.on(GET, portion("OK", "La"), lost, portion("OK", "La", "Le"), portion("FINISH"))
    done = o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)
    assert (names(done), done.failed) == (["La", "Le"], None)
    assert [seen.headers["Cookie"] for seen in scripted.asked(POST)] == ["AlcUserId=session-1", "AlcUserId=session-2"]
    until(lambda: scripted.asked(DELETE))
    assert [seen.headers["Cookie"] for seen in scripted.asked(DELETE)] == ["AlcUserId=session-2"]


def test_a_search_lost_twice_fails(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    lost = Reply(403, INVALID_SESSION)
    scripted.on(GET, portion("OK", "La"), lost, portion("OK", "La", "Le"), lost)
    done = o2g.directory.search("oxe1000", L, deadline).wait(8, deadline)
    assert names(done) == ["La", "Le"]
    assert isinstance(done.failed, SessionLost)


def test_closing_ends_searches(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    search = o2g.directory.search("oxe1000", L, deadline)
    o2g.close()
    assert search.ended(deadline)
    ends = [seen.operation for seen in scripted.seen if seen.operation.startswith("DELETE")]
    assert ends == [DELETE, "DELETE /sessions"]


def test_many_users_search_and_nothing_is_left(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    """Each of 60 searches finds its person, with never more than 5 in a session, and no thread stays."""
    scripted.on(GET, portion("FINISH", "La"))
    users = itertools.count()

    def look(_: int) -> list[str]:
        return names(o2g.directory.search(f"oxe{next(users)}", L, deadline).wait(8, deadline))

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(look, range(60))) == [["La"]] * 60
    until(lambda: len(scripted.asked(DELETE)) == 60)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "o2g-search"])
    running: Counter[str] = Counter()
    for seen in scripted.seen:
        if seen.operation in (POST, DELETE):
            running[seen.headers["Cookie"]] += 1 if seen.operation == POST else -1
            assert max(running.values()) <= 5
    assert not +running


def test_a_directory_serves_as_many_as_it_is_told(endpoint: object, o2g: O2G, deadline: Deadline) -> None:
    session: Session = o2g._session
    directory = Directory(session, at_once=1)
    first, *_ = [directory.search(f"oxe{n}", L, deadline) for n in range(session.rules.for_searches)]
    with pytest.raises(SearchLimitReached):
        directory.search("oxe99", L, Deadline.after(0.05))
    first.stop()
    directory.search("oxe99", L, deadline).stop()
    directory.stop_all(deadline)


def test_a_search_that_nobody_wants_any_more_is_deleted(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(GET, portion("OK", "La"), *[portion("NOK")] * 200)
    looks = iter([True, True])
    search = o2g.directory.search("oxe70000", NameQuery(last_name="l"), deadline, wanted=lambda: next(looks, False))
    assert search.ended(deadline)
    assert len(scripted.asked(GET)) == 2
    assert len(scripted.asked(DELETE)) == 1
    assert search.progress().finished
