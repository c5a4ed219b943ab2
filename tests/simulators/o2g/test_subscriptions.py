"""Subscriptions and the event channel: first line, keep-alive, queue, reopening, who hears what."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from simulators.o2g.rules.subscriptions import PACKAGES
from tests.simulators.o2g import contract
from tests.simulators.o2g.clients import Channel, session, subscribe, trusting, until
from tests.simulators.o2g.conftest import ListenTo, UserOf

ME = "oxe70000"


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests move the time."""
    return alone


def advance(control: httpx.Client, seconds: float) -> None:
    control.post("/clock", json={"seconds": seconds}).raise_for_status()


def count_faxes(control: httpx.Client, faxes: int, number: str = "70000") -> None:
    control.put(f"/users/{number}/eventSummary", json={"faxNb": faxes}).raise_for_status()


def faxes(channel: Channel) -> list[int]:
    return [event["eventSummary"]["faxNb"] for event in channel.named("OnEventSummaryUpdated")]


def test_A28_the_answer_tells_mode_and_format(admin: httpx.Client) -> None:
    made = subscribe(admin, "eventSummary")
    assert (made["status"], made["mode"], made["format"]) == ("ACCEPTED", "CHUNK", "JSON")
    assert made["publicPollingUrl"].endswith(made["subscriptionId"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_B17_a_channel_opens_by_GET_and_POST_without_a_cookie(
    admin: httpx.Client, o2g: RunningO2G, method: str
) -> None:
    channel = Channel(subscribe(admin, "eventSummary")["publicPollingUrl"], trusting(o2g), method)
    assert channel.answer.status_code == 200
    channel.wait_for("OnChannelInformation")
    channel.close()


def test_B19_the_first_line_says_that_the_channel_is_open(admin: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "eventSummary") as channel:
        assert channel.events[0] == {"eventName": "OnChannelInformation", "text": "Chunk started"}


def test_L92_a_keep_alive_comes_after_a_minute_of_silence(
    admin: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    with listen(admin, "eventSummary") as channel:
        advance(control, 61)
        channel.wait_for("OnChannelInformation", text="keepalive")


def test_B18_each_line_is_an_event(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "eventSummary", ids=[ME]) as channel:
        for number in range(30):
            count_faxes(control, number)
        channel.wait_until(lambda: [{}] if len(faxes(channel)) == 30 else [], "30 events")
        assert faxes(channel) == list(range(30))


def test_L94_events_wait_for_the_channel(admin: httpx.Client, control: httpx.Client, o2g: RunningO2G) -> None:
    made = subscribe(admin, "eventSummary", ids=[ME])
    count_faxes(control, 7)
    channel = Channel(made["publicPollingUrl"], trusting(o2g))
    channel.wait_for("OnEventSummaryUpdated")
    assert faxes(channel) == [7]
    channel.close()


def test_B20_L93_a_channel_reopened_within_a_minute_has_missed_nothing(
    admin: httpx.Client, control: httpx.Client, o2g: RunningO2G
) -> None:
    made = subscribe(admin, "eventSummary", ids=[ME])
    first = Channel(made["publicPollingUrl"], trusting(o2g))
    first.wait_for("OnChannelInformation")
    first.close()
    until(lambda: not any(s["channels"] for s in control.get("/subscriptions").json()["subscriptions"]))
    advance(control, 30)
    count_faxes(control, 8)
    second = Channel(made["publicPollingUrl"], trusting(o2g))
    second.wait_for("OnEventSummaryUpdated")
    assert faxes(second) == [8]
    second.close()


def test_L93_a_subscription_ends_when_its_channel_stays_away_for_a_minute(
    admin: httpx.Client, control: httpx.Client, o2g: RunningO2G
) -> None:
    made = subscribe(admin, "eventSummary", ids=[ME])
    advance(control, 61)
    channel = Channel(made["publicPollingUrl"], trusting(o2g))
    assert channel.answer.status_code == 403
    channel.close()


def test_an_unknown_subscription_has_no_channel(admin: httpx.Client, o2g: RunningO2G) -> None:
    url = subscribe(admin, "eventSummary")["publicPollingUrl"].partition("?")[0]
    answer = httpx.get(url, params={"subscriptionId": "none"}, verify=trusting(o2g))
    assert (answer.status_code, answer.json()["type"]) == (403, "INVALID_SESSION")


def test_L99_a_deleted_subscription_closes_its_channel(admin: httpx.Client, o2g: RunningO2G) -> None:
    made = subscribe(admin, "eventSummary")
    channel = Channel(made["publicPollingUrl"], trusting(o2g))
    assert admin.delete(f"/subscriptions/{made['subscriptionId']}").status_code == 204
    assert channel.ended.wait(5)
    assert admin.delete(f"/subscriptions/{made['subscriptionId']}").status_code in (400, 404)


def test_B22_subscriptions_end_with_their_session(o2g: RunningO2G) -> None:
    with session(o2g, o2g.login, o2g.password) as client:
        channel = Channel(subscribe(client, "telephony")["publicPollingUrl"], trusting(o2g))
    assert channel.ended.wait(5)
    channel.close()


def test_L98_A35_a_change_replaces_the_filter(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "eventSummary", ids=["oxe70001"]) as channel:
        selectors = [{"ids": ["oxe70002"], "names": ["eventSummary"]}]
        changed = admin.put("/subscriptions", json={"filter": {"selectors": selectors}, "version": "1.0"})
        assert changed.status_code == 204
        count_faxes(control, 1, "70001")
        count_faxes(control, 2, "70002")
        channel.wait_for("OnEventSummaryUpdated", loginName="oxe70002")
        assert channel.named("OnEventSummaryUpdated", loginName="oxe70001") == []


def test_a_user_hears_only_of_itself(user: UserOf, control: httpx.Client, listen: ListenTo) -> None:
    anna = user("70000")
    with listen(anna, "eventSummary", ids=[ME]) as channel:
        count_faxes(control, 1, "70001")
        count_faxes(control, 2)
        channel.wait_for("OnEventSummaryUpdated")
        assert faxes(channel) == [2]


@pytest.mark.parametrize("ids", [["*"], ["oxe70001"]])
def test_L95_a_user_may_not_ask_for_others(user: UserOf, ids: list[str]) -> None:
    selectors = [{"ids": ids, "names": ["telephony"]}]
    answer = user("70000").post("/subscriptions", json={"filter": {"selectors": selectors}, "version": "1.0"})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize("ids", [{}, {"ids": []}, {"ids": ["*"]}])
def test_A30_B21_events_of_the_system_need_no_ids(admin: httpx.Client, ids: dict[str, Any]) -> None:
    selectors = [{**ids, "names": ["system"]}]
    answer = admin.post("/subscriptions", json={"filter": {"selectors": selectors}, "version": "1.0"})
    assert answer.json()["status"] == "ACCEPTED"


def test_A29_unknown_keys_do_no_harm(admin: httpx.Client) -> None:
    selectors = [{"ids": ["*"], "names": ["telephony"], "families": [], "origins": []}]
    wanted = {"filter": {"selectors": selectors}, "version": "1.0", "sessionId": "x"}
    assert admin.post("/subscriptions", json=wanted).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"version": "1.0"},
        {"version": "1.0", "filter": {"selectors": []}},
        {"version": "1.0", "filter": {"selectors": [{"ids": ["*"]}]}},
        {"version": "1.0", "filter": {"selectors": [{"ids": ["*"], "names": []}]}},
        {"version": "1.0", "filter": {"selectors": [{"ids": ["*"], "names": ["weather"]}]}},
        {"version": "2.0", "filter": {"selectors": [{"ids": ["*"], "names": ["telephony"]}]}},
        {"filter": {"selectors": [{"ids": ["*"], "names": ["telephony"]}]}},
        {"version": "1.0", "filter": {"selectors": [{"names": ["telephony"]}]}},
    ],
)
def test_L95a_what_is_no_subscription_is_refused(admin: httpx.Client, wanted: dict[str, Any]) -> None:
    assert admin.post("/subscriptions", json=wanted).status_code == 400


