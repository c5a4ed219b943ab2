"""Clients that stop in the middle: other phones are served, and the connections end."""

import contextlib
import os
import re
import resource
import signal
import socket
import ssl
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx
import pytest

import entrance
from delivery import allow_files
from simulators.demo.house import DemoHouse, demo_house
from tests.house import prs_client
from tests.phone import Phone
from tests.polling import until

MANY = 120  # nearly four times the threads
CAP = 150  # connections of one address


@pytest.fixture(scope="module")
def log() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as written:
        yield written


@pytest.fixture(scope="module")
def house(log: IO[bytes]) -> Iterator[DemoHouse]:
    settings = {"TOUCHLINE_REQUEST_SECONDS": "3", "TOUCHLINE_CONNECTIONS_PER_ADDRESS": str(CAP)}
    with demo_house(users=100, settings=settings, log=log) as running:
        yield running


@pytest.fixture
def connections() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for connection in opened:
        connection.close()


def connect(house: DemoHouse, source: str = "127.0.0.2") -> socket.socket:
    """Connect from an address of this machine that is not the presentation server's."""
    where = urlsplit(house.touchline.url)
    connection = socket.create_connection(
        (where.hostname or "", where.port or 0), timeout=10, source_address=(source, 0)
    )
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


def talk(house: DemoHouse, sent: bytes) -> bytes:
    """Send something and give all that is answered until the server closes."""
    with connect_tls(house) as connection:
        connection.sendall(sent)
        answered = b""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while piece := connection.recv(4096):
                answered += piece
        return answered


