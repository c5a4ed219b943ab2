"""What keeps a dead O2G from costing every user the whole deadline of a screen."""

import math
import threading
import time
from collections.abc import Callable

from services.errors import O2GError

ERRANDS = 2  # that failed in a row, without an answer between them: one may be a request's own misfortune
FIRST_PROBE_SECONDS = 0.25
PROBE_SECONDS = 1.0
LEAST_SECONDS = 0.1  # between two probes, however many requests want one
PATIENCE_SECONDS = 0.3  # of a request with a probe: an O2G that is there answers by then, one that hangs costs no more


class Breaker:
    """Guards one address of O2G: open, it lets no request through until a probe has found O2G answering again.

    Half open is a thread that lives only then: O2G gets one probe at a time. A request that comes meanwhile may have it
    probed at once and wait for that for a moment, so that already the first one after O2G's return goes through.
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
        self._probed = threading.Condition(self._lock)
        self._probing: float | None = None  # since when, while a probe is under way
        self._began = -math.inf  # the last probe that came to its end, without finding O2G
        self._wanted = threading.Event()  # whether one is wanted before its time
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

    def want(self) -> None:
        """Have O2G probed at once, if it is open."""
        self._wanted.set()

    def closed_within(self, seconds: float) -> bool:
        """Wait for a probe that begins now, `PATIENCE_SECONDS` at most; tell whether requests are let through.

        Where a probe hangs already there is nothing to be waited for.
        """
        with self._probed:
            came = time.monotonic()
            if self._probing is None or came - self._probing < PATIENCE_SECONDS:
                self._probed.wait_for(
                    lambda: self._open is None or self._began >= came or self._over.is_set(),
                    min(seconds, PATIENCE_SECONDS),
                )
            return self._open is None

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
        self._wanted.set()

    def _half_open(self) -> None:
        pause = FIRST_PROBE_SECONDS
        while not self._over.is_set():
            self._wanted.wait(pause)
            if self._over.is_set():
                return
            self._wanted.clear()
            if self._probed_again():
                return
            self._over.wait(LEAST_SECONDS)
            pause = PROBE_SECONDS

    def _probed_again(self) -> bool:
        with self._lock:
            began = self._probing = time.monotonic()
        there = self._probe()
        with self._probed:
            self._probing = None
            if there:
                self._open = None
                self._answers += 1  # what began before has nothing to say any more
                self._failing.clear()
            else:
                self._began = began
            self._probed.notify_all()
        return there
