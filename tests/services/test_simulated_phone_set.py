"""Sets and their keys against the simulated O2G: what is written is what is read."""

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotFound, O2GError
from services.o2g import O2G
from services.own_set import OwnSet, own_set
from services.phone_set import Pin, PinControl
from services.set_keys import SetKey
from services.users import DeviceKind


@pytest.fixture
def own(simulated: O2G, deadline: Deadline) -> OwnSet:
    anna = simulated.users.by_number("70000", deadline)
    return own_set(anna, anna.devices[0].id)


def test_lock_and_camp_on(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    for on in (True, False):
        simulated.phone_set.lock(own, on, deadline)
        simulated.phone_set.camp_on(own, not on, deadline)
        state = simulated.phone_set.state(own, deadline)
        assert (state.locked, state.camp_on) == (on, not on)


def test_the_associate(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    simulated.phone_set.associate(own, "70001", deadline)
    assert simulated.phone_set.state(own, deadline).associate == "70001"
    simulated.phone_set.associate(own, None, deadline)
    assert not simulated.phone_set.state(own, deadline).associate
    with pytest.raises(BadParameter):
        simulated.phone_set.associate(own, own.device, deadline)


def test_the_pin(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    pin = Pin("0321", True, PinControl.OWN_SET, 3)
    simulated.phone_set.set_pin(own, pin, deadline)
    assert simulated.phone_set.pin(own, deadline) == pin


def test_the_remote_extension(simulated: O2G, deadline: Deadline) -> None:
    user = simulated.users.by_number("70014", deadline)
    (mobile,) = (device for device in user.devices if device.kind is DeviceKind.MOBILE)
    own = own_set(user, mobile.id)
    for active in (True, False):
        simulated.phone_set.activate_remote_extension(own, active, deadline)
        assert simulated.phone_set.remote_extension(own, deadline) is active


def test_a_set_that_is_no_remote_extension(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    with pytest.raises(O2GError):
        simulated.phone_set.activate_remote_extension(own, True, deadline)


def test_programmable_keys(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    keys = simulated.set_keys
    free = next(key.position for key in keys.programmable(own, deadline) if not key.number)
    key = SetKey(free, "70002", "Clara", False)
    keys.set_programmable(own, key, deadline)
    assert key in keys.programmed(own, deadline)
    assert key in keys.programmable(own, deadline)
    keys.erase_programmable(own, free, deadline)
    assert free not in {key.position for key in keys.programmed(own, deadline)}


def test_soft_keys(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    keys = simulated.set_keys
    key = SetKey(1, "70002", "Clara")
    keys.set_soft_key(own, key, deadline)
    assert key in keys.soft_keys(own, deadline)
    keys.erase_soft_key(own, 1, deadline)
    assert key not in keys.soft_keys(own, deadline)


def test_a_key_that_is_not_there(simulated: O2G, own: OwnSet, deadline: Deadline) -> None:
    with pytest.raises(NotFound):
        simulated.set_keys.set_programmable(own, SetKey(9_999, "70002"), deadline)


def test_another_users_set(simulated: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotFound):
        simulated.phone_set.state(OwnSet("oxe70000", "70002"), deadline)
