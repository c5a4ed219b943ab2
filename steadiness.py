"""gunicorn's event loop and threads, made so that one connection's fault is not everybody's."""

import contextlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class SteadyWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that goes on where a connection has gone meanwhile, or no further thread is to be had.

    gunicorn's ends in both cases, and with it every page that is under way and whatever is kept in the process.
    """

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
