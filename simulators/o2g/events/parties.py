"""Who is who, as calls, records and callbacks describe people (PartyInfo)."""

from typing import Any

from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Party, PartyKind

Json = dict[str, Any]
MAIN_TYPES = {
    PartyKind.USER: {"main": "USER"},
    PartyKind.EXTERNAL: {"main": "EXTERNAL"},
    PartyKind.VOICEMAIL: {"main": "SERVICE", "subType": "voicemail"},
    PartyKind.SET: {"main": "DEVICE"},
    PartyKind.UNKNOWN: {"main": "UNKNOWN"},
}


def party(number: str, person: Person | None) -> Json:
    """Describe a number, and the person whose number it is."""
    return described(Party.of(number, person))


def described(somebody: Party) -> Json:
    """Describe somebody at an end of a call."""
    if somebody.person is None:
        return {"id": {"phoneNumber": somebody.number}, "type": MAIN_TYPES[somebody.kind]}
    return {
        "id": {"loginName": somebody.person.login, "phoneNumber": somebody.person.number},
        "firstName": somebody.person.first_name,
        "lastName": somebody.person.last_name,
        "type": MAIN_TYPES[PartyKind.USER],
    }
