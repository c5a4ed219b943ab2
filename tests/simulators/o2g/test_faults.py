"""Faults: each of them made by the control interface or the options, and gone again."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import Channel, authenticate, session, subscribe, trusting, until
from tests.simulators.o2g.conftest import ListenTo

ANNA = "/users/oxe70000"


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests break it."""
    return alone


@pytest.fixture(autouse=True)
def whole_again(control: httpx.Client) -> Iterator[None]:
    yield
    control.delete("/faults").raise_for_status()


def fail(control: httpx.Client, **faults: Any) -> None:
    control.put("/faults", json=faults).raise_for_status()


@pytest.mark.parametrize("distribution", ["constant", "uniform", "lognormal"])
def test_answers_come_late(admin: httpx.Client, control: httpx.Client, distribution: str) -> None:
    fail(control, latency_ms=40, jitter_ms=10, distribution=distribution)
    began = time.monotonic()
    for _ in range(5):
        assert admin.get(ANNA).status_code == 200
    assert time.monotonic() - began > 0.1


def test_the_nth_request_of_a_path_fails(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, error={"path": "/users/oxe70001", "status": 503, "nth": 3, "times": 2})
    assert [admin.get("/users/oxe70001").status_code for _ in range(6)] == [200, 200, 503, 503, 200, 200]
    assert admin.get(ANNA).status_code == 200


def test_an_error_has_the_type_that_is_wanted(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, error={"path": "/users", "status": 403, "type": "INVALID_SESSION", "method": "GET"})
    answer = admin.get(ANNA)
    assert (answer.status_code, answer.json()["code"]) == (403, 1001)


@pytest.mark.parametrize(
    "error",
    [{"status": 420}, {"status": 499}, {"status": 599}, {"status": 403, "type": "INVALID_SESION"}, {"type": ""}],
)
def test_an_error_that_o2g_cannot_give_is_refused(
    admin: httpx.Client, control: httpx.Client, error: dict[str, Any]
) -> None:
    for wanted in ({"error": error}, {"errors": [error]}):
        answer = control.put("/faults", json=wanted)
        assert answer.status_code == 400
        assert answer.json()["error"][0]["loc"][-1] in error
    assert control.get("/faults").json()["errors"] == []
    assert admin.get(ANNA).status_code == 200


@pytest.mark.parametrize("path", [ANNA, f"/api/rest/1.0{ANNA}", "/api/rest", "/users", "/"])
def test_resets_and_errors_take_a_path_with_or_without_its_root(
    admin: httpx.Client, control: httpx.Client, path: str
) -> None:
    fail(control, error={"path": path, "status": 503})
    assert [admin.get(ANNA).status_code for _ in range(2)] == [503, 200]
    fail(control, reset=1, reset_path=path)
    with pytest.raises(httpx.TransportError):
        admin.get(ANNA)
    assert admin.get(ANNA).status_code == 200


@pytest.mark.parametrize("path", ["/users/oxe70001", "/api/rest/1.0/telephony", "/oxe70000"])
def test_resets_and_errors_spare_other_paths(admin: httpx.Client, control: httpx.Client, path: str) -> None:
    fail(control, error={"path": path, "status": 503}, reset=1, reset_path=path)
    assert admin.get(ANNA).status_code == 200


def test_nothing_is_ready_for_some_seconds(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, not_ready_seconds=20)
    answer = admin.get(ANNA)
    assert (answer.status_code, answer.json()["type"], answer.json()["canRetry"]) == (503, "NOT_READY", True)
    control.post("/clock", json={"seconds": 21})
    assert admin.get(ANNA).status_code == 200


def test_a_connection_is_reset(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, reset=1)
    with pytest.raises(httpx.TransportError):
        admin.get(ANNA)
    assert admin.get(ANNA).status_code == 200


def test_a_body_breaks_off(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, truncated=1)
    with pytest.raises(httpx.TransportError):
        admin.get(ANNA)
    assert admin.get(ANNA).status_code == 200


def test_a_body_comes_slowly(admin: httpx.Client, control: httpx.Client) -> None:
    fail(control, slow_bytes_per_second=2000)
    began = time.monotonic()
    assert admin.get(ANNA).json()["loginName"] == "oxe70000"
    assert time.monotonic() - began > 0.05


