"""A running simulator for its own tests. What a test needs alone (time far ahead, lost sessions) it starts alone."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.call_centre import CLARA, DAVID, ELLA, FRANK, OTHER_SUPERVISOR, Desk, DeskOf
from tests.simulators.o2g.clients import Channel, anonymous, channel, session, trusting

UserOf = Callable[[str], httpx.Client]
ListenTo = Callable[..., AbstractContextManager[Channel]]


@pytest.fixture(scope="session")
def shared_o2g() -> Iterator[RunningO2G]:
    """Run one simulator for the tests that leave it as they found it."""
    with simulated_o2g(users=300) as running:
        yield running


@pytest.fixture(scope="module")
def own_o2g() -> Iterator[RunningO2G]:
    """Run one for a module's own; the module's fixture `o2g` gives it."""
    with simulated_o2g(users=300) as running:
        yield running


@pytest.fixture
def o2g(shared_o2g: RunningO2G) -> RunningO2G:
    """Give the simulator of a test; a module that needs one of its own overrides this fixture."""
    return shared_o2g


@pytest.fixture
def trust(o2g: RunningO2G) -> ssl.SSLContext:
    return trusting(o2g)


@pytest.fixture
def control(o2g: RunningO2G) -> Iterator[httpx.Client]:
    """Give the control interface; paths are relative to /simulator."""
    with httpx.Client(base_url=o2g.control, timeout=30) as client:
        yield client


@pytest.fixture
def stranger(o2g: RunningO2G, trust: ssl.SSLContext) -> Iterator[httpx.Client]:
    """Give a client that has not authenticated."""
    with anonymous(o2g, trust) as client:
        yield client


@pytest.fixture
def admin(o2g: RunningO2G, trust: ssl.SSLContext) -> Iterator[httpx.Client]:
    """Give a client with an administrator's session of its own."""
    with session(o2g, o2g.login, o2g.password, trust) as client:
        yield client


@pytest.fixture
def user(o2g: RunningO2G, trust: ssl.SSLContext, control: httpx.Client) -> Iterator[UserOf]:
    """Give clients with the sessions of directory numbers, as in `user("70000")`."""
    with ExitStack() as stack:

        def open_for(number: str) -> httpx.Client:
            person = control.get(f"/people/{number}").raise_for_status().json()
            return stack.enter_context(session(o2g, person["loginName"], person["secret"], trust))

        yield open_for


@pytest.fixture
def listen(o2g: RunningO2G) -> ListenTo:
    """Listen to events: `with listen(admin, "telephony") as channel: … channel.wait_for("OnCallCreated")`."""

    def open_channel(
        client: httpx.Client, *names: str, ids: list[str] | None = None, timeout: int = 0
    ) -> AbstractContextManager[Channel]:
        return channel(o2g, client, *names, ids=ids, timeout=timeout)

    return open_channel


@pytest.fixture
def desk(admin: httpx.Client, control: httpx.Client) -> Iterator[DeskOf]:
    """Give operators' desks; David is the only supervisor of Ella's who may be at work."""

    def send_home() -> None:
        for number in (CLARA, DAVID, ELLA, FRANK, OTHER_SUPERVISOR):
            control.put(f"/agents/{number}/state", json={"mainState": "LOG_OFF"}).raise_for_status()

    send_home()
    yield lambda number: Desk(admin, number)
    send_home()
