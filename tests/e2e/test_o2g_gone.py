"""What users see while O2G restarts, moves to its other address, or has no licence left; and what heals by itself."""

import time
from collections.abc import Iterator

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.polling import until
from tests.servers import free_port

OFF = {"TOUCHLINE_LIVE_STATE": "off"}  # each screen asks O2G


class RestartingO2G:
    """An O2G that a test takes away and gives back."""

    def __init__(self, running: RunningO2G) -> None:
        self._control = running.control

    def go(self) -> None:
        httpx.post(f"{self._control}/restart", json={"down_seconds": 600}).raise_for_status()

    def come_back(self) -> None:
        httpx.post(f"{self._control}/clock", json={"seconds": 601}).raise_for_status()


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    with demo_house(users=300, settings=OFF) as running:
        yield running


@pytest.fixture
def o2g(house: DemoHouse) -> Iterator[RestartingO2G]:
    restarting = RestartingO2G(house.o2g)
    yield restarting
    restarting.come_back()
    until(lambda: ready(house))


@pytest.fixture
def anna(house: DemoHouse) -> Iterator[Phone]:
    with prs_client(house) as prs:
        yield Phone(prs, "70000")


def ready(house: DemoHouse) -> bool:
    with prs_client(house) as prs:
        return prs.get("/readyz").status_code == 200


def figure(house: DemoHouse, name: str) -> float:
    with prs_client(house) as prs:
        lines = prs.get("/metrics").text.splitlines()
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(name + " ")))


def do_not_disturb(phone: Phone) -> str:
    return next(item.detail for item in phone.screen.items if item.label == "Do not disturb")


def accepted(simulator: Simulator) -> list[dict[str, str]]:
    """The writes that O2G did; it refuses the first of a session that its restart has ended."""
    asked = [r for r in simulator.requests(path="/routing/dnd") if r["method"] != "GET"]
    return [request for request in asked if 200 <= int(request["status"]) < 300]


def quiet(phone: Phone) -> None:
    phone.open("forwarding")
    if do_not_disturb(phone) == "on":
        phone.choose("Do not disturb")


def test_while_o2g_restarts_users_wait_for_nothing_and_the_next_request_works(
    house: DemoHouse, o2g: RestartingO2G, anna: Phone
) -> None:
    quiet(anna)
    anna.open("calls")
    healed = figure(house, 'touchline_o2g_healed_total{what="reachable_again"}')
    o2g.go()
    began = time.monotonic()
    for _ in range(10):
        anna.open("forwarding")
        assert (anna.status, anna.screen.id) == (200, "forwarding.home")  # what is known, with its age
        assert "As of" in anna.screen.text
        anna.open("calls")
        assert (anna.status, "As of" in anna.screen.text, anna.screen.soft_key_labels) == (200, True, ["Retry"])
        anna.open("call_log")
        assert anna.status == 503
        assert "cannot be reached" in anna.screen.text
    assert time.monotonic() - began < 10 * 2.5 / 2
    assert not ready(house)
    assert figure(house, "touchline_o2g_connected") == 0
    o2g.come_back()
    until(lambda: anna.press("Retry") and anna.status == 200)
    assert anna.screen.id == "call_log.home"
    anna.open("forwarding")
    assert "As of" not in anna.screen.text
    assert ready(house)
    assert figure(house, "touchline_o2g_connected") == 1
    assert figure(house, 'touchline_o2g_healed_total{what="reachable_again"}') == healed + 1


def test_what_was_not_sent_is_offered_again_and_then_done_once(
    house: DemoHouse, o2g: RestartingO2G, anna: Phone
) -> None:
    simulator = Simulator(house.o2g.control)
    quiet(anna)
    done = len(accepted(simulator))
    o2g.go()
    anna.choose("Do not disturb")
    assert anna.status == 503
    o2g.come_back()
    until(lambda: anna.press("Retry") and anna.status == 200)
    assert do_not_disturb(anna) == "on"
    assert len(accepted(simulator)) == done + 1
    quiet(anna)
    simulator.close()


