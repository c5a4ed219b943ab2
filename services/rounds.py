"""One thread for everything that is done at its time: keeping sessions alive, closing those that nobody uses."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable

import structlog

from services.threads import started

log = structlog.get_logger(__name__)

Job = Callable[[], None]


class Rounds:
    """Runs jobs when they are due, one after the other; the thread starts with the first of them."""

    def __init__(self) -> None:
        """Start no thread: a process may still fork."""
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._running = False
        self._over = False

    def after(self, seconds: float, job: Job) -> None:
        """Run a job once, in so many seconds; it must not take long, and arranges its next time itself."""
        with self._changed:
            if self._over:
                return
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), job))
            if not self._running:
                self._running = started(self._go, "o2g-rounds") is not None  # else the next job's turn to try
            self._changed.notify()

    def stop(self) -> None:
        """Run nothing more."""
        with self._changed:
            self._over = True
            self._due.clear()
            self._changed.notify()

    def _go(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                # One job at fault must not end the others: sessions would run out one by one.
                log.exception("o2g.round_failed")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._over:
                if not self._due:
                    self._changed.wait()
                elif (left := self._due[0][0] - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    return heapq.heappop(self._due)[2]
            return None