def test_one_address_does_not_take_all_connections(house: DemoHouse, connections: list[socket.socket]) -> None:
    for _ in range(CAP + 50):
        connections.append(connect(house))
    assert ends(connections[-1])
    is_served(house)
    for connection in connections:
        connection.close()
    assert talk(house, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_connections_that_ended_are_not_counted_any_more(house: DemoHouse) -> None:
    for _ in range(CAP + 50):
        connect(house).close()
    for _ in range(5):
        answered = talk(house, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answered.startswith(b"HTTP/1.1 200")


HEADS = {
    "no HTTP": b"\x00\x01\x02\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\n\r\n",
    "number": b"GET /phone/?number=70000 HTTP/9.9\r\nHost: x\r\n\r\n",
    "no name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
    "control character": b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "smuggled": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "too long a line": b"GET /phone/?number=70000&x=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "too long a field": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    "too many fields": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 70 + b"\r\n",
    "too long a head": b"GET / HTTP/1.1\r\n" + (b"X: " + b"x" * 8000 + b"\r\n") * 5 + b"\r\n",
    "bad chunks": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "too large a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFF\r\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_a_request_that_cannot_be_read_gets_a_bare_answer_and_says_nothing_in_the_log(
    house: DemoHouse, log: IO[bytes], name: str
) -> None:
    begin = os.fstat(log.fileno()).st_size
    answered = talk(house, HEADS[name])
    if answered:
        head, _, body = answered.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 4")
        assert b"Connection: close" in head
        assert body == b""
    is_served(house)
    written = os.pread(log.fileno(), 1_000_000, begin)
    assert b"70000" not in written
    assert b"Traceback" not in written


def test_half_a_body_in_chunks_holds_nobody_up(house: DemoHouse, connections: list[socket.socket]) -> None:
    for _ in range(MANY):
        connections.append(connect_tls(house))
        connections[-1].sendall(b"POST /phone/a/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
    is_served(house)
    assert ends(connections[0])


def test_a_body_in_chunks_without_end_is_cut_off(house: DemoHouse) -> None:
    head = b"POST /phone/a/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answered = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        answered = talk(house, head + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 20)
    assert answered == b"" or answered.startswith(b"HTTP/1.1 413")
    is_served(house)


def test_clients_that_wait_to_be_invited_and_send_nothing_hold_nobody_up(
    house: DemoHouse, connections: list[socket.socket]
) -> None:
    for _ in range(MANY):
        connection = connect_tls(house)
        connections.append(connection)
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    is_served(house)


def test_half_a_request_behind_a_whole_one_holds_nobody_up(house: DemoHouse, connections: list[socket.socket]) -> None:
    for _ in range(MANY):
        connection = connect_tls(house)
        connections.append(connection)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /hea")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    is_served(house)


def test_clients_that_announce_a_body_too_long_and_send_none_hold_nobody_up(
    house: DemoHouse, connections: list[socket.socket]
) -> None:
    for _ in range(MANY):
        connection = connect_tls(house)
        connections.append(connection)
        connection.sendall(b"POST /phone/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
    is_served(house)
    assert connections[0].recv(4096).startswith(b"HTTP/1.1 403")
    assert ends(connections[0])


def test_events_that_nobody_was_told_to_send_are_not_waited_for(connections: list[socket.socket]) -> None:
    with demo_house(users=100, settings={"TOUCHLINE_LIVE_STATE": "webhook"}) as house:
        for _ in range(MANY):
            connection = connect_tls(house)
            connections.append(connection)
            connection.sendall(b"POST /o2g/events/x HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{")
        is_served(house)
        assert connections[0].recv(4096).startswith(b"HTTP/1.1 404")


def test_clients_that_do_not_hang_up_after_their_answer_hold_nobody_up(
    house: DemoHouse, connections: list[socket.socket]
) -> None:
    for _ in range(MANY):
        connection = connect_tls(house)
        connections.append(connection)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    is_served(house)
    assert connections[-1].recv(4096).startswith(b"HTTP/1.1 200")


def test_empty_lines_without_end_are_cut_off(house: DemoHouse, connections: list[socket.socket]) -> None:
    connection = connect_tls(house)
    connections.append(connection)
    connection.sendall(b"\r\n" * 10 + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"\r\n" * 8000)
    is_served(house)


def hang_up(connection: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        connection.unwrap()


def reset(connection: ssl.SSLSocket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("leave", [ssl.SSLSocket.close, hang_up, reset], ids=["close", "hang up", "reset"])
@pytest.mark.parametrize("page", ["/healthz", "/phone/?number=70000", "/admin/static/admin.css"])
def test_clients_that_are_gone_before_their_answer_harm_nobody(
    house: DemoHouse, page: str, leave: Callable[[ssl.SSLSocket], None]
) -> None:
    before = workers_of(house.touchline.process.pid)
    for _ in range(20):
        connection = connect_tls(house)
        connection.sendall(f"GET {page} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        leave(connection)
        connection.close()
    is_served(house)
    assert workers_of(house.touchline.process.pid) == before


def test_what_came_on_a_connection_that_had_to_make_room_harms_nobody(
    log: IO[bytes], connections: list[socket.socket]
) -> None:
    crowd = int(entrance.CONNECTIONS * entrance.CROWDED)
    allow_files(crowd + entrance.SPARE_FILES)
    settings = {"TOUCHLINE_CONNECTIONS_PER_ADDRESS": str(entrance.CONNECTIONS), "TOUCHLINE_REQUEST_SECONDS": "60"}
    with demo_house(users=100, settings=settings, log=log) as house:
        (worker,) = workers_of(house.touchline.process.pid)
        connections += [connect(house) for _ in range(crowd)]
        until(lambda: len(list(Path(f"/proc/{worker}/fd").iterdir())) > crowd, seconds=20)
        os.kill(worker, signal.SIGSTOP)
        until(lambda: Path(f"/proc/{worker}/stat").read_text().split()[2] == "T", seconds=20)
        connections.append(connect(house, "127.0.0.3"))  # so the oldest one has to go
        time.sleep(0.1)
        connections[0].sendall(b"\x16\x03")
        time.sleep(0.1)
        os.kill(worker, signal.SIGCONT)
        assert ends(connections[0])
        is_served(house)
        assert workers_of(house.touchline.process.pid) == [worker]


def asking_much(house: DemoHouse, connections: list[socket.socket], count: int) -> ssl.SSLSocket:
    """Ask for more than all buffers on the way hold, and take none of it."""
    where = urlsplit(house.touchline.url)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    plain.bind(("127.0.0.2", 0))
    plain.connect((where.hostname, where.port))
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    connection = trust.wrap_socket(plain, server_hostname="127.0.0.1")
    connections.append(connection)
    connection.settimeout(10)
    connection.sendall(b"GET /admin/static/admin.css HTTP/1.1\r\nHost: x\r\n\r\n" * count)
    return connection


def test_clients_that_read_no_answers_hold_nobody_up(
    house: DemoHouse, connections: list[socket.socket], log: IO[bytes]
) -> None:
    begin = os.fstat(log.fileno()).st_size
    for _ in range(40):
        asking_much(house, connections, 300)
    end, ended = time.monotonic() + 60, 0
    while ended < 40:  # all of them were given more than they take, so that a thread would wait
        assert time.monotonic() < end, ended
        is_served(house)
        written = os.pread(log.fileno(), 10_000_000, begin).decode()
        ended = sum(int(count) for count in re.findall(r"slow to read \((\d+)\)", written))
    assert all(ends(connection) for connection in connections)


def test_a_client_that_reads_slowly_gets_its_answers_whole(house: DemoHouse, connections: list[socket.socket]) -> None:
    connection = asking_much(house, connections, 200)
    answers = bytearray()
    while answers.count(b"HTTP/1.1 200 OK") < 200:
        piece = connection.recv(4096)
        assert piece, len(answers)
        answers += piece
    sheet = (Path(__file__).parents[2] / "admin/static/admin.css").read_bytes()
    while not answers.endswith(sheet):
        answers += connection.recv(4096)
    assert answers.count(sheet) == 200


def test_a_server_that_may_open_no_more_files_goes_on(log: IO[bytes], connections: list[socket.socket]) -> None:
    with demo_house(users=100, log=log) as house:
        is_served(house)
        worker = workers_of(house.touchline.process.pid)[0]
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (120, 120))
        for _ in range(300):
            connections.append(connect(house))
        is_served(house)
        for connection in connections:
            connection.close()
        is_served(house)
        assert workers_of(house.touchline.process.pid) == [worker]


def workers_of(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_a_million_different_parameters_are_refused(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        form = phone.open("directory").form
        for count in (1_000, 9_000):
            phone.post(form, {f"p{n}": "" for n in range(count)})
            assert phone.status == 413
        with contextlib.suppress(httpx.TransportError):  # cut off while it still sends
            phone.post(form, {f"p{n}": "x" for n in range(1_000_000)})
            assert phone.status == 413
        many = "&".join(f"p{n}=x" for n in range(1_000_000)).encode()
    target = b"GET /phone/?number=70000&" + many + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    answered = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        answered = talk(house, target)
    assert answered == b"" or answered.startswith(b"HTTP/1.1 431")
    is_served(house)


def test_parameters_that_nobody_knows_do_no_harm(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        phone.get("/phone/", **{f"p{n}": "x" for n in range(900)})
        assert phone.status == 200


def test_who_was_turned_away_is_told_in_one_line(house: DemoHouse, log: IO[bytes]) -> None:
    begin = os.fstat(log.fileno()).st_size
    for _ in range(30):
        talk(house, HEADS["no HTTP"])
    end = time.monotonic() + 20
    while b"unreadable request" not in (written := os.pread(log.fileno(), 1_000_000, begin)):
        assert time.monotonic() < end, written
        time.sleep(0.1)
    assert written.count(b"unreadable request") <= 2
