"""Questions side by side."""

import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.errors import NotAllowed, O2GTimeout
from services.together import THREADS, together


def meeting(parties: int) -> Callable[[], int]:
    """Give a call that ends only if as many of them run at the same time."""
    barrier = threading.Barrier(parties)
    return lambda: barrier.wait(10)


def test_calls_run_at_the_same_time_and_answer_in_order() -> None:
    meet = meeting(3)

    def named(name: str) -> Callable[[], str]:
        return lambda: f"{name}{'' if meet() in range(3) else '?'}"

    assert together(named("a"), named("b"), named("c")) == ("a", "b", "c")


def test_one_call_or_none() -> None:
    assert together(threading.get_ident) == (threading.get_ident(),)
    assert together() == ()


def test_the_first_failure_in_order_is_raised_after_all_have_ended() -> None:
    ended: list[str] = []
    go = threading.Event()

    def late() -> None:
        go.wait(10)
        ended.append("late")
        raise O2GTimeout("late")

    def early() -> None:
        ended.append("early")
        go.set()
        raise NotAllowed("early")

    with pytest.raises(O2GTimeout):
        together(late, early, lambda: ended.append("good"))
    assert sorted(ended) == ["early", "good", "late"]


def test_calls_within_calls_do_not_wait_for_each_others_threads() -> None:
    def nested(depth: int) -> int:
        if depth == 0:
            return 1
        return sum(together(lambda: nested(depth - 1), lambda: nested(depth - 1), lambda: nested(depth - 1)))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: nested(5), range(8))) == [3**5] * 8
    assert sum(thread.name.startswith("o2g-together") for thread in threading.enumerate()) <= THREADS


def test_calls_know_what_the_calling_thread_knows() -> None:
    request = contextvars.ContextVar("request", default="nobody's")
    request.set("mine")
    assert together(request.get, request.get, request.get) == ("mine", "mine", "mine")


def test_a_forked_process_has_threads_of_its_own() -> None:
    meet = meeting(2)
    together(meet, meet)
    child = os.fork()
    if child == 0:
        meet = meeting(2)
        os._exit(0 if len(together(meet, meet)) == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
