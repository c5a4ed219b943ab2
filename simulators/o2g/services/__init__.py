"""The services of the REST API, one module each. Importing them names which operation each function answers."""

from simulators.o2g.services import (
    authentication,
    call_centre_agent,
    call_centre_supervision,
    communication_log,
    directory,
    event_summary,
    phone_set_keys,
    phone_sets,
    preferences,
    routing,
    sessions,
    subscriptions,
    telephony,
    user_management,
    users,
    voicemail,
)

__all__ = [
    "authentication",
    "call_centre_agent",
    "call_centre_supervision",
    "communication_log",
    "directory",
    "event_summary",
    "phone_set_keys",
    "phone_sets",
    "preferences",
    "routing",
    "sessions",
    "subscriptions",
    "telephony",
    "user_management",
    "users",
    "voicemail",
]
