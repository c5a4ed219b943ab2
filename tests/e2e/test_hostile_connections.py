"""Clients that stop in the middle: other phones are served, and the connections end."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import prs_client
from tests.phone import Phone

MANY = 120  # nearly four times the threads


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    with demo_house(users=100, settings={"TOUCHLINE_REQUEST_SECONDS": "3"}) as running:
        yield running


@pytest.fixture
def connections() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for connection in opened:
        connection.close()


def connect(house: DemoHouse) -> socket.socket:
    where = urlsplit(house.touchline.url)
    connection = socket.create_connection((where.hostname or "", where.port or 0), timeout=10)
    connection.settimeout(10)
    return connection


def connect_tls(house: DemoHouse) -> ssl.SSLSocket:
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    return trust.wrap_socket(connect(house), server_hostname="127.0.0.1")


def is_served(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        for _ in range(3):
            phone = Phone(prs, "70000")
            phone.open()
            assert phone.status == 200


def ends(connection: socket.socket) -> bool:
    """Wait for the server to close the connection."""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while connection.recv(4096):
            pass
    return True


@pytest.mark.parametrize(
    "sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 500]
)
def test_half_open_handshakes_hold_nobody_up(house: DemoHouse, connections: list[socket.socket], sent: bytes) -> None:
    for _ in range(MANY):
        connections.append(connect(house))
        connections[-1].sendall(sent)
    is_served(house)
    assert ends(connections[0])


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /phone/?number=70000 HTTP/1.1\r\nHost: x\r\n",
        b"GET",
        b"POST /phone/directory/find HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nlast_name=",
        b"",
    ],
)
def test_half_requests_hold_nobody_up(house: DemoHouse, connections: list[socket.socket], sent: bytes) -> None:
    for _ in range(MANY):
        connections.append(connect_tls(house))
        connections[-1].sendall(sent)
    is_served(house)
    assert ends(connections[0])


def test_half_a_request_on_a_kept_connection_holds_nobody_up(
    house: DemoHouse, connections: list[socket.socket]
) -> None:
    for _ in range(MANY):
        connection = connect_tls(house)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /healthz HT")
        connections.append(connection)
    is_served(house)


def test_a_head_without_end_is_cut_off(house: DemoHouse, connections: list[socket.socket]) -> None:
    connection = connect_tls(house)
    connections.append(connection)
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        for _ in range(40):
            connection.sendall(b"X-Long: " + b"x" * 8000 + b"\r\n")
    assert ends(connection)
    is_served(house)


def test_a_request_in_small_pieces_is_answered(house: DemoHouse, connections: list[socket.socket]) -> None:
    connection = connect_tls(house)
    connections.append(connection)
    for piece in (b"GET /hea", b"lthz HTTP/1.1\r\nHo", b"st: x\r\n", b"\r\n"):
        connection.sendall(piece)
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_two_requests_at_once_are_both_answered(house: DemoHouse, connections: list[socket.socket]) -> None:
    connection = connect_tls(house)
    connections.append(connection)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
    answers = b""
    while answers.count(b"HTTP/1.1 200") < 2:
        piece = connection.recv(4096)
        assert piece, answers
        answers += piece


def test_a_large_body_is_refused_with_a_page(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        phone.open("directory")
        phone.post(phone.screen.form, {"last_name": "x" * 60_000, "first_name": ""})
        assert phone.status == 413
        phone.open("directory")
        with contextlib.suppress(httpx.TransportError):
            phone.post(phone.screen.form, {"last_name": "x" * 900_000, "first_name": ""})
            assert phone.status == 413
    is_served(house)
