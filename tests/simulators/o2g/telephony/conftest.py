"""A simulator for the tests of call control: its time goes ahead, and all its calls end after each test."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.telephones import Phone

ANNA, BEN, CLARA, DAVID = "70000", "70001", "70002", "70003"
PhoneOf = Callable[[str], Phone]
Four = tuple[Phone, Phone, Phone, Phone]


@pytest.fixture(scope="package")
def telephony_o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=300) as running:
        yield running


@pytest.fixture
def o2g(telephony_o2g: RunningO2G) -> RunningO2G:
    """Give this package's simulator to the fixtures of all."""
    return telephony_o2g


@pytest.fixture
def phone(admin: httpx.Client) -> PhoneOf:
    """Give phones by directory number."""
    return lambda number: Phone(admin, number)


@pytest.fixture
def four(phone: PhoneOf) -> Four:
    """Give four people's phones."""
    return phone(ANNA), phone(BEN), phone(CLARA), phone(DAVID)


@pytest.fixture(autouse=True)
def hung_up(control: httpx.Client) -> Iterator[None]:
    """End what a test left."""
    yield
    for call in control.get("/calls").json()["calls"]:
        if call["state"] != "ended":
            control.delete(f"/calls/{call['callRef']}")


def later(control: httpx.Client, seconds: float) -> None:
    """Let time pass."""
    control.post("/clock", json={"seconds": seconds}).raise_for_status()
