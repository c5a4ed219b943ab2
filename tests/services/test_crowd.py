"""Places for requests: taken in turn, given up in time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.crowd import Crowd
from services.deadline import Deadline
from services.errors import O2GBusy

Until = Callable[[Callable[[], object]], None]


def test_never_more_than_there_are_places(deadline: Deadline) -> None:
    crowd, lock = Crowd(4), threading.Lock()
    inside = most = 0

    def work(_: int) -> None:
        nonlocal inside, most
        with crowd.place(deadline):
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.002)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(work, range(200)))
    assert most == 4


def test_who_comes_first_is_served_first(deadline: Deadline, until: Until) -> None:
    crowd, served = Crowd(1), []

    def work(number: int) -> None:
        with crowd.place(deadline):
            served.append(number)

    threads = []
    with crowd.place(deadline):
        for number in range(8):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            until(lambda: len(crowd._waiting) == len(threads))
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_who_waits_in_vain_is_told_that_nothing_was_sent(deadline: Deadline) -> None:
    crowd = Crowd(1)
    with crowd.place(deadline):
        with pytest.raises(O2GBusy) as caught, crowd.place(Deadline.after(0.1)):
            pass
        assert caught.value.nothing_sent
        assert caught.value.can_retry
    with crowd.place(deadline):
        pass


def test_a_place_left_by_those_who_gave_up_is_not_lost(deadline: Deadline) -> None:
    crowd = Crowd(2)

    def hurried(_: int) -> bool:
        try:
            with crowd.place(Deadline.after(0.06)):
                threading.Event().wait(0.01)
                return True
        except O2GBusy:
            return False

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(hurried, range(150)))
    assert True in outcomes
    with crowd.place(Deadline.after(1)), crowd.place(Deadline.after(1)):
        pass
