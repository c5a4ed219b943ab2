"""User management: which subscribers O2G knows as users; for administrators only (L81, L82)."""

import re

from pydantic import BaseModel, ConfigDict

from simulators.o2g.o2g import O2G
from simulators.o2g.user_records import user_created, user_deleted, user_record
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person

SEPARATORS = re.compile(r"[,;]")  # the reference says commas, ALE's clients send semicolons (B32)


class CreateUsers(BaseModel):
    """Which subscribers of a node are to be users; numbers may come as texts or numbers (A22)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    nodeId: str
    deviceNumbers: list[str] | None = None
    all: bool = False


@operation("GET", "/usermanagement")
def logins(request: Request) -> Answer:
    """List logins: of all users, of nodes, or of the user who has a set."""
    world = request.o2g.world
    device = request.query.get("deviceNumber")
    if device is not None:
        owner = world.by_device.get(device) or world.by_number.get(device)
        found = [] if owner is None else [owner]
    else:
        found = list(world.by_login.values())
    nodes = {node for node in SEPARATORS.split(request.query.get("nodeIds", "")) if node}
    return json_answer({"loginNames": [person.login for person in found if not nodes or person.node in nodes]})


@operation("GET", "/usermanagement/{loginName}")
def show(request: Request) -> Answer:
    """Show a user."""
    return json_answer(user_record(request.person(request.values["loginName"])))


@operation("POST", "/usermanagement")
def create(request: Request) -> Answer:
    """Make users of subscribers, found by any of their sets; who is one already stays one (A20, A21)."""
    wanted = request.read(CreateUsers)
    register = request.o2g.world.register
    if wanted.nodeId not in request.o2g.world.nodes:
        raise not_found("no such node")
    if wanted.all:
        for person in list(register.of_node(wanted.nodeId)):
            _add(request.o2g, person)
        return Answer(200)
    if not wanted.deviceNumbers:
        raise bad_parameter("deviceNumbers is missing, and all is not true")
    asked = (register.find(device, wanted.nodeId) for device in wanted.deviceNumbers)
    found = {person.login: person for person in asked if person is not None}
    if not found:
        raise not_found("none of these sets belongs to a subscriber of the node")
    for person in found.values():
        _add(request.o2g, person)
    return json_answer({"users": [user_record(person) for person in found.values()]})


@operation("DELETE", "/usermanagement/{loginName}")
def delete(request: Request) -> Answer:
    """Let O2G forget a user; the user's sessions end."""
    o2g = request.o2g
    person = request.person(request.values["loginName"])
    o2g.world.register.remove(person)
    for session in o2g.sessions:
        if session.identity.person is person:
            o2g.sessions.close(session)
    o2g.subscriptions.publish(user_deleted(person))
    return NO_CONTENT


def _add(o2g: O2G, person: Person) -> None:
    if o2g.world.register.add(person):
        o2g.subscriptions.publish(user_created(person))
