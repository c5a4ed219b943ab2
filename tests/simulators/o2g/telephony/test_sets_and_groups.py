"""Sets, desk sharing, hunting groups and pilots."""

import httpx
import pytest

from tests.simulators.o2g.conftest import ListenTo
from tests.simulators.o2g.telephones import why
from tests.simulators.o2g.telephony.conftest import ANNA, BEN, Four, PhoneOf


def test_sets_go_out_of_service(four: Four, control: httpx.Client, admin: httpx.Client, listen: ListenTo) -> None:
    anna = four[0]
    with listen(admin, "telephony") as channel:
        control.put(f"/devices/{ANNA}", json={"inService": False}).raise_for_status()
        told = channel.wait_for("OnDeviceStateModified", loginName=anna.login)
        assert told["deviceStates"] == [{"deviceId": ANNA, "state": "OUT_OF_SERVICE"}]
    assert anna.get("/telephony/devices")["deviceStates"] == told["deviceStates"]
    assert anna.get("/telephony/state")["deviceCapabilities"][0]["makeCall"] is False
    refused = anna.post("/telephony/calls", {"deviceId": ANNA, "callee": BEN})
    assert why(refused) == (403, "CALL_SERVER_ERROR", "DEVICE_OUT_OF_SERVICE")
    control.put(f"/devices/{ANNA}", json={"inService": True}).raise_for_status()
    assert anna.get(f"/telephony/devices/{ANNA}") == {"deviceId": ANNA, "state": "IN_SERVICE"}


def test_B47_a_sets_state_may_have_a_cause_and_none_is_invented(four: Four) -> None:
    assert all(set(one) == {"deviceId", "state"} for one in four[0].get("/telephony/devices")["deviceStates"])


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_B41_the_microphones_key_by_the_reference_and_by_the_java_client(four: Four, method: str) -> None:
    anna, ben, *_ = four
    anna.talk(ben)
    assert anna.request(method, f"/telephony/devices/{ANNA}/ithmicro").status_code == 204


def test_desk_sharing(phone: PhoneOf, four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    guest = phone("70012")
    body = {"dssDeviceNumber": "61901"}
    assert why(four[0].post("/telephony/deskSharing", body))[1] == "INCOMPATIBLE_WITH_STATE"
    assert guest.post("/telephony/deskSharing", {"dssDeviceNumber": "61999"}).status_code == 400
    with listen(admin, "telephony") as channel:
        assert guest.post("/telephony/deskSharing", body).status_code == 204
        channel.wait_for("OnDeviceStateModified", loginName=guest.login)
    assert guest.get("/telephony/devices")["deviceStates"] == [{"deviceId": "61901", "state": "IN_SERVICE"}]
    ref = four[0].call(guest.number)
    assert guest.calls()[ref]["legs"][0]["deviceId"] == "61901"
    assert guest.request("DELETE", "/telephony/deskSharing").status_code == 204
    assert guest.get("/telephony/devices")["deviceStates"] == []
    assert guest.request("DELETE", "/telephony/deskSharing").status_code == 403


def test_hunting_groups_are_joined_and_left_twice_without_harm(
    four: Four, admin: httpx.Client, listen: ListenTo
) -> None:
    david = four[3]
    groups = david.get("/telephony/huntingGroups")
    assert groups == {"hgList": ["10001", "10002", "10003"]}
    assert david.post("/telephony/huntingGroupLogOn").status_code == 403
    for _ in range(2):
        assert david.post("/telephony/huntingGroupMember/10001").status_code == 204
    assert david.get("/telephony/huntingGroups")["currentHg"] == "10001"
    with listen(admin, "telephony") as channel:
        assert david.request("DELETE", "/telephony/huntingGroupLogOn").status_code == 204
        told = channel.wait_for("OnDynamicStateChanged", loginName=david.login)
        assert told["huntingGroupState"] == {"logon": False}
    assert david.get("/telephony/huntingGroupLogOn") == {"logon": False}
    for _ in range(2):
        assert david.request("DELETE", "/telephony/huntingGroupMember/10001").status_code == 204
    assert david.post("/telephony/huntingGroupMember/19999").status_code == 404


def test_A47_logon_is_a_boolean(phone: PhoneOf) -> None:
    assert phone("70008").get("/telephony/huntingGroupLogOn")["logon"] is True


def test_a_call_to_a_hunting_group_rings_at_a_member(phone: PhoneOf, four: Four) -> None:
    ref = four[0].call("10001")
    (member,) = four[0].others(ref)
    assert phone(member).state(ref) == "RINGING_INCOMING"


def test_A48_B24_transfer_to_a_pilot(four: Four) -> None:
    path = "/telephony/pilots/1/{}/transferInfo"
    told = four[0].post(path.format("60141"), {"agentNumber": "60113", "supervisedTransfer": True}).json()
    assert told["transferInfo"] == told["pilotTransferInfo"] == {"transferPossible": True, "pilotStatus": "OPEN"}
    assert (told["number"], told["possibleTransfer"], told["supervisedTransfer"]) == ("60141", True, True)
    assert four[0].post(path.format("60142"), {}).json()["possibleTransfer"] is False
    assert four[0].post(path.format("60199"), {}).status_code == 404


def test_a_set_behind_a_link_that_is_down_cannot_be_reached(
    four: Four, control: httpx.Client, admin: httpx.Client
) -> None:
    anna = four[0]
    control.delete("/cti-links/1").raise_for_status()
    try:
        refused = anna.post("/telephony/calls", {"deviceId": ANNA, "callee": BEN, "autoAnswer": True})
        assert (refused.status_code, why(refused)[1]) == (503, "SERVICE_UNAVAILABLE")
        basic = admin.post("/telephony/basicCall", json={"deviceId": ANNA, "callee": BEN})
        assert basic.status_code == 503
    finally:
        control.put("/cti-links/1").raise_for_status()
    assert anna.post("/telephony/calls", {"deviceId": ANNA, "callee": BEN, "autoAnswer": True}).status_code == 201
