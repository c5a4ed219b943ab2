"""A set as its user programmes it."""

from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed
from services.o2g import O2G
from services.own_set import OwnSet
from services.phone_set import Pin, PinControl, SetState
from tests.services.scripted import NOT_ALLOWED, Reply, ScriptedO2G

OWN = OwnSet("oxe1000", "1000")
SET = "/users/oxe1000/devices/1000"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"lock": True, "campon": "false", "associate": 1001}, SetState(True, False, "1001")),
        ({"lock": "?", "associate": ""}, SetState(None, None, "")),
        (None, SetState(None, None, None)),
    ],
)
def test_A88_lock_camp_on_and_associate_come_in_one(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, state: SetState
) -> None:
    scripted.on(f"GET {SET}/dynamicState", Reply(json=said))
    assert o2g.phone_set.state(OWN, deadline) == state


@pytest.mark.parametrize("on", [True, False])
def test_A90_switches(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, on: bool) -> None:
    for what in ("lock", "campon", "REActive"):
        scripted.on(f"PUT {SET}/{what}", Reply(204))
    o2g.phone_set.lock(OWN, on, deadline)
    o2g.phone_set.camp_on(OWN, on, deadline)
    o2g.phone_set.activate_remote_extension(OWN, on, deadline)
    for what in ("lock", "campon", "REActive"):
        (seen,) = scripted.asked(f"PUT {SET}/{what}")
        assert (seen.query, seen.body) == ({"activate": "true" if on else "false"}, None)


@pytest.mark.parametrize(("number", "sent"), [("1001", "1001"), (None, "")])
def test_B36_the_associate_is_a_number(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, number: str | None, sent: str
) -> None:
    scripted.on(f"PUT {SET}/associate", Reply(204))
    o2g.phone_set.associate(OWN, number, deadline)
    assert scripted.asked(f"PUT {SET}/associate")[0].body == {"number": sent}


@pytest.mark.parametrize("number", ["", " ", "Anna"])
def test_an_associate_that_is_no_number_is_not_asked(o2g: O2G, deadline: Deadline, number: str) -> None:
    with pytest.raises(BadParameter):
        o2g.phone_set.associate(OWN, number, deadline)


@pytest.mark.parametrize(
    ("said", "active"),
    [({"activate": False}, False), ({"active": "true"}, True), ({"active": None, "activate": True}, True), ({}, None)],
)
def test_A86_the_remote_extension_under_either_name(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, active: bool | None
) -> None:
    scripted.on(f"GET {SET}/REActiveState", Reply(json=said))
    assert o2g.phone_set.remote_extension(OWN, deadline) is active


@pytest.mark.parametrize(
    ("said", "pin"),
    [
        (
            {
                "Pin_Number": "0321",
                "With_Secret_Code": "TRUE",
                "Pin_Type_Of_Control": "PIN_Category",
                "Pin_Group": "1",
            },
            Pin("0321", True, PinControl.ANY_SET, 1),
        ),
        ({"Pin_Number": 4321, "With_Secret_Code": False, "Pin_Group": 2}, Pin("4321", False, None, 2)),
        ({"Pin_Type_Of_Control": "PIN_Dream"}, Pin(None, None, PinControl.UNKNOWN, None)),
        ({}, Pin(None)),
    ],
)
def test_A89_a_pin(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, pin: Pin) -> None:
    scripted.on(f"GET {SET}/pin", Reply(json=said))
    assert o2g.phone_set.pin(OWN, deadline) == pin


@pytest.mark.parametrize("said", ["PIN_Group_Control", "PIN_By_Group"])
def test_B37_a_pin_for_a_group_under_either_name(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: str
) -> None:
    scripted.on(f"GET {SET}/pin", Reply(json={"Pin_Type_Of_Control": said}))
    scripted.on(f"PUT {SET}/pin", Reply(204))
    control = o2g.phone_set.pin(OWN, deadline).control
    assert control is PinControl.GROUP
    o2g.phone_set.set_pin(OWN, Pin("0321", True, control, 4), deadline)
    assert scripted.asked(f"PUT {SET}/pin")[0].body == {
        "Pin_Number": "0321",
        "With_Secret_Code": True,
        "Pin_Type_Of_Control": "PIN_Group_Control",
        "Pin_Group": 4,
    }


def test_what_a_pin_does_not_say_is_not_sent(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"PUT {SET}/pin", Reply(204))
    o2g.phone_set.set_pin(OWN, Pin("0321"), deadline)
    assert scripted.asked(f"PUT {SET}/pin")[0].body == {"Pin_Number": "0321"}


@pytest.mark.parametrize(
    "pin", [Pin(None), Pin(""), Pin("12a4"), Pin("1234", group=-1), Pin("1234", control=PinControl.UNKNOWN)]
)
def test_a_pin_that_cannot_be_is_not_asked_and_not_told(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, pin: Pin
) -> None:
    with pytest.raises(BadParameter) as caught:
        o2g.phone_set.set_pin(OWN, pin, deadline)
    assert scripted.seen == []
    assert not pin.number or pin.number not in str(caught.value)


def test_a_pin_is_in_no_repr() -> None:
    assert "0321" not in repr(Pin("0321", True))


def test_without_the_programming_licence(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {SET}/dynamicState", Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.phone_set.state(OWN, deadline)
