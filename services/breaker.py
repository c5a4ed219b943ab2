"""What keeps a dead O2G from costing every user the whole deadline of a screen."""

import math
import threading
import time
from collections.abc import Callable
from functools import partial

import structlog

from services.errors import O2GError
from services.threads import started

ERRANDS = 2  # that failed in a row, without an answer between them: one may be a request's own misfortune
FIRST_PROBE_SECONDS = 0.25
PROBE_SECONDS = 1.0
LEAST_SECONDS = 0.2  # between two probes, however many requests want one
PROBE = "o2g-probe"  # what its threads are called
PATIENCE_SECONDS = 0.4  # of a request with a probe that begins after it came: an O2G that is there answers by then

log = structlog.get_logger(__name__)


class Breaker:
    """Guards one address of O2G: open, it lets no request through until a probe has found O2G answering again.

    Half open is a thread that lives only then. It begins probes at their time, whether or not earlier ones hang: O2G
    may be back while they still wait for what it lost. A request that comes meanwhile may have O2G probed at once and
    wait for that for a moment, so that already the first one after O2G's return goes through.
    """

    def __init__(
        self, probe: Callable[[], bool], on_open: Callable[[O2GError], None], on_close: Callable[[], None]
    ) -> None:
        """Start closed.

        Args:
            probe: asks whether O2G is there again, in a thread of its own, several at once where O2G hangs; must come
                back within a few seconds and raise nothing.
            on_open: told, each time that it opens, by which failure; before the first probe.
            on_close: told, each time that it closes, just before.
        """
        self._probe = probe
        self._on_open = on_open
        self._on_close = on_close
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._found = False  # whether a probe has found O2G since it opened
        self._began = -math.inf  # the latest probe that came to its end without finding O2G
        self._wanted = False  # whether one is wanted before its time
        self._answers = 0
        self._failing: list[object] = []  # errands
        self._open: O2GError | None = None
        self._over = False

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

    def want(self) -> float:
        """Have O2G probed at once, if it is open; give what `closed_within` wants to know of it."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()
            return time.monotonic()

    def closed_within(self, seconds: float, since: float) -> bool:
        """Wait for a probe that was wanted, `PATIENCE_SECONDS` at most; tell whether requests are let through.

        Args:
            seconds: to be waited at most.
            since: what `want` gave.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._open is None or self._began >= since or self._over, min(seconds, PATIENCE_SECONDS)
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
            if self._open is not None or since != self._answers or self._over:
                return
            if not any(errand is known for known in self._failing):
                self._failing.append(errand)
            if len(self._failing) < ERRANDS:
                return
            self._open = error
            self._found = False
            self._wanted = False
        try:
            self._on_open(error)
        finally:
            if started(partial(self._half_open, error), PROBE) is None:
                self._let_through()  # nobody would find O2G again

    def close(self) -> None:
        """Probe no more; for the end of the process."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _half_open(self, failure: O2GError) -> None:
        pause = FIRST_PROBE_SECONDS
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._settled(failure), pause)
                self._wanted = False
                if self._settled(failure):
                    return
            started(self._probe_once, PROBE)
            with self._changed:
                self._changed.wait_for(lambda: self._settled(failure), LEAST_SECONDS)
            pause = PROBE_SECONDS - LEAST_SECONDS

    def _settled(self, failure: O2GError) -> bool:
        return self._found or self._over or self._open is not failure

    def _probe_once(self) -> None:
        began = time.monotonic()
        there = self._probe()
        with self._changed:
            first = there and self._open is not None and not self._found
            self._found = self._found or there
            if not there:
                self._began = max(self._began, began)
            self._changed.notify_all()
        if first:
            try:
                self._on_close()
            finally:
                self._let_through()

    def _let_through(self) -> None:
        with self._changed:
            self._open = None
            self._answers += 1  # what began before has nothing to say any more
            self._failing.clear()
            self._changed.notify_all()
