"""The directory is offered where a number is asked for, and where somebody is shown: to those who may use it only."""

from collections.abc import Callable, Iterator

import pytest

from simulators.o2g.process import simulated_o2g
from tests.e2e.test_picking import ASKERS
from tests.house import Simulator
from tests.phone import Phone
from tests.registry_house import RegistryHouse, registry_house

Ask = Callable[[Phone, Simulator], None]
FROM, FIND = "From the directory", "Find"


def one_call(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call("70015", user.number)
    user.open("call_log")
    user.choose(user.screen.choices[0].label)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RegistryHouse, Simulator]]:
    with (
        simulated_o2g(users=60) as o2g,
        registry_house(tmp_path_factory.mktemp("house"), o2g) as house,
    ):
        simulator = Simulator(o2g.control)
        yield house, simulator
        simulator.close()


@pytest.fixture(params=[{"enabled": False}, {"audience": [{"numbers": ["70001"]}]}], ids=["off", "for others"])
def closed(houses: tuple[RegistryHouse, Simulator], request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    house, _ = houses
    yield request.param
    house.change("directory", enabled=True, audience=[{}])


@pytest.mark.parametrize(("ask", "line"), [*((ask, FROM) for ask in ASKERS), (one_call, FIND)])
def test_a_directory_that_is_off_or_for_others_is_not_offered(
    houses: tuple[RegistryHouse, Simulator], closed: dict[str, object], ask: Ask, line: str
) -> None:
    house, o2g = houses
    user = house.phone("70000")

    def offered() -> set[str]:
        o2g.end_calls()
        ask(user, o2g)
        assert user.status == 200
        return {*user.screen.labels, *user.screen.soft_key_labels, *(item.label for item in user.screen.actions)}

    assert line in offered()
    house.change("directory", **closed)
    assert line not in offered()
    house.change("directory", enabled=True, audience=[{}])
    assert line in offered()
