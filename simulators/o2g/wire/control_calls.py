"""The control interface's part about calls: place, answer, end and forget them; leave callbacks and mini messages."""

from typing import Any

from aiohttp import web
from pydantic import Field

from simulators.o2g import events
from simulators.o2g.o2g import O2G
from simulators.o2g.wire.control_desk import Strict, body_of, told
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Call, Impossible, MediaState, Party, PartyKind, Side


class CallWanted(Strict):
    """A call: `caller` is a directory number, or one outside the company (begins with 0 or +).

    `answerAfter` and `endAfter` are seconds of the simulation, the second one from the answer on.
    """

    caller: str = Field(min_length=1)
    callee: str = Field(min_length=1)
    device: str | None = None
    data: str | None = None
    answerAfter: float | None = Field(default=None, ge=0)
    endAfter: float | None = Field(default=None, ge=0)


class PartyWanted(Strict):
    """Whose side: a number; without one, who is called (to answer) or who calls (to hang up)."""

    party: str | None = None


class CallbackLeft(Strict):
    """A request to call back, from a number."""

    caller: str


class MessageLeft(Strict):
    """A mini message from a number."""

    sender: str
    text: str = Field(max_length=128)


class DeviceWanted(Strict):
    """Whether a set is in service."""

    inService: bool


class RefusalsWanted(Strict):
    """What telephony answers to the next requests: TelephonyErrorType and TelephonyErrorCause (L116, L117)."""

    errorType: str
    errorCause: str = "UNKNOWN"
    times: int = Field(default=1, ge=1, le=1000)


