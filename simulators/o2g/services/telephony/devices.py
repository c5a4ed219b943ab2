"""Sets: their states, the microphone, and desk sharing."""

from simulators.o2g.events import device_event, device_state
from simulators.o2g.services.telephony.asking import call_control, owner_of
from simulators.o2g.services.telephony.bodies import DeskSharing
from simulators.o2g.wire.answers import NO_CONTENT, Answer, json_answer, not_allowed, not_found, telephony
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Device
from simulators.o2g.world.telephones import MediaState, wrong_set, wrong_state


@call_control("GET", "/telephony/devices")
def devices(request: Request) -> Answer:
    """List the states of a user's sets."""
    out = request.o2g.world.calls.out_of_service
    states = [device_state(device.id, device.id in out) for device in request.subject().devices]
    return json_answer({"deviceStates": states})


@call_control("GET", "/telephony/devices/{deviceId}")
def device(request: Request) -> Answer:
    """Show the state of one of a user's sets."""
    wanted, world = request.values["deviceId"], request.o2g.world
    owner = world.by_device.get(wanted)
    person = request.subject() if request.query.get("loginName") or not request.session.identity.admin else owner
    if owner is None or person is None:
        raise not_found("there is no such set", telephony("BAD_PARAMETER_VALUE", "INVALID_DEVICE", "no such set"))
    if owner is not person:
        details = telephony("UNAUTHORIZED", "INVALID_DEVICE", "the set is not the user's")
        raise not_allowed("the set is not the user's", details)
    return json_answer(device_state(wanted, wanted in world.calls.out_of_service))


@call_control("PUT", "/telephony/devices/{deviceId}/ithmicro")
def push_microphone(request: Request) -> Answer:
    """Push the microphone's key: silences or opens it in a call, no event tells."""
    person = owner_of(request, request.values["deviceId"])
    call = request.o2g.world.calls.in_state(person, MediaState.ACTIVE, MediaState.RINGING_OUTGOING)
    side = None if call is None else call.side_of(person)
    if side is not None:
        side.muted = not side.muted
    return NO_CONTENT


@call_control("POST", "/telephony/deskSharing")
def log_on(request: Request) -> Answer:
    """Log a user without a set on to a desk sharing set."""
    person, world = request.subject(), request.o2g.world
    number = request.read(DeskSharing).dssDeviceNumber
    company = world.company
    if number not in company.desk_sharing_sets:
        raise wrong_set("there is no such desk sharing set")
    if number in company.sharing:
        raise wrong_state("somebody is logged on to this set", "INVALID_DEVICE_STATE")
    if person.devices:
        raise wrong_state("the user has a set already", "INVALID_CALLING")
    company.sharing[number] = person.login
    person.devices = (Device(number, "DESKPHONE", company.desk_sharing_type),)
    world.by_device[number] = person
    request.o2g.subscriptions.publish(device_event(person, number, out=False))
    return NO_CONTENT


@call_control("DELETE", "/telephony/deskSharing")
def log_off(request: Request) -> Answer:
    """Log a user off the desk sharing set."""
    person, world = request.subject(), request.o2g.world
    number = next((number for number, login in world.company.sharing.items() if login == person.login), None)
    if number is None:
        raise wrong_state("the user is not logged on to a desk sharing set", "INVALID_DEVICE_STATE")
    for call in world.calls.of(person):
        side = call.side_of(person)
        if side is not None:
            world.calls.hang_up(call, side)
    del world.company.sharing[number]
    person.devices = ()
    world.by_device.pop(number, None)
    request.o2g.subscriptions.publish(device_event(person, number, out=True))
    return NO_CONTENT
