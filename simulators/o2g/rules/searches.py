"""Directory searches under way: 5 in a session, 100 in all, forgotten after a minute (L120), given in portions (L61).

The API names no search: one belongs to a session and a login name, and a new one of the same pair takes the place of
the old one. That is our reading.
"""

from dataclasses import dataclass

from simulators.o2g.clock import Clock
from simulators.o2g.rules.sessions import Session
from simulators.o2g.world.people import Person

PER_SESSION = 5
IN_ALL = 100
IDLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How people are found: seconds until the first portion, people in a portion, seconds between portions."""

    first: float = 0.120
    portion: int = 20
    between: float = 0.060


class TooManySearches(Exception):
    """No search is free. The message says whose limit is reached."""


@dataclass(slots=True)
class SearchContext:
    """One search: who was found and is not given yet, and when the next portion is ready."""

    people: list[Person]
    ready: float
    used: float
    stuck: bool = False


class Searches:
    """Every search of one O2G."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        """Take the clock and how people are found."""
        self._clock = clock
        self.pace = pace
        self._contexts: dict[tuple[str, str], SearchContext] = {}

    def begin(self, session: Session, login: str, people: list[Person], *, stuck: bool = False) -> None:
        """Begin a search; a stuck one never finds anybody.

        Raises:
            TooManySearches: 5 of the session or 100 in all are under way.
        """
        self._free_idle()
        key = (session.cookie, login)
        if key not in self._contexts:
            if sum(cookie == session.cookie for cookie, _ in self._contexts) >= PER_SESSION:
                raise TooManySearches(f"{PER_SESSION} searches of this session are running")
            if len(self._contexts) >= IN_ALL:
                raise TooManySearches(f"{IN_ALL} searches of the whole solution are running")
        now = self._clock.now()
        self._contexts[key] = SearchContext(people, now + self.pace.first, now, stuck)

    def next(self, session: Session, login: str) -> tuple[str, list[Person]] | None:
        """Give O2G's result code and the next people; None where there is no search."""
        self._free_idle()
        context = self._contexts.get((session.cookie, login))
        if context is None:
            return None
        now = self._clock.now()
        context.used = now
        if context.stuck or now < context.ready:
            return "NOK", []
        if not context.people:
            del self._contexts[session.cookie, login]
            return "FINISH", []
        given, context.people = context.people[: self.pace.portion], context.people[self.pace.portion :]
        context.ready = now + self.pace.between if context.people else now
        return "OK", given

    def stop(self, session: Session, login: str) -> bool:
        """End a search; False where there was none."""
        return self._contexts.pop((session.cookie, login), None) is not None

    def forget(self, session: Session) -> None:
        """End a session's searches with it (L28)."""
        for key in [key for key in self._contexts if key[0] == session.cookie]:
            del self._contexts[key]

    def __len__(self) -> int:
        return len(self._contexts)

    def _free_idle(self) -> None:
        limit = self._clock.now() - IDLE_SECONDS
        for key in [key for key, context in self._contexts.items() if context.used <= limit]:
            del self._contexts[key]
