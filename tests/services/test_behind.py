"""What nobody waits for: it is begun, or said not to be."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from services import behind as errands
from services.behind import MOST_WAITING, behind
from services.deadline import Deadline
from services.remembered import Remembered


class Threadless(ThreadPoolExecutor):
    """Takes an errand, finds that the system gives no more threads, and has it still, as the standard one."""

    def _adjust_thread_count(self) -> None:
        if not self.gives:
            raise RuntimeError("can't start new thread")
        super()._adjust_thread_count()

    gives = False


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threadless]:
    fresh = errands._Behind()
    pool = fresh._pool = Threadless(1)
    monkeypatch.setattr(errands, "_behind", fresh)
    yield pool
    pool.shutdown()


def test_a_system_that_gives_no_thread_takes_no_place_from_errands_and_runs_none_twice(pool: Threadless) -> None:
    done: list[str] = []
    for _ in range(MOST_WAITING + 1):
        assert not behind(lambda: done.append("given up"))
    pool.gives = True
    landed = threading.Event()
    assert behind(lambda: done.append("begun"))
    assert behind(landed.set)
    assert landed.wait(10)
    assert done == ["begun"]


def test_what_could_not_be_renewed_for_want_of_a_thread_is_renewed_later(pool: Threadless, deadline: Deadline) -> None:
    now = 0.0
    remembered: Remembered[str] = Remembered(60, lambda: now)
    remembered.get("a", lambda: "old", deadline)
    now = 61.0
    assert remembered.soon("a", lambda _: "new", deadline) == "old"
    pool.gives = True
    landed = threading.Event()
    assert remembered.soon("a", lambda _: landed.set() or "new", deadline) == "old"  # type: ignore[func-returns-value]
    assert landed.wait(10)
