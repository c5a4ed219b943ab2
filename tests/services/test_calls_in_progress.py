"""Calls in progress, and what can be done with them."""

from typing import Any

import pytest

from services.calls_in_progress import (
    CallAbility,
    CallInProgress,
    CallState,
    IdleAbility,
    IdleSet,
    Leg,
    Participant,
    RecordingState,
    SetAbility,
    TelephonyState,
    UserState,
)
from services.deadline import Deadline
from services.errors import NotAllowed
from services.o2g import O2G
from services.parties import Party, PartyKind
from tests.services.scripted import NOT_ALLOWED, Reply, ScriptedO2G

CALL: dict[str, Any] = {
    "callRef": "49bf",
    "callData": {
        "state": "ACTIVE",
        "media": "?",
        "recordState": "PAUSED",
        "anonymous": "false",
        "initialCalled": {"id": {"phoneNumber": "1000", "multiLine": True}, "type": {"main": "USER"}},
        "lastRedirecting": {"id": {"phoneNumber": 1009}},
        "capabilities": {"merge": True, "park": "true", "transfer": False, "redirect": "?", "dream": True},
        "accountInfo": "12",
        "acdCallData": {"pilotNumber": "2000", "queueData": {}},
    },
    "legs": [
        {"deviceId": "1000", "medias": [], "state": "ACTIVE", "capabilities": {"hold": True, "answer": False}},
        {"state": "ACTIVE"},
    ],
    "participants": [
        {
            "participantId": "1",
            "identity": {"id": {"phoneNumber": "1001", "loginName": "oxe1001"}, "firstName": "A", "lastName": "B"},
            "undroppable": True,
        },
        {"participantId": "2", "identity": {"displayName": "Door"}, "state": "RINGING_INCOMING"},
        {"participantId": "3", "anonymous": True, "identity": {"lastName": "Secret"}},
        {"participantId": "4"},
    ],
}


def test_A54_a_call_in_progress(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /telephony/calls", Reply(json={"calls": [CALL]}))
    (call,) = o2g.calls_in_progress.of("oxe1000", deadline)
    anna, door, secret = Party("A", "B", "1001", "oxe1001"), Party("", "Door"), Party("", "Secret")
    assert call == CallInProgress(
        call_ref="49bf",
        state=CallState.ACTIVE,
        legs=(Leg("1000", CallState.ACTIVE, frozenset({SetAbility.HOLD})),),
        participants=(
            Participant("1", anna, droppable=False),
            Participant("2", door, state=CallState.RINGING_INCOMING),
            Participant("3", secret, anonymous=True),
            Participant("4", None),
        ),
        can=frozenset({CallAbility.MERGE, CallAbility.PARK}),
        recording=RecordingState.PAUSED,
        anonymous=False,
        first_called=Party(number="1000", kind=PartyKind.USER, multi_line=True),
        redirected_by=Party(number="1009"),
        account_info="12",
        pilot="2000",
    )
    assert call.devices == ("1000",)
    assert call.parties == (anna, door)  # a secret party is not shown
    assert scripted.asked("GET /telephony/calls")[0].query == {"loginName": "oxe1000"}


def test_a_call_that_says_little(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    calls = [{"callRef": "50c0", "callData": {"state": "DREAMING"}}, {"callData": {"state": "ACTIVE"}}, None, 7]
    scripted.on("GET /telephony/calls", Reply(json={"calls": calls}))
    assert o2g.calls_in_progress.of("oxe1000", deadline) == (CallInProgress("50c0", CallState.UNKNOWN),)


@pytest.mark.parametrize("key", ["associateData", "associatedData"])
def test_A39_B23_associated_data_under_either_name(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, key: str
) -> None:
    scripted.on("GET /telephony/calls", Reply(json={"calls": {"callRef": "1", "callData": {key: "claim 7"}}}))
    assert o2g.calls_in_progress.of("oxe1000", deadline)[0].associated_data == "claim 7"


@pytest.mark.parametrize("nothing", [Reply(404), Reply(200), Reply(json={}), Reply(json={"calls": []})])
def test_no_calls(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply) -> None:
    scripted.on("GET /telephony/calls", nothing)
    scripted.on("GET /telephony/state", nothing)
    assert o2g.calls_in_progress.of("oxe1000", deadline) == ()
    assert o2g.calls_in_progress.state("oxe1000", deadline) == TelephonyState((), (), None)


def test_calls_and_what_the_sets_can_do_come_in_one(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    sets = [{"deviceId": "1000", "makeCall": True, "unParkCall": "true"}, {"deviceId": "1009"}, {"makeCall": True}]
    state = {"calls": [CALL], "deviceCapabilities": sets, "userState": "BUSY"}
    scripted.on("GET /telephony/state", Reply(json=state))
    found = o2g.calls_in_progress.state("oxe1000", deadline)
    assert [call.call_ref for call in found.calls] == ["49bf"]
    assert found.sets == (
        IdleSet("1000", frozenset({IdleAbility.MAKE_CALL, IdleAbility.UNPARK})),
        IdleSet("1009", frozenset()),
    )
    assert found.user_state is UserState.BUSY


def test_B46_device_states_that_no_table_has_are_no_fault(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /telephony/state", Reply(json={"calls": [CALL], "deviceStates": {"deviceStates": ["?"]}}))
    assert len(o2g.calls_in_progress.state("oxe1000", deadline).calls) == 1


def test_one_call(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /telephony/calls/49bf", Reply(json=CALL))
    call = o2g.calls_in_progress.one("oxe1000", "49bf", deadline)
    assert call is not None
    assert call.state is CallState.ACTIVE
    assert o2g.calls_in_progress.one("oxe1000", "gone", deadline) is None


def test_without_a_licence_it_is_an_error_not_an_empty_list(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("GET /telephony/calls", Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.calls_in_progress.of("oxe1000", deadline)
