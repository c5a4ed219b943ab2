"""Pauses between attempts: each longer than the one before, none quite as long as another process's."""

import random

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 15.0


class Pauses:
    """Growing pauses with jitter."""

    def __init__(self, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> None:
        """Begin with `first` seconds, never wait more than `longest`."""
        self._first = first
        self._longest = longest
        self._next = first

    def next(self) -> float:
        """Give the seconds to wait now: at least half of what the pause has grown to."""
        pause, self._next = self._next, min(self._longest, self._next * 2)
        return random.uniform(pause / 2, pause)  # noqa: S311  # spreads processes that lost O2G together

    def reset(self) -> None:
        """Begin with short pauses again."""
        self._next = self._first
