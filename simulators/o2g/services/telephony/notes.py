"""What people leave for each other: callbacks and mini messages."""

from simulators.o2g.events import described, moment
from simulators.o2g.services.telephony.asking import call_control, call_of
from simulators.o2g.services.telephony.bodies import CallbackWanted, Message
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import MediaState, Party, wrong_destination, wrong_state


@call_control("POST", "/telephony/calls/{callRef}/callback")
def callback_in_call(request: Request) -> Answer:
    """Ask who does not answer to call back, and give up the call."""
    call, side, person = call_of(request)
    if side.state not in (MediaState.RINGING_OUTGOING, MediaState.RELEASING):
        raise wrong_state("a callback is asked for while the other rings or is busy")
    called = next((other.party.person for other in call.others(side)), call.wanted.person if call.wanted else None)
    _ask(request, person, called)
    request.o2g.world.calls.hang_up(call, side)
    return NO_CONTENT


@call_control("POST", "/telephony/outgoingCallbacks")
def ask_callback(request: Request) -> Answer:
    """Ask somebody to call back, from an idle set."""
    person = request.subject()
    wanted = request.read(CallbackWanted)
    if request.o2g.world.calls.of(person):
        raise wrong_state("the set is not idle", "INVALID_DEVICE_STATE")
    _ask(request, person, request.o2g.world.company.named(wanted.callee).person)
    return NO_CONTENT


@call_control("GET", "/telephony/incomingCallbacks")
def callbacks(request: Request) -> Answer:
    """List who wants to be called back."""
    found = request.o2g.world.notes.callbacks(request.subject())
    told = [{"callbackId": callback.id, "partyInfo": described(callback.party)} for callback in found]
    return json_answer({"callbacks": told})


@call_control("DELETE", "/telephony/incomingCallbacks")
def drop_callbacks(request: Request) -> Answer:
    """Delete all callbacks."""
    request.o2g.world.notes.drop_callbacks(request.subject())
    return NO_CONTENT


@call_control("DELETE", "/telephony/incomingCallbacks/{callbackId}")
def drop_callback(request: Request) -> Answer:
    """Delete a callback."""
    if not request.o2g.world.notes.drop_callbacks(request.subject(), request.values["callbackId"]):
        raise not_found("there is no such callback")
    return NO_CONTENT


@call_control("GET", "/telephony/miniMessages")
def read_message(request: Request) -> Answer:
    """Read the newest message, which is gone then; 400 where there is none (A50)."""
    message = request.o2g.world.notes.read(request.subject())
    if message is None:
        raise bad_parameter("there is no new message")
    date = moment(message.date)
    # Clients of ALE's read the one or the other name (B30).
    return json_answer({"sender": message.sender, "date": date, "dateTime": date, "message": message.text})


@call_control("POST", "/telephony/miniMessages")
def send_message(request: Request) -> Answer:
    """Send a mini message of at most 128 characters (L114)."""
    person = request.subject()
    wanted = request.read(Message)
    recipient = request.o2g.world.by_number.get(wanted.recipient)
    if recipient is None:
        raise wrong_destination("nobody has this number")
    request.o2g.world.notes.send(recipient, person.number, wanted.message, request.o2g.clock.today())
    return NO_CONTENT


def _ask(request: Request, asks: Person, called: Person | None) -> None:
    if called is None or called is asks:
        raise wrong_destination("nobody of the company can be asked there")
    request.o2g.world.notes.ask_callback(called, Party.of(asks.number, asks))
