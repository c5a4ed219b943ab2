"""How what is registered stands in this process: said by the phone side, shown by the administration."""

from dataclasses import dataclass
from datetime import datetime

from store.registered import Kind


@dataclass(frozen=True, slots=True)
class Standing:
    """One registered application here.

    Attributes:
        id: its name in addresses.
        kind: where it comes from.
        works: whether phones can open it, if it is on and theirs.
        reason: why it does not work, in a line; empty where it does.
        name: what menus show in English.
        order: its place in menus, smaller first.
    """

    id: str
    kind: Kind
    works: bool
    reason: str
    name: str
    order: int


@dataclass(frozen=True, slots=True)
class RegistryState:
    """What phones know of the registry.

    Attributes:
        known_since: when it was last seen to be what is known, UTC; None: never, and built-in ones are everybody's.
        gone: the store could not be asked last time; phones go on with what is known.
        revision: of what is known; -1: none.
        problems: what does not work, one line for each.
    """

    known_since: datetime | None
    gone: bool
    revision: int
    problems: tuple[str, ...]
