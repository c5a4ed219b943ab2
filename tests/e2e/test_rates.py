"""Whoever asks too often is told so in time, over the wire; and what happens when Redis is gone, which counts."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import redis_server


def test_a_user_who_asks_too_often_is_told_so_and_others_are_not() -> None:
    with demo_house(users=50, settings={"TOUCHLINE_USER_REQUESTS_PER_MINUTE": "5"}) as house, prs_client(house) as prs:
        anna, ben = Phone(prs, "70000"), Phone(prs, "70002")
        statuses = [_opened(anna, "directory") for _ in range(15)]
        assert statuses[:5] == [200] * 5
        assert 429 in statuses
        assert {key.label for key in anna.screen.soft_keys} >= {"Retry", "Menu"}
        assert _opened(anna, "") == 200
        assert _opened(ben, "directory") == 200


def test_a_presentation_server_that_asks_too_often_still_gets_menus() -> None:
    with demo_house(users=50, settings={"TOUCHLINE_PRS_REQUESTS_PER_SECOND": "2"}) as house, prs_client(house) as prs:
        phones = [Phone(prs, "70000"), Phone(prs, "70002")]
        asked = (phone for _ in range(200) for phone in phones)
        refused = next(phone for phone in asked if _opened(phone, "directory") == 429)
        assert "Too many requests" in refused.screen.text
        assert _opened(refused, "") == 200


@dataclass(frozen=True)
class Bereft:
    """A house whose Redis has gone, and an action that was on a screen before."""

    house: DemoHouse
    action: str


@pytest.fixture(scope="module")
def bereft() -> Iterator[Bereft]:
    with ExitStack() as stack:
        with redis_server() as redis:
            settings = {"TOUCHLINE_REDIS_URL": redis, "TOUCHLINE_USER_REQUESTS_PER_MINUTE": "20"}
            house = stack.enter_context(demo_house(users=50, settings=settings))
            with prs_client(house) as prs:
                anna = Phone(prs, "70000")
                switch = next(item.href for item in anna.open("forwarding").items if "/switch?" in item.href)
        yield Bereft(house, switch)


@pytest.mark.redis
def test_without_redis_screens_go_on_and_are_still_counted(bereft: Bereft) -> None:
    with prs_client(bereft.house) as prs:
        ben = Phone(prs, "70002")
        statuses = [_opened(ben, "forwarding") for _ in range(40)]
        assert statuses[0] == 200
        assert 429 in statuses
        assert _opened(ben, "") == 200


@pytest.mark.redis
def test_without_redis_nothing_is_done_that_may_have_been_done(bereft: Bereft) -> None:
    o2g = Simulator(bereft.house.o2g.control)
    before = len(o2g.requests("PUT")) + len(o2g.requests("POST", "/routing"))
    with prs_client(bereft.house) as prs:
        anna = Phone(prs, "70000")
        anna.get(bereft.action)
        assert anna.status == 503
        assert "Try again" in anna.screen.text
    assert len(o2g.requests("PUT")) + len(o2g.requests("POST", "/routing")) == before
    o2g.close()


def _opened(phone: Phone, application: str) -> int:
    phone.open(application)
    return phone.status
