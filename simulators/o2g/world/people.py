"""The people of the simulated company: a fixed cast first, then as many as wanted, the same for the same seed."""

import itertools
import random
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulators.o2g.world.chance import chance_of

HERE = Path(__file__).parent
FIRST_NUMBER = 70000  # of the first of the cast; the others follow without a gap


@dataclass(frozen=True, slots=True)
class Device:
    """A set: `id` is its number, `kind` O2G's device type, `station_type` its subType."""

    id: str
    kind: str
    station_type: str


@dataclass(slots=True)
class Person:
    """A subscriber of the OXE and user of O2G. `voicemail` is (number, type), or None; `secret` the 4 digits (L5)."""

    number: str
    login: str
    first_name: str
    last_name: str
    language: str
    node: str
    devices: tuple[Device, ...]
    voicemail: tuple[str, str] | None
    secret: str
    external_login: str | None


@dataclass(frozen=True, slots=True)
class _Culture:
    language: str
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    id: str
    voicemail: str


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """Each GUI language code of O2G and what the OXE calls it."""
    return {row["gui"]: row["oxe"] for row in _table("languages.toml")["languages"]}


def populate(count: int, seed: int) -> list[Person]:
    """Make `count` people; the first ones are the cast, whatever the seed."""
    return _Census(seed).people(count)


def subscriber(number: str, seed: int) -> Person:
    """Make one more subscriber, always the same for a number and a seed."""
    return _Census(chance_of(seed, "subscriber", number).getrandbits(64))._anybody(number)


class _Census:
    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        names, stations = _table("names.toml"), _table("stations.toml")
        self._cultures = [_Culture(c["language"], tuple(c["first"]), tuple(c["last"])) for c in names["cultures"]]
        self._culture_weights = list(itertools.accumulate(c["weight"] for c in names["cultures"]))
        self._stations = [(s["kind"], s["subType"]) for s in stations["stations"]]
        self._station_weights = list(itertools.accumulate(s["weight"] for s in stations["stations"]))
        self._second = [(s["kind"], s["subType"], s["weight"]) for s in stations["second"].values()]
        self._shares = stations["shares"]
        self._nodes = [_Node(str(n["id"]), n["voicemail"]) for n in stations["nodes"]]
        self._node_weights = list(itertools.accumulate(n["weight"] for n in stations["nodes"]))

    def people(self, count: int) -> list[Person]:
        cast = _table("cast.toml")["people"][:count]
        people = [self._actor(str(FIRST_NUMBER + index), row) for index, row in enumerate(cast)]
        people += [self._anybody(str(FIRST_NUMBER + index)) for index in range(len(cast), count)]
        return people

    def _actor(self, number: str, row: dict[str, Any]) -> Person:
        node = self._nodes[0]
        devices = [self._named_device(number, index, name) for index, name in enumerate(row["devices"])]
        voicemail = {
            "4645": (node.voicemail, "VM_4645"),
            "4635": ("60035", "VM_4635"),
            "external": ("60099", "EXTERNAL"),
            "none": None,
        }[row.get("voicemail", "4645")]
        return Person(
            number, f"oxe{number}", row["first"], row["last"], row["language"], node.id, tuple(devices), voicemail,
            self._secret(), None,
        )  # fmt: skip

    def _named_device(self, number: str, index: int, name: str) -> Device:
        kind, _, station_type = name.rpartition(":")
        return Device(_device_id(number, index), kind or "DESKPHONE", station_type)

    def _anybody(self, number: str) -> Person:
        chance = self._chance
        culture = chance.choices(self._cultures, cum_weights=self._culture_weights)[0]
        node = chance.choices(self._nodes, cum_weights=self._node_weights)[0]
        external = chance.random() * 1000 < self._shares["external_login"]
        return Person(
            number=number,
            login=f"oxe{number}",
            first_name=chance.choice(culture.first),
            last_name=chance.choice(culture.last),
            language=culture.language,
            node=node.id,
            devices=self._some_devices(number),
            voicemail=self._some_voicemail(node),
            secret=self._secret(),
            external_login=f"user{number}@company.example" if external else None,
        )

    def _some_devices(self, number: str) -> tuple[Device, ...]:
        chance = self._chance
        if chance.random() * 1000 < self._shares["without_device"]:
            return ()
        kinds = [chance.choices(self._stations, cum_weights=self._station_weights)[0]]
        kinds += [(kind, name) for kind, name, weight in self._second if chance.random() * 1000 < weight]
        return tuple(Device(_device_id(number, index), *kind) for index, kind in enumerate(kinds))

    def _some_voicemail(self, node: _Node) -> tuple[str, str] | None:
        drawn = self._chance.random() * 1000
        for share, box in (
            ("voicemail_4645", (node.voicemail, "VM_4645")),
            ("voicemail_4635", ("60035", "VM_4635")),
            ("voicemail_external", ("60099", "EXTERNAL")),
        ):
            drawn -= self._shares[share]
            if drawn < 0:
                return box
        return None

    def _secret(self) -> str:
        return f"{self._chance.randrange(10_000):04d}"


def _device_id(number: str, index: int) -> str:
    """Number a person's devices: the first has the person's number, others one that nobody else has."""
    return number if index == 0 else f"{8 + (index > 1)}{number}"