def test_what_may_have_been_done_is_not_offered_again(house: DemoHouse, anna: Phone) -> None:
    simulator = Simulator(house.o2g.control)
    quiet(anna)
    with simulator.failing(reset=5, reset_path="/api/rest/1.0/routing/dnd"):
        anna.choose("Do not disturb")
    assert anna.status == 504
    assert "look whether it was done" in anna.screen.text
    assert "Retry" not in [key.label for key in anna.screen.soft_keys]
    assert simulator.request_count(path="/routing/dnd") > 0
    simulator.close()


def test_the_other_address_takes_over_unnoticed_and_the_first_one_is_used_again() -> None:
    other_port = free_port()
    settings = OFF | {"TOUCHLINE_O2G_OTHER_URL": f"https://127.0.0.1:{other_port}"}
    with demo_house(users=100, settings=settings) as house, prs_client(house) as prs:
        made = house.certificates
        files = (made.server_cert, made.server_key, made.ca)
        with simulated_o2g(users=100, port=other_port, certificate=files) as other:
            first, anna = RestartingO2G(house.o2g), Phone(prs, "70000")
            anna.open("forwarding")
            first.go()
            for _ in range(5):
                anna.open("forwarding")
                assert (anna.status, anna.screen.id) == (200, "forwarding.home")
            assert ready(house)
            assert figure(house, "touchline_o2g_other_address") == 1
            anna.choose("Do not disturb")
            assert do_not_disturb(anna) == "on"
            first.come_back()
            until(lambda: anna.open("forwarding") and figure(house, "touchline_o2g_other_address") == 0)
            assert anna.status == 200
            assert figure(house, 'touchline_o2g_healed_total{what="first_address"}') == 1
            moved_to = Simulator(other.control)
            assert len(accepted(moved_to)) == 1
            moved_to.close()


@pytest.mark.parametrize("strategy", ["administrator", "per_user"])
def test_a_user_for_whom_no_licence_is_left_is_told_so(strategy: str) -> None:
    settings = OFF | {"TOUCHLINE_O2G_SESSIONS": strategy}
    options = ("--licences", "ROXE_API_TEL_ADVANCED=1")
    with demo_house(users=100, settings=settings, o2g_options=options) as house, prs_client(house) as prs:
        anna, bob = Phone(prs, "70000"), Phone(prs, "70001")
        anna.open("forwarding")
        assert anna.status == 200
        bob.open("forwarding")
        assert bob.status == 403
        assert "No licence is free for you." in bob.screen.text
        assert figure(house, "touchline_o2g_licences_refused_total") >= 1
        anna.open("forwarding")
        assert anna.status == 200


def test_each_user_in_a_session_of_their_own_leaves_nothing_behind() -> None:
    settings = OFF | {"TOUCHLINE_O2G_SESSIONS": "per_user", "TOUCHLINE_O2G_SESSION_IDLE_SECONDS": "5"}
    with demo_house(users=300, settings=settings) as house, prs_client(house) as prs:
        simulator = Simulator(house.o2g.control)
        phones = [Phone(prs, str(70000 + n)) for n in (0, 2, 3)]
        for phone in phones:
            phone.open("directory")
            phone.post(phone.screen.form, {"last_name": "smith", "first_name": ""})
            assert phone.status == 200
        with simulator.failing(search_stuck=True):
            phones[0].open("directory")
            phones[0].post(phones[0].screen.form, {"last_name": "jones", "first_name": ""})
            phones[0].press("Stop")  # leaves the list
        logins = {session["login"] for session in simulator.sessions()}
        assert {"oxe70000", "oxe70002", "oxe70003"} <= logins
        until(lambda: simulator.searches() == 0)
        until(lambda: {session["login"] for session in simulator.sessions()} == {"touchline"}, seconds=20)
        assert phones[1].open().title
        simulator.close()
