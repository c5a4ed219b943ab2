"""A user's call log at the simulated O2G: calls leave records, which are shown, acknowledged, deleted."""

from datetime import UTC

import httpx
import pytest

from services.call_records import CallReason, CallRecord, Direction
from services.communication_log import CallLogFilter
from services.deadline import Deadline
from services.errors import NotFound
from services.o2g import O2G
from services.routing import Condition, Destination

ANNA, BEN, CLARA = "70000", "70001", "70002"
LOGIN = f"oxe{ANNA}"


def call(world: httpx.Client, caller: str, callee: str, *, answered: bool) -> None:
    """Place a call and end it."""
    placed = world.post("/calls", json={"caller": caller, "callee": callee}).raise_for_status().json()["callRef"]
    if answered:
        assert world.post(f"/calls/{placed}/answer", json={}).raise_for_status().json()["answered"]
        world.post("/clock", json={"seconds": 65}).raise_for_status()
    world.post(f"/calls/{placed}/hangup", json={}).raise_for_status()


def newest(o2g: O2G, deadline: Deadline, which: CallLogFilter = CallLogFilter.ALL, login: str = LOGIN) -> CallRecord:
    return o2g.communication_log.page(login, which, 0, 1, deadline).records[0]


def numbers(record: CallRecord) -> list[str]:
    return [other.party.number if other.party is not None else "" for other in record.others]


def test_a_missed_call_is_counted_shown_and_acknowledged(
    simulated: O2G, world: httpx.Client, deadline: Deadline
) -> None:
    before = simulated.communication_log.unacknowledged_missed(LOGIN, deadline)
    assert before is not None
    call(world, BEN, ANNA, answered=False)
    assert simulated.communication_log.unacknowledged_missed(LOGIN, deadline) == before + 1
    missed = newest(simulated, deadline, CallLogFilter.MISSED)
    assert missed == newest(simulated, deadline)
    assert (missed.direction, missed.missed, missed.acknowledged) == (Direction.INCOMING, True, False)
    assert (numbers(missed), missed.conversation) == ([BEN], None)
    assert missed.began is not None
    assert missed.began.tzinfo is UTC
    assert missed.id is not None
    simulated.communication_log.acknowledge(LOGIN, [missed.id], deadline)
    assert simulated.communication_log.unacknowledged_missed(LOGIN, deadline) == before
    assert simulated.communication_log.record(LOGIN, missed.id, deadline).acknowledged is not False


def test_a_call_from_both_sides(simulated: O2G, world: httpx.Client, deadline: Deadline) -> None:
    call(world, ANNA, CLARA, answered=True)
    placed = newest(simulated, deadline, CallLogFilter.PLACED)
    assert (placed.direction, placed.answered, placed.missed) == (Direction.OUTGOING, True, False)
    assert (numbers(placed), placed.first_called, placed.rerouted_to) == ([CLARA], None, None)
    assert placed.conversation is not None
    assert 65 <= placed.conversation.total_seconds() < 70
    received = newest(simulated, deadline, CallLogFilter.RECEIVED, f"oxe{CLARA}")
    assert (received.direction, received.answered, numbers(received)) == (Direction.INCOMING, True, [ANNA])


def test_a_forwarded_call(simulated: O2G, world: httpx.Client, deadline: Deadline) -> None:
    simulated.routing.set_forward(LOGIN, Condition.IMMEDIATE, Destination.to(CLARA), deadline)
    call(world, BEN, ANNA, answered=True)
    simulated.routing.cancel_forward(LOGIN, deadline)
    here, there = newest(simulated, deadline), newest(simulated, deadline, login=f"oxe{CLARA}")
    assert numbers(here)[0] == numbers(there)[0] == BEN
    assert here.rerouted_to is not None
    assert here.rerouted_to.number == CLARA
    assert there.first_called is not None
    assert there.first_called.number == ANNA
    assert (there.rerouted_to, there.reason) == (None, CallReason.FORWARDED)


def test_pages_follow_each_other(simulated: O2G, deadline: Deadline) -> None:
    everything = simulated.communication_log.page(LOGIN, CallLogFilter.ALL, 0, 100, deadline)
    assert everything.total == len(everything.records) > 3
    found: list[CallRecord] = []
    offset, more = 0, True
    while more:
        page = simulated.communication_log.page(LOGIN, CallLogFilter.ALL, offset, 3, deadline)
        found += page.records
        offset, more = offset + 3, page.more
    assert tuple(found) == everything.records


def test_what_came_after_the_user_looked_stays(simulated: O2G, world: httpx.Client, deadline: Deadline) -> None:
    log = simulated.communication_log
    call(world, BEN, ANNA, answered=False)
    looked = log.page(LOGIN, CallLogFilter.MISSED, 0, 8, deadline).just_after
    world.post("/clock", json={"seconds": 5}).raise_for_status()
    call(world, CLARA, ANNA, answered=False)
    log.acknowledge(LOGIN, log.waiting(LOGIN, deadline, before=looked), deadline)
    assert log.unacknowledged_missed(LOGIN, deadline) == 1
    log.delete_all(LOGIN, deadline, which=CallLogFilter.MISSED, before=looked)
    (left,) = log.page(LOGIN, CallLogFilter.MISSED, 0, 8, deadline).records
    assert numbers(left) == [CLARA]
    assert log.page(LOGIN, CallLogFilter.PLACED, 0, 8, deadline).records


def test_records_are_deleted(simulated: O2G, deadline: Deadline) -> None:
    log = simulated.communication_log
    first, *_ = log.page(LOGIN, CallLogFilter.ALL, 0, 8, deadline).records
    assert first.id is not None
    for _ in range(2):  # the second time it is gone already
        log.delete(LOGIN, [first.id], deadline)
    with pytest.raises(NotFound):
        log.record(LOGIN, first.id, deadline)
    log.delete_all(LOGIN, deadline)
    page = log.page(LOGIN, CallLogFilter.ALL, 0, 8, deadline)
    assert (page.records, page.total, page.more) == ((), 0, False)
    assert log.waiting(LOGIN, deadline) == ()
