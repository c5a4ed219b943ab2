"""Routing: forward, overflow, do not disturb, remote extension; one state that calls follow (L124 to L126)."""

from collections.abc import Callable

from simulators.o2g.o2g import O2G
from simulators.o2g.services.routing_requests import (
    SetForward,
    SetOverflow,
    SetRoutes,
    forward_of,
    overflow_of,
    remote_extension_wanted,
    routing_refusal,
)
from simulators.o2g.wire.answers import NO_CONTENT, Answer, Json, json_answer, not_allowed
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.routing import Condition, Route, Routing, Target, remote_extension_of

NOTHING = Answer(200)  # no route: an empty body, as ALE's clients want it (B16)
SNAPSHOT = "routing"


def routing_state(person: Person, routing: Routing) -> Json:
    """Describe a person's routing (RoutingState), for reads and events."""
    office: Json = {"type": "OFFICE", "selected": True}
    if person.devices:
        office["deviceId"] = person.devices[0].id
    destinations = [office]
    remote = remote_extension_of(person)
    if remote is not None:
        destinations.append({"type": "MOBILE", "deviceId": remote, "selected": routing.remote_extension})
    state: Json = {
        "presentationRoutes": [{"destinations": destinations}],
        "dndState": {"activate": routing.do_not_disturb},
    }
    if routing.forward is not None:
        state["forwardRoutes"] = [_written(routing.forward, "forwardType")]
    if routing.overflow is not None:
        state["overflowRoutes"] = [_written(routing.overflow, "overflowType")]
    return state


def tell_routing(o2g: O2G, person: Person) -> None:
    """Send a person's routing to whoever subscribed to it (OnRoutingStateChanged)."""
    state = routing_state(person, o2g.world.routing.of(person))
    o2g.subscriptions.publish({"eventName": "OnRoutingStateChanged", "loginName": person.login, "routingState": state})


def change_routing(o2g: O2G, person: Person, change: Callable[[Routing], None]) -> None:
    """Change a person's routing; tell it if something is different afterwards."""
    routing = o2g.world.routing.of(person)
    before = routing_state(person, routing)
    change(routing)
    if routing_state(person, routing) != before:
        tell_routing(o2g, person)


@operation("GET", "/routing")
def capabilities(request: Request) -> Answer:
    """Tell what of the routing a user may change."""
    person = request.subject()
    routing = request.o2g.world.routing.of(person)
    return json_answer(
        {
            "presentationRoute": remote_extension_of(person) is not None,
            "forwardRoute": routing.may_forward,
            "overflowRoute": routing.may_overflow,
            "dnd": routing.may_not_disturb,
        }
    )


@operation("POST", "/routing")
def set_routes(request: Request) -> Answer:
    """Switch the remote extension on or off, or set the forward; all or nothing."""
    person = request.subject()
    wanted = request.read(SetRoutes)
    if wanted.presentationRoutes is None and wanted.forwardRoutes is None:
        raise routing_refusal("BAD_PARAMETER_VALUE", "NULL_OR_EMPTY_PARAMETER", "no route")
    forward = None
    remote: bool | None = None
    if wanted.forwardRoutes is not None:
        _may_forward(request, person)
        forward = forward_of(request.o2g.world, person, wanted.forwardRoutes)
    if wanted.presentationRoutes is not None:
        remote = remote_extension_wanted(wanted.presentationRoutes)
        if remote_extension_of(person) is None:
            message = "the user has no remote extension"
            raise routing_refusal("INVALID_OPERATION", "INVALID_CURRENT_DEVICE", message, "MOBILE")

    def change(routing: Routing) -> None:
        routing.forward = forward or routing.forward
        routing.remote_extension = routing.remote_extension if remote is None else remote

    change_routing(request.o2g, person, change)
    return NO_CONTENT


@operation("GET", "/routing/forwardroute")
def show_forward(request: Request) -> Answer:
    """Show the forward; an empty body where there is none."""
    forward = request.o2g.world.routing.of(request.subject()).forward
    return NOTHING if forward is None else json_answer(_written(forward, "forwardType"))


