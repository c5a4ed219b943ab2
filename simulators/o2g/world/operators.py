"""Who works in the call centre and how it is laid out: groups, operators, their skills; the same for the same seed."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulators.o2g.world.people import FIRST_NUMBER, Person

TABLE = Path(__file__).parent / "call_centre.toml"


class OperatorType(StrEnum):
    """O2G's AgentType."""

    AGENT = "AGENT"
    SUPERVISOR = "SUPERVISOR"


@dataclass(frozen=True, slots=True)
class Group:
    """A processing group. `reasons` are the labels of its withdraw reasons 1 to 9; times are seconds after a call."""

    number: str
    name: str
    node: str
    wrap_up_seconds: float
    pause_seconds: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """What an operator can do: `level` 1 to 9, and whether it is active."""

    number: int
    level: int
    active: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """An agent or a supervisor.

    Attributes:
        groups: numbers of the processing groups; `preferred` is one of them or None.
        fixed_set: the only set where a fixed operator can log on; None for one who is free to choose.
        self_assign: may choose a group other than the preferred one.
        help: a supervisor whom agents may ask for help.
        start_withdrawn: is withdrawn after log-on until ready.
        works_at_first: logged on, in the preferred group, when the world begins; with `withdrawn_at_first`, withdrawn.
        skills: before any of them is activated or deactivated.
    """

    person: Person
    type: OperatorType
    groups: tuple[str, ...]
    preferred: str | None
    fixed_set: str | None
    self_assign: bool
    headset: bool
    help: bool
    multiline: bool
    start_withdrawn: bool
    works_at_first: bool
    withdrawn_at_first: bool
    skills: tuple[Skill, ...]

    @property
    def supervises(self) -> bool:
        """Whether supervisors' operations are for this one."""
        return self.type is OperatorType.SUPERVISOR


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def draw(seed: int, number: str, what: str) -> int:
    """Draw 0 to 999 for one question about one person: the same whatever was asked before."""
    mixed = hashlib.blake2b(f"{seed}/{number}/{what}".encode(), digest_size=4).digest()
    return int.from_bytes(mixed) % 1000


@lru_cache
def groups_of_node(node: str) -> tuple[Group, ...]:
    """Give the processing groups of a node, in the order of their numbers."""
    return tuple(
        Group(
            f"6{node}{place:03d}",
            row["name"],
            node,
            float(row["wrap_up_seconds"]),
            float(row["pause_seconds"]),
            tuple(row["reasons"]),
        )
        for place, row in enumerate(_table()["groups"], start=1)
    )


@lru_cache
def seats_of_node(node: str) -> tuple[str, ...]:
    """Give the numbers of a node's pro-ACD sets that belong to nobody."""
    return tuple(f"5{node}{place:03d}" for place in range(1, _table()["seats"]["count"] + 1))


def work_set(person: Person) -> str | None:
    """Give the first of a person's sets that an operator can work at: a desk phone that is not analog."""
    fit = (d.id for d in person.devices if d.kind == "DESKPHONE" and d.station_type != "ANALOG")
    return next(fit, None)


def employ(people: Iterable[Person], seed: int) -> dict[str, Operator]:
    """Find the operators among the people; the keys are login names."""
    cast = {row["number"]: row for row in _table()["operators"]}
    share = _table()["shares"]["operators"]
    stage = FIRST_NUMBER + _size_of_cast()
    found: dict[str, Operator] = {}
    for person in people:
        if person.number in cast:
            found[person.login] = _actor(person, cast[person.number])
        elif int(person.number) >= stage and draw(seed, person.number, "operator") < share and work_set(person):
            found[person.login] = _anybody(person, seed)
    return found


@lru_cache(maxsize=1)
def _size_of_cast() -> int:
    return len(tomllib.loads(TABLE.with_name("cast.toml").read_text(encoding="utf-8"))["people"])


def _actor(person: Person, row: dict[str, Any]) -> Operator:
    groups = groups_of_node(person.node)
    preferred = row.get("preferred")
    return Operator(
        person=person,
        type=OperatorType(row["type"]),
        groups=tuple(groups[place - 1].number for place in row["groups"]),
        preferred=groups[preferred - 1].number if preferred else None,
        fixed_set=work_set(person) if row.get("fixed") else None,
        self_assign=row.get("self_assign", False),
        headset=row.get("headset", False),
        help=row.get("help", False),
        multiline=row.get("multiline", False),
        start_withdrawn=row.get("start_withdrawn", False),
        works_at_first=False,
        withdrawn_at_first=False,
        skills=tuple(Skill(*skill) for skill in row["skills"]),
    )


def _anybody(person: Person, seed: int) -> Operator:
    shares: dict[str, int] = _table()["shares"]

    def has(what: str) -> bool:
        return draw(seed, person.number, what) < shares[what]

    groups = [group.number for group in groups_of_node(person.node)]
    supervisor = has("supervisors")
    first = draw(seed, person.number, "group") % len(groups)
    count = len(groups) if supervisor else 1 + draw(seed, person.number, "groups") % 2
    own = tuple(sorted(groups[(first + step) % len(groups)] for step in range(count)))
    return Operator(
        person=person,
        type=OperatorType.SUPERVISOR if supervisor else OperatorType.AGENT,
        groups=own,
        preferred=groups[first],
        fixed_set=work_set(person) if not supervisor and has("fixed") else None,
        self_assign=supervisor or has("self_assign"),
        headset=has("headset"),
        help=supervisor,
        multiline=draw(seed, person.number, "multiline") < 500,
        start_withdrawn=has("start_withdrawn"),
        works_at_first=has("logged_on"),
        withdrawn_at_first=has("withdrawn"),
        skills=tuple(
            Skill(row["number"], 1 + draw(seed, person.number, f"level {row['number']}") % 9, True)
            for row in _table()["skills"]
            if draw(seed, person.number, f"skill {row['number']}") < row["weight"]
        ),
    )
