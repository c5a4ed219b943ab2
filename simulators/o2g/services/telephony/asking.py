"""What the operations of call control have in common: whose call, whose set, and how telephony refuses."""

from collections.abc import Callable
from functools import wraps

from simulators.o2g.wire.answers import Answer, ErrorType, Refusal, not_allowed, telephony
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Call, Impossible, Side, no_such_call, wrong_set

Answers = Callable[[Request], Answer]

# How REST names what telephony refuses (TelephonyErrorType), and with which status.
REFUSALS = {
    "CALL_REFERENCE_NOT_FOUND": (ErrorType.NOT_FOUND, 404),
    "LEG_NOT_FOUND": (ErrorType.NOT_FOUND, 404),
    "BAD_PARAMETER_VALUE": (ErrorType.BAD_PARAMETER, 400),
    "UNAUTHORIZED": (ErrorType.NOT_ALLOWED, 403),
    "SERVICE_NOT_PROVIDED": (ErrorType.NOT_ALLOWED, 403),
    "INITIALIZATION": (ErrorType.NOT_READY, 503),
    "REQUEST_TIMEOUT": (ErrorType.SERVER_PROBLEM, 500),
}


def refusal_of(error: Impossible) -> Refusal:
    """Make the error that the caller gets: TelephonyErrorInfo tells more."""
    kind, status = REFUSALS.get(error.error_type, (ErrorType.NOT_EXPECTED, 403))
    return Refusal(kind, status, str(error), telephony(error.error_type, error.cause, str(error)))


def call_control(method: str, path: str) -> Callable[[Answers], Answers]:
    """Name the operation that a function answers; what telephony refuses becomes O2G's error."""

    def register(handler: Answers) -> Answers:
        @wraps(handler)
        def answers(request: Request) -> Answer:
            refusals = request.o2g.world.calls.refusals
            try:
                if refusals:
                    raise refusals.popleft()
                _reach_node(request)
                return handler(request)
            except Impossible as error:
                raise refusal_of(error) from error

        operation(method, path)(answers)
        return answers

    return register


def _node_unreachable() -> Refusal:
    text = "the link to the node is down"
    return Refusal(ErrorType.SERVER_PROBLEM, 503, text, telephony("SERVICE_UNAVAILABLE", "UNKNOWN", text))


def _reach_node(request: Request) -> None:
    """Refuse what concerns a user of a node whose CTI link is down.

    Raises:
        Refusal: 503, the link is down (our reading of SERVICE_UNAVAILABLE).
    """
    own = request.session.identity.person
    person = own or request.o2g.world.by_login.get(request.query.get("loginName", ""))
    if person is not None and not request.o2g.links.is_up(person.node):
        raise _node_unreachable()


def owner_of(request: Request, device: str) -> Person:
    """Find whose set it is; in a user's session it must be the user's own (L113)."""
    person = request.o2g.world.by_device.get(device)
    if person is None:
        raise wrong_set("there is no such set")
    if not request.o2g.links.is_up(person.node):
        raise _node_unreachable()
    own = request.session.identity.person
    if own is not None and own is not person:
        details = telephony("UNAUTHORIZED", "INVALID_DEVICE", "the set is not the user's")
        raise not_allowed("the set is not the user's", details)
    return person


def own_set(person: Person, device: str) -> str:
    """Check that a set is a user's."""
    if all(own.id != device for own in person.devices):
        raise wrong_set("the set is not the user's")
    return device


def call_of(request: Request) -> tuple[Call, Side, Person]:
    """Find the call that the path names, and the part that the user has in it."""
    person = request.subject()
    return (*request.o2g.world.call_services.find(request.values["callRef"], person), person)


def call_at(request: Request, device: str) -> tuple[Call, Side, Person]:
    """Find the call that the path names, and the part that a set has in it."""
    person = owner_of(request, device)
    call, side = request.o2g.world.call_services.find(request.values["callRef"], person)
    if device not in side.devices:
        raise Impossible("LEG_NOT_FOUND", "INVALID_DEVICE", "this set is not in the call")
    return call, side, person


def some_call(request: Request, device: str | None) -> tuple[Call, Side, Person]:
    """Find the call that the path names, on a set's side or, without one, on the first side of the session's user."""
    if device is not None:
        return call_at(request, device)
    own = request.session.identity.person
    if own is not None or request.query.get("loginName"):
        return call_of(request)
    call = request.o2g.world.calls.calls.get(request.values["callRef"])
    side = None if call is None else next((side for side in call.sides if side.party.person is not None), None)
    if call is None or side is None or side.party.person is None:
        raise no_such_call()
    return call, side, side.party.person


def checked_data(text: str | None, hexadecimal: str | None) -> None:
    """Check data associated with a call: 32 bytes, and no byte 00 (L111)."""
    if text is not None and len(text.encode()) > 32:
        raise Impossible("BAD_PARAMETER_VALUE", "INVALID_DATA", "associatedData has more than 32 bytes")
    if text is None and hexadecimal is not None and 0 in bytes.fromhex(hexadecimal):
        raise Impossible("BAD_PARAMETER_VALUE", "INVALID_DATA", "byte 00 is not allowed")


__all__ = [
    "call_at",
    "call_control",
    "call_of",
    "checked_data",
    "own_set",
    "owner_of",
    "refusal_of",
    "some_call",
]
