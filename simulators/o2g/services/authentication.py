"""Authentication: the first step of a client, by HTTP Basic (L2, L5 to L7)."""

import base64
import binascii

from simulators.o2g.wire.answers import Answer, ErrorType, Refusal, bad_parameter, json_answer
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request

VERSION = "1.0"


def wrong_credentials() -> Refusal:
    """401 with O2G's 1002: no retry helps (B10)."""
    refusal = Refusal(ErrorType.NOT_ALLOWED, 401, "bad credentials")
    refusal.headers["WWW-Authenticate"] = 'Basic realm="O2G"'
    return refusal


@operation("GET", "/authenticate")
def authenticate(request: Request) -> Answer:
    """Check login and password; the credential comes as a cookie and in the body, since clients read either (B5)."""
    if request.query.get("version") != VERSION:
        raise bad_parameter(f"version is mandatory and must be {VERSION}")
    login, password = _basic(request.authorization)
    credential = request.o2g.sessions.authenticate(login, password)
    if credential is None:
        raise wrong_credentials()
    addresses, sessions = request.o2g.addresses, "/api/rest/1.0/sessions"
    body = {
        "credential": credential,
        "publicUrl": addresses.public + sessions,
        "internalUrl": addresses.api + sessions,
        "loginName": login,
        "expired": False,
    }
    return json_answer(body, headers={"Set-Cookie": f"AlcUserId={credential}; Path=/; Secure; HttpOnly"})


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise wrong_credentials()
    try:
        login, colon, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise wrong_credentials() from error
    if not colon:
        raise wrong_credentials()
    return login, password
