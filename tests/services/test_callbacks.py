"""Callback requests."""

import pytest

from services.callbacks import CallbackRequest
from services.deadline import Deadline
from services.errors import BadParameter, NotFound
from services.o2g import O2G
from services.parties import Party
from tests.services.scripted import Reply, ScriptedO2G

WHO = {"loginName": "oxe1000"}


def test_who_asked_to_be_called_back(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    party = {"id": {"phoneNumber": "1001", "loginName": "oxe1001"}, "firstName": "Émile", "lastName": "& Co"}
    asked = [{"callbackId": 7, "partyInfo": party}, {"callbackId": "8"}, {"partyInfo": party}]
    scripted.on("GET /telephony/incomingCallbacks", Reply(json={"callbacks": asked}))
    assert o2g.callbacks.of("oxe1000", deadline) == (
        CallbackRequest("7", Party("Émile", "& Co", "1001", "oxe1001")),
        CallbackRequest("8", None),
    )


@pytest.mark.parametrize("nothing", [Reply(404), Reply(200), Reply(json={}), Reply(json={"callbacks": None})])
def test_nobody_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply) -> None:
    scripted.on("GET /telephony/incomingCallbacks", nothing)
    assert o2g.callbacks.of("oxe1000", deadline) == ()


def test_one_and_all_are_deleted(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("DELETE /telephony/incomingCallbacks/7", Reply(204))
    scripted.on("DELETE /telephony/incomingCallbacks", Reply(204))
    o2g.callbacks.delete("oxe1000", "7", deadline)
    o2g.callbacks.delete_all("oxe1000", deadline)
    assert [seen.query for seen in scripted.asked("DELETE /telephony/incomingCallbacks/7")] == [WHO]
    assert [seen.query for seen in scripted.asked("DELETE /telephony/incomingCallbacks")] == [WHO]


def test_an_empty_id_does_not_delete_all(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("DELETE /telephony/incomingCallbacks", Reply(204))
    with pytest.raises(BadParameter):
        o2g.callbacks.delete("oxe1000", "", deadline)
    assert scripted.asked("DELETE /telephony/incomingCallbacks") == []


def test_a_request_deleted_meanwhile(o2g: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotFound):
        o2g.callbacks.delete("oxe1000", "9", deadline)


def test_asking_somebody(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /telephony/outgoingCallbacks", Reply(204))
    o2g.callbacks.ask("oxe1000", "1001", deadline)
    with pytest.raises(BadParameter):
        o2g.callbacks.ask("oxe1000", "Anna", deadline)
    (seen,) = scripted.asked("POST /telephony/outgoingCallbacks")
    assert (seen.query, seen.body) == (WHO, {"callee": "1001"})
