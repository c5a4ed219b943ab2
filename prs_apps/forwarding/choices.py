"""What can be switched and diverted, as data: how each is named, read, offered and set."""

from collections.abc import Callable
from dataclasses import dataclass

from prs.errors import N_
from services.deadline import Deadline
from services.routing import (
    Condition,
    Destination,
    RemoteExtension,
    Route,
    Routing,
    RoutingCapabilities,
    RoutingState,
)


@dataclass(frozen=True, slots=True)
class Toggle:
    """Something that is on or off; None where O2G does not say, or the user has no such thing."""

    id: str
    name: str
    value: Callable[[RoutingState], bool | None]
    allowed: Callable[[RoutingCapabilities], bool | None]
    set: Callable[[Routing, str, bool, Deadline], None]


@dataclass(frozen=True, slots=True)
class Diversion:
    """Somewhere else that calls go: on which conditions, how it is read, set and cancelled."""

    id: str
    name: str
    conditions: tuple[Condition, ...]
    route: Callable[[RoutingState], Route | None]
    allowed: Callable[[RoutingCapabilities], bool | None]
    set: Callable[[Routing, str, Condition, Destination, Deadline], None]
    cancel: Callable[[Routing, str, Deadline], None]


REMOTE_EXTENSION = {RemoteExtension.ON: True, RemoteExtension.OFF: False}

TOGGLES = (
    Toggle(
        "do_not_disturb",
        N_("Do not disturb"),
        value=lambda state: state.do_not_disturb,
        allowed=lambda may: may.do_not_disturb,
        set=Routing.set_do_not_disturb,
    ),
    Toggle(
        "remote_extension",
        N_("Mobile rings, too"),
        value=lambda state: REMOTE_EXTENSION.get(state.remote_extension),
        allowed=lambda may: may.remote_extension,
        set=Routing.set_remote_extension,
    ),
)

DIVERSIONS = (
    Diversion(
        "forward",
        N_("Forward"),
        (Condition.IMMEDIATE, Condition.BUSY, Condition.NO_ANSWER, Condition.BUSY_NO_ANSWER),
        route=lambda state: state.forward,
        allowed=lambda may: may.forward,
        set=Routing.set_forward,
        cancel=Routing.cancel_forward,
    ),
    Diversion(
        "overflow",
        N_("Overflow"),
        (Condition.BUSY, Condition.NO_ANSWER, Condition.BUSY_NO_ANSWER),
        route=lambda state: state.overflow,
        allowed=lambda may: may.overflow,
        set=Routing.set_overflow,
        cancel=Routing.cancel_overflow,
    ),
)

# How a condition is offered, and how the sentence about a route ends: to a number, and to voicemail.
CONDITIONS = {
    Condition.IMMEDIATE: N_("At once"),
    Condition.BUSY: N_("When busy"),
    Condition.NO_ANSWER: N_("When nobody answers"),
    Condition.BUSY_NO_ANSWER: N_("Busy or no answer"),
}
SENTENCES = {
    Condition.IMMEDIATE: (N_("Calls go to {number}."), N_("Calls go to voicemail.")),
    Condition.BUSY: (N_("Calls go to {number} when you are busy."), N_("Calls go to voicemail when you are busy.")),
    Condition.NO_ANSWER: (
        N_("Calls go to {number} when you do not answer."),
        N_("Calls go to voicemail when you do not answer."),
    ),
    Condition.BUSY_NO_ANSWER: (
        N_("Calls go to {number} when you are busy or do not answer."),
        N_("Calls go to voicemail when you are busy or do not answer."),
    ),
    Condition.UNKNOWN: (
        N_("Calls go to {number} on a condition that is not known here."),
        N_("Calls go to voicemail on a condition that is not known here."),
    ),
}
