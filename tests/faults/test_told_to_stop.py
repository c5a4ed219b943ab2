"""SIGTERM while requests are under way: they are answered, O2G is left tidy, and the next start finds nothing odd."""

import itertools
import json
import signal
import socket
import ssl
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from entrance import GRACE_SECONDS
from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline
from tests.house import Simulator, prs_client
from tests.phone import Phone

PHONES = 8
LATENCY_MS = 900  # of each answer of O2G's; a screen asks twice in a row at most
STOP_SECONDS = 15
SCREENS = ("forwarding", "call_log", "messages", "calls")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_are_answered_and_sessions_closed(workers: str) -> None:
    settings = {"TOUCHLINE_LIVE_STATE": "off", "TOUCHLINE_WORKERS": workers}
    if workers != "1":
        settings["TOUCHLINE_REDIS_URL"] = "redis://127.0.0.1:9/0"  # it is not asked for screens that only look
    with demo_house(users=100, settings=settings) as house:
        o2g = Simulator(house.o2g.control)
        screens = stop_while_asking(house, o2g)
        assert [status for status, _ in screens] == [200] * PHONES
        assert house.touchline.process.wait(STOP_SECONDS) == 0
        assert o2g.sessions() == []
        ended = [request for request in o2g.requests("DELETE", "/sessions") if request["status"] in (200, 204)]
        assert ended
        assert [line for line in what_the_next_start_says(house) if line["level"] in ("error", "critical")] == []
        o2g.close()


def test_clients_that_stop_in_the_middle_leave_no_session_open() -> None:
    settings = {"TOUCHLINE_LIVE_STATE": "off", "TOUCHLINE_REQUEST_SECONDS": "20"}
    with demo_house(users=100, settings=settings) as house, ExitStack() as stack:
        with prs_client(house) as prs:
            Phone(prs, "70000").open()
        for _ in range(5):
            stack.enter_context(connection(house)).sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        o2g = Simulator(house.o2g.control)
        assert o2g.sessions()
        house.touchline.process.send_signal(signal.SIGTERM)
        assert house.touchline.process.wait(GRACE_SECONDS - 2) == 0
        assert o2g.sessions() == []
        o2g.close()


def test_many_users_sessions_are_closed_at_a_slow_o2g() -> None:
    settings = {"TOUCHLINE_LIVE_STATE": "off", "TOUCHLINE_O2G_SESSIONS": "per_user"}
    with demo_house(users=100, settings=settings) as house:
        o2g = Simulator(house.o2g.control)
        with prs_client(house) as prs:
            for number in range(70000, 70050):
                Phone(prs, str(number)).open("forwarding")
        assert len(o2g.sessions()) > 40
        with o2g.failing(latency_ms=LATENCY_MS):
            house.touchline.process.send_signal(signal.SIGTERM)
            assert house.touchline.process.wait(STOP_SECONDS) == 0
        assert o2g.sessions() == []
        o2g.close()


def connection(house: DemoHouse) -> ssl.SSLSocket:
    """Connect as a client that says nothing yet."""
    url = httpx.URL(house.touchline.url)
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    return trust.wrap_socket(socket.create_connection((url.host, url.port or 443)), server_hostname=url.host)


def test_events_are_ended_too() -> None:
    with demo_house(users=100) as house, httpx.Client(base_url=house.o2g.control) as world:
        with prs_client(house) as prs:
            Phone(prs, "70000").open()
        end = time.monotonic() + 10
        while not world.get("/subscriptions").json()["subscriptions"]:
            assert time.monotonic() < end, "it does not subscribe"
            time.sleep(0.05)
        house.touchline.process.send_signal(signal.SIGTERM)
        assert house.touchline.process.wait(STOP_SECONDS) == 0
        assert world.get("/subscriptions").json()["subscriptions"] == []
        assert world.get("/sessions").json()["sessions"] == []
        o2g = Simulator(house.o2g.control)
        assert o2g.request_count("DELETE", "/subscriptions") == 1
        o2g.close()


def stop_while_asking(house: DemoHouse, o2g: Simulator) -> list[tuple[int, str]]:
    """Stop the server when each phone's request has reached it and none is answered."""
    clients = [prs_client(house) for _ in range(PHONES)]
    phones = [Phone(client, str(70000 + nth % 4)) for nth, client in enumerate(clients)]
    for phone in phones:
        phone.open()  # connected, and known
    with o2g.failing(latency_ms=LATENCY_MS), ThreadPoolExecutor(PHONES) as together:
        asking = [
            together.submit(phone.open, screen) for phone, screen in zip(phones, itertools.cycle(SCREENS), strict=False)
        ]
        time.sleep(LATENCY_MS / 2000)
        assert not any(asked.done() for asked in asking)
        house.touchline.process.send_signal(signal.SIGTERM)
        for asked in asking:
            asked.result(timeout=STOP_SECONDS)
    for client in clients:
        client.close()
    return [(phone.status, phone.screen.id) for phone in phones]


def what_the_next_start_says(house: DemoHouse) -> list[dict[str, str]]:
    """Start anew with the same database, use it, and give its log."""
    settings = dict(house.settings) | {"TOUCHLINE_WORKERS": "1"}
    with tempfile.TemporaryFile() as log:
        with touchline(settings, free_port(), log) as running:
            again = DemoHouse(house.o2g, running, "", house.certificates, settings)
            with prs_client(again) as prs:
                phone = Phone(prs, "70000")
                for screen in ("", *SCREENS):
                    phone.open(screen)
                    assert phone.status == 200
        log.seek(0)
        return [json.loads(line) for line in log.read().decode().splitlines() if line.startswith("{")]
