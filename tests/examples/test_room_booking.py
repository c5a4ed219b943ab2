"""Room booking: a server of its own that phones of every family use through Touchline; it believes nobody else."""

import hashlib
import hmac
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import trustme

from examples.room_booking.api import Book, booking_api
from examples.room_booking.pages import ApiDown, Asked, Pages
from examples.room_booking.server import PagesServer
from simulators.o2g.process import simulated_o2g
from tests.pages import parse_page
from tests.phone import Phone
from tests.registry_house import RegistryHouse, registry_house
from tests.walks import FAMILIES

SECRET = "shared-by-two-servers"
TODAY = date.today().isoformat()  # noqa: DTZ011  (the day of this machine, as the example's)
URL = "https://localhost:{port}/phone/"


@dataclass(frozen=True, slots=True)
class Rooms:
    """The running example."""

    url: str
    api: ThreadingHTTPServer
    ca: Path
    book: Book


def served(server: ThreadingHTTPServer) -> ThreadingHTTPServer:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    folder, authority, book = tmp_path_factory.mktemp("rooms"), trustme.CA(), Book()
    ca, cert, key = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    issued = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(ca)
    issued.private_key_and_cert_chain_pem.write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    api = served(booking_api(book))
    server = served(PagesServer(Pages(f"http://127.0.0.1:{api.server_port}"), URL, SECRET, cert, key))
    yield Rooms(URL.format(port=server.server_port), api, ca, book)
    for running in (server, api):
        running.shutdown()
        running.server_close()


@pytest.fixture(scope="module")
def house(rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryHouse]:
    settings = {"external_secrets": {"rooms": SECRET}, "external_inside": True, "external_ca": rooms.ca}
    with (
        simulated_o2g(users=60) as o2g,
        registry_house(tmp_path_factory.mktemp("house"), o2g, **settings) as running,
    ):
        done = running.apps("register", "rooms", "--url", rooms.url, "--name", "en=Rooms", "--name", "de=Räume")
        assert done.exit_code == 0, done.output
        yield running


@pytest.fixture(params=sorted(FAMILIES))
def phone(house: RegistryHouse, request: pytest.FixtureRequest) -> Phone:
    return house.phone(FAMILIES[str(request.param)])


def tick(phone: Phone) -> None:
    """Leave the box ticked and press OK, as the phone page sends it."""
    phone.post(phone.screen.form, {"sure": "true"})


def test_a_room_is_booked_and_cancelled(rooms: Rooms, phone: Phone) -> None:
    phone.open()
    phone.choose("Rooms")
    phone.choose("Lisbon")
    free = [item.label for item in phone.screen.items if item.href and item.label.endswith(":00")]
    phone.choose(free[0])
    tick(phone)
    assert phone.status == 200
    (booking,) = rooms.book.of(phone.number)
    assert (booking.room, booking.day, f"{booking.hour}:00") == ("lisbon", TODAY, free[0])
    phone.press("Mine")
    phone.choose(f"Lisbon {free[0]}")
    tick(phone)
    assert rooms.book.of(phone.number) == []


def test_a_booking_works_once(rooms: Rooms, phone: Phone) -> None:
    phone.open("rooms")
    phone.choose("Athens")
    phone.choose("17:00")
    form = phone.screen.form
    tick(phone)
    phone.post(form, {"sure": "true"})
    assert phone.status == 409
    (booking,) = rooms.book.of(phone.number)
    rooms.book.remove(booking.id, phone.number)


def test_what_somebody_took_meanwhile_is_not_booked_twice(rooms: Rooms, phone: Phone) -> None:
    phone.open("rooms")
    phone.choose("Athens")
    phone.choose("9:00")
    theirs = rooms.book.add("athens", TODAY, 9, "79999")
    tick(phone)
    assert rooms.book.of(phone.number) == []
    rooms.book.remove(theirs.id, "79999")


def test_whoever_does_not_want_to_does_not_book(rooms: Rooms, phone: Phone) -> None:
    phone.open("rooms")
    phone.choose("Athens")
    phone.choose("8:00")
    phone.post(phone.screen.form, {})
    assert phone.status == 200
    assert rooms.book.of(phone.number) == []


@pytest.mark.parametrize("change", ["unsigned", "another secret", "old", "another number", "another address"])
def test_only_touchline_is_believed(rooms: Rooms, change: str) -> None:
    headers = {
        "X-Touchline-Time": str(int(time.time()) - (300 if change == "old" else 0)),
        "X-Touchline-Number": "70000",
        "X-Touchline-Family": "large",
        "Accept-Language": "en",
    }
    text = "".join(f"{part}\n" for part in ("GET", rooms.url + "mine", *headers.values()))
    secret = "somebody-elses-secret" if change == "another secret" else SECRET
    if change != "unsigned":
        headers["X-Touchline-Signature"] = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if change == "another number":
        headers["X-Touchline-Number"] = "70001"
    page = "rooms" if change == "another address" else "mine"
    assert (
        httpx.get(
            rooms.url + page, headers=headers, verify=ssl.create_default_context(cafile=str(rooms.ca))
        ).status_code
        == 403
    )


def test_the_api_refuses_what_cannot_be(rooms: Rooms) -> None:
    base = f"http://127.0.0.1:{rooms.api.server_port}"
    unbookable: tuple[object, ...] = (
        {"room": "moon", "day": "2026-03-04", "hour": 9, "by": "1"},
        {"room": "rome", "day": "today", "hour": 9, "by": "1"},
        {"room": "rome", "day": "2026-03-04", "hour": 3, "by": "1"},
        {"room": "rome"},
        [],
    )
    for wanted in unbookable:
        assert httpx.post(f"{base}/bookings", content=json.dumps(wanted)).status_code == 400
    assert httpx.delete(f"{base}/bookings/1?by=nobody").status_code == 404
    assert httpx.get(f"{base}/nothing").status_code == 404


def test_a_booking_system_that_is_gone_is_told(tmp_path: Path) -> None:
    asked = Asked("70000", "en", 4)
    gone = Pages("http://127.0.0.1:9")
    with pytest.raises(ApiDown):
        gone.rooms(asked)
    assert "The booking system does not answer." in parse_page(absolute(gone.down(asked))).text


def absolute(page: bytes) -> bytes:
    """Make addresses whole, as Touchline does before it looks whether a page is one."""
    return re.sub(rb'href="', b'href="https://rooms.example/phone/', page)
