"""The keys of a set."""

from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import BadParameter
from services.o2g import O2G
from services.own_set import OwnSet
from services.set_keys import SetKey
from tests.services.scripted import Reply, ScriptedO2G

OWN = OwnSet("oxe1000", "1000")
SET = "/users/oxe1000/devices/1000"


def test_programmable_keys_by_position(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    keys: list[Any] = [
        {"position": "74", "number": "", "mnemonic": "", "locked": "false"},
        {"position": 3, "number": "4567", "mnemonic": "Émile & Co", "locked": True, "colour": "red"},
        {"position": True, "number": "1"},
        {"number": "7890"},
        {"position": -1, "number": "7890"},
    ]
    scripted.on(f"GET {SET}/programmeableKeys", Reply(json={"pkeys": keys}))
    scripted.on(f"GET {SET}/programmedKeys", Reply(json={"pkeys": keys[1]}))
    used = SetKey(3, "4567", "Émile & Co", True)
    assert o2g.set_keys.programmable(OWN, deadline) == (used, SetKey(74, "", "", False))
    assert o2g.set_keys.programmed(OWN, deadline) == (used,)


@pytest.mark.parametrize("name", ["skeys", "softkeys"])
def test_A87_soft_keys_under_either_name(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, name: str) -> None:
    keys = [{"position": 1, "number": "4567", "mnemonic": "user2"}, {"position": 2}]
    scripted.on(f"GET {SET}/softKeys", Reply(json={name: keys}))
    assert o2g.set_keys.soft_keys(OWN, deadline) == (SetKey(1, "4567", "user2"), SetKey(2, ""))


@pytest.mark.parametrize("nothing", [Reply(200), Reply(json={}), Reply(json={"pkeys": None, "skeys": []})])
def test_no_keys(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply) -> None:
    scripted.on(f"GET {SET}/programmeableKeys", nothing)
    scripted.on(f"GET {SET}/softKeys", nothing)
    assert o2g.set_keys.programmable(OWN, deadline) == o2g.set_keys.soft_keys(OWN, deadline) == ()


def test_L74_the_position_in_the_body_is_that_of_the_address(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on(f"PUT {SET}/programmeableKeys/3", Reply(204))
    scripted.on(f"PUT {SET}/softKeys/1", Reply(204))
    o2g.set_keys.set_programmable(OWN, SetKey(3, " 4567 ", "Anna", False), deadline)
    o2g.set_keys.set_soft_key(OWN, SetKey(1, "4567", "Anna", True), deadline)
    assert scripted.asked(f"PUT {SET}/programmeableKeys/3")[0].body == {
        "position": 3,
        "number": "4567",
        "mnemonic": "Anna",
        "locked": False,
    }
    assert scripted.asked(f"PUT {SET}/softKeys/1")[0].body == {"position": 1, "number": "4567", "mnemonic": "Anna"}


def test_keys_are_erased(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"DELETE {SET}/programmeableKeys/3", Reply(204))
    scripted.on(f"DELETE {SET}/softKeys/0", Reply(204))
    o2g.set_keys.erase_programmable(OWN, 3, deadline)
    o2g.set_keys.erase_soft_key(OWN, 0, deadline)
    assert len(scripted.asked(f"DELETE {SET}/programmeableKeys/3")) == 1
    assert len(scripted.asked(f"DELETE {SET}/softKeys/0")) == 1


@pytest.mark.parametrize("key", [SetKey(-1, "4567"), SetKey(3, ""), SetKey(3, "Anna"), SetKey(3, "1", "a\nb")])
def test_a_key_that_cannot_be_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, key: SetKey) -> None:
    with pytest.raises(BadParameter):
        o2g.set_keys.set_programmable(OWN, key, deadline)
    with pytest.raises(BadParameter):
        o2g.set_keys.erase_soft_key(OWN, -1, deadline)
    assert scripted.seen == []
