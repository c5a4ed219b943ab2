"""The switchboard: calls are placed, ring, are answered, go elsewhere, end; all in the time of the simulation."""

import itertools
import random
from collections import deque
from collections.abc import Callable
from datetime import datetime

from simulators.o2g.clock import Clock
from simulators.o2g.world.company import ALWAYS_BUSY, NEVER_ANSWERS, Company
from simulators.o2g.world.people import Person
from simulators.o2g.world.routing import Condition, RoutingTable
from simulators.o2g.world.telephones import (
    TALKING,
    Call,
    Change,
    Diary,
    Impossible,
    MediaState,
    Party,
    PartyKind,
    Side,
    Witness,
)

RING_SECONDS = 30.0  # before a call that nobody answers goes elsewhere or ends
TONE_SECONDS = 15.0  # of the busy tone and its like
OUTSIDE_ANSWERS_SECONDS = 6.0  # until somebody outside picks up
MAILBOX_SECONDS = 30.0  # until a mailbox hangs up
LINES_OUT = 8  # calls that one user can have a hand in
LINES_IN = 2  # with so many a user is busy to others
LONGEST_DIVERSION = 5  # from one to the next
PLACED = 20_000  # calls remembered


class Switchboard:
    """All calls in progress.

    Attributes:
        calls: by reference; `placed`: those and earlier ones, oldest first.
        parked: the call that waits at a set.
        out_of_service: ids of sets.
        refusals: what the next requests of call control are refused with, whatever they ask.
        listeners: told of each change; `diary`: of what is worth a record.
    """

    def __init__(self, clock: Clock, seed: int, company: Company, routing: RoutingTable) -> None:
        """Take the clock, a seed for references, what finds the party of a number, and where people's calls go."""
        self.clock = clock
        self.company = company
        self.calls: dict[str, Call] = {}
        self.placed: deque[Call] = deque(maxlen=PLACED)
        self.parked: dict[str, Call] = {}
        self.out_of_service: set[str] = set()
        self.refusals: deque[Impossible] = deque()
        self.listeners: list[Callable[[Change], None]] = []
        self.diary = Diary()
        self._routing = routing
        self._chance = random.Random(seed)
        self._order = itertools.count(1)
        self._of: dict[str, list[Call]] = {}

    # Reading.

    def today(self) -> datetime:
        """Give the date and time of the simulation."""
        return self.clock.today()

    def of(self, person: Person) -> list[Call]:
        """Give the calls that a person takes part in, oldest first."""
        return list(self._of.get(person.login, ()))

    def in_state(self, person: Person, *states: MediaState) -> Call | None:
        """Give a person's newest call that is in one of these states on that side."""
        for call in reversed(self._of.get(person.login, [])):
            side = call.side_of(person)
            if side is not None and side.state in states:
                return call
        return None

    def busy(self, person: Person) -> bool:
        """Tell whether a person's lines are taken, so that nothing more rings."""
        return len(self._of.get(person.login, ())) >= LINES_IN

    def may_call(self, person: Person) -> bool:
        """Tell whether a person has a line left for one more call."""
        return len(self._of.get(person.login, ())) < LINES_OUT

    # From beginning to end.

    def place(
        self,
        caller: Person | str,
        device: str,
        number: str,
        *,
        at_once: bool,
        data: str | None = None,
        hexa_data: str | None = None,
    ) -> Call:
        """Call a number from a set; `caller` is a number where nobody of the company calls.

        `at_once`: the number rings now; else the caller's set must be answered first.

        Raises:
            Impossible: the set is out of service, the caller has too many calls.
        """
        if device in self.out_of_service:
            raise Impossible("CALL_SERVER_ERROR", "DEVICE_OUT_OF_SERVICE", "the set is out of service")
        if isinstance(caller, Person):
            if not self.may_call(caller):
                raise Impossible("CALL_SERVER_ERROR", "RESOURCE_BUSY", "all lines of the user are engaged")
            self.hold_others(caller, None)
            party = Party.of(caller.number, caller)
        else:
            party = self.company.named(caller)
        call = Call(f"{self._chance.getrandbits(48):012x}{next(self._order) % 65_536:04x}", number)
        call.data, call.hexa_data = data, hexa_data
        call.wanted, call.first_caller, call.first_device = self.company.named(number), party, device
        self.calls[call.reference] = call
        self.placed.append(call)
        self.add(call, Side(party, (device,), MediaState.DIALING, calls=True, began=self.today()))
        if at_once:
            self.route(call, number)
        else:
            call.timer = self.clock.after(RING_SECONDS, lambda: self.end(call, "NOT_ANSWERED"))
        self.tell(call)
        return call

    def answer(self, call: Call, side: Side, device: str | None = None) -> bool:
        """Answer on one side, maybe of somebody outside; False where there is nothing to answer."""
        person = side.party.person
        if side.state is MediaState.DIALING:
            self.route(call, call.dialled)
        elif side.state is MediaState.RINGING_INCOMING:
            if person is not None:
                self.hold_others(person, call)
            side.devices = (device,) if device else side.devices[:1]
            self.connect(call, side)
        else:
            return False
        self.tell(call)
        return True

    def connect(self, call: Call, side: Side) -> None:
        """Let a side talk with all who wait for it."""
        call.stop_timer()
        side.state, side.talked = MediaState.ACTIVE, self.today()
        for other in call.others(side):
            if other.state not in TALKING:
                other.state = MediaState.ACTIVE
            other.talked = other.talked or side.talked
            if side.party.person is not None:
                self.diary.talked(side.party.person, other.party)
            if other.party.person is not None:
                self.diary.talked(other.party.person, side.party)

    def end(self, call: Call, cause: str) -> None:
        """End a call on all sides; one that has ended stays ended."""
        if call.reference not in self.calls:
            return
        self.forget(call)
        people = tuple(call.people())
        self._write_end(call, cause)
        for side in list(call.sides):
            self.take_out(call, side)
        self.tell(call, cause, gone=people)

    def hang_up(self, call: Call, side: Side) -> None:
        """Let one side leave: of a conference the rest goes on, else the call ends."""
        if call.conference and sum(other.state in TALKING for other in call.others(side)) > 1:
            self._leave(call, side)
        elif call.talking or side.state is MediaState.ACTIVE:
            self.end(call, "CLEARED")
        elif call.failed is not None:
            self.end(call, call.failed)
        else:
            self.end(call, "NOT_ANSWERED" if side.state is MediaState.RINGING_INCOMING else "ABANDONED")

    # Where a call goes.

    def route(self, call: Call, number: str, reason: str | None = None) -> None:
        """Let a number ring for all who wait in a call, after whatever diversions."""
        call.stop_timer()
        call.failed = None
        for _ in range(LONGEST_DIVERSION):
            target = self.company.party(number, self.busy)
            if target is None:
                self._fail(call, "INVALID_NUMBER")
                return
            if call.wanted is None or call.wanted.kind is PartyKind.UNKNOWN:
                call.wanted = target  # a hunting group's member
            situation, diversion = self._diverted(target.person)
            if diversion is None:
                self._ring(call, target, reason)
                return
            reason = "FORWARDED" if situation is Condition.IMMEDIATE else "OVERFLOWN"
            call.witnesses.append(Witness(target, self.today(), reason, missed=situation is Condition.BUSY))
            call.last_redirecting = target
            number = diversion
        self._fail(call, "DESTINATION_NOT_OBTAINABLE")

    def redirect(self, call: Call, side: Side, number: str, reason: str, *, missed: bool) -> None:
        """Take a call away from where it rings, to another number."""
        person = side.party.person
        call.stop_timer()
        call.witnesses.append(Witness(side.party, side.began, reason, missed))
        call.last_redirecting = side.party
        self.take_out(call, side)
        self.route(call, number, reason)
        self.tell(call, reason, gone=() if person is None else (person,), destination=number)

    def _ring(self, call: Call, target: Party, reason: str | None) -> None:
        person = target.person
        if person is not None:
            if call.side_of(person) is not None:
                self._fail(call, "DESTINATION_NOT_OBTAINABLE")
                return
            if self._routing.of(person).do_not_disturb:
                self._fail(call, "DO_NOT_DISTURB")
                return
            if self.busy(person):
                self._fail(call, "BUSY")
                return
        elif target.kind is PartyKind.EXTERNAL and target.number.endswith(ALWAYS_BUSY):
            self._fail(call, "BUSY")
            return
        devices = tuple(device.id for device in person.devices) if person is not None else (target.number,)
        ringing = tuple(device for device in devices if device not in self.out_of_service)
        if devices and not ringing:
            self._fail(call, "DESTINATION_NOT_OBTAINABLE")
            return
        for side in call.sides:
            side.state = MediaState.RINGING_OUTGOING
        rang = Side(target, ringing or (target.number,), MediaState.RINGING_INCOMING, calls=False, began=self.today())
        rang.reason, rang.transferred_by = reason, call.transferred_by
        if call.wanted is not None and call.wanted.number != target.number:
            rang.called = call.wanted
        self.add(call, rang)
        self._expect_answer(call, rang)

    def _fail(self, call: Call, cause: str) -> None:
        """Let all who wait hear a tone for a while, then end; whoever is outside hears none."""
        call.failed = cause
        for side in call.sides:
            side.state = MediaState.RELEASING
        if all(side.party.person is None for side in call.sides):
            self.end(call, cause)
        else:
            call.timer = self.clock.after(TONE_SECONDS, lambda: self.end(call, cause))

    def _expect_answer(self, call: Call, rang: Side) -> None:
        kind = rang.party.kind
        if kind is PartyKind.VOICEMAIL:
            self.connect(call, rang)
            call.timer = self.clock.after(MAILBOX_SECONDS, lambda: self.end(call, "CLEARED"))
        elif kind is PartyKind.EXTERNAL and not rang.party.number.endswith(NEVER_ANSWERS):
            call.timer = self.clock.after(OUTSIDE_ANSWERS_SECONDS, lambda: self._answered_outside(call, rang))
        else:
            call.timer = self.clock.after(RING_SECONDS, lambda: self._not_answered(call, rang))

    def _answered_outside(self, call: Call, rang: Side) -> None:
        if rang in call.sides:
            self.answer(call, rang)

    def _not_answered(self, call: Call, rang: Side) -> None:
        person = rang.party.person
        diversion = None if person is None else self._routing.diverted_to(person, Condition.NO_ANSWER)
        if diversion is None or rang not in call.sides:
            self.end(call, "NOT_ANSWERED")
        else:
            self.redirect(call, rang, diversion, "OVERFLOWN", missed=True)

    def _diverted(self, person: Person | None) -> tuple[Condition, str | None]:
        if person is None or self._routing.of(person).do_not_disturb:
            return Condition.IMMEDIATE, None
        at_once = self._routing.diverted_to(person, Condition.IMMEDIATE)
        if at_once is None and self.busy(person):
            return Condition.BUSY, self._routing.diverted_to(person, Condition.BUSY)
        return Condition.IMMEDIATE, at_once

    # What the services of call control build on.

    def hold_others(self, person: Person, but: Call | None) -> None:
        """Hold what a person talks in, as another call is taken up."""
        for call in self.of(person):
            side = call.side_of(person)
            if call is not but and side is not None and side.state is MediaState.ACTIVE:
                side.state, side.held_since = MediaState.HELD, self.today()

    def add(self, call: Call, side: Side) -> None:
        """Put a side into a call."""
        call.sides.append(side)
        if side.party.person is not None:
            self._of.setdefault(side.party.person.login, []).append(call)

    def take_out(self, call: Call, side: Side) -> None:
        """Take a side out of a call, without a word."""
        call.sides.remove(side)
        person = side.party.person
        if person is not None:
            mine = self._of[person.login]
            mine.remove(call)
            if not mine:
                del self._of[person.login]

    def forget(self, call: Call) -> None:
        """Drop a call that is no more, or whose sides have gone into another."""
        call.stop_timer()
        self.calls.pop(call.reference, None)
        if call.parked_on is not None:
            self.parked.pop(call.parked_on, None)
            call.parked_on = None

    def tell(
        self,
        call: Call,
        cause: str | None = None,
        *,
        gone: tuple[Person, ...] = (),
        replaces: str | None = None,
        destination: str | None = None,
    ) -> None:
        """Tell the listeners what became of a call; `gone` are who took part before."""
        here = tuple(call.people())
        people = (*here, *(person for person in gone if all(person is not one for one in here)))
        change = Change(call, people, cause or call.failed, replaces, destination)
        for listener in self.listeners:
            listener(change)

    def _leave(self, call: Call, side: Side) -> None:
        """Take one side out of a conference; the others see it go, and have a record from now on."""
        parties = {id(one): [other.party for other in call.others(one)] for one in call.sides}
        self.diary.left(call, side, parties[id(side)], "PARTICIPANT_LEFT", for_good=True)
        for other in call.others(side):
            self.diary.left(call, other, parties[id(other)], "CONFERENCED", for_good=False)
        self.take_out(call, side)
        gone = () if side.party.person is None else (side.party.person,)
        self.tell(call, "PARTICIPANT_LEFT", gone=gone)

    def _write_end(self, call: Call, cause: str) -> None:
        for side in call.sides:
            if side.state is not MediaState.DIALING:
                others = [other.party for other in call.others(side)]
                if not others and call.wanted is not None:
                    others = [call.wanted]
                self.diary.left(call, side, others, cause, for_good=True)
        answerer = next((side for side in reversed(call.sides) if not side.calls), None)
        caller = None if answerer is None else next(iter(call.others(answerer)), None)
        if caller is not None and answerer is not None:
            for witness in call.witnesses:
                self.diary.passed_over(call, witness, caller.party, answerer)
