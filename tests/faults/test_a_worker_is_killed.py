"""A worker that is killed (SIGKILL) while people use their phones: two workers, with a real Redis."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from operator import methodcaller
from pathlib import Path

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests import polling
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import redis_server

until = partial(polling.until, seconds=20)

pytestmark = pytest.mark.redis

WORKERS, KILLED = 2, 3
SESSION_SECONDS = 1801  # of the simulation's clock: after that, O2G forgets a session that nobody keeps
SCREENS = ("", "directory", "forwarding", "call_log", "messages")


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house of two workers, and of this module's own."""
    with redis_server() as redis:
        settings = {
            "TOUCHLINE_WORKERS": str(WORKERS),
            "TOUCHLINE_REDIS_URL": redis,
            "TOUCHLINE_O2G_SEARCH_SESSIONS": "2",
        }
        with demo_house(users=100, settings=settings) as running:
            yield running


@pytest.fixture
def world(house: DemoHouse) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.o2g.control) as control:
        yield control


def workers(house: DemoHouse) -> set[int]:
    master = house.touchline.process.pid
    return {int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()}


def kill_one(house: DemoHouse) -> None:
    """Kill a worker, and wait until another has taken its place."""
    before = workers(house)
    assert len(before) == WORKERS
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(workers(house) - {min(before)}) == WORKERS)


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def are_all_there_but(killed: int, house: DemoHouse) -> bool:
    return len(workers(house) - {killed}) == WORKERS


def on_a_connection_of_its_own(house: DemoHouse, ask: Callable[[Phone], object]) -> int:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        ask(phone)
        return phone.status


def test_the_other_one_serves_and_a_new_one_comes(house: DemoHouse) -> None:
    for _ in range(KILLED):
        before = workers(house)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        until(partial(is_gone, killed))
        for screen in SCREENS * 2:
            assert on_a_connection_of_its_own(house, methodcaller("open", screen)) == 200
        until(partial(are_all_there_but, killed, house))


def test_no_link_is_broken(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        anna.open("directory")
        anna.post(anna.screen.form, {"last_name": "smith", "first_name": ""})
        anna.settle()
        links = [item.href for item in anna.screen.choices]
        call = next(key.href for key in anna.get(links[0]).soft_keys if key.label == "Call")
    assert links
    for _ in range(WORKERS):  # neither of those who made them is there any more
        kill_one(house)
    for link in links:
        assert on_a_connection_of_its_own(house, methodcaller("get", link)) == 200
    assert on_a_connection_of_its_own(house, methodcaller("get", call)) == 200
    assert on_a_connection_of_its_own(house, methodcaller("get", call)) == 409


def test_what_it_leaves_at_o2g_does_not_pile_up(house: DemoHouse, o2g: Simulator, world: httpx.Client) -> None:
    with o2g.failing(search_stuck=True):
        for _ in range(KILLED):
            on_a_connection_of_its_own(house, search)
            kill_one(house)
    each_works(house)
    assert alive(o2g) > WORKERS, "nothing was left behind, so that nothing is proven"
    world.post("/clock", json={"seconds": SESSION_SECONDS}).raise_for_status()
    each_works(house)
    until(lambda: a_minute_later(world) and o2g.searches() == 0)
    assert alive(o2g) <= WORKERS
    until(lambda: len(world.get("/subscriptions").json()["subscriptions"]) == WORKERS)


def a_minute_later(world: httpx.Client) -> bool:
    """Let O2G free the searches that nobody asks about."""
    return world.post("/clock", json={"seconds": 61}).is_success


def alive(o2g: Simulator) -> int:
    """Count the sessions that have not expired."""
    return sum(session["timeToLive"] != 0 for session in o2g.sessions())


def search(phone: Phone) -> None:
    phone.open("directory")
    phone.post(phone.screen.form, {"last_name": "smith", "first_name": ""})


def each_works(house: DemoHouse) -> None:
    """Ask often enough that the kernel hands requests to each worker."""
    for _ in range(12):
        assert on_a_connection_of_its_own(house, lambda phone: phone.open("forwarding")) == 200
