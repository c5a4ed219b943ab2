"""The kinds of keys of a set, as data: how each is named, read, set and erased."""

from collections.abc import Callable
from dataclasses import dataclass

from prs.errors import N_
from services.deadline import Deadline
from services.own_set import OwnSet
from services.set_keys import SetKey, SetKeys


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A kind of keys; `positions` are those that may be free although O2G does not list them."""

    id: str
    title: str
    positions: range
    read: Callable[[SetKeys, OwnSet, Deadline], tuple[SetKey, ...]]
    set: Callable[[SetKeys, OwnSet, SetKey, Deadline], None]
    erase: Callable[[SetKeys, OwnSet, int, Deadline], None]

    def free(self, keys: tuple[SetKey, ...]) -> list[SetKey]:
        """List the keys that nothing is programmed on, by position."""
        used = {key.position for key in in_use(keys)}
        listed = {key.position: key for key in keys if key.position not in used}
        unlisted = {position: SetKey(position, "") for position in self.positions if position not in used}
        return sorted((unlisted | listed).values(), key=lambda key: key.position)


def in_use(keys: tuple[SetKey, ...]) -> list[SetKey]:
    """List the keys that something is programmed on."""
    return [key for key in keys if key.number or key.mnemonic]


PROGRAMMABLE = KeyKind(
    "keys",
    N_("Programmed keys"),
    range(0),
    read=SetKeys.programmable,
    set=SetKeys.set_programmable,
    erase=SetKeys.erase_programmable,
)
SOFT = KeyKind(
    "soft_keys",
    N_("Soft keys"),
    range(1, 11),  # a NOE set has ten at most; O2G lists those in use, and refuses one that the set has not
    read=SetKeys.soft_keys,
    set=SetKeys.set_soft_key,
    erase=SetKeys.erase_soft_key,
)
KINDS = {kind.id: kind for kind in (PROGRAMMABLE, SOFT)}
