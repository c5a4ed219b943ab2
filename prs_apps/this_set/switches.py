"""What of a set is on or off, as data: how each is named, read and set."""

from collections.abc import Callable
from dataclasses import dataclass

from prs.errors import N_
from services.deadline import Deadline
from services.own_set import OwnSet
from services.phone_set import PhoneSet, SetState


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off; None where O2G does not say."""

    id: str
    name: str
    value: Callable[[SetState], bool | None]
    set: Callable[[PhoneSet, OwnSet, bool, Deadline], None]


SWITCHES = (
    Switch("lock", N_("Locked"), value=lambda state: state.locked, set=PhoneSet.lock),
    Switch("camp_on", N_("Callers may wait"), value=lambda state: state.camp_on, set=PhoneSet.camp_on),
)
