"""Users: records, devices, logins, password."""

import re

from pydantic import BaseModel

from simulators.o2g.user_records import user_record
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_allowed, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request

FOUR_DIGITS = re.compile(r"[0-9]{4}")
# An administrator's password (L8): 9 characters, among them a small letter, a capital, a digit and something else.
STRONG = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{9,}", re.DOTALL)
SEPARATORS = re.compile(r"[,;]")  # the reference says commas, ALE's clients send semicolons (B32)
FOR_ADMINISTRATORS = ("nodeIds", "onlyACD", "onlyWithExtLogin")


class ChangePassword(BaseModel):
    """The old and the new password of a user."""

    oldPassword: str
    newPassword: str


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
    """Change a password: a user's has 4 digits (L9), an administrator's is strong (L8)."""
    own = request.session.identity
    if own.admin and request.values["loginName"] == own.login:
        return _change_own(request)
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
    """List logins: a user's own, or all that an administrator sees; of nodes, of operators, with an external login."""
    own = request.session.identity.person
    if own is not None:
        if any(name in request.query for name in FOR_ADMINISTRATORS):
            raise not_allowed("only an administrator may filter logins")
        return json_answer({"loginNames": [own.login]})
    nodes = {node for node in SEPARATORS.split(request.query.get("nodeIds", "")) if node}
    external, operators = _flag(request, "onlyWithExtLogin"), _flag(request, "onlyACD")
    world = request.o2g.world
    found = (
        person.login
        for person in world.by_login.values()
        if (not nodes or person.node in nodes)
        and (not external or person.external_login)
        and (not operators or world.call_centre.employs(person))
    )
    return json_answer({"loginNames": list(found)})


def _change_own(request: Request) -> Answer:
    wanted = request.read(ChangePassword)
    login = request.session.identity.login
    if not request.o2g.sessions.is_administrator(login, wanted.oldPassword):
        raise not_allowed("the old password is wrong")
    if not STRONG.fullmatch(wanted.newPassword):
        raise bad_parameter("9 characters: small letters, capitals, digits, and something else")
    request.o2g.sessions.set_administrator(login, wanted.newPassword)
    return NO_CONTENT


def _flag(request: Request, name: str) -> bool:
    """Read a parameter that has no value: it is there or not; ALE's clients may write `=true`."""
    return request.query.get(name, "false").lower() != "false"
