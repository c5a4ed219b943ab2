"""Fixtures for the whole house; each room has its own beside its tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import PhoneOf, Simulator, prs_client
from tests.phone import Phone


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what runs in one process where tests run in several: a file, or all that use the house of all.

    So that house stands once, and what reads its log when all is over reads that of them all.
    """
    items.sort(key=_reads_the_log_of_all)
    for item in items:
        shared = _reads_the_log_of_all(item) or _uses_house_of_all(item)
        item.add_marker(pytest.mark.xdist_group("house" if shared else item.nodeid.split("::")[0]))


def _reads_the_log_of_all(item: pytest.Item) -> bool:
    return item.get_closest_marker("reads_log_of_all") is not None


def _uses_house_of_all(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    found = item._fixtureinfo.name2fixturedefs.get("house")  # pytest has no public way to ask whose fixture it is
    return found is not None and found[-1].baseid == str(Path(__file__).parent.relative_to(item.config.rootpath))


@pytest.fixture(scope="session")
def house_log() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as log:
        yield log


@pytest.fixture(scope="session")
def house(house_log: IO[bytes]) -> Iterator[DemoHouse]:
    """One house for all tests that leave it as they found it."""
    with demo_house(users=600, with_phone=True, log=house_log) as running:
        yield running


@pytest.fixture
def o2g(house: DemoHouse) -> Iterator[Simulator]:
    simulator = Simulator(house.o2g.control)
    yield simulator
    simulator.close()


@pytest.fixture
def phone(house: DemoHouse) -> Iterator[PhoneOf]:
    """Give the set of a directory number."""
    with prs_client(house) as prs:
        yield lambda number, device="": Phone(prs, number, device)
