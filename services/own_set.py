"""A set that was seen to be the user's own.

In an administrator's session O2G lets any set answer, hold or pick up (L113), and several of these operations carry no
login name to check the set against. So no operation on a set takes a bare device number.
"""

from dataclasses import dataclass

from services.errors import BadParameter
from services.users import User


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A user's login and the `Device.id` of one of that user's sets. Made by `own_set`."""

    login: str
    device: str


def own_set(user: User, device: str) -> OwnSet:
    """Name one of a user's sets.

    Raises:
        BadParameter: it is none of this user's.
    """
    if device not in {own.id for own in user.devices}:
        raise BadParameter("this set is not the user's")
    return OwnSet(user.login, device)
