"""Fixtures for the whole house; each room has its own beside its tests."""

import tempfile
from collections.abc import Iterator
from typing import IO

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import PhoneOf, Simulator, prs_client
from tests.phone import Phone


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
