"""Calls as O2G shows them to one who takes part: data, legs, participants, and what can be done next."""

from dataclasses import dataclass
from typing import Any

from simulators.o2g.events.parties import described
from simulators.o2g.world.calls import Switchboard
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import TALKING, Call, MediaState, RecordState, Side

Json = dict[str, Any]
CALLS_STILL = (MediaState.RINGING_OUTGOING, MediaState.RELEASING)


@dataclass(frozen=True, slots=True)
class View:
    """A call as one side sees it; legs by set, participants by number."""

    reference: str
    data: Json
    legs: dict[str, Json]
    participants: dict[str, Json]

    def whole(self) -> Json:
        """Describe the call (Call)."""
        return {
            "callRef": self.reference,
            "callData": self.data,
            "legs": list(self.legs.values()),
            "participants": list(self.participants.values()),
        }


def view(board: Switchboard, call: Call, person: Person) -> View | None:
    """Give what a person sees of a call; None for who does not take part."""
    side = call.side_of(person)
    if side is None:
        return None
    others = {other.party.number: _participant(call, side, other) for other in call.others(side)}
    if not others and call.wanted is not None and call.parked_on is None:
        others = {call.wanted.number: {"participantId": call.wanted.number, "identity": described(call.wanted)}}
        others[call.wanted.number]["anonymous"] = False
    legs = {device: _leg(board, call, side, person, device) for device in side.devices}
    return View(call.reference, _data(board, call, side, person), legs, others)


def state_of(board: Switchboard, person: Person) -> Json:
    """Describe a user's telephony (TelephonicState)."""
    seen = [view(board, call, person) for call in board.of(person)]
    calls = [one.whole() for one in seen if one is not None]
    return {"calls": calls, "deviceCapabilities": device_capabilities(board, person), "userState": user_state(calls)}


def user_state(calls: object) -> str:
    """Tell whether a user is free (UserState)."""
    return "BUSY" if calls else "FREE"


def device_capabilities(board: Switchboard, person: Person) -> list[Json]:
    """Describe what can be begun with each set of a user (DeviceCapabilities)."""
    able = board.may_call(person)
    parked = board.parked
    return [
        {
            "deviceId": device.id,
            "makeCall": able and device.id not in board.out_of_service,
            "makeBusinessCall": able and device.id not in board.out_of_service,
            "makePrivateCall": able and device.id not in board.out_of_service,
            "unParkCall": device.id in parked,
        }
        for device in person.devices
    ]


def _data(board: Switchboard, call: Call, side: Side, person: Person) -> Json:
    data: Json = {
        "deviceCall": False,
        "anonymous": call.anonymous,
        "state": str(side.state),
        "capabilities": _capabilities(board, call, side, person),
    }
    if call.wanted is not None:
        data["initialCalled"] = described(call.wanted)
    redirecting = call.last_redirecting
    if redirecting is not None and (call.wanted is None or redirecting.number != call.wanted.number):
        data["lastRedirecting"] = described(redirecting)
    if call.data is not None:
        # Clients of ALE's read the one or the other name (B23).
        data |= {"associateData": call.data, "associatedData": call.data}
    elif call.hexa_data is not None:
        data["hexaBinaryAssociatedData"] = call.hexa_data
    if call.account is not None:
        data["accountInfo"] = call.account
    if side.recording is not None:
        data["recordState"] = str(side.recording)
    return data


def _capabilities(board: Switchboard, call: Call, side: Side, person: Person) -> Json:
    active, rings = side.state is MediaState.ACTIVE, side.state is MediaState.RINGING_INCOMING
    holds_another = any(
        other is not call and (there := other.side_of(person)) is not None and there.state is MediaState.HELD
        for other in board.of(person)
    )
    mailbox = person.voicemail is not None
    called = next((one.party.person for one in call.others(side)), call.wanted.person if call.wanted else None)
    calls_user = side.state in CALLS_STILL and called is not None
    return {
        "addDevice": False,
        "addParticipant": False,
        "intruded": active,
        "intrusion": call.failed == "BUSY" and called is not None,
        "transfer": holds_another and not call.conference and (active or side.state is MediaState.RINGING_OUTGOING),
        "blindTransfer": active and not call.conference,
        "merge": active and holds_another,
        "redirect": rings,
        "pickedUp": rings,
        "redirectToVoiceMail": rings and mailbox,
        "redirectToDVA": False,
        "overflowToVoiceMail": calls_user and called is not None and called.voicemail is not None,
        "dropMe": not rings,
        "terminate": not rings,
        "reject": False,
        "callBack": calls_user,
        "park": active and not call.conference,
        "startRecord": active and mailbox and side.recording is None,
        "stopRecord": side.recording is not None,
        "pauseRecord": side.recording is RecordState.RECORDING,
        "resumeRecord": side.recording is RecordState.PAUSED,
        "dropParticipant": active and call.conference,
        "muteParticipant": False,
        "holdParticipant": False,
    }


def _leg(board: Switchboard, call: Call, side: Side, person: Person, device: str) -> Json:
    active, held = side.state is MediaState.ACTIVE, side.state is MediaState.HELD
    engaged = any(
        other is not call and (there := other.side_of(person)) is not None and there.state in _ENQUIRY
        for other in board.of(person)
    )
    return {
        "deviceId": device,
        "state": str(side.state),
        "ringingRemote": side.state is MediaState.RINGING_OUTGOING,
        "capabilities": {
            "answer": side.state in (MediaState.RINGING_INCOMING, MediaState.DIALING),
            "drop": side.state is not MediaState.RINGING_INCOMING,
            "hold": active,
            "retrieve": held,
            "reconnect": held and engaged,
            "mute": active,
            "unMute": False,
            "sendDtmf": active,
            "switchDevice": active and len(person.devices) > 1,
        },
    }


_ENQUIRY = (MediaState.ACTIVE, MediaState.RINGING_OUTGOING, MediaState.RELEASING)


def _participant(call: Call, viewer: Side, side: Side) -> Json:
    hidden = call.anonymous and viewer is call.sides[-1]  # who came last is who is called
    told: Json = {
        "participantId": side.party.number,
        "identity": {"id": {}, "type": {"main": "UNKNOWN"}} if hidden else described(side.party),
        "anonymous": hidden,
        "undroppable": False,
    }
    if call.conference:
        told["state"] = "ACTIVE" if side.state in TALKING else "RINGING_INCOMING"
    return told
