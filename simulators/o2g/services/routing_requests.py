"""What a client asks of routing, and which routes O2G takes; errors tell type, cause and destination."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator

from simulators.o2g.wire.answers import ErrorType, Refusal
from simulators.o2g.world.nodes import OTHER_VOICE_MAILS
from simulators.o2g.world.people import Person
from simulators.o2g.world.routing import Condition, Route, Target
from simulators.o2g.world.world import World

NUMBER = re.compile(r"[+]?[0-9A-D*#() ]{1,49}")  # (L12)
OUR_RANGE = re.compile(r"7[0-9]{4}")  # the first directory numbers of the company; what is not given out is nobody's
SHORTEST_DIALLED = 5  # digits of a complete number in the dial plan; shorter ones are the beginning of one, or nothing
DESTINATIONS = frozenset({"OFFICE", "MOBILE", "VOICEMAIL", "NUMBER"})

R = TypeVar("R")


def _listed(value: Any) -> Any:
    """ALE's TypeScript client sends one route where the reference wants a list (B28)."""
    return [value] if isinstance(value, dict) else value


class Destination(BaseModel):
    """An end of a route; `selected` may come as a text (A60)."""

    type: str
    number: str | None = None
    selected: bool | None = None


class ForwardRoute(BaseModel):
    """A forward as the API writes it; without a type it is immediate."""

    forwardType: str | None = None
    destinations: list[Destination] | None = None


class OverflowRoute(BaseModel):
    """An overflow as the API writes it."""

    overflowType: str | None = None
    destinations: list[Destination] | None = None


class PresentationRoute(BaseModel):
    """Which of a person's sets ring."""

    destinations: list[Destination]


class SetForward(BaseModel):
    """Body of POST /routing/forwardroute."""

    forwardRoute: ForwardRoute | None = None


class SetOverflow(BaseModel):
    """Body of POST /routing/overflowroute."""

    overflowRoutes: Annotated[list[OverflowRoute] | None, BeforeValidator(_listed)] = None


class SetRoutes(BaseModel):
    """Body of POST /routing."""

    presentationRoutes: list[PresentationRoute] | None = None
    forwardRoutes: list[ForwardRoute] | None = None


def routing_refusal(error_type: str, cause: str, message: str, destination: str | None = None) -> Refusal:
    """Refuse with RoutingErrorInfo: 403 for what the user may not, 400 for what is wrong with the request."""
    unauthorized = error_type == "UNAUTHORIZED"
    info = {"errorType": error_type, "errorCause": cause, "message": message}
    if destination is not None:
        info["destinationType"] = destination if destination in DESTINATIONS else "UNKNOWN"
    kind = ErrorType.NOT_ALLOWED if unauthorized else ErrorType.BAD_PARAMETER
    return Refusal(kind, 403 if unauthorized else 400, message, {"routing": info})


def forward_of(world: World, person: Person, routes: list[ForwardRoute] | None) -> Route:
    """Read the one forward of a request.

    Raises:
        Refusal: with the cause that the reference gives.
    """
    route = _only(routes, "INVALID_FORWARD_ROUTE", "forward route")
    condition = Condition.IMMEDIATE
    if route.forwardType is not None:
        condition = _condition(route.forwardType, "INVALID_FORWARD_ROUTE")
    made = _route(world, person, condition, route.destinations, "INVALID_FORWARD_ROUTE")
    if made.number is not None and world.routing.loops(person, made.number):
        raise routing_refusal("BAD_PARAMETER_VALUE", "INVALID_FORWARD_ROUTE", "the forward leads back", "NUMBER")
    return made


def overflow_of(world: World, person: Person, routes: list[OverflowRoute] | None) -> Route:
    """Read the one overflow of a request.

    Raises:
        Refusal: with the cause that the reference gives.
    """
    route = _only(routes, "INVALID_OVERFLOW_ROUTE", "overflow route")
    if route.overflowType is None:
        raise routing_refusal("BAD_PARAMETER_VALUE", "INVALID_OVERFLOW_ROUTE", "overflowType is missing")
    condition = _condition(route.overflowType, "INVALID_OVERFLOW_ROUTE")
    return _route(world, person, condition, route.destinations, "INVALID_OVERFLOW_ROUTE")


