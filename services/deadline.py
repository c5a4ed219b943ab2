"""The time that a screen has, handed down to everything that it asks of O2G."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from services.errors import O2GTimeout


@dataclass(slots=True, eq=False)
class Errand:
    """What is done for one screen; the same for its deadline and the parts of that, and no other.

    Attributes:
        wrote: whether a request that changes something was done by O2G, or may have been.
        waited: whether it has waited in vain for an O2G that is gone.
    """

    wrote: bool = False
    waited: bool = False


class Deadline:
    """A moment on a clock that never goes back, until which something must be done.

    Its errand also remembers whether anything was changed at O2G on the way: whoever answers the user must know whether
    doing it all again would do something twice.
    """

    __slots__ = ("_clock", "_end", "errand")

    def __init__(self, end: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the moment: `end` in seconds of `clock`."""
        self._end = end
        self._clock = clock
        self.errand = Errand()

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
            raise O2GTimeout("no time is left to ask O2G", nothing_sent=True)

    def at_most(self, seconds: float) -> "Deadline":
        """Give the earlier of this deadline and one that ends in `seconds` from now."""
        part = Deadline(min(self._end, self._clock() + seconds), self._clock)
        part.errand = self.errand
        return part

    @property
    def wrote(self) -> bool:
        """Whether a request that changes something was done by O2G within this deadline, or may have been."""
        return self.errand.wrote

    def note_write(self) -> None:
        """Remember that one was."""
        self.errand.wrote = True
