"""How often something may be done: counted in Redis for all workers, else in this process.

While Redis does not answer, each worker counts by itself: nobody is locked out, and nobody may do without end.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from store.shared import REDIS_CONNECTIONS

REDIS_SECONDS = 0.25  # a count is not worth waiting longer for
PAUSE_SECONDS = 5.0  # after Redis has not answered, until it is asked again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many of a kind for each name, within so many seconds, which slide. An amount of 0: any number."""

    kind: str
    amount: int
    seconds: int


class Rates:
    """Counts what is done and tells when it is too often."""

    def __init__(self, redis_url: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Args: the address of a Redis, None for counting in this process; a clock that never goes back, seconds."""
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = None if redis_url is None else SlidingWindowCounterRateLimiter(_storage(redis_url))
        self._clock = clock
        self._lock = threading.Lock()
        self._pause_until = clock()

    def take(self, allowance: Allowance, name: str) -> bool:
        """Count one of a kind for a name; False where that would be too many, which then is not counted."""
        if not allowance.amount:
            return True
        item = RateLimitItemPerSecond(allowance.amount, allowance.seconds, namespace="touchline")
        if self._shared is not None and self._clock() >= self._pause_until:
            try:
                return self._shared.hit(item, allowance.kind, name)
            except StorageError as error:
                self._pause(error)
        with self._lock:  # two threads that find its timer gone start it twice
            return self._own.hit(item, allowance.kind, name)

    def _pause(self, error: Exception) -> None:
        with self._lock:
            if self._clock() >= self._pause_until:
                self._pause_until = self._clock() + PAUSE_SECONDS
                log.warning("rates_counted_alone", reason=type(error).__name__, seconds=PAUSE_SECONDS)


def _storage(url: str) -> Storage:
    return RedisStorage(
        url,
        key_prefix="touchline:rates",
        wrap_exceptions=True,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        max_connections=REDIS_CONNECTIONS,
    )
