"""What people program on their sets: padlock, camp-on, associate, PIN, keys; what each set has by its station type."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from simulators.o2g.world.chance import chance_of
from simulators.o2g.world.people import FIRST_NUMBER, Device, Person

PREFIXES = Path(__file__).parent / "prefixes.toml"
KEYS = range(3, 75)  # positions of programmable keys, as in the reference's example (L136)
SOFT_KEYS = range(1, 11)
CAST = 30  # people at the beginning of each world: nothing of theirs is locked
PIN_DIGITS = 4  # as configured on our PBX (L137)
LARGE = ("NOE_C", "8068", "8078", "8088", "8082", "8038", "8039")  # in the names of large sets, which take an addon


@dataclass(frozen=True, slots=True)
class Key:
    """What a key calls; an empty number where nothing is programmed. A locked one is the administrator's."""

    number: str = ""
    mnemonic: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """The number of private calls of a set (PIN): `control` is O2G's Pin_Type_Of_Control."""

    number: str
    with_secret_code: bool
    control: str
    group: int


@dataclass(slots=True)
class SetState:
    """What is programmed on a set; keys by position, those without a number are left out."""

    lock: bool
    camp_on: bool
    associate: str | None
    pin: Pin
    addons: tuple[str, ...]
    keys: dict[int, Key] = field(default_factory=dict)
    soft_keys: dict[int, Key] = field(default_factory=dict)


def key_positions(device: Device) -> range:
    """Give the positions of a set's programmable keys; only NOE sets have any."""
    return KEYS if device.station_type.startswith("NOE") else range(0)


def soft_key_positions(device: Device) -> range:
    """Give the positions of a set's soft keys; only NOE sets have any."""
    return SOFT_KEYS if device.station_type.startswith("NOE") else range(0)


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, dict[str, str]]:
    return tomllib.loads(PREFIXES.read_text(encoding="utf-8"))


def prefix(kind: str, value: str) -> str | None:
    """Give the digits of a prefix; kind and value are compared letter by letter (L136)."""
    return _prefixes().get(kind, {}).get(value)


class Sets:
    """What is programmed on everybody's sets; that of a set is made when first asked for."""

    def __init__(self, seed: int, people: Sequence[Person]) -> None:
        """Take a seed, and the people whom keys call."""
        self._seed = seed
        self._people = people
        self._by_device: dict[str, SetState] = {}

    def of(self, device: Device) -> SetState:
        """Give what is programmed on a set, to read and to change."""
        state = self._by_device.get(device.id)
        if state is None:
            state = self._by_device[device.id] = self._at_first(device)
        return state

    def _at_first(self, device: Device) -> SetState:
        chance = chance_of(self._seed, "set", device.id)
        in_cast = device.id.isdigit() and int(device.id) - FIRST_NUMBER in range(CAST)
        addons = ["NO_EXTENSIONS"]
        if any(name in device.station_type for name in LARGE) and chance.random() < 0.3:
            addons = [chance.choice(["ADDON_10_KEYS", "ADDON_40_KEYS", "ADDON_EL_14_KEYS"])]
        pin = Pin(f"{chance.randrange(10**PIN_DIGITS):0{PIN_DIGITS}d}", True, "PIN_Restricted_To_Owner_Set", 1)
        state = SetState(
            lock=not in_cast and chance.random() < 0.03,
            camp_on=chance.random() < 0.3,
            associate=self._somebody(chance.random()).number if chance.random() < 0.4 else None,
            pin=pin,
            addons=tuple(addons),
        )
        for position in key_positions(device)[: chance.randrange(6)]:
            state.keys[position] = self._key(chance.random(), locked=not in_cast and chance.random() < 0.1)
        for position in soft_key_positions(device)[: chance.randrange(3)]:
            state.soft_keys[position] = self._key(chance.random())
        return state

    def _somebody(self, drawn: float) -> Person:
        return self._people[int(drawn * len(self._people))]

    def _key(self, drawn: float, *, locked: bool = False) -> Key:
        person = self._somebody(drawn)
        return Key(person.number, (person.last_name or person.first_name)[:16], locked)
