"""Fixtures for the whole house; each room has its own beside its tests."""

import tempfile
from collections.abc import Iterator
from typing import IO

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import PhoneOf, Simulator, prs_client
from tests.phone import Phone


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let those come last that read the log of all: of the tests of this process, where tests run in several."""
    items.sort(key=lambda item: item.get_closest_marker("reads_log_of_all") is not None)


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
