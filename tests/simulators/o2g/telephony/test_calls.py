"""Calls: placed, seen and told on both sides, answered, ended; what is attached to them; how requests are refused."""

import httpx
import pytest

from tests.simulators.o2g.conftest import ListenTo, UserOf
from tests.simulators.o2g.telephones import why
from tests.simulators.o2g.telephony.conftest import ANNA, BEN, CLARA, Four, PhoneOf, later

OUTSIDE = "0033155667701"


def test_a_call_rings_is_answered_and_ends_on_both_sides(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, *_ = four
    with listen(admin, "telephony") as channel:
        ref = anna.call(BEN)
        assert (anna.state(ref), ben.state(ref)) == ("RINGING_OUTGOING", "RINGING_INCOMING")
        assert anna.calls()[ref]["legs"][0]["ringingRemote"] is True
        created = channel.wait_for("OnCallCreated", loginName=ben.login, callRef=ref)
        assert created["initiator"] == ANNA
        assert created["participants"][0]["identity"]["id"] == {"loginName": anna.login, "phoneNumber": ANNA}
        for one in (anna, ben):
            channel.wait_for("OnUserStateModified", loginName=one.login, state="BUSY")
        assert {"redirect", "redirectToVoiceMail", "pickedUp"} <= ben.can(ref)
        assert ben.leg_can(ref) == {"answer"}
        ben.done(ref, "answer", deviceId=BEN)
        assert (anna.state(ref), ben.state(ref)) == ("ACTIVE", "ACTIVE")
        changed = channel.wait_for("OnCallModified", loginName=anna.login, callRef=ref)
        assert changed["modifiedLegs"][0]["state"] == changed["callData"]["state"] == "ACTIVE"
        assert {"hold", "sendDtmf"} <= anna.leg_can(ref)
        anna.done(ref, "dropme")
        for one in (anna, ben):
            assert channel.wait_for("OnCallRemoved", loginName=one.login, callRef=ref)["cause"] == "CLEARED"
            channel.wait_for("OnUserStateModified", loginName=one.login, state="FREE")
    assert not anna.calls()
    assert not ben.calls()


def test_a_call_that_nobody_answers_ends(
    four: Four, control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    anna, ben, *_ = four
    with listen(admin, "telephony") as channel:
        ref = anna.call(BEN)
        later(control, 31)
        assert channel.wait_for("OnCallRemoved", loginName=ben.login, callRef=ref)["cause"] == "NOT_ANSWERED"
    assert ref not in anna.calls()


def test_someone_outside_answers_after_a_while(four: Four, control: httpx.Client) -> None:
    anna, *_ = four
    ref = anna.call(OUTSIDE)
    later(control, 7)
    assert anna.state(ref) == "ACTIVE"
    (party,) = anna.calls()[ref]["participants"]
    assert party["identity"] == {"id": {"phoneNumber": OUTSIDE}, "type": {"main": "EXTERNAL"}}


def test_a_call_from_outside(four: Four, control: httpx.Client) -> None:
    ben = four[1]
    ref = control.post("/calls", json={"caller": OUTSIDE, "callee": BEN}).json()["callRef"]
    assert (ben.state(ref), ben.others(ref)) == ("RINGING_INCOMING", {OUTSIDE})
    assert control.post(f"/calls/{ref}/answer").json() == {"answered": True}
    assert ben.state(ref) == "ACTIVE"


@pytest.mark.parametrize(("number", "cause"), [("79999", "INVALID_NUMBER"), ("0155667798", "BUSY")])
def test_a_number_that_cannot_be_reached(
    number: str, cause: str, four: Four, control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    anna, *_ = four
    with listen(admin, "telephony") as channel:
        ref = anna.call(number)
        assert anna.state(ref) == "RELEASING"
        assert channel.wait_for("OnCallCreated", callRef=ref)["cause"] == cause
        later(control, 20)
        assert channel.wait_for("OnCallRemoved", callRef=ref)["cause"] == cause


def test_legs_and_another_set(phone: PhoneOf, four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, several = four[0], phone("70014")
    ref = anna.call("70014")
    legs = several.get(f"/telephony/calls/{ref}/deviceLegs")["legs"]
    assert {leg["deviceId"] for leg in legs} == {"70014", "870014", "970014"}
    several.done(ref, "answer", deviceId="70014")
    assert [leg["deviceId"] for leg in several.get(f"/telephony/calls/{ref}/deviceLegs")["legs"]] == ["70014"]
    with listen(admin, "telephony") as channel:
        several.done(ref, "deviceLegs/70014", otherDeviceId="870014")
        moved = channel.wait_for("OnCallModified", loginName=several.login, callRef=ref)
        assert moved["addedLegs"][0]["deviceId"] == "870014"
        assert moved["removedLegs"][0]["deviceId"] == "70014"
    assert several.get(f"/telephony/calls/{ref}/deviceLegs/870014")["state"] == "ACTIVE"
    assert why(several.does(ref, "deviceLegs/870014", otherDeviceId=ANNA)) == (403, "UNAUTHORIZED", "INVALID_DEVICE")


def test_keys_account_and_data_are_attached(four: Four, control: httpx.Client) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    anna.done(ref, "sendDtmf", deviceId=ANNA, number="12#")
    assert [call["dtmf"] for call in control.get("/calls").json()["calls"] if call["callRef"] == ref] == ["12#"]
    ben.done(ref, "sendaccountinfo", deviceId=BEN, accountInfo="123")
    ben.done(ref, "attachdata", deviceId=BEN, hexaBinaryAssociatedData="f0a4f9b3")
    data = anna.calls()[ref]["callData"]
    assert (data["accountInfo"], data["hexaBinaryAssociatedData"]) == ("123", "f0a4f9b3")


def test_L115_account_information_is_numeric(four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    assert anna.does(ref, "sendaccountinfo", deviceId=ANNA, accountInfo="12a").status_code == 400


@pytest.mark.parametrize("data", [{"associatedData": "x" * 33}, {"hexaBinaryAssociatedData": "f000b3"}, {}])
def test_L111_associated_data_is_limited(data: dict[str, str], four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    assert why(anna.does(ref, "attachdata", deviceId=ANNA, **data)) == (400, "BAD_PARAMETER_VALUE", "INVALID_DATA")


@pytest.mark.parametrize("name", ["associateData", "associatedData"])
def test_A39_B23_associated_data_has_both_names(name: str, four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.call(BEN, associatedData="unechaine")
    assert ben.calls()[ref]["callData"][name] == "unechaine"


def test_A40_B45_binary_data_has_the_fields_name(four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.call(BEN, hexaBinaryAssociatedData="f1f2a0b3")
    assert ben.calls()[ref]["callData"]["hexaBinaryAssociatedData"] == "f1f2a0b3"


def test_A42_a_callee_is_needed_but_for_a_supervisor(four: Four) -> None:
    anna = four[0]
    assert anna.post("/telephony/calls", {"deviceId": ANNA}).status_code == 400
    to_supervisor = {"deviceId": ANNA, "acdCall": {"callToSupervisor": True}}
    assert why(anna.post("/telephony/calls", to_supervisor))[1] == "SERVICE_NOT_PROVIDED"


def test_A43_A44_parameters_of_footnotes_are_ignored(four: Four) -> None:
    assert four[0].call(BEN, bypass=True, associateData="x")


def test_A45_a_call_from_nobodys_set_has_no_content(admin: httpx.Client, user: UserOf, four: Four) -> None:
    body = {"deviceId": "61951", "callee": BEN, "autoAnswer": True}
    assert admin.post("/telephony/basicCall", json=body).status_code == 204
    ((_, call),) = four[1].calls().items()
    assert call["participants"][0]["identity"]["type"] == {"main": "DEVICE"}
    assert user(ANNA).post("/telephony/basicCall", json=body).status_code in (400, 403)


@pytest.mark.parametrize(
    "kind",
    [
        {"pin": "1"},
        {"pin": "1", "secretCode": "2", "businessCode": "3"},
        {"businessCode": "3", "associatedData": "x"},
    ],
)
def test_L110_kinds_of_calls_exclude_each_other(kind: dict[str, str], four: Four) -> None:
    assert four[0].post("/telephony/calls", {"deviceId": ANNA, "callee": BEN, **kind}).status_code == 400


def test_L112_another_calling_number_is_for_external_calls(four: Four) -> None:
    body = {"deviceId": ANNA, "callee": BEN, "callingNumber": "0155667788", "secretIdentity": True}
    assert why(four[0].post("/telephony/calls", body))[2] == "INVALID_CALLING"
    assert four[0].post("/telephony/calls", body | {"callee": OUTSIDE}).status_code == 201


def test_L113_a_users_session_speaks_for_its_own_sets(user: UserOf, four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    answer = user(CLARA).post(f"/telephony/calls/{ref}/hold", json={"deviceId": ANNA})
    assert why(answer) == (403, "UNAUTHORIZED", "INVALID_DEVICE")


def test_a_snapshot_tells_the_state(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    with listen(admin, "telephony") as channel:
        assert anna.post("/telephony/state/snapshot").status_code == 204
        told = channel.wait_for("OnTelephonyState", loginName=anna.login)["state"]
        assert told == anna.get("/telephony/state")
        assert ([call["callRef"] for call in told["calls"]], told["userState"]) == ([ref], "BUSY")


def test_A53_an_administrators_snapshot_is_of_everybody(admin: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "telephony") as channel:
        assert admin.post("/telephony/state/snapshot").status_code == 204
        channel.wait_until(lambda: channel.named("OnTelephonyState")[299:], "300 snapshots")


def test_an_unknown_call_is_a_telephony_error(four: Four) -> None:
    assert why(four[0].request("GET", "/telephony/calls/0000")) == (404, "CALL_REFERENCE_NOT_FOUND", "INVALID_CALL_ID")


def test_no_line_is_left(phone: PhoneOf) -> None:
    caller = phone("70020")
    for number in range(70021, 70029):
        caller.call(str(number))
    refused = caller.post("/telephony/calls", {"deviceId": "70020", "callee": ANNA})
    assert why(refused) == (403, "CALL_SERVER_ERROR", "RESOURCE_BUSY")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ("REQUEST_TIMEOUT", 500, "SERVER_PROBLEM"),
        ("INITIALIZATION", 503, "NOT_READY"),
        ("MAX_RESOURCES_EXCEEDED", 403, "NOT_EXPECTED"),
        ("CALL_SERVER_ERROR", 403, "NOT_EXPECTED"),
    ],
)
def test_L116_telephony_refuses_as_it_is_told(
    error: str, status: int, kind: str, four: Four, control: httpx.Client
) -> None:
    control.post("/telephony/refusals", json={"errorType": error, "errorCause": "RESOURCE_BUSY"}).raise_for_status()
    answer = four[0].request("GET", "/telephony/calls")
    assert why(answer) == (status, error, "RESOURCE_BUSY")
    assert answer.json()["type"] == kind
    assert four[0].calls() == {}


def test_a_call_may_be_answered_and_end_by_itself(four: Four, control: httpx.Client) -> None:
    body = {"caller": ANNA, "callee": BEN, "answerAfter": 5, "endAfter": 60}
    ref = control.post("/calls", json=body).raise_for_status().json()["callRef"]
    states = []
    for _ in range(3):
        states.append(four[0].state(ref))
        later(control, 40)
    assert states == ["RINGING_OUTGOING", "ACTIVE", ""]


def test_A76_A78_what_is_not_known_is_left_out(four: Four) -> None:
    assert "faxNb" not in four[0].summary()
    assert all(record["medias"] == ["AUDIO"] for record in four[0].log())
