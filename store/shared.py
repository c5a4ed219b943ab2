"""What the workers of one server share for a while: results that are leafed through, links that were used.

Kept in the process where one worker serves, in Redis where several do; both forget by themselves.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import redis

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
    """Keeps things in this process, within bounds of number and size."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start empty. `clock` gives seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._claimed: OrderedDict[str, float] = OrderedDict()
        self._counted: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._bytes = 0

    def put(self, name: str, value: bytes, seconds: int) -> None:
        """Keep a value; the oldest ones go when there are too many."""
        with self._lock:
            self._drop(name)
            self._kept[name] = (self._clock() + seconds, value)
            self._bytes += len(value)
            while len(self._kept) > ENTRIES or self._bytes > KEEP_BYTES:
                self._drop(next(iter(self._kept)))

    def get(self, name: str) -> bytes | None:
        """Give a kept value; None if there is none any more."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None:
                return None
            if kept[0] <= self._clock():
                self._drop(name)
                return None
            return kept[1]

    def extend(self, name: str, seconds: int) -> None:
        """Keep a kept value for `seconds` from now."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] > self._clock():
                self._kept[name] = (self._clock() + seconds, kept[1])
                self._kept.move_to_end(name)

    def forget(self, name: str) -> None:
        """Forget what is kept or counted under a name."""
        with self._lock:
            self._drop(name)
            self._counted.pop(name, None)

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if it is taken already."""
        with self._lock:
            now = self._clock()
            while self._claimed and next(iter(self._claimed.values())) <= now:
                self._claimed.popitem(last=False)
            if self._claimed.get(name, now) > now:
                return False
            self._claimed[name] = now + seconds
            return True

    def count(self, name: str, seconds: int, by: int = 1) -> int:
        """Add to a counter, and give the sum; where there are too many, the one not added to for longest goes."""
        with self._lock:
            now = self._clock()
            until, before = self._counted.pop(name, (now, 0))
            counted = (before if until > now else 0) + by
            self._counted[name] = (now + seconds, counted)
            while len(self._counted) > ENTRIES:
                self._counted.popitem(last=False)
            return counted

    def _drop(self, name: str) -> None:
        kept = self._kept.pop(name, None)
        if kept is not None:
            self._bytes -= len(kept[1])


class InRedis:
    """Keeps things in Redis, for all workers of a server."""

    def __init__(self, url: str, prefix: str = "touchline:") -> None:
        """Take the address of a Redis; nothing is asked of it yet."""
        self._redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
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
