"""Where calls to a person go: forward, overflow, do not disturb, remote extension.

Calls ask `diverted_to`; the API's routing service and phone set programming change what `of` gives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from simulators.o2g.world.chance import chance_of
from simulators.o2g.world.people import FIRST_NUMBER, Person

CAST = 30  # people at the beginning of each world: their calls go nowhere else until somebody says so
LONGEST_CHAIN = 10


class Condition(StrEnum):
    """When a route applies; an immediate one always does."""

    IMMEDIATE = "IMMEDIATE"
    BUSY = "BUSY"
    NO_ANSWER = "NO_ANSWER"
    BUSY_NO_ANSWER = "BUSY_NO_ANSWER"

    def covers(self, situation: "Condition") -> bool:
        """Tell whether a route with this condition takes a call in that situation (IMMEDIATE, BUSY or NO_ANSWER)."""
        if self is Condition.BUSY_NO_ANSWER:
            return situation in (Condition.BUSY, Condition.NO_ANSWER)
        return self is situation


class Target(StrEnum):
    """What a route leads to."""

    VOICEMAIL = "VOICEMAIL"
    NUMBER = "NUMBER"


@dataclass(frozen=True, slots=True)
class Route:
    """A forward or an overflow; `number` only where the target is a number."""

    condition: Condition
    target: Target
    number: str | None = None


@dataclass(slots=True)
class Routing:
    """How a person's calls are routed, and what the person may change of it (`may_…`, barring of the OXE)."""

    forward: Route | None = None
    overflow: Route | None = None
    do_not_disturb: bool = False
    remote_extension: bool = False
    may_forward: bool = True
    may_overflow: bool = True
    may_not_disturb: bool = True


def remote_extension_of(person: Person) -> str | None:
    """Give the id of a person's remote extension."""
    return next((device.id for device in person.devices if device.station_type == "Remote_Extension"), None)


class RoutingTable:
    """Everybody's routing; somebody's is made when first asked for."""

    def __init__(self, seed: int, find: Callable[[str], Person | None]) -> None:
        """Take a seed and what finds the person of a directory number."""
        self._seed = seed
        self._find = find
        self._by_login: dict[str, Routing] = {}

    def of(self, person: Person) -> Routing:
        """Give a person's routing, to read and to change."""
        routing = self._by_login.get(person.login)
        if routing is None:
            routing = self._by_login[person.login] = self._at_first(person)
        return routing

    def diverted_to(self, person: Person, situation: Condition) -> str | None:
        """Give the number that a call to a person goes to instead, or None where it stays.

        Args:
            person: who is called.
            situation: IMMEDIATE when the call comes, BUSY when the person is, NO_ANSWER when nobody answered.
        """
        routing = self.of(person)
        for route in (routing.forward, routing.overflow):
            if route is not None and route.condition.covers(situation):
                number = self._number(route, person)
                if number is not None:
                    return number
        return None

    def loops(self, person: Person, number: str) -> bool:
        """Tell whether calls forwarded by a person to a number would come back to the person."""
        for _ in range(LONGEST_CHAIN):
            owner = self._find(number)
            if owner is None:
                return False
            if owner is person:
                return True
            forward = self.of(owner).forward
            if forward is None or forward.number is None:
                return False
            number = forward.number
        return True

    def _number(self, route: Route, person: Person) -> str | None:
        if route.target is Target.NUMBER:
            return route.number
        return person.voicemail[0] if person.voicemail is not None else None

    def _at_first(self, person: Person) -> Routing:
        routing = Routing(remote_extension=remote_extension_of(person) is not None)
        if int(person.number) - FIRST_NUMBER in range(CAST):
            return routing
        chance = chance_of(self._seed, "routing", person.number)
        drawn = chance.random()
        if drawn < 0.05 and person.voicemail is not None:
            routing.forward = Route(Condition.NO_ANSWER, Target.VOICEMAIL)
        elif drawn < 0.07:
            routing.forward = Route(Condition.IMMEDIATE, Target.NUMBER, f"+3312345{chance.randrange(10_000):04d}")
        elif drawn < 0.09:
            routing.do_not_disturb = True
        routing.may_overflow = chance.random() >= 0.05
        return routing
