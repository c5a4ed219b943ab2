"""What waits for a user: the event summary."""

from typing import Any

from simulators.o2g.world.people import Person
from simulators.o2g.world.world import Counters

Json = dict[str, Any]


def summary(counters: Counters) -> Json:
    """Describe what waits for a user (EventSummary); what is unknown is left out (L132)."""
    known = {name: count for name, count in counters.numbers.items() if count is not None}
    waiting = any(count for name, count in known.items() if name != "oldTextNb")
    return {**known, "eventWaiting": waiting}


def summary_event(person: Person, counters: Counters) -> Json:
    """Tell that a user's counters changed (OnEventSummaryUpdated)."""
    return {"eventName": "OnEventSummaryUpdated", "loginName": person.login, "eventSummary": summary(counters)}