def test_one_session_is_lost(o2g: RunningO2G, admin: httpx.Client, control: httpx.Client) -> None:
    secret = control.get("/people/70001").json()["secret"]
    with session(o2g, "oxe70001", secret) as other:
        assert control.delete("/sessions", params={"login": "oxe70001"}).json() == {"lost": 1}
        assert other.get("/eventSummary").json()["code"] == 1001
    assert admin.get(ANNA).status_code == 200


def break_channels(control: httpx.Client, fault: str) -> None:
    control.post("/channels", json={"fault": fault}).raise_for_status()


def send(control: httpx.Client, count: int = 1, text: str = "Müller") -> None:
    event = {"eventName": "OnEventSummaryUpdated", "eventSummary": {"eventWaiting": True}, "text": text}
    control.post("/events", json={"count": count, "event": event}).raise_for_status()


def test_a_channel_is_cut_and_reopened(o2g: RunningO2G, admin: httpx.Client, control: httpx.Client) -> None:
    made = subscribe(admin, "eventSummary")
    first = Channel(made["publicPollingUrl"], trusting(o2g))
    first.wait_for("OnChannelInformation")
    break_channels(control, "cut")
    assert first.ended.wait(5)
    send(control)
    second = Channel(made["publicPollingUrl"], trusting(o2g))
    second.wait_for("OnEventSummaryUpdated")
    second.close()


def test_a_channel_breaks_off_inside_an_event(o2g: RunningO2G, admin: httpx.Client, control: httpx.Client) -> None:
    channel = Channel(subscribe(admin, "eventSummary")["publicPollingUrl"], trusting(o2g))
    channel.wait_for("OnChannelInformation")
    break_channels(control, "truncated")
    send(control)
    assert channel.ended.wait(5)
    assert channel.named("OnEventSummaryUpdated") == []


def test_an_event_is_split_inside_a_character(o2g: RunningO2G, admin: httpx.Client, control: httpx.Client) -> None:
    url = httpx.URL(subscribe(admin, "eventSummary")["publicPollingUrl"])
    break_channels(control, "split")
    send(control)
    plain = socket.create_connection((url.host, url.port or 443), timeout=10)
    with trusting(o2g).wrap_socket(plain, server_hostname=url.host) as wire:
        wire.sendall(f"GET {url.raw_path.decode()} HTTP/1.1\r\nHost: o2g\r\n\r\n".encode())
        heard: list[bytes] = []
        while not b"".join(heard).endswith(b"}\n\r\n") or b"ller" not in b"".join(heard):
            heard.append(wire.recv(65536))
    assert any(b"M\xc3\r\n" in part for part in heard)


def test_a_line_is_no_json_and_the_channel_goes_on(o2g: RunningO2G, admin: httpx.Client, control: httpx.Client) -> None:
    url = subscribe(admin, "eventSummary")["publicPollingUrl"]
    break_channels(control, "malformed")
    send(control)
    with httpx.stream("GET", url, verify=trusting(o2g)) as answer:
        lines = answer.iter_lines()
        assert json.loads(next(lines))["eventName"] == "OnChannelInformation"
        with pytest.raises(json.JSONDecodeError):
            json.loads(next(lines))
        assert json.loads(next(lines))["eventName"] == "OnEventSummaryUpdated"


def test_A33_L91_a_silent_channel_is_closed_after_its_timeout(
    o2g: RunningO2G, admin: httpx.Client, control: httpx.Client
) -> None:
    made = subscribe(admin, "eventSummary", timeout=10)
    channel = Channel(made["publicPollingUrl"], trusting(o2g))
    channel.wait_for("OnChannelInformation")
    control.post("/clock", json={"seconds": 601})
    assert channel.ended.wait(5)
    again = Channel(made["publicPollingUrl"], trusting(o2g))
    assert again.answer.status_code == 200
    again.close()


def test_L101_a_cti_link_goes_down_and_up(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "system", ids=[]) as channel:
        control.delete("/cti-links/1").raise_for_status()
        assert control.get("/cti-links/1").json() == {"up": False}
        control.post("/clock", json={"seconds": 29})
        assert channel.named("OnCtiLinkDown") == []
        control.post("/clock", json={"seconds": 2})
        channel.wait_for("OnCtiLinkDown", nodeId="1")
        control.put("/cti-links/1").raise_for_status()
        channel.wait_for("OnCtiLinkUp", nodeId="1")
        assert control.get("/cti-links/1").json() == {"up": True}


