"""What users see while O2G tells of changes: screens that ask nothing and are true all the same."""

import ssl
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from simulators.demo.house import DemoHouse, demo_house
from tests import polling
from tests.house import Simulator, prs_client
from tests.phone import Phone

until = partial(polling.until, seconds=15)


@pytest.fixture(scope="module", params=["channel", "webhook"])
def house(request: pytest.FixtureRequest) -> Iterator[DemoHouse]:
    """A house of this module's own, whose O2G is made to fail, for each way that events come."""
    settings = {"TOUCHLINE_LIVE_STATE": request.param, "TOUCHLINE_LIVE_SILENCE_SECONDS": "20"}
    with demo_house(users=100, settings=settings) as running:
        yield running


@pytest.fixture
def world(house: DemoHouse) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.o2g.control) as control:
        yield control


@pytest.fixture
def anna(house: DemoHouse, o2g: Simulator) -> Iterator[Phone]:
    """Anna, whose menu asks O2G nothing."""
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        until(lambda: asked(o2g, phone.open) == [])
        yield phone


def asked(o2g: Simulator, look: Callable[[], object]) -> list[str]:
    """Tell what a screen asked of O2G; what keeps the state live does not count."""
    before = len(o2g.requests())
    look()
    paths = [request["path"] for request in o2g.requests()[before:]]
    own = ("/OTEvents", "/snapshot", "/system/status")
    return [path for path in paths if "subscription" not in path and not path.endswith(own)]


def waiting(phone: Phone, label: str = "Call log") -> str:
    """Read what waits for a user, as the menu shows it."""
    return next(item.detail for item in phone.open().items if item.label == label)


def _waits(phone: Phone, count: str) -> bool:
    return waiting(phone) == count


def test_a_menu_that_is_live_asks_nothing_and_shows_what_changes(anna: Phone, o2g: Simulator) -> None:
    for count in ("4", "17", "5"):
        o2g.set_counters("70000", missedCallsNb=int(count))
        until(partial(_waits, anna, count))
    assert asked(o2g, anna.open) == []


def test_forwarding_that_is_live_asks_nothing(anna: Phone, o2g: Simulator) -> None:
    until(lambda: asked(o2g, lambda: anna.open("forwarding")) == [])
    assert anna.status == 200


def test_what_a_user_does_shows_on_the_very_next_screen(anna: Phone) -> None:
    def do_not_disturb() -> str:
        return next(item.detail for item in anna.screen.items if item.label == "Do not disturb")

    anna.open("forwarding")
    for _ in range(6):
        before = do_not_disturb()
        anna.choose("Do not disturb")
        assert do_not_disturb() != before
        after = do_not_disturb()
        anna.open("forwarding")
        assert do_not_disturb() == after


def test_events_that_are_lost_are_made_up_for(anna: Phone, o2g: Simulator, world: httpx.Client) -> None:
    world.delete("/sessions").raise_for_status()
    o2g.set_counters("70000", missedCallsNb=23)
    until(lambda: waiting(anna) == "23" and asked(o2g, anna.open) == [])


def test_nobody_else_can_post_events(house: DemoHouse, anna: Phone) -> None:
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    forged = {"eventName": "OnEventSummaryUpdated", "loginName": "oxe70000", "eventSummary": {"missedCallsNb": 66}}
    shown = waiting(anna)
    with httpx.Client(verify=trust, base_url=house.touchline.url) as stranger:
        for name in ("x", "../events/x", "a" * 43):
            assert stranger.post(f"/o2g/events/{name}", json=forged).status_code == 404
        assert stranger.get("/o2g/events/x").status_code in (404, 405)
    assert waiting(anna) == shown


def test_metrics_say_how_events_come(house: DemoHouse, anna: Phone) -> None:
    anna.open()
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    with httpx.Client(verify=trust, base_url=house.touchline.url) as watch:
        figures = {sample.name + str(sample.labels): sample.value for sample in samples(watch.get("/metrics").text)}
    assert figures["touchline_live{'package': 'eventSummary'}"] == 1
    assert figures["touchline_live_users{'state': 'event_summary'}"] >= 1
    assert figures["touchline_live_malformed_total{}"] == 0


def samples(text: str) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def test_a_lost_link_is_told_to_the_users_of_its_node_and_to_nobody_else(
    house: DemoHouse, world: httpx.Client, anna: Phone
) -> None:
    people = world.get("/people", params={"limit": 100}).raise_for_status().json()["people"]
    node_of = {person["number"]: str(person["nodeId"]) for person in people if person["devices"]}
    elsewhere = next(number for number, node in node_of.items() if node != node_of["70000"])
    with prs_client(house) as prs:
        other = Phone(prs, elsewhere)
        world.delete(f"/cti-links/{node_of[elsewhere]}").raise_for_status()
        world.post("/clock", json={"seconds": 31}).raise_for_status()  # O2G tells half a minute later (L101)
        until(lambda: "Calls may not work." in other.open().text)
        assert "Calls may not work." not in anna.open().text
        world.put(f"/cti-links/{node_of[elsewhere]}").raise_for_status()
        until(lambda: "Calls may not work." not in other.open().text)
