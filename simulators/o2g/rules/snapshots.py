"""Snapshots: asked for, acknowledged at once, told later a portion at a time (L64)."""

from collections.abc import Callable, Hashable, Sequence

from simulators.o2g.clock import Clock
from simulators.o2g.world.people import Person

BEGINS_AFTER = 0.05  # seconds
PORTION = 500  # people told of at once, so that other requests are answered in between
BETWEEN = 0.05  # seconds between portions; our reading: O2G tells of thousands a second (L160)


class Snapshots:
    """Every snapshot that is being told."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock."""
        self._clock = clock
        self._running: set[Hashable] = set()

    def begin(self, key: Hashable, people: Sequence[Person], tell: Callable[[Person], None]) -> None:
        """Tell of each person soon; has no effect while a snapshot of the same key is running.

        Args:
            key: what may run once only, such as the service's name and the session's cookie.
            people: of whom to tell, in that order.
            tell: publishes the event of one person.
        """
        if key in self._running:
            return
        self._running.add(key)
        self._clock.after(BEGINS_AFTER, lambda: self._portion(key, people, 0, tell))

    def _portion(self, key: Hashable, people: Sequence[Person], begin: int, tell: Callable[[Person], None]) -> None:
        end = begin + PORTION
        for person in people[begin:end]:
            tell(person)
        if end < len(people):
            self._clock.after(BETWEEN, lambda: self._portion(key, people, end, tell))
        else:
            self._running.discard(key)
