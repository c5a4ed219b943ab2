"""Events of telephony: what subscribers are told when calls change (OnCall…, OnUserStateModified and their like)."""

from collections.abc import Callable
from typing import Any

from simulators.o2g.events.calls import View, device_capabilities, state_of, user_state, view
from simulators.o2g.world.calls import Switchboard
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Change

Json = dict[str, Any]
Publish = Callable[[Json], None]


class Announcer:
    """Compares what each one sees of a call with what was told last, and tells the difference."""

    def __init__(self, board: Switchboard, publish: Publish) -> None:
        """Take the switchboard whose calls are told of, and what hands events to subscribers."""
        self._board = board
        self._publish = publish
        self._told: dict[str, dict[str, View]] = {}
        self._able: dict[str, list[Json]] = {}

    def __call__(self, change: Change) -> None:
        """Tell everybody concerned what became of a call, and of what can be done with their other calls now."""
        for person in change.people:
            known = self._told.setdefault(person.login, {})
            was_free = not known
            self._tell(person, known, change)
            for call in self._board.of(person):
                if call is not change.call:
                    self._compare(person, known, call.reference, view(self._board, call, person), {})
            if was_free is not (not known):
                self._publish(user_state_event(person, user_state(known)))
            if not known:
                del self._told[person.login]

    def _tell(self, person: Person, known: dict[str, View], change: Change) -> None:
        extra: Json = {} if change.cause is None else {"cause": change.cause}
        seen = view(self._board, change.call, person)
        reference = change.call.reference
        if seen is None:
            if known.pop(reference, None) is not None:
                if change.destination is not None:
                    extra["newDestination"] = change.destination
                self._send("OnCallRemoved", person, reference, extra)
            return
        if change.replaces is not None and change.replaces in known:
            before = known.pop(change.replaces)
            known.setdefault(reference, before)
            extra["previousCallRef"] = change.replaces
        initiator = change.call.first_caller.number if change.call.first_caller is not None else ""
        self._compare(person, known, reference, seen, extra, initiator)

    def _compare(
        self,
        person: Person,
        known: dict[str, View],
        reference: str,
        seen: View | None,
        extra: Json,
        initiator: str = "",
    ) -> None:
        before = known.get(reference)
        if seen is None:
            return
        known[reference] = seen
        if before is None:
            created = {"callData": seen.data, "initiator": initiator, "legs": list(seen.legs.values())}
            created["participants"] = list(seen.participants.values())
            self._send("OnCallCreated", person, reference, extra | created)
            return
        difference = _difference(before, seen)
        if difference or "previousCallRef" in extra:
            self._send("OnCallModified", person, reference, extra | difference)

    def _send(self, name: str, person: Person, reference: str, fields: Json) -> None:
        event = {"eventName": name, "loginName": person.login, "callRef": reference, **fields}
        able = device_capabilities(self._board, person)
        if able != self._able.get(person.login):
            self._able[person.login] = able
            event["deviceCapabilities"] = able
        self._publish(event)


def _difference(before: View, now: View) -> Json:
    told: Json = {}
    if before.data != now.data:
        told["callData"] = now.data
    told["modifiedLegs"] = [leg for key, leg in now.legs.items() if key in before.legs and before.legs[key] != leg]
    told["addedLegs"] = [leg for key, leg in now.legs.items() if key not in before.legs]
    told["removedLegs"] = [leg for key, leg in before.legs.items() if key not in now.legs]
    old, new = before.participants, now.participants
    told["modifiedParticipants"] = [one for key, one in new.items() if key in old and old[key] != one]
    told["addedParticipants"] = [one for key, one in new.items() if key not in old]
    told["removedParticipantIds"] = [key for key in old if key not in new]
    return {key: value for key, value in told.items() if value}


def user_state_event(person: Person, state: str) -> Json:
    """Tell that a user is busy or free (OnUserStateModified)."""
    return {"eventName": "OnUserStateModified", "loginName": person.login, "state": state}


def telephony_state_event(board: Switchboard, person: Person) -> Json:
    """Tell all of a user's telephony (OnTelephonyState)."""
    return {"eventName": "OnTelephonyState", "loginName": person.login, "state": state_of(board, person)}


def device_state(device: str, out: bool, cause: str | None = None) -> Json:
    """Describe a set (DeviceState)."""
    state = {"deviceId": device, "state": "OUT_OF_SERVICE" if out else "IN_SERVICE"}
    return state if cause is None else state | {"cause": cause}


def device_event(person: Person, device: str, *, out: bool) -> Json:
    """Tell that a set came into service or went out of it (OnDeviceStateModified)."""
    states = [device_state(device, out)]
    return {"eventName": "OnDeviceStateModified", "loginName": person.login, "deviceStates": states}


def dynamic_state_event(person: Person, *, logged_on: bool) -> Json:
    """Tell that a user logged on to the hunting group or off (OnDynamicStateChanged)."""
    state = {"logon": logged_on}
    return {"eventName": "OnDynamicStateChanged", "loginName": person.login, "huntingGroupState": state}