def test_a_restart_keeps_the_world_and_nobody_logged_in(
    o2g: RunningO2G, admin: httpx.Client, control: httpx.Client
) -> None:
    control.put("/users/70000/eventSummary", json={"faxNb": 77}).raise_for_status()
    channel = Channel(subscribe(admin, "eventSummary")["publicPollingUrl"], trusting(o2g))
    control.post("/restart", json={"down_seconds": 30}).raise_for_status()
    assert channel.ended.wait(5)
    with pytest.raises(httpx.TransportError):
        admin.get(ANNA)
    control.post("/clock", json={"seconds": 31})

    def is_up() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", httpx.URL(o2g.url).port or 443)) == 0

    until(is_up)
    assert admin.get(ANNA).json()["code"] == 1001
    assert control.get("/subscriptions").json() == {"subscriptions": []}
    with session(o2g, o2g.login, o2g.password) as again:
        assert again.get("/eventSummary", params={"loginName": "oxe70000"}).json()["faxNb"] == 77


def test_L156_a_second_instance_takes_over_at_the_same_address(
    o2g: RunningO2G, stranger: httpx.Client, control: httpx.Client
) -> None:
    authenticate(stranger, o2g.login, o2g.password)
    assert control.post("/switch-over", json={}).json() == {"down": False, "instance": 2}
    assert stranger.post("/sessions", json={"applicationName": "tests"}).json()["code"] == 1001
    assert stranger.get(f"{o2g.url}/api/rest").json()["serverInfo"]["haMode"] is True
    assert authenticate(stranger, o2g.login, o2g.password).status_code == 200


def test_faults_of_the_options_are_there_from_the_start_and_come_back() -> None:
    wanted = {"errors": [{"path": "/users", "status": 500, "times": 1000}]}
    with (
        simulated_o2g(users=20, options=("--faults", json.dumps(wanted))) as o2g,
        httpx.Client(base_url=o2g.control) as control,
        session(o2g, o2g.login, o2g.password) as client,
    ):
        assert client.get(ANNA).status_code == 500
        fail(control, errors=[])
        assert client.get(ANNA).status_code == 200
        control.delete("/faults")
        assert client.get(ANNA).status_code == 500


@pytest.mark.parametrize("body", [{"latencyms": 3}, {"latency_ms": -1}, {"error": {"status": 200}}, {"reset": "many"}])
def test_a_misspelt_fault_is_refused(control: httpx.Client, body: dict[str, Any]) -> None:
    assert control.put("/faults", json=body).status_code == 400


def test_a_burst_reaches_the_channel_whole(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    with listen(admin, "eventSummary") as channel:
        logins = ["oxe70000", "oxe70001"]
        assert control.post("/events", json={"count": 2000, "loginNames": logins}).json() == {"sent": 2000}
        channel.wait_until(lambda: [{}] if len(channel.named("OnEventSummaryUpdated")) == 2000 else [], "2,000")
        assert {event["loginName"] for event in channel.events[1:]} == set(logins)


def test_trust_is_needed(o2g: RunningO2G) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{o2g.url}/api/rest", verify=ssl.create_default_context())


@pytest.mark.parametrize("what", ["restart", "switch-over"])
def test_the_date_of_start_is_that_of_the_last_one(o2g: RunningO2G, control: httpx.Client, what: str) -> None:
    def start_date() -> datetime:
        with session(o2g, o2g.login, o2g.password) as admin:
            return datetime.fromisoformat(admin.get("/system/status").json()["startDate"])

    before = start_date()
    control.post("/clock", json={"seconds": 3600}).raise_for_status()
    assert start_date() == before
    control.post(f"/{what}").raise_for_status()
    assert start_date() - before >= timedelta(hours=1)


@pytest.mark.parametrize("body", [b"[1]", b"7", b"{", b"null", b'{"latency": 5}'])
def test_what_the_control_interface_cannot_read_it_refuses(control: httpx.Client, body: bytes) -> None:
    before = control.get("/faults").json()
    answer = control.put("/faults", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert control.get("/faults").json() == before
