"""Call control, its basics: place, see, answer and end calls."""

from typing import Any

from pydantic import BaseModel, Field

from simulators.o2g.events import call_seen_by
from simulators.o2g.wire.answers import (
    NO_CONTENT,
    Answer,
    bad_parameter,
    created,
    json_answer,
    not_allowed,
    not_expected,
    not_found,
    telephony,
)
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.calls import Call
from simulators.o2g.world.people import Person

NUMBER = r"^[+]?[0-9A-D*#\(\) ]{1,49}$"  # (L12)


class MakeBasicCall(BaseModel):
    """A call from a set to a number."""

    deviceId: str = Field(min_length=1)
    callee: str = Field(pattern=NUMBER)
    autoAnswer: bool = False


class AcdCall(BaseModel):
    """What concerns the call centre in a call."""

    callToSupervisor: bool = False


class MakeCall(BaseModel):
    """A call with all that it may carry; private and business calls exclude each other and data (L110, L111)."""

    deviceId: str = Field(min_length=1)
    callee: str | None = Field(default=None, pattern=NUMBER)
    autoAnswer: bool = False
    associatedData: str | None = None
    hexaBinaryAssociatedData: str | None = Field(default=None, pattern=r"^([0-9a-fA-F]{2}){0,32}$")
    pin: str | None = None
    secretCode: str | None = None
    businessCode: str | None = None
    acdCall: AcdCall | None = None


class Answering(BaseModel):
    """The set that answers."""

    deviceId: str = Field(min_length=1)


@operation("POST", "/telephony/basicCall")
def make_basic_call(request: Request) -> Answer:
    """Call from a set; needs no licence, and an administrator may use any set (L113)."""
    wanted = request.read(MakeBasicCall)
    caller = _owner(request, wanted.deviceId)
    return _place(request, "basicCall", caller, wanted.deviceId, wanted.callee, wanted.autoAnswer, {})


@operation("POST", "/telephony/calls")
def make_call(request: Request) -> Answer:
    """Call from a user's own set."""
    caller = request.subject()
    wanted = request.read(MakeCall)
    _check_kinds(wanted)
    if wanted.deviceId not in {device.id for device in caller.devices}:
        details = telephony("BAD_PARAMETER_VALUE", "INVALID_DEVICE", "the set is not the user's")
        raise bad_parameter("the set is not the user's", details)
    if wanted.callee is None:
        if wanted.acdCall is None or not wanted.acdCall.callToSupervisor:
            raise bad_parameter("callee is missing")
        return NO_CONTENT
    data = {
        # Clients of ALE's read the one or the other name (B23).
        name: wanted.associatedData
        for name in ("associateData", "associatedData")
        if wanted.associatedData is not None
    }
    return _place(request, "calls", caller, wanted.deviceId, wanted.callee, wanted.autoAnswer, data)


@operation("GET", "/telephony/calls")
def calls(request: Request) -> Answer:
    """List a user's calls in progress."""
    person = request.subject()
    return json_answer({"calls": [call_seen_by(call, person) for call in request.o2g.world.calls.of(person)]})


@operation("GET", "/telephony/calls/{callRef}")
def show_call(request: Request) -> Answer:
    """Show a call as one side sees it."""
    call, person = _call(request)
    return json_answer(call_seen_by(call, person))


@operation("GET", "/telephony/state")
def state(request: Request) -> Answer:
    """Show a user's telephony: calls and whether busy."""
    person = request.subject()
    found = request.o2g.world.calls.of(person)
    body = {"calls": [call_seen_by(call, person) for call in found], "userState": "BUSY" if found else "FREE"}
    return json_answer(body)


@operation("DELETE", "/telephony/calls/{callRef}")
def end_call(request: Request) -> Answer:
    """End a call for all."""
    call, _ = _call(request)
    request.o2g.world.calls.end(call, "CLEARED")
    return NO_CONTENT


