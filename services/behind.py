"""Questions to O2G that nobody waits for: what is renewed while the old still serves."""

import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

THREADS = 4
MOST_WAITING = 256  # more are not begun: whoever wants the same next begins it again


class _Behind:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="o2g-behind")  # threads start when there is work
        self._room = threading.Semaphore(MOST_WAITING)

    def start(self, errand: Callable[[], None]) -> bool:
        if not self._room.acquire(blocking=False):
            return False

        decided = threading.Lock()  # whoever takes it first runs the errand, or gives it up

        def run() -> None:
            if not decided.acquire(blocking=False):
                return
            try:
                errand()
            finally:
                self._room.release()

        try:
            self._pool.submit(contextvars.copy_context().run, run)
        except RuntimeError:  # no more threads; the pool may have taken the errand all the same
            if decided.acquire(blocking=False):
                self._room.release()
                return False
        return True


_behind = _Behind()


def _in_child() -> None:
    """Threads do not survive a fork: a child gets its own."""
    global _behind
    _behind = _Behind()


os.register_at_fork(after_in_child=_in_child)


def behind(errand: Callable[[], None]) -> bool:
    """Run an errand in a thread of its own, which sees to its own errors; False: too many wait, or there is no
    thread for it, and it is not begun."""
    return _behind.start(errand)
