"""Each fault, with a user in each application on the sets with most keys; `make faults` has all sets, and times."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from services.deadline import Deadline
from tests.faults import figures
from tests.faults.catalogue import CONTROL, FAULTS, FAULTS_OF_AN_ADDRESS, Fault
from tests.faults.house import FaultyHouse, faulty_house
from tests.faults.journal import Journal
from tests.faults.suffering import Suffered, measure_steps, suffer
from tests.faults.ways import TWO_ADDRESSES, USUAL, Way

FAMILY = "large_colour"
SECONDS = 1.0


def named(fault: Fault) -> str:
    return fault.name.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Unharmed:
    """The house, and what walks are in it without a fault."""

    house: FaultyHouse
    suffered: list[Suffered]
    steps: dict[str, int]


@contextmanager
def unharmed_by(way: Way) -> Iterator[Unharmed]:
    with faulty_house(way) as house:
        yield Unharmed(house, *measure_steps(house, FAMILY))


@pytest.fixture(scope="module")
def unharmed() -> Iterator[Unharmed]:
    with unharmed_by(USUAL) as suffered:
        yield suffered


@pytest.fixture(scope="module")
def unharmed_at_two_addresses() -> Iterator[Unharmed]:
    with unharmed_by(TWO_ADDRESSES) as suffered:
        yield suffered


def test_without_a_fault_everybody_walks_to_the_end(unharmed: Unharmed) -> None:
    assert breaches(CONTROL, unharmed.suffered) == []


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_users_go_on_while(unharmed: Unharmed, fault: Fault) -> None:
    assert go_through(fault, unharmed) == []


@pytest.mark.parametrize("fault", FAULTS_OF_AN_ADDRESS, ids=named)
def test_users_go_on_at_the_other_address_while_the(unharmed_at_two_addresses: Unharmed, fault: Fault) -> None:
    assert go_through(fault, unharmed_at_two_addresses) == []


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


def go_through(fault: Fault, unharmed: Unharmed) -> list[str]:
    suffered, _ = suffer(unharmed.house, fault, FAMILY, SECONDS, unharmed.steps)
    for one in suffered:
        print(figures.line(fault.name, one))
    return breaches(fault, suffered)


def breaches(fault: Fault, suffered: list[Suffered]) -> list[str]:
    return [text for one in suffered for text in figures.breaches(fault, one, timed=False)]