@pytest.mark.parametrize(
    ("minutes", "status"), [(0, 200), (2, 200), (10, 200), (60, 200), (1, 400), (61, 400), (-1, 400)]
)
def test_A27_a_timeout_is_0_or_2_to_60_minutes(admin: httpx.Client, minutes: int, status: int) -> None:
    selectors = [{"ids": ["*"], "names": ["telephony"]}]
    wanted = {"version": "1.0", "timeout": minutes, "filter": {"selectors": selectors}}
    assert admin.post("/subscriptions", json=wanted).status_code == status


@pytest.mark.parametrize(
    "name",
    ["telephony", "eventSummary", "unifiedComLog", "user", "userManagement", "routingManagement", "agent", "pilot",
     "system", "rti", "acdstats", "pbxManagement", "rsi"],
)  # fmt: skip
def test_B54_every_package_that_clients_name_is_known(admin: httpx.Client, name: str) -> None:
    assert subscribe(admin, name)["status"] == "ACCEPTED"


def test_A36_A37_packages_hold_the_events_of_the_reference() -> None:
    for package, listed in contract.contract()["x-event-packages"].items():
        # OnServerStart is in no package of the reference, and goes with the system's (A31).
        assert set(PACKAGES[package.lower()]) - {"OnServerStart"} == set(listed)


@pytest.mark.parametrize("package", ["user", "userManagement"])
def test_A26_a_changed_user_is_told_in_both_packages(
    admin: httpx.Client, control: httpx.Client, listen: ListenTo, package: str
) -> None:
    with listen(admin, package) as channel:
        control.put("/users/70030", json={"firstName": f"Changed for {package}"}).raise_for_status()
        channel.wait_for("OnUserInfoChanged", loginName="oxe70030")


def test_A34_B9_both_addresses_lead_to_the_channel(admin: httpx.Client, o2g: RunningO2G) -> None:
    made = subscribe(admin, "eventSummary")
    for key in ("publicPollingUrl", "privatePollingUrl"):
        channel = Channel(made[key], trusting(o2g))
        channel.wait_for("OnChannelInformation")
        channel.close()


def test_the_references_example_of_a_change_is_understood(admin: httpx.Client) -> None:
    subscribe(admin, "telephony")
    assert admin.put("/subscriptions", json={"selectors": [{"ids": [ME], "names": ["telephony"]}]}).status_code == 204
