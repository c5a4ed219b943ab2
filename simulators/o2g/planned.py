"""Incidents that the options plan: what, and how many seconds of the simulation's clock after `ready`."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from simulators.o2g.o2g import O2G
from simulators.o2g.wire.control_desk import Strict
from simulators.o2g.wire.control_faults import ChannelWanted, RestartWanted
from simulators.o2g.world.nodes import load_nodes

LATEST = 10_000_000  # seconds, the most that the clock is moved at once


class Planned(Strict):
    """Something to happen `after` so many seconds; the other fields are those of the control interface's route."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    after: float = Field(ge=0, le=LATEST)

    def happen(self, o2g: O2G) -> None:
        """Let it happen to this O2G, now."""
        raise NotImplementedError


class SessionsLost(Planned):
    """Sessions are lost without a word, of one login or (None) all: `DELETE /simulator/sessions`."""

    what: Literal["sessions_lost"]
    login: str | None = Field(default=None, min_length=1)

    def happen(self, o2g: O2G) -> None:
        """Lose them."""
        if self.login is None:
            o2g.sessions.lose_all()
        else:
            o2g.sessions.lose(self.login)


class ChannelsBroken(Planned, ChannelWanted):
    """Event channels fail, of one login or all: `POST /simulator/channels`."""

    what: Literal["channels_broken"]

    def happen(self, o2g: O2G) -> None:
        """Break them."""
        o2g.incidents.fail_channels(self.fault, self.loginName)


class _OfLink(Planned):
    node: str  # its number; one of the world's

    @field_validator("node")
    @classmethod
    def _known(cls, node: str) -> str:
        known = load_nodes()
        if node not in known:
            raise ValueError(f"no such node; there are {', '.join(known)}")
        return node


class LinkDown(_OfLink):
    """The CTI link of a node is lost: `DELETE /simulator/cti-links/{node}` (L101)."""

    what: Literal["link_down"]

    def happen(self, o2g: O2G) -> None:
        """Drop it."""
        o2g.links.drop(self.node)


class LinkUp(_OfLink):
    """The CTI link of a node is there again: `PUT /simulator/cti-links/{node}` (L101)."""

    what: Literal["link_up"]

    def happen(self, o2g: O2G) -> None:
        """Restore it."""
        o2g.links.restore(self.node)


class Restart(Planned, RestartWanted):
    """O2G stops, and starts again: `POST /simulator/restart`."""

    what: Literal["restart"]

    def happen(self, o2g: O2G) -> None:
        """Begin it."""
        o2g.background(o2g.incidents.restart(self.down_seconds))


class SwitchOver(Planned, RestartWanted):
    """A second instance takes over at the same address: `POST /simulator/switch-over` (L156)."""

    what: Literal["switch_over"]

    def happen(self, o2g: O2G) -> None:
        """Begin it."""
        o2g.background(o2g.incidents.restart(self.down_seconds, other_instance=True))


Plan = list[
    Annotated[
        SessionsLost | ChannelsBroken | LinkDown | LinkUp | Restart | SwitchOver,
        Field(discriminator="what"),
    ]
]
_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


def planned(text: str) -> Plan:
    """Read the option, a JSON list.

    Raises:
        ValueError: it is no plan; the message names each incident (the first is 1), its field, and what is wrong.
    """
    try:
        return _PLAN.validate_json(text)
    except ValidationError as error:
        wrong = [_told(fault["loc"], fault["msg"]) for fault in error.errors(include_url=False, include_input=False)]
        raise ValueError("; ".join(wrong)) from error


def put_on_the_clock(plan: Iterable[Planned], o2g: O2G) -> None:
    """Let each incident happen when its time has come, counted from now."""
    for incident in plan:
        o2g.clock.after(incident.after, partial(incident.happen, o2g))


def _told(place: tuple[int | str, ...], message: str) -> str:
    if not place:
        return message
    number, *field = place
    where = f"incident {int(number) + 1}"
    if len(field) > 1:  # what it is, and its field
        where += f" ({field[0]}), {field[-1]}"
    return f"{where}: {message}"
