"""What O2G tells of calls, records and counters: the representations that reads and events share."""

from simulators.o2g.events.calls import state_of, view
from simulators.o2g.events.changes import (
    Announcer,
    device_event,
    device_state,
    dynamic_state_event,
    telephony_state_event,
)
from simulators.o2g.events.counters import summary, summary_event
from simulators.o2g.events.parties import described, party
from simulators.o2g.events.records import moment, record_event, record_seen, shortened
from simulators.o2g.events.telling import tell

__all__ = [
    "Announcer",
    "described",
    "device_event",
    "device_state",
    "dynamic_state_event",
    "moment",
    "party",
    "record_event",
    "record_seen",
    "shortened",
    "state_of",
    "summary",
    "summary_event",
    "telephony_state_event",
    "tell",
    "view",
]
