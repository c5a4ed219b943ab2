"""gunicorn's event loop and threads, made so that one connection's fault is not everybody's."""

import contextlib
import gc
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

TURN_SECONDS = 0.1  # of computing that one connection may take of the event loop at once; a handshake takes some 0.003
REPORT_SECONDS = 10.0  # between two lines about those who were turned away
LOOK_SECONDS = 0.02  # between two looks whether one takes longer


class SteadyWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that goes on where a connection has gone meanwhile, or no further thread is to be had.

    gunicorn's ends in both cases, and with it every page that is under way and whatever is kept in the process.
    """

    def init_process(self) -> None:
        """Begin to count who is turned away and to watch the event loop, then serve."""
        self._turned: Counter[str] = Counter()
        self._turned_lock = threading.Lock()
        self._reported = time.monotonic()
        self.watch_turns()
        super().init_process()

    def watch_turns(self) -> None:
        """Watch, from now on, what connections take of this thread."""
        self._turn: tuple[Any, float] | None = None  # whose it is, and this thread's time of computing when it began
        self._interrupted: tuple[Any, float] | None = None
        self._loop = threading.get_ident()
        gc.callbacks.append(self._begin_anew_after_collecting)
        clock = time.pthread_getcpuclockid(self._loop)
        threading.Thread(target=self._watch, args=(clock,), name="turns", daemon=True).start()

    @contextlib.contextmanager
    def turn_of(self, connection: Any) -> Iterator[None]:
        """Read what a connection has sent; one that goes on for too long is cut, and reads an end.

        TLS reads until it has something to give: records that say nothing (KeyUpdate, or one byte of a hello each),
        sent as fast as they are read, would keep everybody else waiting without an end.
        """
        self._turn = connection, time.thread_time()
        try:
            yield
        finally:
            self._turn = None

    def note(self, why: str) -> None:
        """Count a connection that was turned away; any thread may."""
        with self._turned_lock:
            self._turned[why] += 1

    def report(self) -> None:
        """Tell now and then in one line who was turned away; one line for each would let anybody fill the log."""
        if time.monotonic() < self._reported + REPORT_SECONDS:
            return
        self._reported = time.monotonic()
        with self._turned_lock:
            turned, self._turned = self._turned, Counter()
        if turned:
            self.log.warning("Turned away: %s", ", ".join(f"{why} ({count})" for why, count in turned.items()))

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Start all threads at once: later, when many ask, the system may give none.

        Raises:
            RuntimeError: there is not even one.
        """
        pool: ThreadPoolExecutor = super().get_thread_pool()
        everybody_is_there = threading.Event()
        for started in range(self.cfg.threads):
            try:
                pool.submit(everybody_is_there.wait)
            except RuntimeError:
                if not started:
                    raise
                self.log.warning("The system gave %s threads of %s.", started, self.cfg.threads)
                break
        everybody_is_there.set()
        return pool

    def enqueue_req(self, conn: Any) -> None:
        """Have a thread handle a request; where no further one can be started, one of those that are there takes it."""
        with contextlib.suppress(RuntimeError):  # it is in their line already
            self.tpool.submit(self._handle_and_tell, conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Do what is to be done for each connection that has become ready.

        What came for one that has been closed since, for another one's sake, is dropped. An error that nobody foresaw
        ends the one connection.

        Raises:
            OSError: a listening socket failed.
        """
        for key, _ in self.poller.select(timeout):
            if self.poller.get_map().get(key.fd) is not key:
                continue
            try:
                key.data(key.fileobj)
            except Exception as error:
                if key.fileobj in self.sockets:
                    raise
                self.log.error("A connection failed in a way that was not foreseen.", exc_info=error)
                self._drop(key)

    def _handle_and_tell(self, conn: Any) -> None:
        handled: Future[Any] = Future()
        try:
            handled.set_result(self.handle(conn))
        except BaseException as error:  # noqa: BLE001  # as a pool does: `finish_request` looks at it
            handled.set_exception(error)
        self.method_queue.defer(self.finish_request, conn, handled)

    def _begin_anew_after_collecting(self, phase: str, _: dict[str, int]) -> None:
        """Collecting garbage may take longer than any connection, and is nobody's fault."""
        if threading.get_ident() != self._loop:
            return
        if phase == "start":
            self._interrupted, self._turn = self._turn, None
        elif self._interrupted is not None:
            self._turn, self._interrupted = (self._interrupted[0], time.thread_time()), None

    def _watch(self, clock: int) -> None:
        cut: tuple[Any, float] | None = None
        while True:
            time.sleep(LOOK_SECONDS)
            turn = self._turn
            if turn is not None and turn is not cut and time.clock_gettime(clock) - turn[1] > TURN_SECONDS:
                cut = turn
                self.note("too much at once")
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(turn[0], socket.SHUT_RDWR)  # TLS's own would touch what is being read from

    def _drop(self, key: Any) -> None:
        if key.fd == self.method_queue.fileno():
            self.method_queue.defer(_nothing)  # what stood behind in the queue is still to be done
            return
        with contextlib.suppress(KeyError, ValueError):
            self.poller.unregister(key.fileobj)
        with contextlib.suppress(OSError):
            key.fileobj.close()


def _nothing() -> None:
    """Wake the event loop."""
