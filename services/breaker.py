"""What keeps a dead O2G from costing every user the whole deadline of a screen."""

import threading
from collections.abc import Callable

from services.errors import O2GError

ERRANDS = 2  # that failed in a row, without an answer between them: one may be a request's own misfortune
FIRST_PROBE_SECONDS = 0.25
PROBE_SECONDS = 1.0


class Breaker:
    """Guards one address of O2G: open, it lets no request through until a probe has found O2G answering again.

    Half open is a thread that lives only then: users pay for no probe, and O2G gets one at a time.
    """

    def __init__(self, probe: Callable[[], bool], on_open: Callable[[O2GError], None]) -> None:
        """Start closed.

        Args:
            probe: asks whether O2G is there again; must come back within a few seconds and raise nothing.
            on_open: told, each time that it opens, by which failure; before the first probe.
        """
        self._probe = probe
        self._on_open = on_open
        self._lock = threading.Lock()
        self._answers = 0
        self._failing: list[object] = []  # errands
        self._open: O2GError | None = None
        self._over = threading.Event()

    @property
    def open(self) -> bool:
        """Whether requests are kept back."""
        return self._open is not None

    @property
    def failure(self) -> O2GError | None:
        """The failure that opened it; None while it is closed."""
        return self._open

    def admit(self) -> int:
        """Let a request through; give what `failed` wants to know of its beginning.

        Raises:
            O2GError: it is open; the failure that opened it, of which nothing was sent now.
        """
        with self._lock:
            if self._open is not None:
                raise self._open.unsent()
            return self._answers

    def answered(self) -> None:
        """Take note that O2G answered."""
        with self._lock:
            self._answers += 1
            self._failing.clear()

    def failed(self, since: int, errand: object, error: O2GError) -> None:
        """Take note that a request failed; one that began before O2G's last answer to another says nothing of O2G.

        Args:
            since: what `admit` gave.
            errand: what it was for (`Deadline.errand`); the failures of one errand count once.
            error: how it failed.
        """
        with self._lock:
            if self._open is not None or since != self._answers or self._over.is_set():
                return
            if not any(errand is known for known in self._failing):
                self._failing.append(errand)
            if len(self._failing) < ERRANDS:
                return
            self._open = error
        self._on_open(error)
        threading.Thread(target=self._half_open, name="o2g-probe", daemon=True).start()

    def close(self) -> None:
        """Probe no more; for the end of the process."""
        self._over.set()

    def _half_open(self) -> None:
        pause = FIRST_PROBE_SECONDS
        while not self._over.wait(pause):
            if self._probe():
                with self._lock:
                    self._open = None
                    self._answers += 1  # what began before has nothing to say any more
                    self._failing.clear()
                return
            pause = PROBE_SECONDS
