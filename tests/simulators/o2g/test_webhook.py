"""Events sent to a client's own address (L97)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import until


class Listener:
    """A client's web server; it refuses the first requests when it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, object]]] = []
        self.refuse = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.refuse:
                    outer.refuse -= 1
                    self.send_response(503)
                else:
                    outer.heard.append((self.headers.get("Cookie", ""), json.loads(body)))
                    self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webHookOTEvent"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def names(self) -> list[object]:
        return [event["eventName"] for _, event in self.heard]


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests restart it."""
    return alone


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def subscribe(client: httpx.Client, url: str, *names: str) -> httpx.Response:
    selectors = [{"ids": ["*"], "names": list(names)}]
    wanted = {"version": "1.0", "timeout": 1, "webHookUrl": url, "filter": {"selectors": selectors}}
    return client.post("/subscriptions", json=wanted)


def count(control: httpx.Client, faxes: int) -> None:
    control.put("/users/70000/eventSummary", json={"faxNb": faxes}).raise_for_status()


def test_L97_events_are_posted_in_order_with_the_subscription_as_cookie(
    admin: httpx.Client, control: httpx.Client, listener: Listener
) -> None:
    made = subscribe(admin, listener.url, "eventSummary").json()
    assert made["status"] == "ACCEPTED"
    assert "publicPollingUrl" not in made
    for faxes in range(5):
        count(control, faxes)
    until(lambda: len(listener.heard) == 5)
    assert {cookie for cookie, _ in listener.heard} == {made["subscriptionId"]}
    assert [event["eventSummary"]["faxNb"] for _, event in listener.heard] == list(range(5))  # type: ignore[index]


def test_a_webhook_that_fails_is_tried_again(admin: httpx.Client, control: httpx.Client, listener: Listener) -> None:
    listener.refuse = 2
    subscribe(admin, listener.url, "eventSummary")
    count(control, 9)
    until(lambda: listener.names() == ["OnEventSummaryUpdated"])


def test_L97_a_webhook_has_no_channel(admin: httpx.Client, o2g: RunningO2G, listener: Listener) -> None:
    from tests.simulators.o2g.clients import subscribe as subscribe_to_channel
    from tests.simulators.o2g.clients import trusting

    made = subscribe(admin, listener.url, "eventSummary").json()
    events = subscribe_to_channel(admin, "eventSummary")["publicPollingUrl"].partition("?")[0]
    answer = httpx.get(events, params={"subscriptionId": made["subscriptionId"]}, verify=trusting(o2g))
    assert answer.status_code == 403


def test_a_deleted_subscription_posts_no_more(admin: httpx.Client, control: httpx.Client, listener: Listener) -> None:
    made = subscribe(admin, listener.url, "eventSummary").json()
    count(control, 1)
    until(lambda: len(listener.heard) == 1)
    admin.delete(f"/subscriptions/{made['subscriptionId']}")
    count(control, 2)
    subscribe(admin, listener.url, "eventSummary")
    count(control, 3)
    until(lambda: len(listener.heard) == 2)
    assert listener.heard[1][1]["eventSummary"]["faxNb"] == 3  # type: ignore[index]


def test_A31_a_webhook_hears_that_the_server_starts(
    admin: httpx.Client, control: httpx.Client, listener: Listener
) -> None:
    subscribe(admin, listener.url, "system")
    control.post("/restart", json={}).raise_for_status()
    until(lambda: listener.names() == ["OnServerStart"])


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/x", "not an address", "http://", "https://[::1"])
def test_what_is_no_address_is_refused(admin: httpx.Client, url: str) -> None:
    assert subscribe(admin, url, "eventSummary").status_code == 400
