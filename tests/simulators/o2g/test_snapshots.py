"""Snapshots: one at a time, in portions, so that nobody waits for 100,000 users to be told of (L64)."""

from simulators.o2g.clock import Clock
from simulators.o2g.rules.snapshots import BETWEEN, PORTION, Snapshots
from simulators.o2g.world.people import Person, populate

SOON = 0.1  # seconds, enough for a snapshot to begin


async def test_L64_a_second_snapshot_while_one_is_running_has_no_effect() -> None:
    clock, people = Clock(), populate(40, 1)
    told: list[Person] = []
    snapshots = Snapshots(clock)
    snapshots.begin("routing", people, told.append)
    snapshots.begin("routing", people, told.append)
    snapshots.begin("telephony", people[:1], told.append)
    assert told == []
    clock.advance(SOON)
    assert len(told) == len(people) + 1
    snapshots.begin("routing", people, told.append)
    clock.advance(SOON)
    assert len(told) == 2 * len(people) + 1


async def test_many_are_told_of_in_portions() -> None:
    clock, people = Clock(), populate(PORTION + 1, 1)
    told: list[Person] = []
    Snapshots(clock).begin("routing", people, told.append)
    clock.advance(BETWEEN)
    assert len(told) == PORTION
    clock.advance(BETWEEN + SOON)
    assert told == people
