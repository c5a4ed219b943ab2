"""What the workers of one server share for a while: results that are leafed through, links that were used.

Kept in the process where one worker serves, in Redis where several do; both forget by themselves.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import redis
from cachetools import TLRUCache

from store.claims import Claims

REDIS_CONNECTIONS = 1000  # more than there are threads: the client refuses whoever would need one more
ENTRIES = 20_000  # a process keeps no more; the oldest go first
KEEP_BYTES = 64 * 1024 * 1024


class Shared(Protocol):
    """Things kept under a name for some seconds."""

    def put(self, name: str, value: bytes, seconds: int) -> None:
        """Keep a value; one of the same name is replaced."""

    def get(self, name: str) -> bytes | None:
        """Give a kept value; None if there is none any more."""

    def extend(self, name: str, seconds: int) -> None:
        """Keep a kept value for `seconds` from now; one that is forgotten stays so."""

    def forget(self, name: str) -> None:
        """Forget what is kept or counted under a name."""

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if it is taken already, by any worker."""

    def count(self, name: str, seconds: int, by: int = 1) -> int:
        """Add to a counter that starts at 0 and is forgotten `seconds` after it was last added to; give the sum.

        Whoever counts at the same time gets a sum of their own.
        """


class InProcess:
    """Keeps things in this process, within bounds of number and size; what is over takes no memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start empty. `clock` gives seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: TLRUCache[str, _Kept] = TLRUCache(KEEP_BYTES, _end, clock, getsizeof=_size)
        self._counted: TLRUCache[str, _Counted] = TLRUCache(ENTRIES, _end, clock)
        self._claims = Claims()

    def put(self, name: str, value: bytes, seconds: int) -> None:
        """Keep a value, unless it is too large; those not wanted for longest go when there are too many."""
        with self._lock:
            self._kept.pop(name, None)
            if len(value) <= KEEP_BYTES:
                self._kept[name] = (self._clock() + seconds, value)
            while len(self._kept) > ENTRIES:
                self._kept.popitem()

    def get(self, name: str) -> bytes | None:
        """Give a kept value; None if there is none any more."""
        with self._lock:
            kept = self._kept.get(name)
            return None if kept is None else kept[1]

    def extend(self, name: str, seconds: int) -> None:
        """Keep a kept value for `seconds` from now."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                self._kept[name] = (self._clock() + seconds, kept[1])

    def forget(self, name: str) -> None:
        """Forget what is kept or counted under a name."""
        with self._lock:
            self._kept.pop(name, None)
            self._counted.pop(name, None)

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if it is taken already."""
        with self._lock:
            return self._claims.take(name, seconds, self._clock())

    def count(self, name: str, seconds: int, by: int = 1) -> int:
        """Add to a counter, and give the sum; where there are too many, the one not added to for longest goes."""
        with self._lock:
            before = self._counted.get(name)
            counted = (0 if before is None else before[1]) + by
            self._counted[name] = (self._clock() + seconds, counted)
            return counted


_Kept = tuple[float, bytes]
_Counted = tuple[float, int]


def _end(_: str, kept: _Kept | _Counted, __: float) -> float:
    return kept[0]


def _size(kept: _Kept) -> int:
    return len(kept[1])


class InRedis:
    """Keeps things in Redis, for all workers of a server."""

    def __init__(self, url: str, prefix: str = "touchline:") -> None:
        """Take the address of a Redis; nothing is asked of it yet."""
        self._redis = redis.Redis.from_url(
            url, socket_timeout=1, socket_connect_timeout=1, max_connections=REDIS_CONNECTIONS
        )
        self._prefix = prefix

    def put(self, name: str, value: bytes, seconds: int) -> None:
        """Keep a value; Redis forgets it."""
        self._redis.set(self._prefix + name, value, ex=seconds)

    def get(self, name: str) -> bytes | None:
        """Give a kept value; None if there is none any more."""
        value = self._redis.get(self._prefix + name)
        return value if isinstance(value, bytes) else None

    def extend(self, name: str, seconds: int) -> None:
        """Keep a kept value for `seconds` from now."""
        self._redis.expire(self._prefix + name, seconds)

    def forget(self, name: str) -> None:
        """Forget what is kept or counted under a name."""
        self._redis.delete(self._prefix + name)

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if any worker has taken it already."""
        return bool(self._redis.set(self._prefix + name, b"1", ex=seconds, nx=True))

    def count(self, name: str, seconds: int, by: int = 1) -> int:
        """Add to a counter, and give the sum; Redis adds for one worker after the other."""
        both = self._redis.pipeline(transaction=True)
        both.incrby(self._prefix + name, by)
        both.expire(self._prefix + name, seconds)
        return int(both.execute()[0])
