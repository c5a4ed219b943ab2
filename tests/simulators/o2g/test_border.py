"""The border: what is no HTTP, too long, too much or unknown is answered as O2G answers, and the next is served."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import PATIENCE, authenticate

HALF_OPEN = 2000


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests are rough with it."""
    return alone


def wire(o2g: RunningO2G, trust: ssl.SSLContext) -> ssl.SSLSocket:
    url = httpx.URL(o2g.url)
    plain = socket.create_connection((url.host, url.port or 443), timeout=PATIENCE)
    return trust.wrap_socket(plain, server_hostname=url.host)


def say(o2g: RunningO2G, trust: ssl.SSLContext, text: bytes) -> tuple[int, dict[str, object]]:
    """Send bytes; give the status and the body that come back before the connection ends."""
    with wire(o2g, trust) as connection:
        connection.sendall(text)
        heard = b""
        while part := connection.recv(65536):
            heard += part
    head, _, body = heard.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "text",
    [
        b"what is this\r\n\r\n",
        b"GET /api/rest HTTP/9.9\r\n\r\n",
        b"BREW /api/rest/1.0/users HTTP/1.1\r\nHost: a\r\n\r\n",
        b"G\x00T / HTTP/1.1\r\n\r\n",
        b"GET /api/rest HTTP/1.1\r\nHost: a\r\nbroken header\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/rest HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /api/rest/1.0/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    ],
    ids=["no-http", "version", "unknown-method", "method", "header", "long-path", "long-header", "length"],
)
def test_malformed_http_gets_RestErrorInfo(
    o2g: RunningO2G, trust: ssl.SSLContext, admin: httpx.Client, text: bytes
) -> None:
    status, body = say(o2g, trust, text)
    assert (status, body["type"], body["code"]) == (400, "BAD_PARAMETER", 1006)
    assert admin.get("/users/oxe70000").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/rest/", "/api/rest/2.0/users", "/api/rest/1.0", "/api/rest/1.0/nothing", "/%00", "//x"]
)
def test_an_unknown_path_is_not_found(admin: httpx.Client, o2g: RunningO2G, path: str) -> None:
    answer = admin.get(f"{o2g.url}{path}")
    assert answer.status_code == (200 if path == "/api/rest/" else 404)
    if answer.status_code == 404:
        assert answer.json()["type"] == "NOT_FOUND"


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_an_unknown_method_is_not_supported(admin: httpx.Client, method: str) -> None:
    answer = admin.request(method, "/users/oxe70000")
    assert (answer.status_code, answer.json()["type"], answer.headers["Allow"]) == (405, "NOT_SUPPORTED", "GET")


@pytest.mark.parametrize("size", [1_100_000, 8_000_000])
def test_a_huge_body_is_refused(admin: httpx.Client, size: int) -> None:
    answer = admin.post("/directory/search", content=b'{"x": "' + b"a" * size + b'"}')
    assert (answer.status_code, answer.json()["type"]) == (400, "BAD_PARAMETER")
    assert admin.get("/users/oxe70000").status_code == 200


def test_deep_json_is_refused(admin: httpx.Client) -> None:
    answer = admin.post("/directory/search", content=b'{"filter":' * 5000 + b"1" + b"}" * 5000)
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["ä", "%ff", "%00", "a" * 4000, "' OR 1=1", "../../etc/passwd"])
def test_hostile_names_find_nobody(admin: httpx.Client, value: str) -> None:
    assert admin.get("/users", params={"companyPhone": value}).status_code == 404
    assert admin.get(f"/eventSummary?loginName={value}").status_code in (400, 404)


def test_thousands_of_half_open_connections_do_not_keep_others_out(
    o2g: RunningO2G, trust: ssl.SSLContext, stranger: httpx.Client
) -> None:
    url = httpx.URL(o2g.url)
    with ExitStack() as stack:
        for number in range(HALF_OPEN):
            connection = stack.enter_context(socket.create_connection((url.host, url.port or 443), timeout=PATIENCE))
            if number % 2:
                connection.sendall(b"\x16\x03\x01")  # the beginning of a handshake
        with wire(o2g, trust) as slow:
            slow.sendall(b"GET /api/rest HTTP/1.1\r\nHost:")
            assert authenticate(stranger, o2g.login, o2g.password).status_code == 200


def test_requests_can_be_read_without_their_secrets(
    o2g: RunningO2G, admin: httpx.Client, control: httpx.Client
) -> None:
    control.delete("/requests")
    admin.get(f"{o2g.url}/api/rest/authenticate?version=1.0", auth=("oxe70000", "0815"))
    passwords = {"oldPassword": "1111", "newPassword": "2222"}
    admin.put("/users/oxe70000/password", json=passwords, headers={"X-Colour": "blue"})
    admin.post("/directory/search", content=b'{"password": "3333", broken')
    text = control.get("/requests").text
    found = json.loads(text)["requests"]
    assert [(r["method"], r["status"]) for r in found] == [("GET", 401), ("PUT", 403), ("POST", 400)]
    assert found[1]["headers"]["X-Colour"] == "blue"
    assert set(found[1]["body"]) == set(passwords)
    credential = admin.cookies["AlcUserId"]
    for secret in ("1111", "2222", "3333", credential, "b3hlNzAwMDA6MDgxNQ=="):
        assert secret not in text
