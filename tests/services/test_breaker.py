"""The breaker: when it opens, what it raises then, and how it closes again."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from structlog.testing import capture_logs

from services import breaker as breakers
from services.breaker import Breaker
from services.errors import O2GError, O2GTimeout, O2GUnreachable

Until = Callable[[Callable[[], object]], None]


class O2GThatAnswers:
    """What a probe asks."""

    def __init__(self) -> None:
        self.there = self.hangs = False
        self.over = threading.Event()  # what hangs ends
        self.asked = 0

    def probe(self) -> bool:
        self.asked += 1
        if self.hangs:
            self.over.wait(60)
        return self.there


@pytest.fixture
def o2g() -> O2GThatAnswers:
    return O2GThatAnswers()


@pytest.fixture
def opened() -> list[O2GError]:
    return []


@pytest.fixture
def closed() -> list[bool]:
    """Each time that it closed: whether it was still open then."""
    return []


@pytest.fixture
def breaker(o2g: O2GThatAnswers, opened: list[O2GError], closed: list[bool]) -> Iterator[Breaker]:
    made = Breaker(o2g.probe, opened.append, lambda: closed.append(made.open))
    yield made
    made.close()
    o2g.over.set()


def fail(breaker: Breaker, errand: object, error: O2GError | None = None) -> None:
    breaker.failed(breaker.admit(), errand, error or O2GUnreachable("gone"))


def test_one_failure_may_be_a_requests_own_misfortune(breaker: Breaker) -> None:
    fail(breaker, "a screen")
    assert not breaker.open


def test_the_failures_of_one_screen_count_once(breaker: Breaker) -> None:
    for _ in range(5):
        fail(breaker, "a screen")
    assert not breaker.open


def test_failures_of_two_screens_in_a_row_open_it(breaker: Breaker, opened: list[O2GError]) -> None:
    fail(breaker, "a screen")
    fail(breaker, "another", O2GTimeout("no answer"))
    assert breaker.open
    assert [str(error) for error in opened] == ["no answer"]


def test_an_answer_between_them_keeps_it_closed(breaker: Breaker) -> None:
    fail(breaker, "a screen")
    breaker.answered()
    fail(breaker, "another")
    assert not breaker.open


def test_a_request_that_began_before_the_last_answer_says_nothing(breaker: Breaker) -> None:
    slow = breaker.admit(), breaker.admit(), breaker.admit()
    breaker.answered()
    for number, since in enumerate(slow):
        breaker.failed(since, number, O2GTimeout("slow"))
    assert not breaker.open


def test_open_it_raises_why_and_that_nothing_was_sent(breaker: Breaker) -> None:
    fail(breaker, "a screen")
    fail(breaker, "another", O2GTimeout("no answer"))
    with pytest.raises(O2GTimeout, match="no answer") as caught:
        breaker.admit()
    assert caught.value.nothing_sent


def test_a_probe_that_finds_O2G_closes_it(breaker: Breaker, o2g: O2GThatAnswers, until: Until) -> None:
    fail(breaker, "a screen")
    fail(breaker, "another")
    until(lambda: o2g.asked >= 2)
    assert breaker.open
    o2g.there = True
    until(lambda: not breaker.open)
    breaker.admit()
    asked = o2g.asked
    fail(breaker, "a screen")
    assert not breaker.open
    assert o2g.asked == asked


def test_a_request_has_O2G_probed_at_once_and_goes_through_where_it_is_back(
    breaker: Breaker, o2g: O2GThatAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breakers, "FIRST_PROBE_SECONDS", 3600)
    monkeypatch.setattr(breakers, "PROBE_SECONDS", 3600)
    monkeypatch.setattr(breakers, "PATIENCE_SECONDS", 10)
    fail(breaker, "a screen")
    fail(breaker, "another")
    assert not breaker.closed_within(10, breaker.want())
    o2g.there = True
    assert breaker.closed_within(10, breaker.want())
    breaker.admit()


def test_a_request_waits_but_a_moment_for_a_probe_that_hangs(
    breaker: Breaker, o2g: O2GThatAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breakers, "PATIENCE_SECONDS", 0.05)
    o2g.hangs = True
    fail(breaker, "a screen")
    fail(breaker, "another")
    began = time.monotonic()
    assert not breaker.closed_within(60, breaker.want())
    assert time.monotonic() - began < 30


def test_a_probe_that_hangs_since_before_its_return_does_not_hide_O2G(
    breaker: Breaker, o2g: O2GThatAnswers, closed: list[bool], monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.setattr(breakers, "PATIENCE_SECONDS", 10)
    o2g.hangs = True
    fail(breaker, "a screen")
    fail(breaker, "another")
    until(lambda: o2g.asked >= 2)
    o2g.hangs, o2g.there = False, True
    assert breaker.closed_within(10, breaker.want())
    o2g.over.set()  # what hung comes to its end, too: it closes nothing a second time
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "o2g-probe"])
    assert closed == [True]


def test_while_O2G_hangs_probes_stay_few_however_many_requests_want_one(
    breaker: Breaker, o2g: O2GThatAnswers, until: Until
) -> None:
    o2g.hangs, began = True, time.monotonic()
    fail(breaker, "a screen")
    fail(breaker, "another")
    until(lambda: breaker.want() and o2g.asked >= 4)
    assert time.monotonic() - began >= 3 * breakers.LEAST_SECONDS


def test_where_no_thread_is_left_to_look_for_O2G_it_does_not_stay_open(
    breaker: Breaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    fail(breaker, "a screen")
    fail(breaker, "another")
    assert not breaker.open


def test_where_no_thread_is_left_for_a_while_O2G_is_found_afterwards(
    breaker: Breaker, o2g: O2GThatAnswers, until: Until
) -> None:
    with pytest.MonkeyPatch.context() as machine:
        fail(breaker, "a screen")
        fail(breaker, "another")  # the thread that looks has begun
        machine.setattr(threading.Thread, "start", no_thread)
        with capture_logs() as logs:
            until(lambda: any(line["event"] == "no_thread" for line in logs))
    o2g.there = True
    until(lambda: not breaker.open)


def no_thread(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_what_began_before_it_opened_does_not_open_it_again(
    breaker: Breaker, o2g: O2GThatAnswers, until: Until
) -> None:
    old = breaker.admit(), breaker.admit()
    fail(breaker, "a screen")
    fail(breaker, "another")
    o2g.there = True
    until(lambda: not breaker.open)
    for number, since in enumerate(old):
        breaker.failed(since, number, O2GTimeout("hung since before"))
    assert not breaker.open


def test_closed_for_good_it_probes_no_more(breaker: Breaker, o2g: O2GThatAnswers, until: Until) -> None:
    fail(breaker, "a screen")
    fail(breaker, "another")
    breaker.close()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "o2g-probe"])
