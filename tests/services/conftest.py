"""A scripted O2G, and Touchline's door to it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from services.deadline import Deadline
from services.o2g import O2G, O2GEndpoint
from services.wire import CallObservation
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.services.scripted import LOGIN, PASSWORD, ScriptedO2G


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return file


@pytest.fixture
def scripted(authority: trustme.CA) -> Iterator[ScriptedO2G]:
    with ScriptedO2G(authority) as server:
        yield server


@pytest.fixture
def endpoint(scripted: ScriptedO2G, ca: Path) -> O2GEndpoint:
    return O2GEndpoint(scripted.url, LOGIN, PASSWORD, ca=ca)


@pytest.fixture
def observed() -> list[CallObservation]:
    return []


@pytest.fixture
def o2g(endpoint: O2GEndpoint, observed: list[CallObservation]) -> Iterator[O2G]:
    door = O2G(endpoint, observe=observed.append)
    yield door
    door.close()


@pytest.fixture
def deadline() -> Deadline:
    return Deadline.after(60)  # of a whole test's calls, on a machine that does other work, too


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Poll until something holds."""

    def wait(holds: Callable[[], object]) -> None:
        end = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < end, "it never came about"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningO2G]:
    """A simulated O2G of a test module's own."""
    with simulated_o2g(users=200, seed=1) as running:
        yield running


@pytest.fixture(scope="module")
def simulated(simulator: RunningO2G) -> Iterator[O2G]:
    """Touchline's door to the simulated O2G."""
    door = O2G(O2GEndpoint(simulator.url, simulator.login, simulator.password, ca=simulator.ca))
    yield door
    door.close()


@pytest.fixture(scope="module")
def world(simulator: RunningO2G) -> Iterator[httpx.Client]:
    """What can be done to the simulated O2G beside its REST API: paths below `/simulator`."""
    with httpx.Client(base_url=simulator.control) as client:
        yield client
