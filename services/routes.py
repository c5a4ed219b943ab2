"""Routes as O2G writes them: read so that nothing that is set looks as if it were not, written exactly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BeforeValidator

from services.border import MaybeFlag, MaybeText, OpenEnum, Reading, Shape, Writing, one
from services.errors import BadParameter
from services.numbers import dialable


class Condition(OpenEnum):
    """When calls are diverted (ForwardType, OverflowType); IMMEDIATE, of forwards only, is O2G's saying none (A49)."""

    IMMEDIATE = "IMMEDIATE"
    BUSY = "BUSY"
    NO_ANSWER = "NO_ANSWER"
    BUSY_NO_ANSWER = "BUSY_NO_ANSWER"
    UNKNOWN = "UNKNOWN"


class DestinationKind(OpenEnum):
    """What calls are diverted to (DestinationType); UNKNOWN also for one that the reference does not have (A49)."""

    VOICEMAIL = "VOICEMAIL"
    NUMBER = "NUMBER"
    OFFICE = "OFFICE"
    MOBILE = "MOBILE"
    UNKNOWN = "UNKNOWN"


class RemoteExtension(OpenEnum):
    """Whether a user's remote extension rings, too; ABSENT: the user has none; UNKNOWN: O2G does not say."""

    ON = "ON"
    OFF = "OFF"
    ABSENT = "ABSENT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where calls go; `number` is empty where O2G gives none. What can be set: `VOICEMAIL` and `Destination.to(…)`."""

    kind: DestinationKind
    number: str = ""

    @classmethod
    def to(cls, number: str) -> Self:
        """Name a number: digits, `+ * # A-D ( )` and spaces, at most 49 characters.

        Raises:
            BadParameter: it is none.
        """
        return cls(DestinationKind.NUMBER, dialable(number))


VOICEMAIL = Destination(DestinationKind.VOICEMAIL)


@dataclass(frozen=True, slots=True)
class Route:
    """A forward or an overflow: when, and where to."""

    condition: Condition
    destination: Destination


@dataclass(frozen=True, slots=True)
class RoutingState:
    """All of a user's routing.

    Attributes:
        do_not_disturb: whether it is on; None where O2G does not say.
        forward: None: there is none. One that cannot be understood is a route with UNKNOWN in it.
        overflow: likewise.
        remote_extension: whether it rings.
    """

    do_not_disturb: bool | None
    forward: Route | None
    overflow: Route | None
    remote_extension: RemoteExtension


class _Destination(Reading):
    type: MaybeText = None
    number: MaybeText = None
    selected: MaybeFlag = None  # A60


def _said(value: object) -> str | None:
    """Read a type whose absence means something: what is there and is no text is not absent."""
    return value if value is None or isinstance(value, str) else "UNKNOWN"


def _each(shape: type[Shape], broken: Shape) -> BeforeValidator:
    """Read a list of objects, with `broken` for each that is none: left out, it would look as if nothing were set."""

    def read(value: object) -> tuple[Shape, ...] | None:
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        return tuple(shape.model_validate(item) if isinstance(item, dict) else broken for item in items)

    return BeforeValidator(read)


Type = Annotated[str | None, BeforeValidator(_said)]
Destinations = Annotated[tuple[_Destination, ...] | None, _each(_Destination, _Destination())]


class RouteReading(Reading):
    """A forward or an overflow."""

    forward_type: Type = None
    overflow_type: Type = None
    destinations: Destinations = None


class _Presentation(Reading):
    destinations: Destinations = None


Routes = Annotated[tuple[RouteReading, ...] | None, _each(RouteReading, RouteReading(forwardType="UNKNOWN"))]


class RoutesReading(Reading):
    """Routes in a list, or one alone."""

    routes: Routes = None


class DoNotDisturbReading(Reading):
    """Do not disturb; its value may come as a text (A61)."""

    activate: MaybeFlag = None


class StateReading(Reading):
    """A routing state; without any of its parts where the user has none (A64)."""

    presentation_routes: Annotated[tuple[_Presentation, ...] | None, _each(_Presentation, _Presentation())] = None
    forward_routes: Routes = None
    overflow_routes: Routes = None
    dnd_state: Annotated[DoNotDisturbReading | None, one(DoNotDisturbReading)] = None


class DestinationWritten(Writing):
    """A destination; `number` for NUMBER only (A63), `selected` for MOBILE only."""

    type: str
    number: str | None = None
    selected: bool | None = None


class ForwardRoute(Writing):
    """A forward; without a type it is immediate."""

    forward_type: str | None
    destinations: tuple[DestinationWritten]


class OverflowRoute(Writing):
    """An overflow."""

    overflow_type: str
    destinations: tuple[DestinationWritten]


class PresentationRoute(Writing):
    """Which of a user's sets ring beside the office one."""

    destinations: tuple[DestinationWritten]


def state_in(found: StateReading) -> RoutingState:
    """Give a routing state in our words."""
    return RoutingState(
        do_not_disturb=found.dnd_state.activate if found.dnd_state is not None else None,
        forward=forward_in(found.forward_routes),
        overflow=overflow_in(found.overflow_routes),
        remote_extension=_remote_extension(found.presentation_routes or ()),
    )


def forward_in(found: tuple[RouteReading, ...] | None) -> Route | None:
    """Give the forward of a list; None: there is none."""
    return _route(found, lambda route: "IMMEDIATE" if route.forward_type is None else route.forward_type)


def overflow_in(found: tuple[RouteReading, ...] | None) -> Route | None:
    """Give the overflow of a list; None: there is none."""
    return _route(found, lambda route: route.overflow_type or "")


def _route(found: tuple[RouteReading, ...] | None, condition: Callable[[RouteReading], str]) -> Route | None:
    for route in found or ():
        if not route.destinations and route.forward_type is None and route.overflow_type is None:
            continue  # B16: an empty object is none
        to = route.destinations[0] if route.destinations else _Destination()
        return Route(Condition(condition(route)), Destination(DestinationKind(to.type or ""), to.number or ""))
    return None


def _remote_extension(routes: tuple[_Presentation, ...]) -> RemoteExtension:
    unknown = (_Destination(),)
    destinations = [to for route in routes for to in (unknown if route.destinations is None else route.destinations)]
    selected = [to.selected for to in destinations if to.type == "MOBILE"]
    if True in selected:
        return RemoteExtension.ON
    if None in selected or any(to.type is None for to in destinations):
        return RemoteExtension.UNKNOWN
    return RemoteExtension.OFF if selected else RemoteExtension.ABSENT


def settable(condition: Condition) -> str:
    """Give a condition as O2G takes it.

    Raises:
        BadParameter: it has no name at O2G.
    """
    if condition in (Condition.IMMEDIATE, Condition.UNKNOWN):
        raise BadParameter("calls cannot be diverted on this condition")
    return condition.value


def written(destination: Destination) -> DestinationWritten:
    """Give a destination as O2G takes it.

    Raises:
        BadParameter: calls cannot be sent there.
    """
    if destination.kind is DestinationKind.VOICEMAIL:
        return DestinationWritten(type="VOICEMAIL")
    if destination.kind is DestinationKind.NUMBER:
        return DestinationWritten(type="NUMBER", number=dialable(destination.number))
    raise BadParameter("calls cannot be diverted there")
