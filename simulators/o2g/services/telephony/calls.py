"""Calls: place, see, answer, leave, end; who and which sets are in them, and what is attached."""

from simulators.o2g.events import view
from simulators.o2g.services.telephony.asking import (
    call_at,
    call_control,
    call_of,
    checked_data,
    own_set,
    owner_of,
    some_call,
)
from simulators.o2g.services.telephony.basic_calls import at_nobodys_set, call_created, refuse_own_number
from simulators.o2g.services.telephony.bodies import AccountInfo, AssociatedData, AtSet, Dtmf, MakeCall, SwitchDevice
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.request import Request
from simulators.o2g.world.call_centre import NotPermitted
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Impossible, MediaState, PartyKind, bad_value, wrong_state


@call_control("GET", "/telephony/calls")
def calls(request: Request) -> Answer:
    """List a user's calls in progress."""
    person, board = request.subject(), request.o2g.world.calls
    seen = [view(board, call, person) for call in board.of(person)]
    return json_answer({"calls": [one.whole() for one in seen if one is not None]})


@call_control("POST", "/telephony/calls")
def make_call(request: Request) -> Answer:
    """Call from a user's own set."""
    wanted = request.read(MakeCall)
    _check_kinds(request, wanted)
    board = request.o2g.world.calls
    if wanted.callee is not None and at_nobodys_set(request, wanted.deviceId):
        board.place(wanted.deviceId, wanted.deviceId, wanted.callee, at_once=wanted.autoAnswer)
        return NO_CONTENT
    caller = request.subject()
    own_set(caller, wanted.deviceId)
    if wanted.acdCall is not None and wanted.acdCall.callToSupervisor:
        _call_supervisor(request, caller, wanted.deviceId)
        return NO_CONTENT
    if wanted.callee is None:
        raise bad_parameter("callee is missing")
    refuse_own_number(caller, wanted.callee)
    hexa = wanted.hexaBinaryAssociatedData if wanted.associatedData is None else None
    call = board.place(
        caller,
        wanted.deviceId,
        wanted.callee,
        at_once=wanted.autoAnswer,
        data=wanted.associatedData,
        hexa_data=hexa,
    )
    return call_created(request, "calls", call.reference)


@call_control("GET", "/telephony/calls/{callRef}")
def show_call(request: Request) -> Answer:
    """Show a call as one side sees it."""
    call, _, person = call_of(request)
    seen = view(request.o2g.world.calls, call, person)
    return json_answer(seen.whole() if seen is not None else {})


