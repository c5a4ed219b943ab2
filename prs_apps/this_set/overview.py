"""What O2G tells of a user's set, all of it asked side by side: whatever it refuses is not there for this user."""

from collections.abc import Callable
from dataclasses import dataclass

from prs_apps.application import Visit
from prs_apps.this_set.room import Gap, told
from services.hunting_groups import HuntingGroups
from services.own_set import own_set
from services.phone_set import SetState
from services.set_keys import SetKey
from services.together import together
from services.users import Device, DeviceKind

MOBILES = 2  # remote extensions that are asked after


@dataclass(frozen=True, slots=True)
class Mobile:
    """A remote extension, and whether it rings; None: O2G does not say."""

    device: Device
    active: bool | Gap | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is, or why there is nothing."""

    state: SetState | Gap
    keys: tuple[SetKey, ...] | Gap
    soft_keys: tuple[SetKey, ...] | Gap
    groups: HuntingGroups | Gap
    logged_on: bool | Gap | None
    mobiles: tuple[Mobile, ...]


def overview(visit: Visit) -> Overview:
    """Look at everything.

    Raises:
        O2GError: O2G cannot be used at all.
    """
    o2g, login, deadline = visit.house.o2g, visit.user.login, visit.deadline
    own = own_set(visit.user, visit.device.id)
    mobiles = [device for device in visit.user.devices if device.kind is DeviceKind.MOBILE][:MOBILES]
    (state, keys, soft_keys), (groups, logged_on), active = together(
        lambda: together(
            lambda: told(lambda: o2g.phone_set.state(own, deadline)),
            lambda: told(lambda: o2g.set_keys.programmable(own, deadline)),
            lambda: told(lambda: o2g.set_keys.soft_keys(own, deadline)),
        ),
        lambda: together(
            lambda: told(lambda: o2g.hunting.groups(login, deadline)),
            lambda: told(lambda: o2g.hunting.logged_on(login, deadline)),
        ),
        lambda: together(*(_rings(visit, mobile) for mobile in mobiles)),
    )
    rings = tuple(Mobile(device, answer) for device, answer in zip(mobiles, active, strict=True))
    return Overview(state, keys, soft_keys, groups, logged_on, rings)


def _rings(visit: Visit, mobile: Device) -> Callable[[], bool | Gap | None]:
    own = own_set(visit.user, mobile.id)
    return lambda: told(lambda: visit.house.o2g.phone_set.remote_extension(own, visit.deadline))
