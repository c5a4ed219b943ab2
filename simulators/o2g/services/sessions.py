"""Sessions: opened with a credential, kept alive, closed (L20 to L30)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from simulators.o2g.rules.sessions import LONGEST_TTL, Identity, Session
from simulators.o2g.wire.answers import NO_CONTENT, Answer, invalid_session, json_answer, not_allowed, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request

# serviceName, relativeUrl: the names that ALE's clients look up, and where they must lead (B7).
SERVICES = (
    ("Users", "/users"),
    ("Logins", "/logins"),
    ("UserManagement", "/usermanagement"),
    ("Telephony", "/telephony"),
    ("Devices", "/telephony/devices"),
    ("State", "/telephony/state"),
    ("Directory", "/directory"),
    ("EventSummary", "/eventSummary"),
    ("Routing", "/routing"),
    ("Subscriptions", "/subscriptions"),
    ("Comlog", "/comlog/records"),
    ("Voicemail", "/messaging/mailboxes"),
    ("Maintenance", "/system"),
    ("PhoneSetProgramming", "/users"),
    ("AcdAgent", "/acd/agent"),
    ("PbxManagement", "/pbxs"),
    ("Analytics", "/analytics"),
    ("CallCenterManagement", "/acd/pilot"),
    ("CallCenterRealTime", "/acd/rti"),
    ("CallCenterStatistics", "/acd/stats"),
)


class AccountType(StrEnum):
    """How a supervised account is named (A12)."""

    LOGIN_NAME = "LOGIN_NAME"
    PHONE_NUMBER = "PHONE_NUMBER"


class SupervisedAccount(BaseModel):
    """Whom an administrator opens a session for."""

    id: str
    type: AccountType


class SessionRequest(BaseModel):
    """What a session is opened with (L83)."""

    applicationName: str = Field(min_length=1)
    supervisedAccount: SupervisedAccount | None = None
    timeToLive: int | None = Field(default=None, gt=0, le=LONGEST_TTL)


@operation("POST", "/sessions")
def open_session(request: Request) -> Answer:
    """Open the session of the cookie's credential; a second one of the same cookie is forbidden (L24)."""
    identity = request.o2g.sessions.identity(request.cookie)
    if identity is None or request.cookie is None:
        raise invalid_session("no credential: authenticate first")
    wanted = request.read(SessionRequest)
    if request.o2g.sessions.find(request.cookie) is not None:
        raise not_allowed("the session of this credential is open already")
    if wanted.supervisedAccount is not None:
        identity = _supervised(request, identity, wanted.supervisedAccount)
    expiration = request.o2g.bypass_tokens.get(wanted.applicationName)
    session = request.o2g.sessions.open(request.cookie, identity, wanted.timeToLive, expiration)
    return json_answer(_info(request, session))


@operation("GET", "/sessions")
def show_session(request: Request) -> Answer:
    """Tell about the open session."""
    return json_answer(_info(request, request.session))


@operation("DELETE", "/sessions")
def close_session(request: Request) -> Answer:
    """Close the session and all it holds."""
    request.o2g.sessions.close(request.session)
    return NO_CONTENT


@operation("POST", "/sessions/keepalive")
def keep_alive(request: Request) -> Answer:
    """Start the session's time anew; finding the session has done it. A bypass token's end is told (L27)."""
    if request.session.expiration is not None:
        return json_answer({"expirationDate": request.session.expiration})
    return NO_CONTENT


def _supervised(request: Request, identity: Identity, account: SupervisedAccount) -> Identity:
    if not identity.supervisor:
        raise not_allowed("only an administrator with the role of supervisor may supervise")
    world = request.o2g.world
    found = world.by_login if account.type is AccountType.LOGIN_NAME else world.by_number
    person = found.get(account.id)
    if person is None:
        raise not_found("no such account to supervise")
    return Identity(person.login, person)


def _info(request: Request, session: Session) -> dict[str, object]:
    addresses, base = request.o2g.addresses, "/api/rest/1.0"
    now = request.o2g.clock.now()
    token = {} if session.expiration is None else {"expirationDate": session.expiration}
    return {
        **token,
        "admin": session.identity.admin,
        "login": session.identity.login,
        "timeToLive": session.ttl,
        "publicBaseUrl": addresses.public + base,
        "privateBaseUrl": addresses.api + base,
        "services": [{"serviceName": name, "serviceVersion": "1.0", "relativeUrl": path} for name, path in SERVICES],
        "creationDate": _date(session.created),
        "otherSessions": [
            {"sessionId": other.cookie[-8:], "creationDate": _date(other.created), "timeToLive": other.residual(now)}
            for other in request.o2g.sessions.others(session)
        ],
    }


def _date(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
