"""Calls for everybody, without a licence: place, answer, leave."""

from simulators.o2g.services.telephony.asking import call_control, owner_of
from simulators.o2g.services.telephony.bodies import AtSet, MakeBasicCall
from simulators.o2g.wire.answers import NO_CONTENT, Answer, created
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import MediaState, wrong_destination, wrong_state


@call_control("POST", "/telephony/basicCall")
def make_basic_call(request: Request) -> Answer:
    """Call from a set; needs no licence, and an administrator may use any set (L113)."""
    wanted = request.read(MakeBasicCall)
    if at_nobodys_set(request, wanted.deviceId):
        request.o2g.world.calls.place(wanted.deviceId, wanted.deviceId, wanted.callee, at_once=wanted.autoAnswer)
        return NO_CONTENT
    caller = owner_of(request, wanted.deviceId)
    refuse_own_number(caller, wanted.callee)
    call = request.o2g.world.calls.place(caller, wanted.deviceId, wanted.callee, at_once=wanted.autoAnswer)
    return call_created(request, "basicCall", call.reference)


@call_control("POST", "/telephony/basicCall/answer")
def answer_basic(request: Request) -> Answer:
    """Answer what rings on a set."""
    device = request.read(AtSet).deviceId
    owner = owner_of(request, device)
    board = request.o2g.world.calls
    call = board.in_state(owner, MediaState.RINGING_INCOMING, MediaState.DIALING)
    side = None if call is None else call.side_of(owner)
    if call is None or side is None or device not in side.devices:
        raise wrong_state("nothing rings on this set")
    board.answer(call, side, device)
    return NO_CONTENT


@call_control("POST", "/telephony/basicCall/dropme")
def drop_basic(request: Request) -> Answer:
    """Leave the call in progress."""
    person = request.subject()
    board = request.o2g.world.calls
    mine = board.of(person)
    call = board.in_state(person, MediaState.ACTIVE) or (mine[-1] if mine else None)
    side = None if call is None else call.side_of(person)
    if call is None or side is None:
        raise wrong_state("there is no call", "INVALID_CALL_ID")
    board.hang_up(call, side)
    return NO_CONTENT


def at_nobodys_set(request: Request, device: str) -> bool:
    """Tell whether an administrator uses a connected set that belongs to nobody."""
    return request.session.identity.admin and request.o2g.world.company.connected(device)


def refuse_own_number(caller: Person, number: str) -> None:
    """Check that a set does not call itself."""
    if number == caller.number:
        raise wrong_destination("a set cannot call itself")


def call_created(request: Request, name: str, reference: str) -> Answer:
    """Answer with the address of a call that was placed."""
    return created(f"{request.o2g.addresses.api}/api/rest/1.0/telephony/{name}/{reference}", reference)
