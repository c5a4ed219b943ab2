"""How many requests O2G gets at once: the others wait in turn, first come, first served."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from services.deadline import Deadline
from services.errors import O2GBusy

LEAST_SECONDS = 0.05  # what must be left for the request itself, or there is no sense in beginning it


class Crowd:
    """A number of places; whoever finds none waits for one within its deadline."""

    def __init__(self, places: int) -> None:
        """Offer so many places."""
        self._lock = threading.Lock()
        self._free = places
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def place(self, deadline: Deadline) -> Iterator[None]:
        """Hold a place while the context lasts.

        Raises:
            O2GBusy: none came free while enough of the deadline was left to use it.
        """
        self._take(deadline)
        try:
            yield
        finally:
            self._give()

    def _take(self, deadline: Deadline) -> None:
        with self._lock:
            if self._free:  # then nobody waits: a place that comes free is handed on
                self._free -= 1
                return
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(deadline.remaining() - LEAST_SECONDS):
            return
        with self._lock:
            if called.is_set():  # in this very moment
                return
            self._waiting.remove(called)
        raise O2GBusy("as many requests to O2G as are wanted at once are under way", nothing_sent=True)

    def _give(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
