"""The time that a screen has, handed down to everything that it asks of O2G."""

import time
from collections.abc import Callable
from typing import Self

from services.errors import O2GTimeout


class Deadline:
    """A moment on a clock that never goes back, until which something must be done."""

    __slots__ = ("_clock", "_end")

    def __init__(self, end: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the moment: `end` in seconds of `clock`."""
        self._end = end
        self._clock = clock

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Self:
        """Start a deadline that ends in `seconds` from now."""
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Tell what is left, in seconds; 0.0 once it is over."""
        return max(0.0, self._end - self._clock())

    def check(self) -> None:
        """Go on only while something is left.

        Raises:
            O2GTimeout: nothing is.
        """
        if self.remaining() <= 0:
            raise O2GTimeout("no time is left to ask O2G")

    def at_most(self, seconds: float) -> "Deadline":
        """Give the earlier of this deadline and one that ends in `seconds` from now."""
        return Deadline(min(self._end, self._clock() + seconds), self._clock)
