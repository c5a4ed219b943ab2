"""Events that are posted: who is believed, and what is done while none come."""

import json
from urllib.parse import quote

import pytest
from flask import Flask

from admin.o2g_events import o2g_events
from services.live import webhook as webhooks
from services.live.lines import LONGEST_LINE
from services.live.state import LiveMode
from services.live.webhook import WEBHOOK_PATH, Webhook
from simulators.o2g.process import RunningO2G
from tests.services.live.conftest import LiveDoor, Until, door_to

NOWHERE = "https://127.0.0.1:9/"  # nobody is there: what is posted is what the test hands over
EVENT = json.dumps({"eventName": "OnChannelInformation", "text": "keepalive"}).encode()


def posted_to(door: LiveDoor) -> tuple[Webhook, str, str]:
    """Give the webhook, and the name and the cookie with which O2G posts to it."""
    webhook = door.o2g.webhook
    assert webhook is not None

    def subscription() -> dict[str, str]:
        found: list[dict[str, str]] = door.world.get("/subscriptions").json()["subscriptions"]
        return next((one for one in found if one["webhook"]), {})

    door.o2g.users.by_number("70000", door.soon)
    door.until(subscription)
    held = subscription()
    name, cookie = held["webhook"].removeprefix(NOWHERE), quote(held["subscriptionId"], safe="")
    door.until(lambda: webhook.proves(name, cookie))  # O2G's answer has arrived, too
    return webhook, name, cookie


def test_only_who_knows_name_and_subscription_is_believed(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        webhook, name, cookie = posted_to(door)
        assert len(name) >= 43
        assert webhook.accept(name, cookie, EVENT)
        for wrong_name, wrong_cookie in (("", ""), (name, ""), ("", cookie), (name[:-1], cookie), (name, cookie + "0")):
            assert not webhook.accept(wrong_name, wrong_cookie, EVENT)
        assert not webhook.accept("имя", "печенье", EVENT)


def test_what_is_posted_too_long_or_is_no_event_is_counted(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        webhook, name, cookie = posted_to(door)
        for body in (b"x" * (LONGEST_LINE + 1), b"", b"[]", b'{"eventName": 7}', b"\xff"):
            assert webhook.accept(name, cookie, body)
        assert door.status.malformed == 5


def test_an_event_that_is_too_long_to_be_read_is_counted_and_a_gap(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        webhook, name, cookie = posted_to(door)
        server = Flask("events")
        server.register_blueprint(o2g_events(webhook))
        client = server.test_client(use_cookies=False)

        def post(length: int, cookie: str = cookie) -> int:
            address, headers = WEBHOOK_PATH + name, {"Cookie": cookie}
            return client.post(address, data=EVENT.ljust(length), headers=headers).status_code

        assert (post(LONGEST_LINE), door.status.malformed) == (204, 0)
        gaps = door.status.gaps
        assert post(LONGEST_LINE + 1, "a stranger's") == 404
        assert (door.status.malformed, door.status.gaps) == (0, gaps)
        assert post(LONGEST_LINE + 1) == 413
        assert (door.status.malformed, door.status.gaps) == (1, gaps + 1)


def test_events_that_do_not_arrive_are_not_relied_upon(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        posted_to(door)
        door.missed_calls("70000")  # whose routing is asked for as a proof
        until(lambda: door.asked.count("POST /subscriptions") >= 2)  # under another name
        assert not door.status.connected
        assert door.asked_for(lambda: door.missed_calls("70000")) == ["GET /eventSummary"]


def test_other_events_than_the_one_that_was_asked_for_prove_nothing(simulator: RunningO2G, until: Until) -> None:
    """They may have waited at O2G for long: what happens now waits behind them."""
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        webhook, name, cookie = posted_to(door)
        door.missed_calls("70000")
        others = [
            json.dumps({"eventName": f"On{what}Changed", "loginName": "oxe70001"}) for what in ("RoutingState", "X")
        ]

        def refused() -> bool:
            believed = [webhook.accept(name, cookie, other.encode()) for other in others]
            assert not door.status.connected
            return not any(believed)

        until(refused)  # a new subscription has another name


@pytest.mark.parametrize("mode", [LiveMode.CHANNEL, LiveMode.WEBHOOK])
def test_closing_at_once_leaves_nothing_behind(simulator: RunningO2G, until: Until, mode: LiveMode) -> None:
    with door_to(simulator, until, mode=mode, webhook_address=NOWHERE) as door:
        door.o2g.users.by_number("70000", door.soon)
        door.o2g.close()
        door.o2g.close()
        assert door.world.get("/subscriptions").json()["subscriptions"] == []
        assert door.world.get("/sessions").json()["sessions"] == []


def test_without_anybody_to_prove_it_by_nothing_is_believed(
    simulator: RunningO2G, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PROVEN_SECONDS", 0.0)
    with door_to(simulator, until, mode=LiveMode.WEBHOOK, webhook_address=NOWHERE) as door:
        posts, name, cookie = posted_to(door)
        proof = json.dumps({"eventName": webhooks.PROOF, "loginName": "oxe70000"}).encode()
        door.missed_calls("70000")
        until(lambda: posts.accept(name, cookie, proof) and door.status.connected)
        door.o2g.live.feed.dismiss("oxe70000")
        until(lambda: not door.status.connected)
