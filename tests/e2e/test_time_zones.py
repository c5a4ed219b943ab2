"""Users on OXE nodes that lie in other time zones: each reads the time that it is where they are."""

import re
from collections.abc import Iterator

import pytest

from services.deadline import Deadline
from services.errors import NotFound
from tests.golden.house import NOW, GoldenHouse, golden_house
from tests.phone import Phone

CALLER = "70015"


@pytest.fixture(scope="module")
def inside() -> Iterator[GoldenHouse]:
    with golden_house(node_time_zones={"2": "America/New_York"}) as running:
        yield running


def somebody_of(inside: GoldenHouse, node: str) -> str:
    """Find a user of a node, with a set."""
    for number in map(str, range(70020, 70060)):
        try:
            user = inside.o2g.users.by_number(number, Deadline.after(5))
        except NotFound:
            continue
        if user.node == node and user.devices:
            return number
    raise AssertionError(f"nobody is on node {node}")


@pytest.mark.parametrize(("node", "ahead"), [("1", 1), ("2", -5)])
def test_users_read_times_in_the_zone_of_their_node(inside: GoldenHouse, node: str, ahead: int) -> None:
    number = somebody_of(inside, node)
    inside.o2g.users.set_language(f"oxe{number}", "de", Deadline.after(5))
    inside.simulator.missed_call(CALLER, number)
    user = Phone(inside.client, number)
    user.open("call_log")
    hour = f"{NOW.hour + ahead:02d}"
    assert re.fullmatch(rf"{hour}:\d\d", user.screen.items[0].detail)
    user.choose(user.screen.items[0].label)
    assert re.search(rf"\b{hour}:\d\d\b", user.screen.text)
