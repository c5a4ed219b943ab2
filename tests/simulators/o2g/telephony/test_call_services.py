"""What is done with calls: each service's effect on both sides, read and told, and how it is refused."""

import httpx
import pytest

from tests.simulators.o2g.conftest import ListenTo, UserOf
from tests.simulators.o2g.telephones import why
from tests.simulators.o2g.telephony.conftest import ANNA, BEN, CLARA, DAVID, Four, PhoneOf, later


def test_hold_and_retrieve(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    with listen(admin, "telephony") as channel:
        anna.done(ref, "hold", deviceId=ANNA)
        assert (anna.state(ref), ben.state(ref)) == ("HELD", "ACTIVE")
        assert channel.wait_for("OnCallModified", loginName=anna.login, callRef=ref)["callData"]["state"] == "HELD"
        assert "retrieve" in anna.leg_can(ref)
        assert "answer" not in anna.leg_can(ref)
        assert why(anna.does(ref, "hold", deviceId=ANNA)) == (
            403,
            "INCOMPATIBLE_WITH_STATE",
            "INVALID_CONNECTION_STATE",
        )
        anna.done(ref, "retrieve", deviceId=ANNA)
    assert anna.state(ref) == "ACTIVE"


def test_B44_hold_and_retrieve_take_a_loginName(four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    assert anna.does(ref, "hold", deviceId=ANNA).status_code == 204  # `Phone` names the login in the query
    assert anna.does(ref, "retrieve", deviceId=ANNA).status_code == 204


def test_an_enquiry_holds_the_first_call_and_alternates(four: Four) -> None:
    anna, ben, clara, _ = four
    first = anna.talk(ben)
    second = anna.talk(clara)
    assert (anna.state(first), anna.state(second)) == ("HELD", "ACTIVE")
    assert {"transfer", "merge"} <= anna.can(second)
    anna.done(first, "alternate", deviceId=ANNA)
    assert (anna.state(first), anna.state(second)) == ("ACTIVE", "HELD")
    assert "reconnect" in anna.leg_can(second)


def test_reconnect_gives_up_the_enquiry(four: Four) -> None:
    anna, ben, clara, _ = four
    first, second = anna.talk(ben), anna.call(CLARA)
    anna.done(first, "reconnect", deviceId=ANNA, enquiryCallRef=second)
    assert anna.state(first) == "ACTIVE"
    assert not clara.calls()


def test_transfer_connects_the_others(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, clara, _ = four
    first, second = anna.talk(ben), anna.talk(clara)
    with listen(admin, "telephony") as channel:
        anna.done(second, "transfer", heldCallRef=first)
        moved = channel.wait_for("OnCallModified", loginName=ben.login, callRef=second)
        assert (moved["previousCallRef"], moved["cause"]) == (first, "TRANSFERRED")
        assert moved["removedParticipantIds"] == [ANNA]
        for ref in (first, second):
            assert channel.wait_for("OnCallRemoved", loginName=anna.login, callRef=ref)["cause"] == "TRANSFERRED"
        assert channel.wait_for("OnCallModified", loginName=clara.login)["addedParticipants"][0]["participantId"] == BEN
        assert not channel.named("OnCallRemoved", loginName=ben.login)
    assert not anna.calls()
    assert (ben.others(second), clara.others(second)) == ({CLARA}, {BEN})
    assert ben.state(second) == "ACTIVE"


def test_a_transfer_needs_one_active_and_one_held_call(four: Four) -> None:
    anna, ben, clara, _ = four
    first = anna.talk(ben)
    second = anna.talk(clara)
    state = (403, "INCOMPATIBLE_WITH_STATE", "INVALID_CONNECTION_STATE")
    assert why(anna.does(first, "transfer", heldCallRef=second)) == state
    assert why(anna.does(first, "merge", heldCallRef=second)) == state
    assert why(anna.does(second, "transfer", heldCallRef="0000"))[1:] == ("CALL_REFERENCE_NOT_FOUND", "INVALID_CALL_ID")


def test_blind_transfer_rings_elsewhere(four: Four, control: httpx.Client) -> None:
    anna, ben, clara, _ = four
    ref = anna.talk(ben)
    anna.done(ref, "blindtransfer", transferTo=CLARA)
    assert (anna.state(ref), ben.state(ref), clara.state(ref)) == ("", "RINGING_OUTGOING", "RINGING_INCOMING")
    clara.done(ref, "answer", deviceId=CLARA)
    assert ben.others(ref) == {CLARA}


def test_a_conference_goes_on_when_one_leaves(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, clara, _ = four
    first, second = anna.talk(ben), anna.talk(clara)
    with listen(admin, "telephony") as channel:
        anna.done(second, "merge", heldCallRef=first)
        merged = channel.wait_for("OnCallModified", loginName=anna.login, callRef=second, previousCallRef=first)
        assert merged["cause"] == "CONFERENCED"
        assert anna.others(second) == {BEN, CLARA}
        assert ben.others(second) == {ANNA, CLARA}
        assert "dropParticipant" in anna.can(second)
        ben.done(second, "dropme")
        left = channel.wait_for("OnCallModified", loginName=clara.login, cause="PARTICIPANT_LEFT")
        assert left["removedParticipantIds"] == [BEN]
    assert (anna.others(second), ben.state(second)) == ({CLARA}, "")


def test_a_participant_is_read_and_put_out(four: Four) -> None:
    anna, ben, clara, _ = four
    first, second = anna.talk(ben), anna.talk(clara)
    anna.done(second, "merge", heldCallRef=first)
    path = f"/telephony/calls/{second}/participants"
    assert {one["participantId"] for one in anna.get(path)["participants"]} == {BEN, CLARA}
    assert anna.get(f"{path}/{BEN}")["identity"]["lastName"]
    assert why(anna.request("DELETE", f"{path}/{DAVID}")) == (400, "BAD_PARAMETER_VALUE", "INVALID_DATA")
    assert anna.request("DELETE", f"{path}/{BEN}").status_code == 204
    assert not ben.calls()
    assert anna.others(second) == {CLARA}


def test_L117_a_conference_has_a_largest_size(phone: PhoneOf, four: Four) -> None:
    anna = four[0]
    conference = anna.talk(phone("70004"))
    for number in ("70005", "70006", "70007", "70008", "70009"):
        held, conference = conference, anna.talk(phone(number))
        anna.done(conference, "merge", heldCallRef=held)
    held, last = conference, anna.talk(phone("70010"))
    assert why(anna.does(last, "merge", heldCallRef=held))[1] == "MAX_RESOURCES_EXCEEDED"


def test_park_and_unpark_at_the_own_set(four: Four) -> None:
    anna, ben, *_ = four
    ref = ben.talk(anna)
    anna.done(ref, "park")
    assert not anna.calls()
    assert anna.get("/telephony/state")["deviceCapabilities"][0]["unParkCall"] is True
    assert anna.post(f"/telephony/devices/{ANNA}/unpark").status_code == 204
    assert (anna.state(ref), anna.others(ref)) == ("ACTIVE", {BEN})


@pytest.mark.parametrize("named", ["unParkFrom", "heldCallRef"])
def test_B26_unpark_names_a_set_or_a_call(named: str, four: Four) -> None:
    anna, ben, clara, _ = four
    ref = ben.talk(anna)
    anna.done(ref, "park", parkTo=DAVID)
    body = {"unParkFrom": DAVID} if named == "unParkFrom" else {"heldCallRef": ref}
    assert clara.post(f"/telephony/devices/{CLARA}/unpark", body).status_code == 204
    assert ben.others(ref) == {CLARA}
    assert why(clara.post(f"/telephony/devices/{CLARA}/unpark", body))[0] in (400, 403)


def test_A51_B43_park_takes_no_body(four: Four, admin: httpx.Client) -> None:
    anna, ben, *_ = four
    ref = ben.talk(anna)
    answer = admin.post(f"/telephony/calls/{ref}/park", params={"loginName": anna.login})
    assert answer.status_code == 204


def test_pick_up_takes_the_call_of_another(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, clara, _ = four
    ref = anna.call(BEN)
    with listen(admin, "telephony") as channel:
        assert clara.post(f"/telephony/devices/{CLARA}/pickup", {"otherPhoneNumber": BEN}).status_code == 204
        gone = channel.wait_for("OnCallRemoved", loginName=ben.login, callRef=ref)
        assert (gone["cause"], gone["newDestination"]) == ("PICKED_UP", CLARA)
    assert (anna.state(ref), anna.others(ref)) == ("ACTIVE", {CLARA})


def test_B43_pick_up_within_the_group_names_nobody(phone: PhoneOf, four: Four) -> None:
    for one in (four[1], four[2]):
        assert one.post("/telephony/huntingGroupMember/10003").status_code == 204
    assert why(four[3].post(f"/telephony/devices/{DAVID}/pickup", {})) == (
        403, "INCOMPATIBLE_WITH_STATE", "INVALID_CONNECTION_STATE",
    )  # fmt: skip
    ref = four[0].call(BEN)
    assert four[2].post(f"/telephony/devices/{CLARA}/pickup", {}).status_code == 204
    assert four[0].others(ref) == {CLARA}


def test_redirect_sends_a_ringing_call_elsewhere(four: Four, admin: httpx.Client, listen: ListenTo) -> None:
    anna, ben, clara, _ = four
    ref = anna.call(BEN)
    with listen(admin, "telephony") as channel:
        ben.done(ref, "redirect", redirectTo=CLARA)
        gone = channel.wait_for("OnCallRemoved", loginName=ben.login, callRef=ref)
        assert (gone["cause"], gone["newDestination"]) == ("REDIRECTED", CLARA)
    assert (ben.state(ref), clara.state(ref)) == ("", "RINGING_INCOMING")
    assert clara.calls()[ref]["callData"]["initialCalled"]["id"]["phoneNumber"] == BEN
    assert why(clara.does(ref, "redirect", redirectTo=CLARA))[1:] == ("BAD_PARAMETER_VALUE", "INVALID_DESTINATION")


def test_L119_redirect_to_voicemail_needs_one(phone: PhoneOf, four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.call(BEN)
    ben.done(ref, "redirect", redirectTo="VOICEMAIL")
    assert anna.state(ref) == "ACTIVE"
    assert anna.calls()[ref]["participants"][0]["identity"]["type"] == {"main": "SERVICE", "subType": "voicemail"}
    without = phone("70023")
    other = anna.call(without.number)
    assert "redirectToVoiceMail" not in without.can(other)
    refused = without.does(other, "redirect", redirectTo="VOICEMAIL")
    assert why(refused)[:2] == (403, "SERVICE_UNAVAILABLE")


def test_overflow_to_the_voicemail_of_who_is_called(four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.call(BEN)
    assert "overflowToVoiceMail" in anna.can(ref)
    anna.done(ref, "overflowToVoiceMail")
    assert (anna.state(ref), ben.state(ref)) == ("ACTIVE", "")


def test_forwards_and_do_not_disturb_are_honoured(four: Four, user: UserOf, control: httpx.Client) -> None:
    anna, ben, clara, _ = four
    mine = user(BEN)
    forward = {"forwardRoute": {"destinations": [{"type": "NUMBER", "number": CLARA, "selected": True}]}}
    assert mine.post("/routing/forwardroute", json=forward).status_code in (200, 204)
    ref = anna.call(BEN)
    assert (ben.state(ref), clara.state(ref)) == ("", "RINGING_INCOMING")
    control.delete(f"/calls/{ref}")
    assert mine.delete("/routing/forwardroute").status_code in (200, 204)
    assert mine.post("/routing/dnd").status_code in (200, 204)
    ref = anna.call(BEN)
    assert (anna.state(ref), ben.state(ref)) == ("RELEASING", "")
    assert mine.delete("/routing/dnd").status_code in (200, 204)


def test_busy_then_intrusion(phone: PhoneOf, four: Four) -> None:
    anna, ben, clara, david = four
    first = ben.talk(clara)
    phone("70004").call(BEN)
    ref = anna.call(BEN)
    assert anna.state(ref) == "RELEASING"
    assert {"intrusion", "callBack"} <= anna.can(ref)
    assert why(david.post(f"/telephony/devices/{DAVID}/intrusion"))[1:] == (
        "INCOMPATIBLE_WITH_STATE",
        "INVALID_DEVICE_STATE",
    )
    assert anna.post(f"/telephony/devices/{ANNA}/intrusion").status_code == 204
    assert anna.others(first) == {BEN, CLARA}
    assert ben.others(first) == {ANNA, CLARA}


def test_L118_B27_recording(phone: PhoneOf, four: Four) -> None:
    anna, ben, *_ = four
    ref = anna.talk(ben)
    path = f"/telephony/calls/{ref}/recording"
    assert anna.post(path, action="erase").status_code == 400
    assert why(anna.post(path, action="pause"))[1] == "INCOMPATIBLE_WITH_STATE"
    for action, state in (("Start", "RECORDING"), ("pause", "PAUSED"), ("resume", "RECORDING"), ("stop", None)):
        assert anna.post(path, action=action).status_code == 204
        assert anna.calls()[ref]["callData"].get("recordState") == state
    assert "recordState" not in ben.calls()[ref]["callData"]
    without = phone("70023")
    ref = without.talk(ben)
    assert why(without.post(f"/telephony/calls/{ref}/recording", action="start"))[1] == "SERVICE_UNAVAILABLE"
    assert why(anna.post(f"/telephony/calls/{anna.call(DAVID)}/recording", action="start"))[1] == "LEG_NOT_FOUND"


def test_a_transfer_while_the_other_still_rings(four: Four) -> None:
    anna, ben, clara, _ = four
    first, second = anna.talk(ben), anna.call(CLARA)
    anna.done(second, "transfer", heldCallRef=first)
    assert (ben.state(second), clara.state(second)) == ("RINGING_OUTGOING", "RINGING_INCOMING")
    clara.done(second, "answer", deviceId=CLARA)
    assert (ben.others(second), clara.others(second)) == ({CLARA}, {BEN})


def test_an_anonymous_redirection_hides_who_calls(four: Four) -> None:
    anna, ben, clara, _ = four
    ref = anna.call(BEN)
    ben.done(ref, "redirect", redirectTo=CLARA, anonymous=True)
    (party,) = clara.calls()[ref]["participants"]
    assert (party["anonymous"], party["identity"]["id"]) == (True, {})
    assert anna.others(ref) == {CLARA}


@pytest.mark.parametrize(
    ("what", "body"), [("blindtransfer", {"transferTo": DAVID}), ("park", {}), ("transfer", {"heldCallRef": "0"})]
)
def test_who_waits_parked_cannot_pass_the_call_on(what: str, body: dict[str, str], four: Four) -> None:
    anna, ben, *_ = four
    ref = ben.talk(anna)
    anna.done(ref, "park")
    assert ben.does(ref, what, **body).status_code in (400, 403, 404)
    assert ben.state(ref) == "ACTIVE"
    assert anna.post(f"/telephony/devices/{ANNA}/unpark").status_code == 204


def test_a_parked_call_is_given_up_after_a_while(four: Four, control: httpx.Client) -> None:
    anna, ben, *_ = four
    ref = ben.talk(anna)
    anna.done(ref, "park")
    later(control, 200)
    assert not ben.calls()
    assert anna.post(f"/telephony/devices/{ANNA}/unpark").status_code == 403