@call_control("DELETE", "/telephony/calls/{callRef}")
def end_call(request: Request) -> Answer:
    """End a call for all."""
    call, side, _ = call_of(request)
    board = request.o2g.world.calls
    if call.conference:
        board.end(call, "CLEARED")
    else:
        board.hang_up(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/dropme")
def drop_me(request: Request) -> Answer:
    """Leave a call; of two, nobody is left in it."""
    call, side, _ = call_of(request)
    request.o2g.world.calls.hang_up(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/answer")
def answer(request: Request) -> Answer:
    """Answer a call on one of the user's sets; a held one is retrieved."""
    device = request.read(AtSet).deviceId
    call, side, _ = call_at(request, device)
    if side.state is MediaState.HELD:
        request.o2g.world.call_services.retrieve(call, side)
    elif not request.o2g.world.calls.answer(call, side, device):
        raise wrong_state("the call does not ring here")
    return NO_CONTENT


@call_control("GET", "/telephony/calls/{callRef}/participants")
def participants(request: Request) -> Answer:
    """List who else is in a call."""
    return json_answer({"participants": list(_participants(request).values())})


@call_control("GET", "/telephony/calls/{callRef}/participants/{participantId}")
def participant(request: Request) -> Answer:
    """Show somebody in a call."""
    found = _participants(request).get(request.values["participantId"])
    if found is None:
        raise not_found("no such participant in the call")
    return json_answer(found)


@call_control("DELETE", "/telephony/calls/{callRef}/participants/{participantId}")
def drop_participant(request: Request) -> Answer:
    """Put somebody out of a call."""
    call, side, _ = call_of(request)
    request.o2g.world.call_services.drop(call, side, request.values["participantId"])
    return NO_CONTENT


@call_control("GET", "/telephony/calls/{callRef}/deviceLegs")
def legs(request: Request) -> Answer:
    """List the user's sets in a call."""
    return json_answer({"legs": list(_legs(request).values())})


@call_control("GET", "/telephony/calls/{callRef}/deviceLegs/{legId}")
def leg(request: Request) -> Answer:
    """Show a set in a call."""
    found = _legs(request).get(request.values["legId"])
    if found is None:
        raise Impossible("LEG_NOT_FOUND", "INVALID_DEVICE", "this set is not in the call")
    return json_answer(found)


@call_control("POST", "/telephony/calls/{callRef}/deviceLegs/{legId}")
def switch_device(request: Request) -> Answer:
    """Go on with a call on another of the user's sets (L119)."""
    wanted = request.read(SwitchDevice)
    person = owner_of(request, request.values["legId"])
    services = request.o2g.world.call_services
    call, side = services.find(request.values["callRef"], person)
    services.switch(call, side, request.values["legId"], wanted.otherDeviceId)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/sendDtmf")
def send_dtmf(request: Request) -> Answer:
    """Send keys in an active call."""
    wanted = request.read(Dtmf)
    call, side, _ = call_at(request, wanted.deviceId)
    if side.state is not MediaState.ACTIVE:
        raise wrong_state("keys are sent in an active call")
    call.dtmf += wanted.number
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/sendaccountinfo")
def send_account_info(request: Request) -> Answer:
    """Attach a transaction code."""
    wanted = request.read(AccountInfo)
    call, _, _ = some_call(request, wanted.deviceId)
    call.account = wanted.accountInfo
    request.o2g.world.calls.tell(call)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/attachdata")
def attach_data(request: Request) -> Answer:
    """Attach data: text, else bytes (L111)."""
    wanted = request.read(AssociatedData)
    if wanted.associatedData is None and wanted.hexaBinaryAssociatedData is None:
        raise bad_value("there is no data to attach")
    checked_data(wanted.associatedData, wanted.hexaBinaryAssociatedData)
    call, _, _ = some_call(request, wanted.deviceId)
    call.data = wanted.associatedData
    call.hexa_data = wanted.hexaBinaryAssociatedData if wanted.associatedData is None else None
    request.o2g.world.calls.tell(call)
    return NO_CONTENT


def _participants(request: Request) -> dict[str, dict[str, object]]:
    call, _, person = call_of(request)
    seen = view(request.o2g.world.calls, call, person)
    return {} if seen is None else seen.participants


def _legs(request: Request) -> dict[str, dict[str, object]]:
    call, _, person = call_of(request)
    seen = view(request.o2g.world.calls, call, person)
    return {} if seen is None else seen.legs


def _check_kinds(request: Request, wanted: MakeCall) -> None:
    private = wanted.pin is not None or wanted.secretCode is not None
    if private and (wanted.pin is None or wanted.secretCode is None):
        raise bad_parameter("pin and secretCode go together")
    data = wanted.associatedData is not None or wanted.hexaBinaryAssociatedData is not None
    kinds = sum((private, data or (private and wanted.acdCall is not None), wanted.businessCode is not None))
    if kinds > 1:
        raise bad_parameter("private call, business call and associated data exclude each other")
    checked_data(wanted.associatedData, wanted.hexaBinaryAssociatedData)
    if wanted.callingNumber is not None and wanted.callee is not None:
        called = request.o2g.world.company.named(wanted.callee)
        if called.kind is not PartyKind.EXTERNAL:
            raise bad_value("another calling number is for external calls only", "INVALID_CALLING")


def _call_supervisor(request: Request, caller: Person, device: str) -> None:
    """Call the first supervisor of an agent's group; where none is logged on, nothing rings."""
    centre = request.o2g.world.call_centre
    try:
        agent = centre.agent(caller)
    except NotPermitted as error:
        raise Impossible("SERVICE_NOT_PROVIDED", "INVALID_CALLING", str(error)) from error
    for supervisor in centre.supervisors(agent.group) if agent.group is not None else ():
        if supervisor.number != caller.number:
            request.o2g.world.calls.place(caller, device, supervisor.number, at_once=True)
            return
