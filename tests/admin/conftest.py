"""A house with an administration, and people who administer it."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from typing import IO

import pyotp
import pytest

from simulators.demo.house import DemoHouse, demo_house
from store.administrators import Role
from tests.admin.office import Office, Staff

NUMBERS = itertools.count(1)


@pytest.fixture(scope="package")
def log() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as written:
        yield written


@pytest.fixture(scope="package")
def house(log: IO[bytes]) -> Iterator[DemoHouse]:
    settings = {"TOUCHLINE_ADMIN_ADDRESS_TRIES": "0"}  # all tests sign in from one address
    with demo_house(users=60, with_phone=True, settings=settings, log=log) as running:
        yield running


@pytest.fixture(scope="package")
def staff(house: DemoHouse) -> Iterator[Staff]:
    hired = Staff(house)
    yield hired
    hired.database.close()


@pytest.fixture
def office(house: DemoHouse) -> Iterator[Office]:
    made = Office(house)
    yield made
    made.close()


@pytest.fixture
def signed_in(house: DemoHouse, staff: Staff) -> Iterator[Callable[..., Office]]:
    """Sign in somebody new, and give their browser."""
    offices: list[Office] = []

    def sign_in(role: Role = Role.ADMINISTRATOR, login: str = "") -> Office:
        login = login or f"{role.value}{next(NUMBERS)}"
        secret = staff.hire(login, role)
        offices.append(Office(house))
        shown = offices[-1].sign_in(login, pyotp.TOTP(secret).now())
        assert shown.title == "Overview", shown.text
        return offices[-1]

    yield sign_in
    for one in offices:
        one.close()


@pytest.fixture
def administrator(signed_in: Callable[..., Office]) -> Office:
    return signed_in()


@pytest.fixture
def operator(signed_in: Callable[..., Office]) -> Office:
    return signed_in(Role.OPERATOR)
