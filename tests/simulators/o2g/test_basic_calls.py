"""Basic calls: placed from a set, seen on both sides, answered, ended."""

import httpx
import pytest

from tests.simulators.o2g.conftest import ListenTo, UserOf


def place(client: httpx.Client, caller: str, callee: str, *, at_once: bool = True) -> httpx.Response:
    body = {"deviceId": caller, "callee": callee, "autoAnswer": at_once}
    return client.post("/telephony/basicCall", json=body)


def calls_of(admin: httpx.Client, number: str) -> list[str]:
    found = admin.get("/telephony/calls", params={"loginName": f"oxe{number}"}).json()["calls"]
    return [call["callRef"] for call in found]


def test_a_call_is_seen_on_both_sides(admin: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "telephony", ids=["oxe70020", "oxe70021"]) as channel:
        answer = place(admin, "70020", "70021")
        assert answer.status_code == 201
        reference = answer.json()
        assert answer.headers["Location"].endswith(reference)
        for login in ("oxe70020", "oxe70021"):
            channel.wait_for("OnCallCreated", loginName=login, callRef=reference)
        assert calls_of(admin, "70020") == calls_of(admin, "70021") == [reference]
        assert admin.post("/telephony/basicCall/answer", json={"deviceId": "70021"}).status_code == 204
        channel.wait_for("OnCallModified", loginName="oxe70020", callRef=reference)
        assert admin.post("/telephony/basicCall/dropme", params={"loginName": "oxe70020"}).status_code == 204
        channel.wait_for("OnCallRemoved", loginName="oxe70021", callRef=reference)
    assert calls_of(admin, "70020") == calls_of(admin, "70021") == []


def test_the_callers_own_set_may_ring_first(user: UserOf) -> None:
    caller = user("70022")
    reference = place(caller, "70022", "70023", at_once=False).json()
    callee = user("70023")
    assert caller.post("/telephony/basicCall/answer", json={"deviceId": "70022"}).status_code == 204
    assert [call["callRef"] for call in callee.get("/telephony/calls").json()["calls"]] == [reference]
    assert caller.post("/telephony/basicCall/dropme").status_code == 204


def test_L113_a_user_calls_from_its_own_set_only(user: UserOf) -> None:
    assert place(user("70020"), "70021", "70022").status_code == 403


@pytest.mark.parametrize("callee", ["", "abc", "7" * 50, "70021;70022"])
def test_L12_what_is_no_number_is_refused(admin: httpx.Client, callee: str) -> None:
    assert place(admin, "70020", callee).status_code == 400


def test_A41_a_call_needs_a_set(admin: httpx.Client) -> None:
    assert admin.post("/telephony/basicCall", json={"callee": "70021"}).status_code == 400


def test_an_unknown_set_is_a_telephony_error(admin: httpx.Client) -> None:
    answer = place(admin, "99999", "70021")
    assert answer.status_code == 400
    assert answer.json()["telephony"]["errorType"]
