"""Calls."""

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, O2GTimeout, TelephonyDetails
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G


@pytest.mark.parametrize(
    ("answer", "call_ref"),
    [
        (
            Reply(201, headers={"Location": "http://server/api/rest/1.0/telephony/calls/49bfa0564a030100"}),
            "49bfa0564a030100",
        ),
        (Reply(201, headers={"Location": "49bfa0564a030100"}), "49bfa0564a030100"),
        (Reply(201, headers={"Location": "https://server/api/rest/1.0/telephony/calls/a%2Fb?x=1"}), "a/b"),
        (Reply(201, headers={"Location": "https://[odd/"}), None),
        (Reply(201, headers={"Location": ""}), None),
        (Reply(201), None),
        (Reply(204), None),
        (Reply(200, "49bfa0564a030100"), None),
    ],
)
def test_A45_A46_a_call_is_made_with_or_without_a_reference(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, answer: Reply, call_ref: str | None
) -> None:
    scripted.on("POST /telephony/calls", answer)
    assert o2g.telephony.make_call("oxe1000", "1000", " 1001 ", deadline) == call_ref
    (seen,) = scripted.asked("POST /telephony/calls")
    assert seen.query == {"loginName": "oxe1000"}
    assert seen.body == {"deviceId": "1000", "callee": "1001", "autoAnswer": True}
    assert seen.headers["Content-Type"] == "application/json"


def test_a_set_that_is_elsewhere_rings_first(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /telephony/calls", Reply(201))
    o2g.telephony.make_call("oxe1000", "1000", "+33 (1) 2345*", deadline, auto_answer=False)
    assert scripted.asked("POST /telephony/calls")[0].body["autoAnswer"] is False


@pytest.mark.parametrize(
    ("login", "device", "callee"),
    [
        ("oxe1000", "1000", ""),
        ("oxe1000", "1000", "call me"),
        ("oxe1000", "1000", "1" * 50),
        ("oxe1000", "1000", "1001\n1002"),
        ("oxe1000", " ", "1001"),
        ("", "1000", "1001"),
    ],
)
def test_what_cannot_be_called_is_not_asked(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, login: str, device: str, callee: str
) -> None:
    with pytest.raises(BadParameter):
        o2g.telephony.make_call(login, device, callee, deadline)
    assert scripted.asked("POST /telephony/calls") == []


def test_a_call_without_an_answer_is_not_made_again(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("POST /telephony/calls", Reply(201, delay=5))
    with pytest.raises(O2GTimeout):
        o2g.telephony.make_call("oxe1000", "1000", "1001", Deadline.after(0.2))
    assert len(scripted.asked("POST /telephony/calls")) == 1


def test_a_refused_call_tells_why(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    said = {"code": 1002, "telephony": {"errorType": "UNAUTHORIZED", "errorCause": "INVALID_CALLING"}}
    scripted.on("POST /telephony/calls", Reply(403, said))
    with pytest.raises(NotAllowed) as caught:
        o2g.telephony.make_call("oxe1000", "1000", "1001", deadline)
    assert caught.value.details == TelephonyDetails("UNAUTHORIZED", "INVALID_CALLING", "")
