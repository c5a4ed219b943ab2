"""Event summary: what waits for a user, read and told."""

import httpx

from tests.simulators.o2g.conftest import ListenTo, UserOf


def test_counters_are_read_as_they_were_set(admin: httpx.Client, control: httpx.Client) -> None:
    control.put("/users/70000/eventSummary", json={"missedCallsNb": 3, "voiceMessagesNb": 0}).raise_for_status()
    body = admin.get("/eventSummary", params={"loginName": "oxe70000"}).json()
    assert (body["missedCallsNb"], body["voiceMessagesNb"], body["eventWaiting"]) == (3, 0, True)


def test_L132_an_unknown_counter_is_left_out(user: UserOf, control: httpx.Client) -> None:
    control.put("/users/70002/eventSummary", json={"voiceMessagesNb": None, "missedCallsNb": 1}).raise_for_status()
    body = user("70002").get("/eventSummary").json()
    assert "voiceMessagesNb" not in body
    assert body["missedCallsNb"] == 1


def test_a_change_is_told(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "eventSummary", ids=["oxe70003"]) as channel:
        control.put("/users/70003/eventSummary", json={"faxNb": 2}).raise_for_status()
        event = channel.wait_for("OnEventSummaryUpdated", loginName="oxe70003")
        assert event["eventSummary"]["faxNb"] == 2


def test_an_administrator_names_the_user(admin: httpx.Client) -> None:
    refused = admin.get("/eventSummary")
    assert (refused.status_code, refused.json()["type"]) == (400, "BAD_PARAMETER")
