"""Where a user's calls go."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.border import read
from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, NotFound, O2GError, O2GTimeout, RoutingDetails, UnreadableAnswer
from services.o2g import O2G
from services.routes import StateReading, state_in
from services.routing import (
    VOICEMAIL,
    Condition,
    Destination,
    DestinationKind,
    RemoteExtension,
    Route,
    RoutingCapabilities,
    RoutingOverview,
    RoutingState,
)
from tests.services.scripted import Reply, ScriptedO2G
from tests.services.test_border import ANYTHING

LOGIN = "oxe1000"
UNKNOWN = Destination(DestinationKind.UNKNOWN)
ASSOCIATE = Destination(DestinationKind.UNKNOWN, "7")
STATE: dict[str, Any] = {
    "presentationRoutes": [{"destinations": [{"type": "OFFICE"}, {"type": "MOBILE", "selected": True}]}],
    "forwardRoutes": [{"forwardType": "BUSY", "destinations": [{"type": "VOICEMAIL"}]}],
    "overflowRoutes": [{"overflowType": "NO_ANSWER", "destinations": [{"type": "NUMBER", "number": "1001"}]}],
    "dndState": {"activate": False},
}  # fmt: skip
EVERYTHING = {"presentationRoute": True, "forwardRoute": True, "overflowRoute": True, "dnd": True}
NOTHING_SET = RoutingState(None, None, None, RemoteExtension.ABSENT)


def state(said: object) -> RoutingState:
    return state_in(read(StateReading, json.dumps(said).encode(), "a routing state"))


def route(**other: Any) -> dict[str, Any]:
    return {"destinations": [{"type": "VOICEMAIL"}], **other}


def test_all_of_it_in_one_answer(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /routing/state", Reply(json=STATE))
    assert o2g.routing.state(LOGIN, deadline) == RoutingState(
        do_not_disturb=False,
        forward=Route(Condition.BUSY, VOICEMAIL),
        overflow=Route(Condition.NO_ANSWER, Destination.to("1001")),
        remote_extension=RemoteExtension.ON,
    )
    assert scripted.asked("GET /routing/state")[0].query == {"loginName": LOGIN}


def test_state_and_what_may_be_changed_side_by_side(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /routing/state", Reply(json={}))
    scripted.on("GET /routing", Reply(json={"forwardRoute": "true", "dnd": False, "overflowRoute": 1}))
    assert o2g.routing.overview(LOGIN, deadline) == RoutingOverview(
        NOTHING_SET,
        RoutingCapabilities(do_not_disturb=False, forward=True, overflow=None, remote_extension=None),
    )
    scripted.on("GET /routing", Reply(403, {"code": 1002}))
    with pytest.raises(NotAllowed):
        o2g.routing.overview(LOGIN, deadline)


@pytest.mark.parametrize("nothing", [Reply(404), Reply(204), Reply(body=b"<html/>"), Reply(json=[])])
def test_a_state_that_is_not_told_is_not_a_state_in_which_nothing_is_set(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply
) -> None:
    scripted.on("GET /routing/state", nothing)
    with pytest.raises((NotFound, UnreadableAnswer)):
        o2g.routing.state(LOGIN, deadline)


@pytest.mark.parametrize(
    ("activate", "on"), [("true", True), (True, True), ("false", False), ("on", None), (None, None)]
)
def test_A61_A67_do_not_disturb_may_be_a_text(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, activate: object, on: bool | None
) -> None:
    scripted.on("GET /routing/dnd", Reply(json={"activate": activate}))
    assert o2g.routing.do_not_disturb(LOGIN, deadline) is on
    assert state({"dndState": {"activate": activate}}).do_not_disturb is on


@pytest.mark.parametrize("none", [Reply(), Reply(json={}), Reply(404), Reply(body=b"null"), Reply(json=[]), Reply(204)])
def test_B16_no_forward_and_no_overflow_however_it_is_said(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, none: Reply
) -> None:
    scripted.on("GET /routing/forwardroute", none)
    scripted.on("GET /routing/overflowroute", none)
    assert o2g.routing.forward(LOGIN, deadline) is None
    assert o2g.routing.overflow(LOGIN, deadline) is None


def test_a_forward_and_an_overflow_alone(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /routing/forwardroute", Reply(json=route()))
    scripted.on("GET /routing/overflowroute", Reply(json=route(overflowType="BUSY_NO_ANSWER")))
    assert o2g.routing.forward(LOGIN, deadline) == Route(Condition.IMMEDIATE, VOICEMAIL)
    assert o2g.routing.overflow(LOGIN, deadline) == Route(Condition.BUSY_NO_ANSWER, VOICEMAIL)


@pytest.mark.parametrize(
    ("routes", "forward"),
    [
        (None, None),
        ([], None),
        ([{}], None),
        ([{"destinations": []}], None),
        ([{"destinations": None, "forwardType": None}], None),
        (route(), Route(Condition.IMMEDIATE, VOICEMAIL)),  # a lone one
        ([route(forwardType="SOMETIMES")], Route(Condition.UNKNOWN, VOICEMAIL)),
        ([route(forwardType={})], Route(Condition.UNKNOWN, VOICEMAIL)),
        ([{"forwardType": "BUSY"}], Route(Condition.BUSY, UNKNOWN)),
        ([{"destinations": ["?"]}], Route(Condition.IMMEDIATE, UNKNOWN)),
        ([{"destinations": [{"type": "ASSOCIATE", "number": 7}]}], Route(Condition.IMMEDIATE, ASSOCIATE)),
        (["?"], Route(Condition.UNKNOWN, UNKNOWN)),
        ("?", Route(Condition.UNKNOWN, UNKNOWN)),
        ([7, route()], Route(Condition.UNKNOWN, UNKNOWN)),
    ],
)  # fmt: skip
def test_A49_a_forward_that_is_not_understood_is_not_shown_as_none(routes: object, forward: Route | None) -> None:
    assert state({"forwardRoutes": routes}).forward == forward


def test_an_overflow_without_a_type_is_not_immediate() -> None:
    assert state({"overflowRoutes": [route()]}).overflow == Route(Condition.UNKNOWN, VOICEMAIL)


@pytest.mark.parametrize(
    ("routes", "remote"),
    [
        (None, RemoteExtension.ABSENT),
        ([], RemoteExtension.ABSENT),
        ([{"destinations": []}], RemoteExtension.ABSENT),
        ([{"destinations": [{"type": "OFFICE"}]}], RemoteExtension.ABSENT),
        ([{"destinations": [{"type": "MOBILE", "selected": "true"}]}], RemoteExtension.ON),  # A60
        ([{"destinations": [{"type": "MOBILE", "selected": False}]}], RemoteExtension.OFF),
        ([{"destinations": [{"type": "MOBILE"}]}], RemoteExtension.UNKNOWN),
        ([{"destinations": ["?"]}], RemoteExtension.UNKNOWN),
        ("?", RemoteExtension.UNKNOWN),
    ],
)
def test_A64_a_user_may_have_no_remote_extension(routes: object, remote: RemoteExtension) -> None:
    assert state({"presentationRoutes": routes}).remote_extension is remote


def test_A62_unknown_keys_are_ignored() -> None:
    assert state({"currentDeviceId": "32776", "presentationRoutes": []}) == NOTHING_SET


def test_do_not_disturb_is_set_and_cancelled_without_a_body(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("POST /routing/dnd", Reply(204))
    scripted.on("DELETE /routing/dnd", Reply(204))
    o2g.routing.set_do_not_disturb(LOGIN, True, deadline)
    o2g.routing.set_do_not_disturb(LOGIN, False, deadline)
    for operation in ("POST /routing/dnd", "DELETE /routing/dnd"):
        (seen,) = scripted.asked(operation)
        assert (seen.query, seen.body) == ({"loginName": LOGIN}, None)


@pytest.mark.parametrize(
    ("condition", "destination", "written"),
    [
        (Condition.IMMEDIATE, VOICEMAIL, route()),
        (Condition.BUSY, VOICEMAIL, route(forwardType="BUSY")),
        (
            Condition.BUSY_NO_ANSWER,
            Destination.to(" +33 (1) 2345 "),
            {"forwardType": "BUSY_NO_ANSWER", "destinations": [{"type": "NUMBER", "number": "+33 (1) 2345"}]},
        ),
    ],
)
def test_A63_A65_a_forward_is_one_object(
    scripted: ScriptedO2G,
    o2g: O2G,
    deadline: Deadline,
    condition: Condition,
    destination: Destination,
    written: dict[str, Any],
) -> None:
    scripted.on("POST /routing/forwardroute", Reply(204))
    o2g.routing.set_forward(LOGIN, condition, destination, deadline)
    (seen,) = scripted.asked("POST /routing/forwardroute")
    assert (seen.query, seen.body) == ({"loginName": LOGIN}, {"forwardRoute": written})


def test_A65_B28_an_overflow_is_a_list_of_one(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /routing/overflowroute", Reply(204))
    o2g.routing.set_overflow(LOGIN, Condition.NO_ANSWER, Destination.to("1001"), deadline)
    assert scripted.asked("POST /routing/overflowroute")[0].body == {
        "overflowRoutes": [{"overflowType": "NO_ANSWER", "destinations": [{"type": "NUMBER", "number": "1001"}]}]
    }


@pytest.mark.parametrize("on", [True, False])
def test_A60_A66_B29_the_remote_extension_is_switched_by_a_boolean_that_says_so(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, on: bool
) -> None:
    scripted.on("POST /routing", Reply(204))
    o2g.routing.set_remote_extension(LOGIN, on, deadline)
    (seen,) = scripted.asked("POST /routing")
    assert seen.query == {"loginName": LOGIN}
    assert seen.body == {"presentationRoutes": [{"destinations": [{"type": "MOBILE", "selected": on}]}]}


def test_forward_and_overflow_are_cancelled(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("DELETE /routing/forwardroute", Reply(204))
    scripted.on("DELETE /routing/overflowroute", Reply(204))
    o2g.routing.cancel_forward(LOGIN, deadline)
    o2g.routing.cancel_overflow(LOGIN, deadline)
    assert scripted.asked("DELETE /routing/forwardroute")[0].query == {"loginName": LOGIN}
    assert scripted.asked("DELETE /routing/overflowroute")[0].query == {"loginName": LOGIN}


@pytest.mark.parametrize(
    ("condition", "destination"),
    [
        (Condition.UNKNOWN, VOICEMAIL),
        (Condition.BUSY, Destination(DestinationKind.MOBILE)),
        (Condition.BUSY, UNKNOWN),
        (Condition.BUSY, Destination(DestinationKind.NUMBER, "")),
        (Condition.BUSY, Destination(DestinationKind.NUMBER, "call me")),
        (Condition.BUSY, Destination(DestinationKind.NUMBER, "1" * 50)),
    ],
)
def test_L12_L124_what_cannot_be_set_is_not_asked(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, condition: Condition, destination: Destination
) -> None:
    for write in (o2g.routing.set_forward, o2g.routing.set_overflow):
        with pytest.raises(BadParameter):
            write(LOGIN, condition, destination, deadline)
    with pytest.raises(BadParameter):
        o2g.routing.set_overflow(LOGIN, Condition.IMMEDIATE, VOICEMAIL, deadline)
    assert scripted.asked("POST /routing/forwardroute") == scripted.asked("POST /routing/overflowroute") == []


def test_L126_a_refusal_tells_its_cause(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    cause = {"errorType": "UNAUTHORIZED", "destinationType": "NUMBER", "errorCause": "UNAUTHORIZED_PHONE_NUMBER"}
    scripted.on("POST /routing/forwardroute", Reply(403, {"code": 1002, "routing": cause}))
    with pytest.raises(NotAllowed) as caught:
        o2g.routing.set_forward(LOGIN, Condition.IMMEDIATE, Destination.to("1000"), deadline)
    assert caught.value.details == RoutingDetails("UNAUTHORIZED", "NUMBER", "UNAUTHORIZED_PHONE_NUMBER", "")


def test_what_gets_no_answer_is_not_set_again(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("POST /routing/dnd", Reply(204, delay=5))
    with pytest.raises(O2GTimeout):
        o2g.routing.set_do_not_disturb(LOGIN, True, Deadline.after(0.2))
    assert len(scripted.asked("POST /routing/dnd")) == 1


DESTINATION = st.fixed_dictionaries({}, optional={"type": ANYTHING, "number": ANYTHING, "selected": ANYTHING})
ROUTES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "forwardType": ANYTHING,
            "overflowType": ANYTHING,
            "destinations": st.lists(DESTINATION | ANYTHING, max_size=3) | ANYTHING,
        },
    )
    | ANYTHING,
    max_size=3,
)


PARTS = st.sampled_from(["presentationRoutes", "forwardRoutes", "overflowRoutes", "dndState"])


@given(st.dictionaries(PARTS, ROUTES | ANYTHING))
def test_whatever_a_state_holds_it_is_read_and_nothing_set_looks_unset(said: dict[str, Any]) -> None:
    try:
        found = state(said)
    except O2GError:
        pytest.fail("a routing state of odd parts is one")
    assert found.do_not_disturb in (True, False, None)
    for key, kind, read_as in (
        ("forwardRoutes", "forwardType", found.forward),
        ("overflowRoutes", "overflowType", found.overflow),
    ):
        routes = said.get(key)
        first = routes[0] if isinstance(routes, list) and routes else routes
        if isinstance(first, dict) and (first.get(kind) is not None or first.get("destinations") not in (None, [])):
            assert read_as is not None
