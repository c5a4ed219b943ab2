"""Users: records, devices, logins, password."""

import re

from pydantic import BaseModel

from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_allowed, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person

FOUR_DIGITS = re.compile(r"[0-9]{4}")
SEPARATORS = re.compile(r"[,;]")  # the reference says commas, ALE's clients send semicolons (B32)


class ChangePassword(BaseModel):
    """The old and the new password of a user."""

    oldPassword: str
    newPassword: str


def user_record(person: Person) -> dict[str, object]:
    """Describe a user (User); what a user does not have is left out."""
    record: dict[str, object] = {
        "companyPhone": person.number,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "loginName": person.login,
        "nodeId": person.node,
        "devices": [
            {"type": device.kind, "id": device.id, "subType": device.station_type} for device in person.devices
        ],
    }
    if person.voicemail is not None:
        record["voicemail"] = {"number": person.voicemail[0], "type": person.voicemail[1]}
    if person.external_login is not None:
        record["externalLogin"] = person.external_login
    return record


@operation("GET", "/users")
def find_user(request: Request) -> Answer:
    """Find a user by directory number; exactly that parameter (L154, A24)."""
    number = request.query.get("companyPhone")
    if not number:
        raise bad_parameter("companyPhone is missing")
    person = request.o2g.world.by_number.get(number)
    if person is None:
        raise not_found("no user of that number")
    return json_answer(user_record(person))


@operation("GET", "/users/{loginName}")
def show_user(request: Request) -> Answer:
    """Show a user; anybody may see anybody's record."""
    person = request.o2g.world.by_login.get(request.values["loginName"])
    if person is None:
        raise not_found("no such user")
    return json_answer(user_record(person))


@operation("PUT", "/users/{loginName}/password")
def change_password(request: Request) -> Answer:
    """Change a user's password: 4 digits (L9)."""
    person = request.person(request.values["loginName"])
    wanted = request.read(ChangePassword)
    if wanted.oldPassword != person.secret:
        raise not_allowed("the old password is wrong")
    if not FOUR_DIGITS.fullmatch(wanted.newPassword):
        raise bad_parameter("a password has 4 digits")
    person.secret = wanted.newPassword
    return NO_CONTENT


@operation("GET", "/logins")
def logins(request: Request) -> Answer:
    """List logins: a user's own, or all that an administrator sees, of some nodes or with an external login."""
    own = request.session.identity.person
    if own is not None:
        if request.query:
            raise not_allowed("only an administrator may filter logins")
        return json_answer({"loginNames": [own.login]})
    nodes = {node for node in SEPARATORS.split(request.query.get("nodeIds", "")) if node}
    external = request.query.get("onlyWithExtLogin", "").lower() == "true"
    people = (
        person
        for person in request.o2g.world.people
        if (not nodes or person.node in nodes) and (not external or person.external_login)
    )
    return json_answer({"loginNames": [person.login for person in people]})
