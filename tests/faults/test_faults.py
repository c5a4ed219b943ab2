"""Each fault, with a user in each application on the sets with most keys; `make faults` has all sets, and times."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from services.deadline import Deadline
from tests.faults import figures
from tests.faults.catalogue import CONTROL, FAULTS, Fault
from tests.faults.house import FaultyHouse, faulty_house
from tests.faults.journal import Journal
from tests.faults.suffering import Suffered, measure_steps, suffer

FAMILY = "large_colour"
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Unharmed:
    """The house, and what walks are in it without a fault."""

    house: FaultyHouse
    suffered: list[Suffered]
    steps: dict[str, int]


@pytest.fixture(scope="module")
def unharmed() -> Iterator[Unharmed]:
    with faulty_house() as house:
        yield Unharmed(house, *measure_steps(house, FAMILY))


def test_without_a_fault_everybody_walks_to_the_end(unharmed: Unharmed) -> None:
    assert breaches(CONTROL, unharmed.suffered) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_users_go_on_while(unharmed: Unharmed, fault: Fault) -> None:
    suffered, _ = suffer(unharmed.house, fault, FAMILY, SECONDS, unharmed.steps)
    for one in suffered:
        print(figures.line(fault.name, one))
    assert breaches(fault, suffered) == []


def test_a_write_that_is_done_twice_is_seen(unharmed: Unharmed) -> None:
    house = unharmed.house
    with house.control() as control:
        number = house.people.next(FAMILY)
        journal = Journal(control, number, lambda: False)
        journal.begin()
        for on in (True, True, False):
            house.o2g.routing.set_do_not_disturb(f"oxe{number}", on, Deadline.after(10))
        once, again, other = journal.writes()
        assert once == again != other
        assert journal.writes() == []


def breaches(fault: Fault, suffered: list[Suffered]) -> list[str]:
    return [text for one in suffered for text in figures.breaches(fault, one, timed=False)]