class CallDesk:
    """Answers what a test asks about calls."""

    def __init__(self, o2g: O2G) -> None:
        """Take the simulated O2G."""
        self._o2g = o2g

    def routes(self) -> list[web.RouteDef]:
        """Give the paths."""
        return [
            web.get("/simulator/calls", self.calls),
            web.post("/simulator/calls", self.place),
            web.post("/simulator/calls/{callRef}/answer", self.answer),
            web.post("/simulator/calls/{callRef}/hangup", self.hang_up),
            web.post("/simulator/calls/{callRef}/ringout", self.ring_out),
            web.delete("/simulator/calls/{callRef}", self.end),
            web.post("/simulator/people/{number}/callbacks", self.leave_callback),
            web.post("/simulator/people/{number}/miniMessages", self.leave_message),
            web.delete("/simulator/people/{number}/miniMessages", self.forget_messages),
            web.delete("/simulator/people/{number}/comlog", self.forget_calls),
            web.put("/simulator/devices/{deviceId}", self.set_device),
            web.post("/simulator/telephony/refusals", self.refuse),
        ]

    async def calls(self, request: web.Request) -> web.Response:
        """List the calls that were ever placed, oldest first; with `?inProgress=true` those that have not ended."""
        calls = self._o2g.world.calls
        if request.query.get("inProgress") == "true":
            return told({"calls": [self._told(call) for call in calls.placed if call.reference in calls.calls]})
        return told({"calls": [self._told(call) for call in calls.placed]})

    async def place(self, request: web.Request) -> web.Response:
        """Place a call; maybe it is answered and ends by itself."""
        wanted = CallWanted.model_validate(await body_of(request))
        world = self._o2g.world
        person = world.by_number.get(wanted.caller)
        if person is None and world.company.named(wanted.caller).kind is PartyKind.UNKNOWN:
            raise KeyError("directory number")
        device = wanted.device or (person.devices[0].id if person is not None and person.devices else wanted.caller)
        call = world.calls.place(person or wanted.caller, device, wanted.callee, at_once=True, data=wanted.data)
        if wanted.answerAfter is not None:
            after = wanted.endAfter
            self._o2g.clock.after(wanted.answerAfter, lambda: self._answer_then_end(call, after))
        return told({"callRef": call.reference}, 201)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer for a party."""
        call = self._call(request)
        wanted = PartyWanted.model_validate(await body_of(request)).party
        side = self._side(call, wanted) if wanted is not None else _ringing(call)
        return told({"answered": side is not None and self._o2g.world.calls.answer(call, side)})

    async def hang_up(self, request: web.Request) -> web.Response:
        """Hang up for a party."""
        call = self._call(request)
        wanted = PartyWanted.model_validate(await body_of(request)).party
        self._o2g.world.calls.hang_up(call, self._side(call, wanted) if wanted is not None else call.sides[0])
        return told({})

    async def ring_out(self, request: web.Request) -> web.Response:
        """Let a ringing call go unanswered, now."""
        call = self._call(request)
        timer = call.timer
        if timer is None or _ringing(call) is None:
            return told({"error": "the call does not ring"}, 409)
        timer.cancel()
        timer.action()
        return told({})

    async def end(self, request: web.Request) -> web.Response:
        """End a call for all."""
        call = self._call(request)
        self._o2g.world.calls.end(call, "CLEARED" if call.talking else "ABANDONED")
        return told({})

    async def leave_callback(self, request: web.Request) -> web.Response:
        """Ask somebody to call back."""
        person = self._person(request)
        caller = CallbackLeft.model_validate(await body_of(request)).caller
        asks = self._o2g.world.by_number.get(caller)
        self._o2g.world.notes.ask_callback(person, Party.of(caller, asks))
        return told({}, 201)

    async def leave_message(self, request: web.Request) -> web.Response:
        """Leave somebody a mini message."""
        person = self._person(request)
        wanted = MessageLeft.model_validate(await body_of(request))
        self._o2g.world.notes.send(person, wanted.sender, wanted.text, self._o2g.clock.today())
        return told({}, 201)

    async def forget_messages(self, request: web.Request) -> web.Response:
        """Take away somebody's mini messages."""
        self._o2g.world.notes.forget(self._person(request))
        return told({})

    async def forget_calls(self, request: web.Request) -> web.Response:
        """Empty somebody's call log."""
        person, log = self._person(request), self._o2g.world.log
        log.delete(person, list(log.of(person)))
        return told({})

    async def set_device(self, request: web.Request) -> web.Response:
        """Take a set out of service or put it back."""
        device = request.match_info["deviceId"]
        person = self._o2g.world.by_device.get(device)
        if person is None:
            raise KeyError("device")
        out = not DeviceWanted.model_validate(await body_of(request)).inService
        known = self._o2g.world.calls.out_of_service
        if out is not (device in known):
            (known.add if out else known.discard)(device)
            self._o2g.subscriptions.publish(events.device_event(person, device, out=out))
        return told({})

    async def refuse(self, request: web.Request) -> web.Response:
        """Let telephony refuse the next requests."""
        wanted = RefusalsWanted.model_validate(await body_of(request))
        refusal = Impossible(wanted.errorType, wanted.errorCause, "a refusal was asked for")
        self._o2g.world.calls.refusals.extend([refusal] * wanted.times)
        return told({}, 201)

    def _answer_then_end(self, call: Call, seconds: float | None) -> None:
        board = self._o2g.world.calls
        side = _ringing(call)
        if side is not None and board.answer(call, side) and seconds is not None:
            self._o2g.clock.after(seconds, lambda: board.end(call, "CLEARED"))

    def _told(self, call: Call) -> dict[str, Any]:
        alive = call.reference in self._o2g.world.calls.calls
        first = call.first_caller
        return {
            "callRef": call.reference,
            "caller": first.number if first is not None else "",
            "device": call.first_device,
            "callee": call.dialled,
            "state": _state(call) if alive else "ended",
            "sides": {side.party.number: str(side.state) for side in call.sides},
            "dtmf": call.dtmf,
        }

    def _call(self, request: web.Request) -> Call:
        call = self._o2g.world.calls.calls.get(request.match_info["callRef"])
        if call is None:
            raise KeyError("call")
        return call

    def _side(self, call: Call, number: str) -> Side:
        side = next((side for side in call.sides if side.party.number == number), None)
        if side is None:
            raise KeyError("party in the call")
        return side

    def _person(self, request: web.Request) -> Person:
        person = self._o2g.world.by_number.get(request.match_info["number"])
        if person is None:
            raise KeyError("directory number")
        return person


def _ringing(call: Call) -> Side | None:
    return next((side for side in call.sides if side.state is MediaState.RINGING_INCOMING), None)


def _state(call: Call) -> str:
    if any(side.state is MediaState.DIALING for side in call.sides):
        return "own_set"
    if call.failed is not None:
        return "failed"
    return "active" if call.talking else "ringing"
