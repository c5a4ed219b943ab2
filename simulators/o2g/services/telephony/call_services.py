"""What is done with calls in progress: hold, transfer, conference, park, record."""

from simulators.o2g.services.telephony.asking import call_at, call_control, call_of, owner_of
from simulators.o2g.services.telephony.bodies import AtSet, BlindTransfer, Enquiry, OtherCall, Park
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter
from simulators.o2g.wire.request import Request
from simulators.o2g.world.telephones import wrong_set

RECORDING_ACTIONS = ("start", "stop", "pause", "resume")


@call_control("POST", "/telephony/calls/{callRef}/hold")
def hold(request: Request) -> Answer:
    """Hold an active call."""
    call, side, _ = call_at(request, request.read(AtSet).deviceId)
    request.o2g.world.call_services.hold(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/retrieve")
def retrieve(request: Request) -> Answer:
    """Take up a held call."""
    call, side, _ = call_at(request, request.read(AtSet).deviceId)
    request.o2g.world.call_services.retrieve(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/alternate")
def alternate(request: Request) -> Answer:
    """Change from the active call to the held one that the path names."""
    call, side, _ = call_at(request, request.read(AtSet).deviceId)
    request.o2g.world.call_services.alternate(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/reconnect")
def reconnect(request: Request) -> Answer:
    """Give up an enquiry and take up the held call that the path names."""
    wanted = request.read(Enquiry)
    person = owner_of(request, wanted.deviceId)
    services = request.o2g.world.call_services
    held = services.find(request.values["callRef"], person)
    services.reconnect(*held, *services.find(wanted.enquiryCallRef, person))
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/transfer")
def transfer(request: Request) -> Answer:
    """Connect the active call's party with the held call's."""
    wanted = request.read(OtherCall)
    call, side, person = call_of(request)
    services = request.o2g.world.call_services
    services.transfer(call, side, *services.find(wanted.heldCallRef, person))
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/merge")
def merge(request: Request) -> Answer:
    """Make a conference of the active call and a held one."""
    wanted = request.read(OtherCall)
    call, side, person = call_of(request)
    services = request.o2g.world.call_services
    services.merge(call, side, *services.find(wanted.heldCallRef, person))
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/blindtransfer")
def blind_transfer(request: Request) -> Answer:
    """Let a number ring for the other party, and leave."""
    wanted = request.read(BlindTransfer)
    call, side, _ = call_of(request)
    request.o2g.world.call_services.blind_transfer(call, side, wanted.transferTo, anonymous=wanted.anonymous)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/park")
def park(request: Request) -> Answer:
    """Leave the call at a set, the own one unless another is named."""
    wanted = request.read(Park)
    call, side, _ = call_of(request)
    device = wanted.parkTo or side.devices[0]
    if request.o2g.world.company.named(device).person is None and not request.o2g.world.company.connected(device):
        raise wrong_set("there is no such set to park at")
    request.o2g.world.call_services.park(call, side, device)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/recording")
def record(request: Request) -> Answer:
    """Start, stop, pause or resume a recording (L118, B27)."""
    action = request.query.get("action", "").lower()
    if action not in RECORDING_ACTIONS:
        raise bad_parameter(f"action is one of {', '.join(RECORDING_ACTIONS)}")
    call, side, _ = call_of(request)
    request.o2g.world.call_services.record(call, side, action)
    return NO_CONTENT
