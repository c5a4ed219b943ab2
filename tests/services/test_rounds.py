"""What is done at its time, by one thread."""

import threading
from collections.abc import Callable, Iterator

import pytest
from structlog.testing import capture_logs

from services.rounds import Rounds

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def rounds() -> Iterator[Rounds]:
    made = Rounds()
    yield made
    made.stop()


def test_jobs_run_in_the_order_of_their_times_in_one_thread(rounds: Rounds, until: Until) -> None:
    done: list[tuple[str, int | None]] = []

    def job(name: str) -> Callable[[], None]:
        return lambda: done.append((name, threading.current_thread().ident))

    for seconds, name in ((0.10, "last"), (0.02, "first"), (0.06, "second")):
        rounds.after(seconds, job(name))
    until(lambda: len(done) == 3)
    assert [name for name, _ in done] == ["first", "second", "last"]
    assert len({thread for _, thread in done}) == 1


def _fail() -> None:
    raise ZeroDivisionError


def test_a_job_at_fault_does_not_end_the_others(rounds: Rounds, until: Until) -> None:
    done = threading.Event()
    with capture_logs() as logs:
        rounds.after(0, _fail)
        rounds.after(0.01, done.set)
        until(done.is_set)
    assert [line["event"] for line in logs] == ["o2g.round_failed"]


def test_a_job_may_arrange_its_next_time(rounds: Rounds, until: Until) -> None:
    times: list[None] = []

    def again() -> None:
        times.append(None)
        rounds.after(0.005, again)

    rounds.after(0, again)
    until(lambda: len(times) >= 5)


def test_stopped_it_runs_nothing_more_and_its_thread_ends(rounds: Rounds, until: Until) -> None:
    done = threading.Event()
    rounds.after(30, done.set)
    rounds.stop()
    rounds.after(0, done.set)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "o2g-rounds"])
    assert not done.is_set()
