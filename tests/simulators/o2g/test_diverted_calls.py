"""Routing at work: forwarded calls go elsewhere, and who reaches a voice mail leaves a message there."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.conftest import ListenTo

ANNA, BEN, CLARA = "oxe70000", "oxe70001", "oxe70002"
TO_VOICEMAIL = {"forwardRoute": {"destinations": [{"type": "VOICEMAIL"}]}}


@pytest.fixture(scope="module")
def lonely_o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=40) as running:
        yield running


@pytest.fixture
def o2g(lonely_o2g: RunningO2G) -> RunningO2G:
    return lonely_o2g


@pytest.fixture
def forwarded(admin: httpx.Client) -> Iterator[httpx.Client]:
    """An administrator's client while Clara's calls go to her voice mail."""
    admin.post("/routing/forwardroute", params={"loginName": CLARA}, json=TO_VOICEMAIL).raise_for_status()
    yield admin
    admin.delete("/routing/forwardroute", params={"loginName": CLARA}).raise_for_status()


def messages(control: httpx.Client) -> list[str]:
    return [message["id"] for message in control.get("/users/70002/mailbox").json()["messages"]]


def unread(admin: httpx.Client) -> int:
    count: int = admin.get("/eventSummary", params={"loginName": CLARA}).json()["voiceMessagesNb"]
    return count


def test_a_call_to_a_voice_mail_leaves_a_message(
    forwarded: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    before, waiting = messages(control), unread(forwarded)
    with listen(forwarded, "eventSummary", ids=[CLARA]) as channel:
        call = control.post("/calls", json={"caller": "70000", "callee": "70002"}).raise_for_status().json()["callRef"]
        control.post("/clock", json={"seconds": 7}).raise_for_status()
        control.delete(f"/calls/{call}").raise_for_status()
        # The call counts as a missed one, too, so that there is more than one event.
        channel.wait_until(
            lambda: [
                event
                for event in channel.named("OnEventSummaryUpdated")
                if event["eventSummary"]["voiceMessagesNb"] == waiting + 1
            ],
            "one message more",
        )
    (left,) = set(messages(control)) - set(before)
    box = control.get("/users/70002/mailbox").json()
    who, path = {"loginName": CLARA}, f"/messaging/mailboxes/{box['id']}"
    forwarded.post(path, params=who, json={"password": box["password"]}).raise_for_status()
    newest = forwarded.get(f"{path}/voicemails", params=who).json()["voicemails"][0]
    assert newest["voicemailId"] == left
    assert newest["duration"] in (7, 8)
    assert newest["from"]["id"]["loginName"] == ANNA


def test_who_hangs_up_at_once_leaves_nothing(forwarded: httpx.Client, control: httpx.Client) -> None:
    before = messages(control)
    call = control.post("/calls", json={"caller": "70001", "callee": "70002"}).raise_for_status().json()["callRef"]
    control.delete(f"/calls/{call}").raise_for_status()
    assert messages(control) == before


def test_do_not_disturb_lets_nothing_ring(admin: httpx.Client, control: httpx.Client) -> None:
    admin.post("/routing/dnd", params={"loginName": BEN}).raise_for_status()
    try:
        call = control.post("/calls", json={"caller": "70000", "callee": "70001"}).raise_for_status().json()["callRef"]
        assert admin.get("/telephony/calls", params={"loginName": BEN}).json().get("calls", []) == []
        control.delete(f"/calls/{call}")
    finally:
        admin.delete("/routing/dnd", params={"loginName": BEN}).raise_for_status()
