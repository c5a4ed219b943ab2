"""Routing: what is set is read back, told as events, and refused with the documented causes."""

from collections.abc import Iterator

import httpx
import pytest

from tests.simulators.o2g.clients import Json
from tests.simulators.o2g.conftest import ListenTo, UserOf

ANNA, BEN, CLARA, DAVID, PAULA, GRETA = (f"oxe{n}" for n in (70000, 70001, 70002, 70003, 70014, 70012))
TO_VOICEMAIL = {"destinations": [{"type": "VOICEMAIL"}]}


def to_number(number: str, **more: object) -> Json:
    return {"destinations": [{"type": "NUMBER", "number": number}], **more}


@pytest.fixture
def anna(admin: httpx.Client) -> Iterator[httpx.Client]:
    """An administrator's client that speaks for Anna, whose routing is as it was afterwards."""
    admin.params = httpx.QueryParams({"loginName": ANNA})
    yield admin
    admin.delete("/routing/forwardroute")
    admin.delete("/routing/overflowroute")
    admin.delete("/routing/dnd")


def refused(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, answer.text
    routing: Json = answer.json()["routing"]
    return routing


def test_a_user_without_remote_extension_cannot_present_elsewhere(anna: httpx.Client) -> None:
    assert anna.get("/routing").json() == {
        "presentationRoute": False, "forwardRoute": True, "overflowRoute": True, "dnd": True,
    }  # fmt: skip
    paula = anna.get("/routing", params={"loginName": PAULA}).json()
    assert paula["presentationRoute"] is True


@pytest.mark.parametrize("condition", ["BUSY", "NO_ANSWER", "BUSY_NO_ANSWER"])
def test_a_forward_is_read_back_with_its_condition(anna: httpx.Client, condition: str) -> None:
    forward = to_number("70001", forwardType=condition)
    assert anna.post("/routing/forwardroute", json={"forwardRoute": forward}).status_code == 204
    assert anna.get("/routing/forwardroute").json() == forward
    assert anna.get("/routing/state").json()["forwardRoutes"] == [forward]


def test_an_immediate_forward_has_no_condition(anna: httpx.Client) -> None:
    anna.post("/routing/forwardroute", json={"forwardRoute": TO_VOICEMAIL}).raise_for_status()
    assert anna.get("/routing/forwardroute").json() == TO_VOICEMAIL


def test_an_overflow_is_read_back_and_cancelled(anna: httpx.Client) -> None:
    overflow = {"overflowType": "NO_ANSWER", **TO_VOICEMAIL}
    assert anna.post("/routing/overflowroute", json={"overflowRoutes": [overflow]}).status_code == 204
    assert anna.get("/routing/overflowroute").json() == overflow
    assert anna.delete("/routing/overflowroute").status_code == 204
    assert "overflowRoutes" not in anna.get("/routing/state").json()


def test_each_change_is_told_once(anna: httpx.Client, listen: ListenTo) -> None:
    with listen(anna, "routingManagement", ids=[ANNA]) as channel:
        for _ in range(2):
            anna.post("/routing/forwardroute", json={"forwardRoute": TO_VOICEMAIL}).raise_for_status()
        anna.post("/routing/dnd").raise_for_status()
        anna.delete("/routing/forwardroute").raise_for_status()
        told = channel.wait_until(lambda: channel.named("OnRoutingStateChanged", loginName=ANNA)[2:], "3 changes")
        assert told[0]["routingState"] == anna.get("/routing/state").json()
        states = [event["routingState"] for event in channel.named("OnRoutingStateChanged")]
    assert [(bool(s.get("forwardRoutes")), s["dndState"]["activate"]) for s in states] == [
        (True, False), (True, True), (False, True),
    ]  # fmt: skip


def test_a_users_session_changes_its_own_routing(user: UserOf, anna: httpx.Client) -> None:
    own = user("70000")
    own.post("/routing/dnd", params={"loginName": BEN}).raise_for_status()
    assert anna.get("/routing/dnd").json() == {"activate": True}
    assert anna.get("/routing/dnd", params={"loginName": BEN}).json() == {"activate": False}


def test_an_administrator_names_the_user(admin: httpx.Client) -> None:
    assert admin.get("/routing/state").status_code == 400
    assert admin.get("/routing/state", params={"loginName": "nobody"}).status_code == 404


def test_a_snapshot_tells_of_one_user_or_everybody(admin: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "routingManagement") as channel:
        assert admin.post("/routing/state/snapshot", params={"loginName": CLARA}).status_code == 204
        event = channel.wait_for("OnRoutingStateChanged", loginName=CLARA)
        assert event["routingState"] == admin.get("/routing/state", params={"loginName": CLARA}).json()
        assert admin.post("/routing/state/snapshot").status_code == 204
        everybody = len(admin.get("/logins").json()["loginNames"])

        def logins() -> set[str]:
            return {e["loginName"] for e in channel.named("OnRoutingStateChanged")}

        channel.wait_until(lambda: [{}] if len(logins()) >= everybody else [], "everybody's routing")


@pytest.mark.parametrize(
    ("forward", "status", "error", "cause", "destination"),
    [
        (None, 400, "BAD_PARAMETER_VALUE", "NULL_PARAMETER", None),
        ({}, 400, "BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", None),
        ({"destinations": [{"type": "NUMBER"}]}, 400, "BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", "NUMBER"),
        (to_number("not a number"), 400, "BAD_PARAMETER_VALUE", "BAD_PHONE_NUMBER_FORMAT", "NUMBER"),
        (to_number("7000"), 400, "INCOMPLETE_PHONE_NUMBER", "UNKNOWN", "NUMBER"),
        (to_number("41"), 400, "UNKNOWN_PHONE_NUMBER", "UNKNOWN", "NUMBER"),
        (to_number("79999"), 400, "UNKNOWN_PHONE_NUMBER", "UNKNOWN", "NUMBER"),
        (to_number("70000"), 403, "UNAUTHORIZED", "UNAUTHORIZED_PHONE_NUMBER", "NUMBER"),
        (to_number("60001"), 403, "UNAUTHORIZED", "UNAUTHORIZED_PHONE_NUMBER", "NUMBER"),
        (to_number("70001", forwardType="SOMETIMES"), 400, "BAD_PARAMETER_VALUE", "INVALID_FORWARD_ROUTE", None),
        ({"destinations": [{"type": "OFFICE"}]}, 400, "BAD_PARAMETER_VALUE", "INVALID_FORWARD_ROUTE", "OFFICE"),
        (
            {"destinations": [{"type": "VOICEMAIL"}] * 2}, 400, "BAD_PARAMETER_VALUE", "INVALID_FORWARD_ROUTE", None,
        ),
    ],
)  # fmt: skip
def test_L126_a_forward_that_cannot_be(
    anna: httpx.Client, forward: Json | None, status: int, error: str, cause: str, destination: str | None
) -> None:
    body = {} if forward is None else {"forwardRoute": forward}
    info = refused(anna.post("/routing/forwardroute", json=body), status)
    assert (info["errorType"], info["errorCause"], info.get("destinationType")) == (error, cause, destination)
    assert anna.get("/routing/forwardroute").content == b""


def test_L12_a_number_outside_is_no_directory_number(anna: httpx.Client) -> None:
    for number in ("32539", "+33 (1) 23456789", "0123456789", "*#12"):
        assert anna.post("/routing/forwardroute", json={"forwardRoute": to_number(number)}).status_code == 204, number


def test_L124_there_is_one_route_of_each_kind(anna: httpx.Client) -> None:
    two = refused(anna.post("/routing", json={"forwardRoutes": [TO_VOICEMAIL, TO_VOICEMAIL]}), 400)
    assert two["errorCause"] == "INVALID_FORWARD_ROUTE"
    overflow = {"overflowType": "BUSY", **TO_VOICEMAIL}
    two = refused(anna.post("/routing/overflowroute", json={"overflowRoutes": [overflow, overflow]}), 400)
    assert two["errorCause"] == "INVALID_OVERFLOW_ROUTE"
    untyped = refused(anna.post("/routing/overflowroute", json={"overflowRoutes": [TO_VOICEMAIL]}), 400)
    assert untyped["errorCause"] == "INVALID_OVERFLOW_ROUTE"


def test_L126_a_forward_must_not_lead_back(anna: httpx.Client) -> None:
    ben = {"loginName": BEN}
    anna.post("/routing/forwardroute", params=ben, json={"forwardRoute": to_number("70000")}).raise_for_status()
    try:
        info = refused(anna.post("/routing/forwardroute", json={"forwardRoute": to_number("70001")}), 400)
        assert info["errorCause"] == "INVALID_FORWARD_ROUTE"
    finally:
        anna.delete("/routing/forwardroute", params=ben).raise_for_status()


def test_L126_voice_mail_needs_a_voice_mail(anna: httpx.Client) -> None:
    answer = anna.post("/routing/forwardroute", params={"loginName": GRETA}, json={"forwardRoute": TO_VOICEMAIL})
    info = refused(answer, 403)
    assert (info["destinationType"], info["errorCause"]) == ("VOICEMAIL", "UNAUTHORIZED_PHONE_NUMBER")


def test_L126_overflow_may_be_barred(admin: httpx.Client, control: httpx.Client) -> None:
    control.put("/users/70003/rights", json={"overflow": False}).raise_for_status()
    try:
        who = {"loginName": DAVID}
        assert admin.get("/routing", params=who).json()["overflowRoute"] is False
        body = {"overflowRoutes": [{"overflowType": "BUSY", **TO_VOICEMAIL}]}
        barred = refused(admin.post("/routing/overflowroute", params=who, json=body), 403)
        assert (barred["errorType"], barred["errorCause"]) == ("UNAUTHORIZED", "UNAUTHORIZED_OVERFLOW")
        kept = refused(admin.delete("/routing/overflowroute", params=who), 403)
        assert kept["errorCause"] == "UNAUTHORIZED_CANCEL_OVERFLOW"
    finally:
        control.put("/users/70003/rights", json={"overflow": True}).raise_for_status()


def test_A60_selected_may_be_a_text(admin: httpx.Client) -> None:
    who = {"loginName": PAULA}
    for selected, expected in (("false", False), (True, True), (False, False), ("true", True)):
        route = {"destinations": [{"type": "MOBILE", "selected": selected}]}
        assert admin.post("/routing", params=who, json={"presentationRoutes": [route]}).status_code == 204
        office, mobile = admin.get("/routing/state", params=who).json()["presentationRoutes"][0]["destinations"]
        assert mobile["selected"] is expected
        assert office["selected"] is True


def test_A61_do_not_disturb_is_a_boolean(anna: httpx.Client) -> None:
    anna.post("/routing/dnd").raise_for_status()
    assert anna.get("/routing/dnd").json() == {"activate": True}
    assert anna.get("/routing/state").json()["dndState"] == {"activate": True}


def test_A62_the_state_names_no_current_device(anna: httpx.Client) -> None:
    assert "currentDeviceId" not in anna.get("/routing/state").json()


def test_A63_a_mobile_needs_no_number_a_number_does(admin: httpx.Client, anna: httpx.Client) -> None:
    route = {"destinations": [{"type": "MOBILE", "selected": True}]}
    paula = {"loginName": PAULA}
    assert admin.post("/routing", params=paula, json={"presentationRoutes": [route]}).status_code == 204
    refused(anna.post("/routing", json={"forwardRoutes": [{"destinations": [{"type": "NUMBER"}]}]}), 400)


def test_A64_who_has_no_remote_extension_has_a_presentation_route(admin: httpx.Client) -> None:
    state = admin.get("/routing/state", params={"loginName": GRETA}).json()
    assert state["presentationRoutes"] == [{"destinations": [{"type": "OFFICE", "selected": True}]}]


def test_A65_shapes_of_the_three_requests(anna: httpx.Client) -> None:
    assert anna.post("/routing", json={"forwardRoutes": [TO_VOICEMAIL]}).status_code == 204
    assert anna.post("/routing/forwardroute", json={"forwardRoute": TO_VOICEMAIL}).status_code == 204
    overflow = {"overflowType": "BUSY", **TO_VOICEMAIL}
    assert anna.post("/routing/overflowroute", json={"overflowRoutes": [overflow]}).status_code == 204


def test_A66_sip_nomadic_is_ignored(anna: httpx.Client) -> None:
    answer = anna.post("/routing", params={"sipNomadic": "true"}, json={"forwardRoutes": [TO_VOICEMAIL]})
    assert answer.status_code == 204


def test_A67_answers_come_with_200(anna: httpx.Client) -> None:
    assert [anna.get(path).status_code for path in ("/routing", "/routing/dnd", "/routing/state")] == [200] * 3


def test_B16_no_route_is_an_empty_body(anna: httpx.Client) -> None:
    for path in ("/routing/forwardroute", "/routing/overflowroute"):
        answer = anna.get(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_B28_an_overflow_may_come_alone(anna: httpx.Client) -> None:
    overflow = {"overflowType": "BUSY", "destinations": [{"type": "VOICEMAIL", "selected": True}]}
    assert anna.post("/routing/overflowroute", json={"overflowRoutes": overflow}).status_code == 204
    assert anna.get("/routing/overflowroute").json()["overflowType"] == "BUSY"


def test_B29_the_remote_extension_is_what_was_sent(admin: httpx.Client, listen: ListenTo) -> None:
    who = {"loginName": PAULA}
    with listen(admin, "routingManagement", ids=[PAULA]) as channel:
        for selected in (False, True):
            route = {"destinations": [{"type": "MOBILE", "selected": selected}]}
            admin.post("/routing", params=who, json={"presentationRoutes": [route]}).raise_for_status()
        channel.wait_until(lambda: channel.named("OnRoutingStateChanged")[1:], "both changes")
    unsaid = admin.post("/routing", params=who, json={"presentationRoutes": [{"destinations": [{"type": "MOBILE"}]}]})
    assert refused(unsaid, 400)["errorCause"] == "NULL_PARAMETER"
    anna = admin.post("/routing", params={"loginName": ANNA}, json={"presentationRoutes": [route]})
    assert refused(anna, 400)["errorType"] == "INVALID_OPERATION"
