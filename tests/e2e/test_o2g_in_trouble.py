"""What a user sees while O2G is slow, full, forgetful or gone."""

import contextlib
import time
from collections.abc import Iterator

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.e2e.test_directory import search
from tests.house import Simulator, prs_client
from tests.phone import Phone


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house of this module's own, since its O2G is made to fail. Users are not kept, so that each screen asks O2G."""
    settings = {"TOUCHLINE_USER_CACHE_SECONDS": "0", "TOUCHLINE_O2G_SEARCH_SESSIONS": "1"}
    with demo_house(users=300, settings=settings) as running:
        yield running


@pytest.fixture
def anna(house: DemoHouse) -> Iterator[Phone]:
    with prs_client(house) as prs:
        yield Phone(prs, "70000")


def test_a_search_that_finds_nobody_for_long_says_so_and_can_be_stopped(anna: Phone, o2g: Simulator) -> None:
    with o2g.failing(search_stuck=True):
        search(anna, "smith")
        assert anna.status == 200
        assert anna.screen.title == "Searching…"
        assert anna.screen.refresh
        anna.get(anna.screen.refresh)
        assert anna.screen.title == "Searching…"
        assert anna.press("Stop").id == "directory.stop"
        assert {field.value for field in anna.screen.fields} == {"smith", ""}
    assert search(anna, "smith", "john").screen.title == "2 found"


def test_a_search_that_o2g_gives_up_does_not_say_that_there_is_nobody(anna: Phone, o2g: Simulator) -> None:
    with o2g.failing(search_timeout=True):
        search(anna, "smith", "john")
        anna.settle()
        assert anna.screen.text == "The directory gave up before it had looked everywhere."
    assert anna.press("Retry").title == "2 found"


def test_every_search_is_taken_and_the_sixth_is_told_so(house: DemoHouse, o2g: Simulator) -> None:
    with o2g.failing(search_stuck=True), contextlib.ExitStack() as stack:
        phones = [Phone(stack.enter_context(prs_client(house)), str(70000 + n)) for n in (0, 2, 3, 4, 5)]
        for phone in phones:
            search_by_address(phone)
            assert phone.screen.title in ("Searching…", "Suche läuft…"), phone.screen.text
        assert o2g.searches() == 5
        sixth = Phone(stack.enter_context(prs_client(house)), "70009")
        search_by_address(sixth)
        assert sixth.status == 503
        assert "Too many people search the directory right now." in sixth.screen.text
        phones[0].press("Stop")
        sixth.press("Retry")
        assert sixth.screen.title == "Searching…"
        for phone in (*phones[1:4], sixth):
            phone.press("Stop")


def search_by_address(phone: Phone) -> None:
    phone.open("directory")
    phone.post(phone.screen.form, {"last_name": "smith", "first_name": ""})


def test_a_lost_session_is_opened_again_unnoticed(anna: Phone, o2g: Simulator) -> None:
    anna.open()
    o2g.lose_sessions()
    assert anna.open().title == "Anna Müller"
    assert anna.status == 200
    assert len(o2g.sessions()) == 1


def test_o2g_that_is_starting(anna: Phone, o2g: Simulator) -> None:
    with o2g.failing(not_ready=True):
        anna.open("directory")
        assert anna.status == 503
        assert "is starting" in anna.screen.text
    assert anna.press("Retry").id == "directory.home"


def test_o2g_that_takes_too_long(anna: Phone, o2g: Simulator) -> None:
    with o2g.failing(latency_ms=4000):
        anna.open("directory")
        assert anna.status == 504
        assert "takes too long" in anna.screen.text
    end = time.monotonic() + 10
    while anna.open("directory") and anna.status != 200:
        assert time.monotonic() < end, "it does not notice that O2G is well again"
        time.sleep(0.05)


def test_a_connection_that_is_cut_once_is_not_noticed(anna: Phone, o2g: Simulator) -> None:
    with o2g.failing(reset=1):
        assert anna.open("directory").id == "directory.home"
        assert anna.status == 200


def test_a_call_that_is_cut_is_not_made_twice(anna: Phone, o2g: Simulator) -> None:
    search(anna, "smith", "john")
    anna.choose(anna.screen.labels[0])
    before = o2g.request_count("POST", "/telephony/calls")
    call = next(key.href for key in anna.screen.soft_keys if key.label == "Call")
    with o2g.failing(error={"path": "/api/rest/1.0/telephony", "status": 500}):
        anna.get(call)
    assert anna.status == 502
    assert o2g.request_count("POST", "/telephony/calls") == before + 1


def test_the_session_is_closed_when_the_server_stops(o2g: Simulator) -> None:
    with demo_house(users=100) as short_lived:
        control = short_lived.o2g.control
        with prs_client(short_lived) as prs:
            Phone(prs, "70000").open()
        assert len(httpx.get(f"{control}/sessions").json()["sessions"]) == 1
        short_lived.touchline.process.terminate()
        short_lived.touchline.process.wait(15)
        assert httpx.get(f"{control}/sessions").json()["sessions"] == []


def test_wrong_credentials_are_tried_once(o2g: Simulator) -> None:
    with demo_house(users=100, settings={"TOUCHLINE_O2G_PASSWORD": "Wrong-Password-1"}) as locked_out:
        simulator = Simulator(locked_out.o2g.control)
        with prs_client(locked_out) as prs:
            phone = Phone(prs, "70000")
            for _ in range(5):
                phone.open()
                assert phone.status == 502
                assert "cannot log in" in phone.screen.text
        assert simulator.request_count(path="/authenticate") == 1
        simulator.close()
