"""A system that gives no more threads for a moment: what was wanted is done without, or later, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from services import together as side_by_side
from services.deadline import Deadline
from services.directory import NameQuery
from services.errors import O2GBusy
from services.o2g import O2G
from services.rounds import Rounds
from services.together import together
from tests.services.scripted import Reply, ScriptedO2G

Until = Callable[[Callable[[], object]], None]
POST, GET, DELETE = "POST /directory/search", "GET /directory/search", "DELETE /directory/search"


@contextmanager
def no_thread(named: str) -> Iterator[None]:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith(named):
            raise RuntimeError("can't start new thread")
        start(thread)

    with pytest.MonkeyPatch.context() as machine:
        machine.setattr(threading.Thread, "start", refuse)
        yield


def test_a_search_holds_no_place_at_O2G_nor_here(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(POST, Reply(201))
    scripted.on(GET, Reply(json={"resultCode": "FINISH"}))
    scripted.on(DELETE, Reply(204))
    with no_thread("o2g-search"), pytest.raises(O2GBusy):
        o2g.directory.search("oxe70000", NameQuery("L"), deadline)
    assert scripted.asked(POST) == []
    assert o2g.directory.running() == 0
    assert o2g.directory.search("oxe70000", NameQuery("L"), deadline).wait(1, deadline).finished


def test_jobs_wait_for_the_next_one_that_comes(until: Until) -> None:
    rounds, done = Rounds(), list[str]()
    with no_thread("o2g-rounds"):
        rounds.after(0, lambda: done.append("first"))
    rounds.after(0, lambda: done.append("second"))
    until(lambda: done == ["first", "second"])
    rounds.stop()


def test_questions_are_asked_once_each_by_who_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(4, thread_name_prefix="o2g-together") as pool:
        monkeypatch.setattr(side_by_side, "_threads", pool)
        asked: list[int] = []

        def ask(number: int) -> Callable[[], int]:
            def call() -> int:
                asked.append(number)
                return number

            return call

        with no_thread("o2g-together"):
            assert together(ask(1), ask(2), ask(3)) == (1, 2, 3)
        assert together(ask(4), ask(5)) == (4, 5)
    assert sorted(asked) == [1, 2, 3, 4, 5]