def remote_extension_wanted(routes: list[PresentationRoute]) -> bool:
    """Tell whether a request wants the remote extension to ring: what it says of MOBILE, nothing else (B29).

    Raises:
        Refusal: for more than one route, for another destination than MOBILE, or where it does not say.
    """
    if len(routes) != 1:
        raise routing_refusal("BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", "one presentation route")
    wanted: bool | None = None
    for destination in routes[0].destinations:
        if destination.type == "MOBILE":
            wanted = destination.selected
        elif destination.type != "OFFICE" or destination.selected is False:
            message = "only MOBILE can be selected or not; OFFICE always is"
            raise routing_refusal("INVALID_OPERATION", "INVALID_CURRENT_DEVICE", message, destination.type)
    if wanted is None:
        raise routing_refusal("BAD_PARAMETER_VALUE", "NULL_PARAMETER", "selected is missing for MOBILE", "MOBILE")
    return wanted


def _only(routes: list[R] | None, cause: str, what: str) -> R:
    if not routes:
        empty = "NULL_PARAMETER" if routes is None else "NULL_OR_EMPTY_PARAMETER"
        raise routing_refusal("BAD_PARAMETER_VALUE", empty, f"the {what} is missing")
    if len(routes) > 1:
        raise routing_refusal("BAD_PARAMETER_VALUE", cause, f"only one {what} can be set")
    return routes[0]


def _condition(name: str, cause: str) -> Condition:
    if name not in Condition.__members__ or name == Condition.IMMEDIATE:
        raise routing_refusal("BAD_PARAMETER_VALUE", cause, "the type is BUSY, NO_ANSWER or BUSY_NO_ANSWER")
    return Condition(name)


def _route(
    world: World, person: Person, condition: Condition, destinations: list[Destination] | None, cause: str
) -> Route:
    if not destinations:
        raise routing_refusal("BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", "destinations is missing")
    if len(destinations) > 1:
        raise routing_refusal("BAD_PARAMETER_VALUE", cause, "only one destination can be used")
    destination = destinations[0]
    if destination.type == Target.VOICEMAIL:
        if person.voicemail is None:
            message = "the user has no voice mail"
            raise routing_refusal("UNAUTHORIZED", "UNAUTHORIZED_PHONE_NUMBER", message, destination.type)
        return Route(condition, Target.VOICEMAIL)
    if destination.type != Target.NUMBER:
        raise routing_refusal("BAD_PARAMETER_VALUE", cause, "the destination is VOICEMAIL or NUMBER", destination.type)
    return Route(condition, Target.NUMBER, _number(world, person, destination.number))


def _number(world: World, person: Person, number: str | None) -> str:
    if not number:
        raise routing_refusal("BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", "number is missing", "NUMBER")
    if not NUMBER.fullmatch(number):
        raise routing_refusal("BAD_PARAMETER_VALUE", "BAD_PHONE_NUMBER_FORMAT", "not a phone number", "NUMBER")
    own = {person.number, *(device.id for device in person.devices)}
    if number in own or number in OTHER_VOICE_MAILS or any(number == node.voicemail for node in world.nodes.values()):
        message = "own numbers, own sets and service numbers cannot be destinations"
        raise routing_refusal("UNAUTHORIZED", "UNAUTHORIZED_PHONE_NUMBER", message, "NUMBER")
    if number.isdigit() and number not in world.by_device and number not in world.by_number:
        if len(number) < SHORTEST_DIALLED:
            known = any(directory_number.startswith(number) for directory_number in world.by_number)
            error = "INCOMPLETE_PHONE_NUMBER" if known else "UNKNOWN_PHONE_NUMBER"
            raise routing_refusal(error, "UNKNOWN", "the number cannot be resolved in the dial plan", "NUMBER")
        if OUR_RANGE.fullmatch(number):
            raise routing_refusal("UNKNOWN_PHONE_NUMBER", "UNKNOWN", "nobody has this number", "NUMBER")
    return number
