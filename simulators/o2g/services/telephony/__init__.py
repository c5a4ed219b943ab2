"""Call control: one module for each subject. Importing them names which operation each function answers."""

from simulators.o2g.services.telephony import (
    basic_calls,
    call_services,
    calls,
    devices,
    hunting_groups,
    notes,
    routing_of_calls,
    state,
)

__all__ = [
    "basic_calls",
    "call_services",
    "calls",
    "devices",
    "hunting_groups",
    "notes",
    "routing_of_calls",
    "state",
]
