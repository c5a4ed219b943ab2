"""Which of a user's sets asks."""

from prs.errors import NoSet
from services.users import Device, DeviceKind, User


def set_of(user: User, wanted: str) -> Device:
    """Find the set that asks: the one that the request names, else the user's first desk phone.

    Raises:
        NoSet: the user has no such set.
    """
    if wanted:
        named = next((device for device in user.devices if device.id == wanted), None)
    else:
        named = next((device for device in user.devices if device.kind is DeviceKind.DESKPHONE), None)
    if named is None:
        raise NoSet
    return named
