"""What the company has beside people: hunting groups, pilots, sets that are nobody's, outside lines."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Impossible, Party, PartyKind

TABLE = Path(__file__).parent / "company.toml"
OUTSIDE = ("0", "+")  # a number that begins so leaves the company
NEVER_ANSWERS = "99"  # how the number of somebody outside ends who never answers
ALWAYS_BUSY = "98"


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot of the call centre: `status` is O2G's PilotStatus, `waiting_time` in seconds."""

    node: str
    number: str
    status: str
    waiting_time: int
    saturated: bool


class HuntingGroups:
    """Groups of sets that are called by one number, node by node; some people belong to one, the same every time."""

    def __init__(self, people: list[Person]) -> None:
        """Take the people; who belongs where is told only when asked."""
        table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self._share = int(table["share"])
        self._numbers = {row["node"]: tuple(row["numbers"]) for row in table["hunting_groups"]}
        self._people = people
        self._moved: dict[str, str | None] = {}
        self._logged_off: set[str] = set()

    def of_node(self, node: str) -> tuple[str, ...]:
        """Give the groups of a node."""
        return self._numbers.get(node, ())

    def knows(self, number: str) -> bool:
        """Tell whether there is such a group."""
        return any(number in numbers for numbers in self._numbers.values())

    def of(self, person: Person) -> str | None:
        """Give the group that a person belongs to."""
        if person.login in self._moved:
            return self._moved[person.login]
        groups = self.of_node(person.node)
        place = int(person.number)
        if not groups or place % self._share:
            return None
        return groups[place // self._share % len(groups)]

    def join(self, person: Person, number: str) -> None:
        """Make a person a member; of one group at a time."""
        self._moved[person.login] = number

    def leave(self, person: Person, number: str) -> None:
        """Take a person out of a group; whoever does not belong to it stays as before."""
        if self.of(person) == number:
            self._moved[person.login] = None
            self._logged_off.discard(person.login)

    def logged_on(self, person: Person) -> bool:
        """Tell whether the group's calls ring at a member's."""
        return self.of(person) is not None and person.login not in self._logged_off

    def log(self, person: Person, *, on: bool) -> None:
        """Log a member on or off.

        Raises:
            Impossible: somebody who belongs to no group.
        """
        if self.of(person) is None:
            raise Impossible("INCOMPATIBLE_WITH_STATE", "INVALID_CALLING", "the user belongs to no hunting group")
        if on:
            self._logged_off.discard(person.login)
        else:
            self._logged_off.add(person.login)

    def members(self, number: str) -> Iterable[Person]:
        """Give who is logged on in a group."""
        return (person for person in self._people if self.of(person) == number and self.logged_on(person))


class Company:
    """What numbers mean."""

    def __init__(self, people: list[Person], find: Callable[[str], Person | None]) -> None:
        """Take the people, and what finds one by a directory number or a set's."""
        table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self.hunting_groups = HuntingGroups(people)
        self.pilots = {row["number"]: Pilot(**row) for row in table["pilots"]}
        self.desk_sharing_sets = frozenset(table["desk_sharing"]["sets"])
        self.desk_sharing_type = str(table["desk_sharing"]["subType"])
        self.hall_sets = frozenset(table["hall"]["sets"])
        self.sharing: dict[str, str] = {}  # login by desk sharing set
        self._find = find
        self._mailboxes = frozenset(person.voicemail[0] for person in people if person.voicemail is not None)

    def connected(self, device: str) -> bool:
        """Tell whether a set is there that belongs to nobody."""
        return device in self.hall_sets or (device in self.desk_sharing_sets and device not in self.sharing)

    def party(self, number: str, busy: Callable[[Person], bool]) -> Party | None:
        """Give who is called by a number, of a hunting group the first who is free; None: there is no such number."""
        number = number.translate({ord(sign): None for sign in " ()"})
        person = self._find(number)
        if person is not None:
            return Party.of(number, person)
        if self.hunting_groups.knows(number):
            first = next(iter(self.hunting_groups.members(number)), None)
            free = (member for member in self.hunting_groups.members(number) if not busy(member))
            return None if first is None else Party.of(number, next(free, first))
        if number in self._mailboxes:
            return Party(number, None, PartyKind.VOICEMAIL)
        if self.connected(number):
            return Party(number, None, PartyKind.SET)
        if number.startswith(OUTSIDE) and len(number) > 1:
            return Party(number, None, PartyKind.EXTERNAL)
        return None

    def named(self, number: str) -> Party:
        """Describe whoever has a number, without calling."""
        person = self._find(number)
        if person is not None:
            return Party.of(number, person)
        if number in self._mailboxes:
            return Party(number, None, PartyKind.VOICEMAIL)
        if self.connected(number):
            return Party(number, None, PartyKind.SET)
        return Party(number, None, PartyKind.EXTERNAL if number.startswith(OUTSIDE) else PartyKind.UNKNOWN)
