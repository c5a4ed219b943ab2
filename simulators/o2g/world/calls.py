"""Calls between people: they ring, are answered, end, and both sides see it."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulators.o2g.clock import Clock, Timer
from simulators.o2g.world.people import Person

RING_SECONDS = 30.0  # before a call that nobody answers ends

Json = dict[str, Any]


class CallState(StrEnum):
    """A call's state on the side of who is called; the caller's follows from it."""

    CALLING_OWN_SET = "own_set"  # the caller's set rings first (autoAnswer false)
    RINGING = "ringing"
    ACTIVE = "active"


@dataclass(slots=True)
class Call:
    """A call from a set to a number; `callee` is None for a number outside the company."""

    reference: str
    caller: Person
    caller_device: str
    number: str
    callee: Person | None
    state: CallState
    began: float
    data: Json = field(default_factory=dict)
    timer: Timer | None = None

    def parties(self) -> Iterator[Person]:
        """Give who of the company takes part."""
        yield self.caller
        if self.callee is not None and self.callee is not self.caller:
            yield self.callee

    def other(self, person: Person) -> tuple[str, Person | None]:
        """Give the number and, if of the company, the person at the other end."""
        return (self.number, self.callee) if person is self.caller else (self.caller.number, self.caller)

    def device_of(self, person: Person) -> str:
        """Give the set that a person takes part with."""
        if person is self.caller:
            return self.caller_device
        return person.devices[0].id if person.devices else person.number

    def media_state(self, person: Person) -> str:
        """Give the state as O2G shows it to one side (MediaState)."""
        if self.state is CallState.ACTIVE:
            return "ACTIVE"
        if self.state is CallState.CALLING_OWN_SET:
            return "DIALING" if person is self.caller else "IDLE"
        return "RINGING_OUTGOING" if person is self.caller else "RINGING_INCOMING"


Listener = Callable[[str, Call, Person, str | None], None]


class Switchboard:
    """All calls in progress. `listener` is told of each change, once for each side, with O2G's event name and cause."""

    def __init__(self, clock: Clock, seed: int, find: Callable[[str], Person | None]) -> None:
        """Take the clock, a seed for references, and what finds the person of a number."""
        self._clock = clock
        self._chance = random.Random(seed)
        self._find = find
        self._order = itertools.count(1)
        self.calls: dict[str, Call] = {}
        self.placed: list[Call] = []
        self.listener: Listener = lambda event, call, person, cause: None

    def place(self, caller: Person, device: str, number: str, *, at_once: bool, data: Json | None = None) -> Call:
        """Call a number from a set. `at_once`: the callee rings now; else the caller's set must be answered first."""
        reference = f"{self._chance.getrandbits(48):012x}{next(self._order) % 65_536:04x}"
        state = CallState.RINGING if at_once else CallState.CALLING_OWN_SET
        call = Call(reference, caller, device, number, self._find(number), state, self._clock.now(), data or {})
        self.calls[reference] = call
        self.placed.append(call)
        self._tell("OnCallCreated", call, None)
        call.timer = self._clock.after(RING_SECONDS, lambda: self.end(call, "NOT_ANSWERED"))
        return call

    def of(self, person: Person) -> list[Call]:
        """Give the calls that a person takes part in, oldest first."""
        return [call for call in self.calls.values() if person is call.caller or person is call.callee]

    def answer(self, call: Call, person: Person) -> bool:
        """Answer a call; False where there is nothing to answer on that side."""
        if call.state is CallState.CALLING_OWN_SET and person is call.caller:
            call.state = CallState.RINGING
        elif call.state is CallState.RINGING and person is not call.caller:
            call.state = CallState.ACTIVE
            if call.timer is not None:
                call.timer.cancel()
        else:
            return False
        self._tell("OnCallModified", call, None)
        return True

    def end(self, call: Call, cause: str) -> None:
        """End a call on both sides; one that has ended stays ended."""
        if self.calls.pop(call.reference, None) is None:
            return
        if call.timer is not None:
            call.timer.cancel()
        self._tell("OnCallRemoved", call, cause)

    def _tell(self, event: str, call: Call, cause: str | None) -> None:
        for person in call.parties():
            if call.state is not CallState.CALLING_OWN_SET or person is call.caller:
                self.listener(event, call, person, cause)
