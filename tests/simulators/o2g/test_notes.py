"""Callbacks and mini messages: left, read, counted."""

import httpx

from tests.simulators.o2g.conftest import ListenTo
from tests.simulators.o2g.telephones import Phone, why


def test_a_callback_is_left_counted_and_deleted(admin: httpx.Client, listen: ListenTo) -> None:
    asks, asked = Phone(admin, "70110"), Phone(admin, "70111")
    before = asked.summary()["callBackRequestsNb"]
    with listen(admin, "eventSummary") as channel:
        for _ in range(2):
            assert asks.post("/telephony/outgoingCallbacks", {"callee": asked.number}).status_code == 204
        told = channel.wait_for("OnEventSummaryUpdated", loginName=asked.login)
        assert told["eventSummary"]["callBackRequestsNb"] == before + 1
    callbacks = asked.get("/telephony/incomingCallbacks")["callbacks"]
    assert len(callbacks) == before + 1
    (mine,) = [one for one in callbacks if one["partyInfo"]["id"]["phoneNumber"] == asks.number]
    path = f"/telephony/incomingCallbacks/{mine['callbackId']}"
    assert asked.request("DELETE", path).status_code == 204
    assert asked.request("DELETE", path).status_code == 400
    assert asked.summary()["callBackRequestsNb"] == before
    assert asked.request("DELETE", "/telephony/incomingCallbacks").status_code == 204
    assert asked.get("/telephony/incomingCallbacks") == {"callbacks": []}
    assert asked.summary()["callBackRequestsNb"] == 0


def test_a_callback_during_a_call_ends_it(admin: httpx.Client) -> None:
    asks, asked = Phone(admin, "70112"), Phone(admin, "70113")
    asked.request("DELETE", "/telephony/incomingCallbacks")
    ref = asks.call(asked.number)
    assert why(asked.does(ref, "callback"))[1] == "INCOMPATIBLE_WITH_STATE"
    asks.done(ref, "callback")
    assert not asks.calls()
    assert len(asked.get("/telephony/incomingCallbacks")["callbacks"]) == 1


def test_a_callback_needs_an_idle_set_and_a_user(admin: httpx.Client) -> None:
    asks = Phone(admin, "70024")
    assert why(asks.post("/telephony/outgoingCallbacks", {"callee": "0155667788"}))[2] == "INVALID_DESTINATION"
    ref = asks.call("70025")
    assert why(asks.post("/telephony/outgoingCallbacks", {"callee": "70026"}))[0] == 403
    asks.done(ref, "dropme")


def test_A50_messages_are_read_once_the_newest_first(admin: httpx.Client, listen: ListenTo) -> None:
    sender, reader = Phone(admin, "70117"), Phone(admin, "70118")
    while reader.request("GET", "/telephony/miniMessages").status_code == 200:
        pass
    with listen(admin, "eventSummary") as channel:
        for text in ("first", "Zweite ✓"):
            body = {"recipient": reader.number, "message": text}
            assert sender.post("/telephony/miniMessages", body).status_code == 204
        channel.wait_until(lambda: channel.named("OnEventSummaryUpdated", loginName=reader.login)[1:], "two counts")
    assert reader.summary()["newTextNb"] == 2
    texts = [reader.get("/telephony/miniMessages") for _ in range(2)]
    assert [(text["sender"], text["message"]) for text in texts] == [("70117", "Zweite ✓"), ("70117", "first")]
    assert reader.summary()["newTextNb"] == 0
    assert reader.request("GET", "/telephony/miniMessages").status_code == 400


def test_B30_a_messages_date_has_both_names(admin: httpx.Client, control: httpx.Client) -> None:
    control.post("/people/70119/miniMessages", json={"sender": "70120", "text": "hello!"}).raise_for_status()
    message = Phone(admin, "70119").get("/telephony/miniMessages")
    assert message["date"] == message["dateTime"]
    assert message["date"].endswith("Z")
    assert message["message"] == "hello!"


def test_L114_a_message_has_128_characters_at_most(admin: httpx.Client) -> None:
    sender = Phone(admin, "70121")
    for text, status in (("x" * 128, 204), ("x" * 129, 400)):
        body = {"recipient": "70122", "message": text}
        assert sender.post("/telephony/miniMessages", body).status_code == status
    assert sender.post("/telephony/miniMessages", {"recipient": "79999", "message": "x"}).status_code == 400


def test_messages_can_be_taken_away(admin: httpx.Client, control: httpx.Client) -> None:
    reader = Phone(admin, "70119")
    control.post("/people/70119/miniMessages", json={"sender": "70117", "text": "Hello"}).raise_for_status()
    control.delete("/people/70119/miniMessages").raise_for_status()
    assert reader.request("GET", "/telephony/miniMessages").status_code == 400
    assert reader.summary()["newTextNb"] == 0