@operation("POST", "/routing/forwardroute")
def set_forward(request: Request) -> Answer:
    """Set the forward."""
    person = request.subject()
    _may_forward(request, person)
    wanted = request.read(SetForward).forwardRoute
    forward = forward_of(request.o2g.world, person, None if wanted is None else [wanted])
    change_routing(request.o2g, person, lambda routing: setattr(routing, "forward", forward))
    return NO_CONTENT


@operation("DELETE", "/routing/forwardroute")
def cancel_forward(request: Request) -> Answer:
    """Cancel the forward; cancelling none is harmless."""
    person = request.subject()
    _may_forward(request, person)
    change_routing(request.o2g, person, lambda routing: setattr(routing, "forward", None))
    return NO_CONTENT


@operation("GET", "/routing/overflowroute")
def show_overflow(request: Request) -> Answer:
    """Show the overflow; an empty body where there is none."""
    overflow = request.o2g.world.routing.of(request.subject()).overflow
    return NOTHING if overflow is None else json_answer(_written(overflow, "overflowType"))


@operation("POST", "/routing/overflowroute")
def set_overflow(request: Request) -> Answer:
    """Set the overflow, unless it is barred (L126)."""
    person = request.subject()
    if not request.o2g.world.routing.of(person).may_overflow:
        raise routing_refusal("UNAUTHORIZED", "UNAUTHORIZED_OVERFLOW", "overflow is barred for this user")
    overflow = overflow_of(request.o2g.world, person, request.read(SetOverflow).overflowRoutes)
    change_routing(request.o2g, person, lambda routing: setattr(routing, "overflow", overflow))
    return NO_CONTENT


@operation("DELETE", "/routing/overflowroute")
def cancel_overflow(request: Request) -> Answer:
    """Cancel the overflow, unless that is barred (L126)."""
    person = request.subject()
    if not request.o2g.world.routing.of(person).may_overflow:
        message = "cancelling the overflow is barred for this user"
        raise routing_refusal("UNAUTHORIZED", "UNAUTHORIZED_CANCEL_OVERFLOW", message)
    change_routing(request.o2g, person, lambda routing: setattr(routing, "overflow", None))
    return NO_CONTENT


@operation("GET", "/routing/dnd")
def show_do_not_disturb(request: Request) -> Answer:
    """Tell whether a user is not to be disturbed."""
    routing = request.o2g.world.routing.of(request.subject())
    return json_answer({"activate": routing.do_not_disturb})


@operation("POST", "/routing/dnd")
def set_do_not_disturb(request: Request) -> Answer:
    """Let calls not ring; there is no body."""
    return _do_not_disturb(request, True)


@operation("DELETE", "/routing/dnd")
def cancel_do_not_disturb(request: Request) -> Answer:
    """Let calls ring again."""
    return _do_not_disturb(request, False)


@operation("GET", "/routing/state")
def show_state(request: Request) -> Answer:
    """Show all of a user's routing."""
    person = request.subject()
    return json_answer(routing_state(person, request.o2g.world.routing.of(person)))


@operation("POST", "/routing/state/snapshot")
def snapshot(request: Request) -> Answer:
    """Ask for a user's routing, or everybody's, as events; one snapshot at a time (L64)."""
    o2g = request.o2g
    everybody = request.session.identity.admin and not request.query.get("loginName")
    people = list(o2g.world.by_login.values()) if everybody else [request.subject()]
    o2g.snapshots.begin((SNAPSHOT, request.session.cookie), people, lambda person: tell_routing(o2g, person))
    return NO_CONTENT


def _do_not_disturb(request: Request, active: bool) -> Answer:
    person = request.subject()
    if not request.o2g.world.routing.of(person).may_not_disturb:
        raise not_allowed("do not disturb is barred for this user")
    change_routing(request.o2g, person, lambda routing: setattr(routing, "do_not_disturb", active))
    return NO_CONTENT


def _may_forward(request: Request, person: Person) -> None:
    if not request.o2g.world.routing.of(person).may_forward:
        raise routing_refusal("UNAUTHORIZED", "UNKNOWN", "forward is barred for this user")


def _written(route: Route, name: str) -> Json:
    destination: Json = {"type": str(route.target)}
    if route.target is Target.NUMBER:
        destination["number"] = route.number
    written: Json = {"destinations": [destination]}
    if route.condition is not Condition.IMMEDIATE:
        written[name] = str(route.condition)
    return written
