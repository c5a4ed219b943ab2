"""What a user does with calls: each request is just what the reference says, and is sent once."""

from collections.abc import Callable
from typing import Any

import pytest

from services.call_control import Recording
from services.deadline import Deadline
from services.errors import BadParameter, NotExpected, O2GTimeout, O2GUnreachable, TelephonyDetails
from services.o2g import O2G
from services.own_set import OwnSet, own_set
from services.users import Device, DeviceKind, User
from tests.services.scripted import Reply, ScriptedO2G

LOGIN = "oxe1000"
ANNA = User(LOGIN, "1000", "Anna", "B", "1", (Device("1000", DeviceKind.DESKPHONE, "NOE_C_Color_IP", None),), None)
OWN = own_set(ANNA, "1000")
WHO = {"loginName": LOGIN}
ON_SET = {"deviceId": "1000"}
CALL = "POST /telephony/calls/49bf/"
DEVICE = "POST /telephony/devices/1000/"

Act = Callable[[O2G, Deadline], None]

ACTS: dict[str, tuple[Act, str, dict[str, str], Any]] = {
    "answer": (lambda o, d: o.call_control.answer("49bf", OWN, d), CALL + "answer", {}, ON_SET),
    "B44_hold": (lambda o, d: o.call_control.hold("49bf", OWN, d), CALL + "hold", {}, ON_SET),
    "B44_retrieve": (lambda o, d: o.call_control.retrieve("49bf", OWN, d), CALL + "retrieve", {}, ON_SET),
    "alternate": (lambda o, d: o.call_control.alternate("49bf", OWN, d), CALL + "alternate", {}, ON_SET),
    "reconnect": (
        lambda o, d: o.call_control.reconnect("49bf", "50c0", OWN, d),
        CALL + "reconnect",
        WHO,
        {"deviceId": "1000", "enquiryCallRef": "50c0"},
    ),
    "hang_up": (lambda o, d: o.call_control.hang_up("49bf", LOGIN, d), CALL + "dropme", WHO, None),
    "end": (lambda o, d: o.call_control.end("49bf", LOGIN, d), "DELETE /telephony/calls/49bf", WHO, None),
    "drop": (
        lambda o, d: o.call_control.drop("49bf", "7", LOGIN, d),
        "DELETE /telephony/calls/49bf/participants/7",
        WHO,
        None,
    ),
    "transfer": (
        lambda o, d: o.call_control.transfer("49bf", "50c0", LOGIN, d),
        CALL + "transfer",
        WHO,
        {"heldCallRef": "50c0"},
    ),
    "merge": (
        lambda o, d: o.call_control.merge("49bf", "50c0", LOGIN, d),
        CALL + "merge",
        WHO,
        {"heldCallRef": "50c0"},
    ),
    "blind_transfer": (
        lambda o, d: o.call_control.blind_transfer("49bf", " 1001 ", LOGIN, d),
        CALL + "blindtransfer",
        WHO,
        {"transferTo": "1001"},
    ),
    "redirect": (
        lambda o, d: o.call_control.redirect("49bf", "+33 1", LOGIN, d),
        CALL + "redirect",
        WHO,
        {"redirectTo": "+33 1"},
    ),
    "redirect_to_voicemail": (
        lambda o, d: o.call_control.redirect_to_voicemail("49bf", LOGIN, d),
        CALL + "redirect",
        WHO,
        {"redirectTo": "VOICEMAIL"},
    ),
    "overflow_to_voicemail": (
        lambda o, d: o.call_control.overflow_to_voicemail("49bf", LOGIN, d),
        CALL + "overflowToVoiceMail",
        WHO,
        None,
    ),
    "A51_park_at_the_own_set": (lambda o, d: o.call_control.park("49bf", LOGIN, d), CALL + "park", WHO, None),
    "B43_park_elsewhere": (
        lambda o, d: o.call_control.park("49bf", LOGIN, d, at="1009"),
        CALL + "park",
        WHO,
        {"parkTo": "1009"},
    ),
    "B26_unpark": (
        lambda o, d: o.call_control.unpark(OWN, d, parked_at="1009"),
        DEVICE + "unpark",
        {},
        {"unParkFrom": "1009"},
    ),
    "unpark_here": (lambda o, d: o.call_control.unpark(OWN, d), DEVICE + "unpark", {}, {}),
    "pick_up_a_colleagues": (
        lambda o, d: o.call_control.pick_up(OWN, d, ringing_at="1001"),
        DEVICE + "pickup",
        {},
        {"otherPhoneNumber": "1001"},
    ),
    "B43_pick_up_the_groups": (lambda o, d: o.call_control.pick_up(OWN, d), DEVICE + "pickup", {}, {}),
    "ask_call_back": (lambda o, d: o.call_control.ask_call_back("49bf", LOGIN, d), CALL + "callback", WHO, None),
    "account_info": (
        lambda o, d: o.call_control.send_account_info("49bf", OWN, "0042", d),
        CALL + "sendaccountinfo",
        {},
        {"deviceId": "1000", "accountInfo": "0042"},
    ),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_an_operation_asks_just_this(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, name: str) -> None:
    act, operation, query, body = ACTS[name]
    scripted.on(operation, Reply(204))
    act(o2g, deadline)
    (seen,) = scripted.asked(operation)
    assert (seen.query, seen.body) == (query, body)


@pytest.mark.parametrize("name", list(ACTS))
def test_an_operation_whose_connection_breaks_is_not_repeated(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, name: str
) -> None:
    act, operation, _, _ = ACTS[name]
    scripted.on(operation, Reply(drop=True))
    with pytest.raises(O2GUnreachable):
        act(o2g, deadline)
    assert len(scripted.asked(operation)) == 1


@pytest.mark.parametrize("action", list(Recording))
def test_B27_L118_recording(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, action: Recording) -> None:
    scripted.on(CALL + "recording", Reply(204))
    o2g.call_control.record("49bf", action, LOGIN, deadline)
    (seen,) = scripted.asked(CALL + "recording")
    assert seen.query == {"loginName": LOGIN, "action": action.name.lower()}


WRONG: list[Act] = [
    lambda o, d: o.call_control.blind_transfer("49bf", "my boss", LOGIN, d),
    lambda o, d: o.call_control.redirect("49bf", "VOICEMAIL", LOGIN, d),
    lambda o, d: o.call_control.redirect("49bf", "", LOGIN, d),
    lambda o, d: o.call_control.park("49bf", LOGIN, d, at=" "),
    lambda o, d: o.call_control.unpark(OWN, d, parked_at=""),
    lambda o, d: o.call_control.pick_up(OWN, d, ringing_at="x"),
    lambda o, d: o.call_control.transfer("49bf", "", LOGIN, d),
    lambda o, d: o.call_control.merge("", "50c0", LOGIN, d),
    lambda o, d: o.call_control.answer("..", OWN, d),
    lambda o, d: o.call_control.hang_up("49bf", "", d),
    lambda o, d: o.call_control.send_account_info("49bf", OWN, "12a", d),  # L115
    lambda o, d: o.call_control.send_account_info("49bf", OWN, "", d),
    lambda o, d: o.call_control.send_account_info("49bf", OWN, "٣", d),
]


@pytest.mark.parametrize("act", WRONG)
def test_what_cannot_be_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, act: Act) -> None:
    o2g.connect(deadline)
    before = len(scripted.seen)
    with pytest.raises(BadParameter):
        act(o2g, deadline)
    assert len(scripted.seen) == before


def test_L113_only_the_users_own_set_can_be_named() -> None:
    assert own_set(ANNA, "1000") == OwnSet(LOGIN, "1000")
    with pytest.raises(BadParameter):
        own_set(ANNA, "1001")


def test_a_call_that_changed_meanwhile(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    said = {"code": 1004, "telephony": {"errorType": "INCOMPATIBLE_WITH_STATE", "errorCause": "INVALID_CALL_ID"}}
    scripted.on(CALL + "transfer", Reply(400, said))
    with pytest.raises(NotExpected) as caught:
        o2g.call_control.transfer("49bf", "50c0", LOGIN, deadline)
    assert caught.value.details == TelephonyDetails("INCOMPATIBLE_WITH_STATE", "INVALID_CALL_ID", "")


def test_no_answer_in_time_may_mean_done_or_not(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on(CALL + "hold", Reply(204, delay=5))
    with pytest.raises(O2GTimeout):
        o2g.call_control.hold("49bf", OWN, Deadline.after(0.2))
    assert len(scripted.asked(CALL + "hold")) == 1
