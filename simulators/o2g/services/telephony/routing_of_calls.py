"""Where a call rings: redirect, overflow, pick-up, unpark, intrusion."""

from simulators.o2g.services.telephony.asking import call_control, call_of, owner_of
from simulators.o2g.services.telephony.bodies import PickUp, Redirect, UnPark
from simulators.o2g.wire.answers import NO_CONTENT, Answer
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Call, MediaState, Side, no_such_call, wrong_destination, wrong_state


@call_control("POST", "/telephony/calls/{callRef}/redirect")
def redirect(request: Request) -> Answer:
    """Send a ringing call elsewhere."""
    wanted = request.read(Redirect)
    call, side, _ = call_of(request)
    request.o2g.world.call_services.redirect(call, side, wanted.redirectTo, anonymous=wanted.anonymous)
    return NO_CONTENT


@call_control("POST", "/telephony/calls/{callRef}/overflowToVoiceMail")
def overflow(request: Request) -> Answer:
    """Send an outgoing call to the mailbox of who is called."""
    call, side, _ = call_of(request)
    request.o2g.world.call_services.overflow_to_voicemail(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/devices/{deviceId}/pickup")
def pick_up(request: Request) -> Answer:
    """Take a call that rings at another's, or at a member's of the user's group."""
    wanted = request.read(PickUp)
    device = request.values["deviceId"]
    person = owner_of(request, device)
    call, side = _ringing(request, person, wanted.otherPhoneNumber)
    request.o2g.world.call_services.pick_up(call, side, person, device)
    return NO_CONTENT


@call_control("POST", "/telephony/devices/{deviceId}/unpark")
def unpark(request: Request) -> Answer:
    """Fetch a parked call, from the own set or another (B26)."""
    wanted = request.read(UnPark)
    device = request.values["deviceId"]
    person = owner_of(request, device)
    parked_at = wanted.unParkFrom or device
    if wanted.heldCallRef is not None and wanted.unParkFrom is None:
        call = request.o2g.world.calls.calls.get(wanted.heldCallRef)
        if call is None or call.parked_on is None:
            raise no_such_call("no such call is parked")
        parked_at = call.parked_on
    request.o2g.world.call_services.unpark(person, device, parked_at)
    return NO_CONTENT


@call_control("POST", "/telephony/devices/{deviceId}/intrusion")
def intrude(request: Request) -> Answer:
    """Enter the call of who is busy."""
    device = request.values["deviceId"]
    request.o2g.world.call_services.intrude(owner_of(request, device), device)
    return NO_CONTENT


def _ringing(request: Request, person: Person, number: str | None) -> tuple[Call, Side]:
    """Find what rings: at a number, else at somebody of the user's hunting group."""
    world = request.o2g.world
    if number is not None:
        other = world.company.named(number).person
        if other is None or other is person:
            raise wrong_destination("nobody's call can be picked up there")
        candidates = [other]
    else:
        group = world.company.hunting_groups.of(person)
        if group is None:
            raise wrong_state("the user belongs to no group")
        rings = [side for call in world.calls.calls.values() for side in call.sides]
        people = [side.party.person for side in rings if side.state is MediaState.RINGING_INCOMING]
        candidates = [
            one
            for one in people
            if one is not None and one is not person and world.company.hunting_groups.of(one) == group
        ]
    for one in candidates:
        found = world.calls.in_state(one, MediaState.RINGING_INCOMING)
        side = None if found is None else found.side_of(one)
        if found is not None and side is not None and found.side_of(person) is None:
            return found, side
    raise wrong_state("nothing rings there")
