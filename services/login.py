"""Logging in to O2G: its root, authentication, the session (L1 to L4)."""

import base64
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Literal

import httpx
import structlog
from pydantic import AliasChoices, Field

from services.addresses import chosen, root
from services.border import MaybeFlag, MaybeText, MaybeWhole, Reading, Text, Writing, many, one, read
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import (
    NotAllowed,
    O2GError,
    O2GNotReady,
    O2GUnreachable,
    ServerProblem,
    UnreadableAnswer,
    WrongCredentials,
)
from services.refusals import NOT_ALLOWED, refusal
from services.wire import Answer, Sender

VERSION = "1.0"
ROOT_SECONDS = 5.0  # an O2G that takes longer for this will not log anybody in
SESSION_COOKIE = "AlcUserId"
USUAL_TTL = 1800  # seconds (L20), where O2G gives none
COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,8192}")  # RFC 6265's cookie-octets

log = structlog.get_logger(__name__)


class _Version(Reading):
    id: Text
    public_url: MaybeText = None
    internal_url: MaybeText = None


class _ProductVersion(Reading):
    major: MaybeText = None
    minor: MaybeText = None


class _ServerInfo(Reading):
    product_version: Annotated[_ProductVersion | None, one(_ProductVersion)] = None


class _Descriptor(Reading):
    server_info: Annotated[_ServerInfo | None, one(_ServerInfo)] = None
    versions: Annotated[tuple[_Version, ...], many(_Version)]


class _Authentication(Reading):
    credential: MaybeText = None
    public_url: MaybeText = None
    internal_url: MaybeText = None
    login_name: MaybeText = Field(default=None, validation_alias=AliasChoices("loginName", "login"))  # A1
    expired: MaybeFlag = None  # A2, A3


class _SessionInfo(Reading):
    admin: MaybeFlag = None
    time_to_live: MaybeWhole = None  # A8
    public_base_url: MaybeText = None
    private_base_url: MaybeText = None


class SupervisedAccount(Writing):
    """For whom an administrator opens a session (L30); by e-mail address is not offered (A12)."""

    id: str
    type: Literal["LOGIN_NAME"] = "LOGIN_NAME"


