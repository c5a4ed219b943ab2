"""Workers who make room for each other: nobody waits for a board that is silent who wants nothing of it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import redis

from services import neighbours
from services.deadline import Deadline
from services.neighbours import Neighbours, Spare
from store.shared import InProcess

AT_ONCE = 8


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each worker's thread time to look, on a machine that does other work, too."""
    monkeypatch.setattr(neighbours, "BIDDING_SECONDS", 2.0)
    monkeypatch.setattr(neighbours, "CLOSING_SECONDS", 5.0)


@contextmanager
def worker(board: InProcess, spare: Callable[[], Spare | None] = lambda: None) -> Iterator[Neighbours]:
    made = Neighbours(board, "first", spare, lambda _: True)
    try:
        yield made
    finally:
        made.close()


def test_a_board_that_is_silent_holds_up_nobody_who_wants_nothing_of_it() -> None:
    asked, over = threading.Event(), threading.Event()

    class Silent(InProcess):
        def count(self, name: str, seconds: int, by: int = 1) -> int:
            asked.set()
            over.wait(60)
            raise redis.TimeoutError

    with worker(Silent()) as one, ThreadPoolExecutor(2) as pool:
        try:
            one.begin()
            wanting = pool.submit(one.made_room, Deadline.after(60))
            assert asked.wait(10)
            pool.submit(one.begin).result(10)
            assert not wanting.done()
        finally:
            over.set()
        assert not wanting.result(10)


def test_those_who_want_room_wait_for_the_board_together_and_not_one_after_the_other() -> None:
    together = threading.Barrier(AT_ONCE, timeout=10)

    class Slow(InProcess):
        def count(self, name: str, seconds: int, by: int = 1) -> int:
            together.wait()
            raise redis.TimeoutError

    with worker(Slow()) as one, ThreadPoolExecutor(AT_ONCE) as pool:
        wanting = [pool.submit(one.made_room, Deadline.after(60)) for _ in range(AT_ONCE)]
        assert [made.result(30) for made in wanting] == [False] * AT_ONCE


def test_a_board_that_did_not_answer_is_asked_no_more_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Gone(InProcess):
        def count(self, name: str, seconds: int, by: int = 1) -> int:
            asked.append(name)
            raise redis.ConnectionError

    with worker(Gone()) as one:
        for _ in range(3):
            assert not one.made_room(Deadline.after(60))
        assert len(asked) == 1
        monkeypatch.setattr(neighbours, "WITHOUT_SECONDS", 0.0)
    with worker(Gone()) as one:
        for _ in range(3):
            assert not one.made_room(Deadline.after(60))
        assert len(asked) == 4


def test_a_round_that_was_opened_just_before_there_was_something_to_spare_is_taken_up() -> None:
    opened = threading.Event()

    class Noting(InProcess):
        def count(self, name: str, seconds: int, by: int = 1) -> int:
            summed = super().count(name, seconds, by)
            if by and name.endswith("room.first"):
                opened.set()
            return summed

    board = Noting()
    with worker(board, lambda: Spare(True, 60.0) if opened.is_set() else None) as other, worker(board) as one:
        other.begin()
        assert one.made_room(Deadline.after(60))
