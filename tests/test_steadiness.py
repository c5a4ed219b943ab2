"""A worker where the system gives fewer threads than were wanted, or a connection wants the event loop for itself."""

import contextlib
import gc
import select
import socket
import threading
import time
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from gunicorn.workers.gthread import PollableMethodQueue

from steadiness import TURN_SECONDS, SteadyWorker

WANTED, GIVEN = 4, 2


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Give two threads and no more."""
    given: list[threading.Thread] = []
    start = threading.Thread.start

    def give(thread: threading.Thread) -> None:
        if len(given) == GIVEN:
            raise RuntimeError("can't start new thread")
        given.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", give)
    return given


class Counting(SteadyWorker):
    """Handles numbers."""

    def __init__(self) -> None:
        self.cfg, self.log = SimpleNamespace(threads=WANTED), structlog.get_logger()
        self.method_queue = PollableMethodQueue()
        self.method_queue.init()
        self.finished: list[tuple[int, int]] = []
        self.noted: list[str] = []
        self.tpool = self.get_thread_pool()

    def handle(self, conn: int) -> int:
        return conn * 2

    def finish_request(self, conn: int, fs: Future[Any]) -> None:
        self.finished.append((conn, fs.result()))

    def note(self, why: str) -> None:
        self.noted.append(why)

    def finish(self, count: int) -> None:
        while len(self.finished) < count:
            assert select.select([self.method_queue], [], [], 10)[0], self.finished
            self.method_queue.run_callbacks(None)
        self.tpool.shutdown()
        self.method_queue.close()


def test_all_threads_are_there_before_anybody_asks() -> None:
    before = threading.active_count()
    worker = Counting()
    assert threading.active_count() == before + WANTED
    worker.finish(0)


def test_requests_are_handled_by_the_threads_that_there_are(scarce: list[threading.Thread]) -> None:
    worker = Counting()
    assert len(scarce) == GIVEN
    for number in range(10):
        worker.enqueue_req(number)
    worker.finish(10)
    assert sorted(worker.finished) == [(number, number * 2) for number in range(10)]


def test_a_worker_without_any_thread_does_not_start(scarce: list[threading.Thread]) -> None:
    scarce += [threading.Thread() for _ in range(GIVEN)]
    with pytest.raises(RuntimeError):
        Counting()


def test_a_connection_that_is_sent_as_fast_as_it_is_read_is_cut() -> None:
    worker = Counting()
    worker.watch_turns()
    read, sent = socket.socketpair()
    flood = threading.Thread(target=send_until_it_breaks, args=(sent,))
    flood.start()
    with worker.turn_of(read):
        while read.recv(1):  # an end is what it is given
            pass
    read.close()
    flood.join(10)
    assert not flood.is_alive()
    assert worker.noted[0] == "too much at once"
    worker.finish(0)


def test_a_connection_that_waits_is_not_cut() -> None:
    worker = Counting()
    worker.watch_turns()
    read, sent = socket.socketpair()
    threading.Timer(3 * TURN_SECONDS, sent.sendall, (b"late",)).start()
    with worker.turn_of(read):
        assert read.recv(10) == b"late"
    assert worker.noted == []
    worker.finish(0)


def test_a_connection_is_not_cut_for_garbage_that_is_collected_in_its_turn() -> None:
    worker = Counting()
    worker.watch_turns()
    read, sent = socket.socketpair()
    held: list[list[object]] = []
    with worker.turn_of(read):
        begun = time.thread_time()
        while time.thread_time() < begun + 3 * TURN_SECONDS:
            held += [[] for _ in range(20_000)]
            gc.collect()
        sent.sendall(b"here")
        assert read.recv(10) == b"here"
    assert worker.noted == []
    worker.finish(0)


def send_until_it_breaks(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"." * 65536)