class SessionRequest(Writing):
    """What opens a session; only what every O2G knows (B6), so that its own lifetime holds (L22)."""

    application_name: str
    supervised_account: SupervisedAccount | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session at O2G.

    Attributes:
        count: which one since Touchline started, from 1.
        base: the address that operations are below.
        address: the address of the session itself.
        cookies: what each request carries; not shown when printed.
        ttl: seconds without a request after which O2G ends it (L21).
        since: when it was opened, UTC.
        opened: the same on a clock that never jumps, in seconds.
        product_version: O2G's own version; None where it does not tell.
    """

    count: int
    base: httpx.URL
    address: httpx.URL
    cookies: str = field(repr=False)
    ttl: int
    since: datetime
    product_version: str | None
    opened: float = field(default_factory=time.monotonic)


def log_in(endpoint: O2GEndpoint, wire: Sender, count: int, deadline: Deadline, user: str | None = None) -> OpenSession:
    """Discover the API, authenticate and open a session.

    Args:
        endpoint: which O2G, and as whom.
        wire: what sends.
        count: the session's number.
        deadline: until when it must be open.
        user: login name of the user for whom the administrator opens it (L30); None: for the administrator.

    Raises:
        WrongCredentials: O2G refuses login or password.
        NotAllowed: the administrator may open no sessions for users.
        NotFound: there is no such user.
        O2GError: anything else that keeps from it.
    """
    asked = _asked(wire, "GET /api/rest", root(endpoint), deadline.at_most(ROOT_SECONDS))
    descriptor = read(_Descriptor, asked.body, "a descriptor")
    version = next((version for version in descriptor.versions if version.id.strip() == VERSION), None)
    door = chosen(endpoint, version.internal_url, version.public_url) if version is not None else None
    if door is None:
        raise UnreadableAnswer(f"O2G does not offer version {VERSION} of its API")
    authentication, jar = _authenticate(endpoint, wire, door, deadline)
    address = chosen(endpoint, authentication.internal_url, authentication.public_url)
    if address is None:
        raise UnreadableAnswer("O2G's authentication names no address of sessions")
    supervised = SupervisedAccount(id=user) if user is not None else None
    body = SessionRequest(application_name=endpoint.application, supervised_account=supervised).wire()
    answer = _asked(wire, "POST /sessions", address, deadline, {"Cookie": _written(jar)}, body)
    session = read(_SessionInfo, answer.body, "a session")
    jar |= _cookies(answer)  # such as a balancer's, which keeps requests on one node
    if session.admin is False and user is None:
        log.warning("o2g.not_an_administrator", meaning="this login can act for no phone user but itself")
    base = chosen(endpoint, session.private_base_url, session.public_base_url) or address.join(".")
    return OpenSession(
        count=count,
        base=base.copy_with(query=None, fragment=None),
        address=address,
        cookies=_written(jar),
        ttl=session.time_to_live if session.time_to_live and session.time_to_live > 0 else USUAL_TTL,
        since=datetime.now(UTC),
        product_version=_version(descriptor),
    )


def _authenticate(
    endpoint: O2GEndpoint, wire: Sender, door: httpx.URL, deadline: Deadline
) -> tuple[_Authentication, dict[str, str]]:
    secret = base64.b64encode(f"{endpoint.login}:{endpoint.password}".encode()).decode()
    try:
        answer = _asked(
            wire,
            "GET /authenticate",
            door.copy_merge_params({"version": VERSION}),
            deadline,
            {"Authorization": f"Basic {secret}"},
        )
    except O2GError as error:
        if _credentials_refused(error):
            raise error.as_(WrongCredentials) from None
        raise
    authentication = read(_Authentication, answer.body, "an authentication")
    if authentication.expired:
        log.warning("o2g.password_expired", meaning="change it soon, or logging in fails")  # L10
    jar = _cookies(answer)
    if SESSION_COOKIE not in jar:
        if authentication.credential is None or not COOKIE_VALUE.fullmatch(authentication.credential):
            raise UnreadableAnswer("O2G's authentication gives no credential")
        jar[SESSION_COOKIE] = authentication.credential  # B5
    return authentication, jar


def _credentials_refused(error: O2GError) -> bool:
    """Tell whether asking again with the same credentials could only lock the account (B10)."""
    if error.status == 401:
        return not isinstance(error, O2GNotReady | ServerProblem)
    return error.status == 403 and (isinstance(error, NotAllowed) or error.code in (None, NOT_ALLOWED))


def _asked(
    wire: Sender,
    operation: str,
    url: httpx.URL,
    deadline: Deadline,
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
) -> Answer:
    try:
        answer = wire.send(operation, url, deadline, headers=headers or {}, content=content)
    except O2GUnreachable as error:
        # A connection that broke is worth a second try; one that nobody took up is what the other address is for.
        if not error.connection_lost or error.nothing_sent or not operation.startswith("GET "):
            raise
        answer = wire.send(operation, url, deadline, headers=headers or {}, content=content)
    if not answer.good:
        raise refusal(answer.status, answer.body)
    return answer


def _cookies(answer: Answer) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in answer.headers.get_list("set-cookie"):
        try:
            parsed = SimpleCookie(header)
        except CookieError:
            continue
        for name, morsel in parsed.items():
            if COOKIE_VALUE.fullmatch(morsel.coded_value):
                found[name] = morsel.coded_value
    return found


def _written(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def _version(descriptor: _Descriptor) -> str | None:
    version = descriptor.server_info.product_version if descriptor.server_info is not None else None
    if version is None:
        return None
    return ".".join(part for part in (version.major, version.minor) if part) or None
