"""Two workers that share what they keep through a real Redis."""

from collections.abc import Iterator

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import redis_server

pytestmark = pytest.mark.redis


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    with (
        redis_server() as redis,
        demo_house(users=300, settings={"TOUCHLINE_WORKERS": "2", "TOUCHLINE_REDIS_URL": redis}) as running,
    ):
        yield running


def searching(phone: Phone, last_name: str, first_name: str = "") -> None:
    phone.open("directory")
    phone.post(phone.screen.form, {"last_name": last_name, "first_name": first_name})


def test_any_worker_shows_what_another_one_found(house: DemoHouse, o2g: Simulator) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        searching(anna, "smith", "john")
        anna.settle()
    back = anna.screen.items[0].href
    before = o2g.request_count("POST", "/directory/search")
    for _ in range(12):  # each on a connection of its own, which the kernel hands to either worker
        with prs_client(house) as prs:
            other = Phone(prs, "70000")
            other.get(back)
            assert other.screen.title == "John Smith"
    assert o2g.request_count("POST", "/directory/search") == before


def test_a_slow_search_is_not_begun_again_by_the_other_worker(house: DemoHouse, o2g: Simulator) -> None:
    with o2g.failing(search_stuck=True):
        with prs_client(house) as prs:
            anna = Phone(prs, "70000")
            searching(anna, "smith")
            refresh = anna.screen.refresh
            stop = anna.screen
        before = o2g.request_count("POST", "/directory/search")
        for _ in range(8):
            with prs_client(house) as prs:
                assert Phone(prs, "70000").get(refresh).title == "Searching…"
        assert o2g.request_count("POST", "/directory/search") == before
        for _ in range(8):
            with prs_client(house) as prs:
                Phone(prs, "70000").get(next(key.href for key in stop.soft_keys if key.label == "Stop"))


def test_an_action_is_done_once_whichever_worker_is_asked(house: DemoHouse, o2g: Simulator) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        searching(anna, "lindqvist", "greta")
        anna.settle()
    call = next(key.href for key in anna.screen.soft_keys if key.label == "Call")
    answers = []
    for _ in range(8):
        with prs_client(house) as prs:
            again = Phone(prs, "70000")
            again.get(call)
            answers.append(again.status)
    assert sorted(answers) == [200] + [409] * 7
    assert o2g.called_from("70000").count("70012") == 1
