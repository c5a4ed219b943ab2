"""A node's objects as its management sees them: which kinds there are, and instances made from people."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from simulators.o2g.world.nodes import Node
from simulators.o2g.world.people import Person, languages
from simulators.o2g.world.register import NOT_LOADED

TABLE = Path(__file__).parent / "pbx_model.toml"
SUBSCRIBER = "Subscriber"
Values = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a kind of object; types are O2G's."""

    name: str
    type: str
    default: str
    length: str | None
    allowed: tuple[str, ...]
    mandatory: bool
    multiple: bool
    filtering: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: the attribute that tells its instances apart, and the kinds that are part of it."""

    name: str
    id: str
    attributes: tuple[Attribute, ...]
    parts: tuple["Kind", ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a node; `value` gives an attribute's values, none for one that is not set."""

    id: str
    value: Callable[[str], list[str]]


def _attribute(row: dict[str, object]) -> Attribute:
    allowed = row.get("allowed", ())
    return Attribute(
        name=str(row["name"]),
        type=str(row["type"]),
        default=str(row.get("default", "")),
        length=str(row["length"]) if "length" in row else None,
        allowed=tuple(map(str, allowed)) if isinstance(allowed, list) else (),
        mandatory=bool(row.get("mandatory")),
        multiple=bool(row.get("multi")),
        filtering=bool(row.get("filtering")),
    )


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Give the kinds of objects of a node."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["objects"]

    def under(father: str | None) -> tuple[Kind, ...]:
        return tuple(
            Kind(
                row["name"], row["id"], tuple(map(_attribute, row["attributes"])), under(row["name"]),
                tuple(row.get("actions", ())),
            )
            for row in rows
            if row.get("under") == father
        )  # fmt: skip

    return under(None)


@lru_cache(maxsize=1)
def _fixed() -> dict[str, list[dict[str, str]]]:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["instances"]
    return {row["object"]: row["values"] for row in rows}


class PbxObjects:
    """Every node's objects. A path is a list of names and ids in turn, such as `Subscriber`, `70000`."""

    def __init__(
        self, subscribers: Callable[[str], Iterable[Person]], find: Callable[[str, str], Person | None]
    ) -> None:
        """Take what gives the subscribers of a node, and what finds one by number and node."""
        self._subscribers = subscribers
        self._find = find

    def node_values(self, node: Node) -> Values:
        """Give the attributes of a node itself."""
        return {"Network_Node_Number": [node.id], "@Software_Version": [node.version], "Node_Name": [node.name]}

    def kind(self, path: list[str]) -> Kind | None:
        """Give the kind of object that a path names, ids in between or not at its end."""
        there, found = kinds(), None
        for name in path[::2]:
            found = next((kind for kind in there if kind.name == name), None)
            if found is None:
                return None
            there = found.parts
        return found

    def instances(self, node: Node, path: list[str]) -> Iterator[Instance] | None:
        """Give the instances of a kind, such as all of `Subscriber`; None where the path leads nowhere."""
        kind = self.kind(path)
        if kind is None or (len(path) > 1 and self.instance(node, path[:-1]) is None):
            return None
        if kind.name == SUBSCRIBER:
            return (_subscriber(person) for person in self._subscribers(node.id))
        return (_made(kind.id, values) for values in _fixed().get(kind.name, []))

    def instance(self, node: Node, path: list[str]) -> Instance | None:
        """Give one object, such as `Subscriber`, `70000`."""
        if len(path) == 2 and path[0] == SUBSCRIBER:
            person = self._find(path[1], node.id)
            return _subscriber(person) if person is not None and person.number == path[1] else None
        there = self.instances(node, path[:-1])
        return None if there is None else next((found for found in there if found.id == path[-1]), None)


def _subscriber(person: Person) -> Instance:
    def value(name: str) -> list[str]:
        found = SUBSCRIBER_VALUES.get(name)
        return [] if found is None else found(person)

    return Instance(person.number, value)


def _made(id_attribute: str, values: dict[str, str]) -> Instance:
    return Instance(values[id_attribute], lambda name: [values[name]] if name in values else [])


def _plain(text: str) -> str:
    """Write a name as the phone books of old sets do: 20 letters of ASCII."""
    return text.encode("ascii", "ignore").decode()[:20]


SUBSCRIBER_VALUES: dict[str, Callable[[Person], list[str]]] = {
    "Directory_Number": lambda person: [person.number],
    "Annu_Name": lambda person: [_plain(person.last_name)],
    "Annu_First_Name": lambda person: [_plain(person.first_name)],
    "UTF8_Phone_Book_Name": lambda person: [person.last_name],
    "UTF8_Phone_Book_First_Name": lambda person: [person.first_name],
    "Station_Type": lambda person: [person.devices[0].station_type if person.devices else "UNUSED"],
    "A4980": lambda person: ["NO_4980" if int(person.number) in NOT_LOADED else "4980"],
    "Voice_Mail_Type": lambda person: [person.voicemail[1] if person.voicemail else "NO_VM"],
    "Voice_Mail_Dir_No": lambda person: [person.voicemail[0] if person.voicemail else ""],
    "Language_ID": lambda person: [languages()[person.language]],
    "External_Login": lambda person: [person.external_login or ""],
    "Attached_MultiTandem": lambda person: [device.id for device in person.devices[1:]],
}
