"""Touchline's door to a simulated O2G that tells of changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.live.state import LiveMode, LiveStatus
from services.o2g import O2G, LiveOptions
from simulators.o2g.process import RunningO2G, simulated_o2g

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class LiveDoor:
    """A door that listens, what it asked O2G, and the world behind."""

    o2g: O2G
    asked: list[str]
    world: httpx.Client
    until: Until

    @property
    def status(self) -> LiveStatus:
        return self.o2g.live.status()

    def listen(self) -> None:
        """Want somebody's state, and wait until events come."""
        self.o2g.users.by_number("70000", self.soon)
        self.until(lambda: self.status.connected)

    @property
    def soon(self) -> Deadline:
        return Deadline.after(10)

    def counters(self, number: str, **counters: int | None) -> None:
        self.world.put(f"/users/{number}/eventSummary", json=counters).raise_for_status()

    def missed_calls(self, number: str) -> int | None:
        return self.o2g.event_summary.of(f"oxe{number}", self.soon).missed_calls

    def events(self, **burst: Any) -> None:
        self.world.post("/events", json=burst).raise_for_status()

    def asked_for(self, what: Callable[[], object]) -> list[str]:
        """Tell which requests something made."""
        before = len(self.asked)
        what()
        own = ("subscriptions", "snapshot", "system/status")  # what keeps the state live
        return [asked for asked in self.asked[before:] if not any(part in asked for part in own)]


@contextmanager
def door_to(
    simulator: RunningO2G,
    until: Until,
    *,
    silence: float = 30,
    mode: LiveMode = LiveMode.CHANNEL,
    webhook_address: str = "",
    other_url: str | None = None,
    user_cache_seconds: int = 600,
) -> Iterator[LiveDoor]:
    asked: list[str] = []
    o2g = O2G(
        O2GEndpoint(simulator.url, simulator.login, simulator.password, ca=simulator.ca, other_url=other_url),
        user_cache_seconds=user_cache_seconds,
        observe=lambda seen: asked.append(seen.operation),
        live=LiveOptions(mode, silence_seconds=silence, webhook_address=webhook_address),
    )
    with httpx.Client(base_url=simulator.control) as world:
        try:
            yield LiveDoor(o2g, asked, world, until)
        finally:
            o2g.close()
            world.delete("/faults")


@pytest.fixture
def live(simulator: RunningO2G, until: Until) -> Iterator[LiveDoor]:
    with door_to(simulator, until) as door:
        door.listen()
        yield door


@contextmanager
def own_simulator(*options: str) -> Iterator[RunningO2G]:
    with simulated_o2g(users=60, seed=1, options=options) as running:
        yield running
