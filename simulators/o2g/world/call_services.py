"""What can be done with calls in progress: hold, transfer, conference, park, pick up, intrude and so on."""

from simulators.o2g.world.calls import Switchboard
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import (
    Call,
    Impossible,
    MediaState,
    RecordState,
    Side,
    Witness,
    bad_value,
    no_such_call,
    wrong_destination,
    wrong_state,
)

CONFERENCE_SIZE = 7  # the OXE's smaller limit for conferences of many
PARKED_SECONDS = 180.0  # until a parked call is given up

_RECORDING = {
    "start": (None, RecordState.RECORDING),
    "pause": (RecordState.RECORDING, RecordState.PAUSED),
    "resume": (RecordState.PAUSED, RecordState.RECORDING),
}


class CallServices:
    """The services, each on a call and the side of a person; all raise Impossible for what cannot be."""

    def __init__(self, board: Switchboard) -> None:
        """Take the switchboard whose calls they change."""
        self._board = board

    def find(self, reference: str, person: Person) -> tuple[Call, Side]:
        """Give a call and a person's side of it.

        Raises:
            Impossible: CALL_REFERENCE_NOT_FOUND.
        """
        call = self._board.calls.get(reference)
        side = None if call is None else call.side_of(person)
        if call is None or side is None:
            raise no_such_call()
        return call, side

    def hold(self, call: Call, side: Side) -> None:
        """Hold an active call."""
        _need(side, MediaState.ACTIVE)
        side.state, side.held_since = MediaState.HELD, self._board.today()
        self._board.tell(call)

    def retrieve(self, call: Call, side: Side) -> None:
        """Talk again in a held call; what was active is held."""
        _need(side, MediaState.HELD)
        self._board.hold_others(_person(side), call)
        self._resume(side)
        self._board.tell(call)

    def alternate(self, call: Call, side: Side) -> None:
        """Change between the held call that is named and the active one."""
        _need(side, MediaState.HELD)
        if self._board.in_state(_person(side), MediaState.ACTIVE) is None:
            raise wrong_state("there is no active call to alternate with")
        self.retrieve(call, side)

    def reconnect(self, call: Call, side: Side, enquiry: Call, enquiry_side: Side) -> None:
        """Give up an enquiry and take up the held call again."""
        _need(side, MediaState.HELD)
        _need(enquiry_side, MediaState.ACTIVE, MediaState.RINGING_OUTGOING, MediaState.RELEASING)
        self._board.hang_up(enquiry, enquiry_side)
        self._resume(side)
        self._board.tell(call)

    def transfer(self, call: Call, side: Side, held: Call, held_side: Side) -> None:
        """Connect who is held with who is active (or rings), and leave both."""
        _need(side, MediaState.ACTIVE, MediaState.RINGING_OUTGOING)
        _need(held_side, MediaState.HELD)
        _need_two(call)
        _need_two(held)
        board, person = self._board, _person(side)
        (there,) = call.others(side)
        (waiting,) = held.others(held_side)
        for one, its_call, other in ((side, call, there), (held_side, held, waiting)):
            board.diary.left(its_call, one, [other.party], "TRANSFERRED", for_good=True)
            board.take_out(its_call, one)
        self._move(held, waiting, call)
        for one in (there, waiting):
            one.reason, one.transferred_by = "TRANSFERRED", person.number
        call.transferred_by = person.number
        waiting.state = MediaState.ACTIVE if side.state is MediaState.ACTIVE else MediaState.RINGING_OUTGOING
        board.forget(held)
        board.tell(held, "TRANSFERRED", gone=(person,))
        board.tell(call, "TRANSFERRED", gone=(person,), replaces=held.reference)

    def blind_transfer(self, call: Call, side: Side, number: str, *, anonymous: bool = False) -> None:
        """Let a number ring for who is active, and leave."""
        _need(side, MediaState.ACTIVE)
        _need_two(call)
        board, person = self._board, _person(side)
        (other,) = call.others(side)
        if board.company.party(number, board.busy) is None or number in (person.number, other.party.number):
            raise wrong_destination("nobody can be called by that number")
        board.diary.left(call, side, [other.party], "TRANSFERRED", for_good=True)
        board.take_out(call, side)
        other.transferred_by = call.transferred_by = person.number
        call.anonymous = anonymous
        call.dialled, call.wanted = number, board.company.named(number)
        board.route(call, number, "TRANSFERRED")
        board.tell(call, "TRANSFERRED", gone=(person,), destination=number)

    def merge(self, call: Call, side: Side, held: Call, held_side: Side) -> None:
        """Make a conference of an active call and a held one; the active one's reference remains."""
        _need(side, MediaState.ACTIVE)
        _need(held_side, MediaState.HELD)
        if len(call.sides) + len(held.sides) - 1 > CONFERENCE_SIZE:
            raise Impossible("MAX_RESOURCES_EXCEEDED", "RESOURCE_BUSY", "the conference has too many participants")
        joining = held.others(held_side)
        if not joining or not call.others(side):
            raise wrong_state("nobody else is in the call")
        if any(one.party.number == other.party.number for one in joining for other in call.others(side)):
            raise wrong_state("the same party is in both calls")
        board = self._board
        side.began = min(side.began, held_side.began)
        side.talked = min(filter(None, (side.talked, held_side.talked)), default=None)
        board.take_out(held, held_side)
        for one in joining:
            self._move(held, one, call)
        for one in call.others(side):
            one.reason = "CONFERENCED"
        board.forget(held)
        board.tell(call, "CONFERENCED", replaces=held.reference)

    def drop(self, call: Call, side: Side, party: str) -> None:
        """Put somebody else out of a call."""
        other = next((one for one in call.others(side) if one.party.number == party), None)
        if other is None:
            raise bad_value("no such participant in the call")
        self._board.hang_up(call, other)

    def park(self, call: Call, side: Side, device: str) -> None:
        """Leave an active call for whoever fetches it at a set."""
        _need(side, MediaState.ACTIVE)
        _need_two(call)
        if device in self._board.parked:
            raise wrong_state("another call is parked there", "INVALID_DEVICE_STATE")
        board, person = self._board, _person(side)
        (other,) = call.others(side)
        board.diary.left(call, side, [other.party], "CLEARED", for_good=True)
        board.take_out(call, side)
        call.parked_on, board.parked[device] = device, call
        call.timer = board.clock.after(PARKED_SECONDS, lambda: board.end(call, "CLEARED"))
        board.tell(call, "PARKED", gone=(person,))

    def unpark(self, person: Person, device: str, parked_at: str) -> None:
        """Fetch a parked call to a person's set."""
        call = self._board.parked.get(parked_at)
        if call is None:
            raise wrong_state("no call is parked there", "INVALID_CALL_ID")
        if call.side_of(person) is not None:
            raise wrong_state("the caller cannot fetch its own call")
        del self._board.parked[parked_at]
        call.parked_on = None
        self._join(call, person, device, "PARKED", calls=False)

    def pick_up(self, call: Call, ringing: Side, person: Person, device: str) -> None:
        """Answer a call that rings at somebody else's."""
        call.witnesses.append(Witness(ringing.party, ringing.began, "PICKED_UP", missed=False))
        call.last_redirecting = ringing.party
        self._board.take_out(call, ringing)
        gone = () if ringing.party.person is None else (ringing.party.person,)
        self._join(call, person, device, "PICKED_UP", calls=False, gone=gone)

    def redirect(self, call: Call, side: Side, number: str, *, anonymous: bool = False) -> None:
        """Send a ringing call elsewhere; `VOICEMAIL` is the user's own mailbox."""
        _need(side, MediaState.RINGING_INCOMING)
        person = _person(side)
        if number == "VOICEMAIL":
            call.anonymous = anonymous
            self._board.redirect(call, side, _mailbox(person), "REDIRECTED", missed=False)
            return
        if number == person.number or any(one.party.number == number for one in call.sides):
            raise wrong_destination("the call comes from there")
        if self._board.company.party(number, self._board.busy) is None:
            raise wrong_destination("nobody can be called by that number")
        call.anonymous = anonymous
        self._board.redirect(call, side, number, "REDIRECTED", missed=False)

    def overflow_to_voicemail(self, call: Call, side: Side) -> None:
        """Send an outgoing call to the mailbox of who is called."""
        _need(side, MediaState.RINGING_OUTGOING, MediaState.RELEASING)
        there = next(iter(call.others(side)), None)
        called = there.party.person if there is not None else (call.wanted.person if call.wanted is not None else None)
        if called is None:
            raise Impossible("SERVICE_NOT_PROVIDED", "INVALID_DESTINATION", "who is called is not of the company")
        mailbox = _mailbox(called)
        if there is not None:
            self._board.redirect(call, there, mailbox, "OVERFLOWN", missed=True)
        else:
            self._board.route(call, mailbox, "OVERFLOWN")
            self._board.tell(call, "OVERFLOWN")

    def record(self, call: Call, side: Side, action: str) -> None:
        """Start, stop, pause or resume the recording of a call; it needs a mailbox (L118)."""
        if side.state is not MediaState.ACTIVE:
            raise Impossible("LEG_NOT_FOUND", "INVALID_CONNECTION_STATE", "no active leg found")
        _mailbox(_person(side))
        if action == "stop":
            if side.recording is None:
                raise wrong_state("the call is not being recorded")
            side.recording = None
        else:
            before, after = _RECORDING[action]
            if side.recording is not before:
                raise wrong_state(f"the recording cannot {action} now")
            side.recording = after
        self._board.tell(call)

    def switch(self, call: Call, side: Side, leg: str, device: str) -> None:
        """Go on talking with another of the user's sets."""
        if leg not in side.devices:
            raise Impossible("LEG_NOT_FOUND", "INVALID_DEVICE", "this set is not in the call")
        if all(own.id != device for own in _person(side).devices):
            raise Impossible("UNAUTHORIZED", "INVALID_DEVICE", "a call is only switched to a set of the user's own")
        _need(side, MediaState.ACTIVE)
        if device == leg or device in self._board.out_of_service:
            raise wrong_state("the call cannot go to that set", "INVALID_DEVICE_STATE")
        side.devices = (device,)
        self._board.tell(call)

    def intrude(self, person: Person, device: str) -> None:
        """Enter the call of who is busy, from the call that hears the busy tone."""
        call = self._board.in_state(person, MediaState.RELEASING)
        called = call.wanted.person if call is not None and call.wanted is not None else None
        if call is None or call.failed != "BUSY" or called is None:
            raise wrong_state("the set does not call a busy user", "INVALID_DEVICE_STATE")
        target = self._board.in_state(called, MediaState.ACTIVE)
        if target is None or len(target.sides) >= CONFERENCE_SIZE or target.side_of(person) is not None:
            raise wrong_state("there is no call to intrude into")
        side = call.side_of(person)
        assert side is not None  # noqa: S101  (in_state found it by that side)
        self._board.take_out(call, side)
        self._board.forget(call)
        self._join(target, person, device, "CONFERENCED", calls=True, replaces=call.reference)

    def enter(self, call: Call, person: Person, device: str) -> None:
        """Let somebody come into a call that two talk in, as a supervisor does."""
        self._join(call, person, device, "CONFERENCED", calls=True)

    def _join(
        self,
        call: Call,
        person: Person,
        device: str,
        cause: str,
        *,
        calls: bool,
        gone: tuple[Person, ...] = (),
        replaces: str | None = None,
    ) -> None:
        board = self._board
        board.hold_others(person, call)
        here = Side(board.company.named(person.number), (device,), MediaState.ACTIVE, calls=calls, began=board.today())
        here.reason = cause
        if call.wanted is not None and call.wanted.number != person.number and not calls:
            here.called = call.wanted
        board.add(call, here)
        board.connect(call, here)
        board.tell(call, cause, gone=gone, replaces=replaces, destination=person.number if gone else None)

    def _resume(self, side: Side) -> None:
        if side.held_since is not None:
            side.held_seconds += (self._board.today() - side.held_since).total_seconds()
        side.state, side.held_since = MediaState.ACTIVE, None

    def _move(self, held: Call, side: Side, call: Call) -> None:
        self._board.take_out(held, side)
        self._board.add(call, side)


def _need(side: Side, *states: MediaState) -> None:
    if side.state not in states:
        raise wrong_state(f"the call is {side.state}, it must be {' or '.join(states)}")


def _need_two(call: Call) -> None:
    if len(call.sides) != 2:
        raise wrong_state("this takes a call of two")


def _mailbox(person: Person) -> str:
    if person.voicemail is None:
        raise Impossible("SERVICE_UNAVAILABLE", "INVALID_DESTINATION", "the user has no voicemail")
    return person.voicemail[0]


def _person(side: Side) -> Person:
    assert side.party.person is not None  # noqa: S101  (services are asked for by users)
    return side.party.person
