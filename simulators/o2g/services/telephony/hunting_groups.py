"""Hunting groups: members and who is logged on; and what a pilot says of transfers."""

from simulators.o2g.events import dynamic_state_event
from simulators.o2g.services.telephony.asking import call_control
from simulators.o2g.services.telephony.bodies import PilotQuery
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.request import Request


@call_control("GET", "/telephony/huntingGroupLogOn")
def logged_on(request: Request) -> Answer:
    """Tell whether a user is logged on in the group."""
    return json_answer({"logon": request.o2g.world.company.hunting_groups.logged_on(request.subject())})


@call_control("POST", "/telephony/huntingGroupLogOn")
def log_on(request: Request) -> Answer:
    """Log a member on."""
    return _log(request, on=True)


@call_control("DELETE", "/telephony/huntingGroupLogOn")
def log_off(request: Request) -> Answer:
    """Log a member off."""
    return _log(request, on=False)


@call_control("POST", "/telephony/huntingGroupMember/{hgNumber}")
def join(request: Request) -> Answer:
    """Make a user a member; being one already is no error."""
    request.o2g.world.company.hunting_groups.join(request.subject(), _group(request))
    return NO_CONTENT


@call_control("DELETE", "/telephony/huntingGroupMember/{hgNumber}")
def leave(request: Request) -> Answer:
    """Take a user out of a group; being none of it is no error."""
    request.o2g.world.company.hunting_groups.leave(request.subject(), _group(request))
    return NO_CONTENT


@call_control("GET", "/telephony/huntingGroups")
def groups(request: Request) -> Answer:
    """List the groups of the user's node, and which is the user's."""
    person, known = request.subject(), request.o2g.world.company.hunting_groups
    body: dict[str, object] = {"hgList": list(known.of_node(person.node))}
    current = known.of(person)
    return json_answer(body if current is None else body | {"currentHg": current})


@call_control("POST", "/telephony/pilots/{nodeId}/{pilotNumber}/transferInfo")
def transfer_info(request: Request) -> Answer:
    """Tell whether a call can be transferred to a pilot (A48, B24)."""
    request.subject()
    wanted = request.read(PilotQuery)
    node = request.values["nodeId"]
    if not node.isdecimal():
        raise bad_parameter("nodeId is a number")
    pilot = request.o2g.world.company.pilots.get(request.values["pilotNumber"])
    if pilot is None or pilot.node != node:
        raise not_found("the node has no such pilot")
    possible = pilot.status == "OPEN" and not (pilot.saturated and not wanted.priorityTransfer)
    info = {"transferPossible": possible, "pilotStatus": pilot.status}
    body = {
        "number": pilot.number,
        "waitingTime": pilot.waiting_time,
        "saturation": pilot.saturated,
        "supervisedTransfer": wanted.supervisedTransfer and possible,
        "possibleTransfer": possible,
        "transferInfo": info,
        "pilotTransferInfo": info,
    }
    return json_answer(body)


def _log(request: Request, *, on: bool) -> Answer:
    person, known = request.subject(), request.o2g.world.company.hunting_groups
    before = known.logged_on(person)
    known.log(person, on=on)
    if before is not on:
        request.o2g.subscriptions.publish(dynamic_state_event(person, logged_on=on))
    return NO_CONTENT


def _group(request: Request) -> str:
    number = request.values["hgNumber"]
    if not request.o2g.world.company.hunting_groups.knows(number):
        raise not_found("there is no such hunting group")
    return number