@operation("POST", "/telephony/calls/{callRef}/dropme")
def drop_me(request: Request) -> Answer:
    """Leave a call; of two, nobody is left in it."""
    return end_call(request)


@operation("POST", "/telephony/basicCall/dropme")
def drop_basic(request: Request) -> Answer:
    """Leave the call in progress."""
    person = request.subject()
    found = request.o2g.world.calls.of(person)
    if not found:
        raise not_expected("there is no call", telephony("INCOMPATIBLE_WITH_STATE", "INVALID_CALL_ID", "no call"))
    request.o2g.world.calls.end(found[-1], "CLEARED")
    return NO_CONTENT


@operation("POST", "/telephony/calls/{callRef}/answer")
def answer(request: Request) -> Answer:
    """Answer a call on one of the user's sets."""
    device = request.read(Answering).deviceId
    owner = _owner(request, device)
    call = request.o2g.world.calls.calls.get(request.values["callRef"])
    if call is None or owner not in call.parties():
        raise _no_call()
    return _answer(request, call, owner)


@operation("POST", "/telephony/basicCall/answer")
def answer_basic(request: Request) -> Answer:
    """Answer what rings on a set."""
    owner = _owner(request, request.read(Answering).deviceId)
    for call in request.o2g.world.calls.of(owner):
        if call.media_state(owner) in ("RINGING_INCOMING", "DIALING"):
            return _answer(request, call, owner)
    raise not_expected("nothing rings", telephony("INCOMPATIBLE_WITH_STATE", "INVALID_CONNECTION_STATE", "no call"))


def _check_kinds(wanted: MakeCall) -> None:
    private = wanted.pin is not None or wanted.secretCode is not None
    if private and (wanted.pin is None or wanted.secretCode is None):
        raise bad_parameter("pin and secretCode go together")
    data = wanted.associatedData is not None or wanted.hexaBinaryAssociatedData is not None
    if (private and (data or wanted.businessCode is not None)) or (data and wanted.businessCode is not None):
        raise bad_parameter("private call, business call and associated data exclude each other")
    if wanted.associatedData is not None and len(wanted.associatedData.encode()) > 32:
        raise bad_parameter("associatedData has more than 32 bytes")


def _place(
    request: Request, name: str, caller: Person, device: str, number: str, at_once: bool, data: dict[str, Any]
) -> Answer:
    if number == caller.number:
        details = telephony("BAD_PARAMETER_VALUE", "INVALID_DESTINATION", "a set cannot call itself")
        raise bad_parameter("a set cannot call itself", details)
    call = request.o2g.world.calls.place(caller, device, number, at_once=at_once, data=data)
    return created(f"{request.o2g.addresses.api}/api/rest/1.0/telephony/{name}/{call.reference}", call.reference)


def _answer(request: Request, call: Call, person: Person) -> Answer:
    if not request.o2g.world.calls.answer(call, person):
        details = telephony("INCOMPATIBLE_WITH_STATE", "INVALID_CONNECTION_STATE", "the call does not ring here")
        raise not_expected("the call does not ring here", details)
    return NO_CONTENT


def _owner(request: Request, device: str) -> Person:
    """Find whose set it is; in a user's session it must be the user's own (L113)."""
    person = request.o2g.world.by_device.get(device)
    if person is None:
        details = telephony("BAD_PARAMETER_VALUE", "INVALID_DEVICE", "there is no such set")
        raise bad_parameter("there is no such set", details)
    own = request.session.identity.person
    if own is not None and own is not person:
        raise not_allowed("the set is not the user's")
    return person


def _call(request: Request) -> tuple[Call, Person]:
    person = request.subject()
    call = request.o2g.world.calls.calls.get(request.values["callRef"])
    if call is None or person not in call.parties():
        raise _no_call()
    return call, person


def _no_call() -> Exception:
    details = telephony("CALL_REFERENCE_NOT_FOUND", "INVALID_CALL_ID", "there is no such call")
    return not_found("there is no such call", details)
