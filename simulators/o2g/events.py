"""What O2G tells of calls and counters: the representations that reads and events share."""

from typing import Any

from simulators.o2g.world.calls import Call, CallState
from simulators.o2g.world.people import Person
from simulators.o2g.world.world import Counters

Json = dict[str, Any]


def party(number: str, person: Person | None) -> Json:
    """Describe somebody at an end of a call (PartyInfo)."""
    if person is None:
        return {"id": {"phoneNumber": number}, "type": {"main": "EXTERNAL"}}
    return {
        "id": {"loginName": person.login, "phoneNumber": person.number},
        "firstName": person.first_name,
        "lastName": person.last_name,
        "type": {"main": "USER"},
    }


def call_seen_by(call: Call, person: Person) -> Json:
    """Describe a call as one side sees it (Call)."""
    state = call.media_state(person)
    number, other = call.other(person)
    ringing_here = state == "RINGING_INCOMING" or (call.state is CallState.CALLING_OWN_SET and person is call.caller)
    data: Json = {
        "state": state,
        "deviceCall": False,
        "anonymous": False,
        "capabilities": {"terminate": True, "dropMe": True, "redirect": ringing_here},
        **call.data,
    }
    if person is not call.caller:
        data["initialCalled"] = party(person.number, person)
    return {
        "callRef": call.reference,
        "callData": data,
        "legs": [
            {
                "deviceId": call.device_of(person),
                "state": state,
                "ringingRemote": False,
                "capabilities": {"answer": ringing_here, "drop": True},
            }
        ],
        "participants": [
            {"participantId": number, "identity": party(number, other), "anonymous": False, "state": state}
        ],
    }


def call_event(name: str, call: Call, person: Person, cause: str | None) -> Json:
    """Describe what happened to a call, for one side (OnCallCreated, OnCallModified, OnCallRemoved)."""
    event: Json = {"eventName": name, "loginName": person.login, "callRef": call.reference}
    if cause is not None:
        event["cause"] = cause
    if name == "OnCallRemoved":
        return event
    seen = call_seen_by(call, person)
    event["callData"] = seen["callData"]
    if name == "OnCallCreated":
        return event | {
            "initiator": call.caller.number,
            "legs": seen["legs"],
            "participants": seen["participants"],
        }
    return event | {"modifiedLegs": seen["legs"], "modifiedParticipants": seen["participants"]}


def summary(counters: Counters) -> Json:
    """Describe what waits for a user (EventSummary); what is unknown is left out (L132)."""
    known = {name: count for name, count in counters.numbers.items() if count is not None}
    waiting = any(count for name, count in known.items() if name != "oldTextNb")
    return {**known, "eventWaiting": waiting}


def summary_event(person: Person, counters: Counters) -> Json:
    """Tell that a user's counters changed (OnEventSummaryUpdated)."""
    return {"eventName": "OnEventSummaryUpdated", "loginName": person.login, "eventSummary": summary(counters)}
