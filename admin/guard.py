"""Who gets which page of the administration. `access.ACCESS` says it; here it is done, before any page is asked.

A page's row in the table decides: whether somebody must have signed in, and as what. A form must carry its token, and
come from a page of this server.
"""

import secrets
from dataclasses import dataclass

import redis
import structlog
from flask import Blueprint, Flask, Response, abort, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from admin import wording
from admin.access import ACCESS, Who
from admin.desk import Desk
from admin.sessions import Session
from store.administrators import Administrator, Role
from store.errors import StoreGone

PATH = "/admin"
COOKIE = "__Host-touchline-admin"  # the prefix keeps other hosts of the domain from setting it (RFC 6265bis)
TOKEN = "id"  # noqa: S105  (its name in the cookie)
SIGN_IN = "admin.sign_in"
SECOND_FACTOR = {"admin.second_factor", "admin.second_factor_picture", "admin.sign_out"}
LONGEST_UPLOAD = 2 * 1024 * 1024  # bytes; only from who has signed in
SECRETS = {"password", "new_password", "again", "code", "csrf_token"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has signed in, and asks for a page.

    Attributes:
        session: theirs.
        account: theirs; None while it cannot be looked up: they are believed for what a session of theirs may read.
        role: what they may do now.
    """

    session: Session
    account: Administrator | None
    role: Role

    @property
    def login(self) -> str:
        """Whose."""
        return self.session.login

    @property
    def may_change(self) -> bool:
        """Whether they may change anything."""
        return self.role is Role.ADMINISTRATOR


class Guard:
    """Stands before the administration's pages."""

    def __init__(self, desk: Desk) -> None:
        """Take what the pages work with."""
        self._desk = desk
        self._rows = {row.rule: row for row in ACCESS}
        self._csrf = CSRFProtect()

    def stand_before(self, doors: Blueprint, app: Flask, keys: list[bytes]) -> None:
        """Guard the doors of a blueprint of this server; `keys` sign the cookie, the newest one last."""
        app.config.update(
            SECRET_KEY=keys[-1],
            SECRET_KEY_FALLBACKS=keys[:-1],
            SESSION_COOKIE_NAME=COOKIE,
            SESSION_COOKIE_PATH="/",
            SESSION_COOKIE_SECURE=True,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            WTF_CSRF_CHECK_DEFAULT=False,  # phones have signed links; only these doors have forms
            WTF_CSRF_TIME_LIMIT=None,  # as long as the session
            WTF_CSRF_SSL_STRICT=False,  # by Sec-Fetch-Site instead: pages send no referrer
        )
        self._csrf.init_app(app)
        doors.before_request(self._admit)
        doors.after_app_request(_dress)
        doors.register_error_handler(Exception, _trouble)

    def _admit(self) -> Response | AnyResponse | str | tuple[str, int] | None:
        desk = self._desk
        if desk.networks and not desk.proxies.origin(request.environ).within(desk.networks):
            abort(404)
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return _page("form_refused.html", 403)
        who = self._rows[request.url_rule.rule].who if request.url_rule else Who.ADMINISTRATOR
        g.visitor = None if request.endpoint == "admin.static" else self._visitor()
        if who is Who.SIGN_IN:
            if request.method == "POST":
                self._csrf.protect()
            return None
        visitor: Visitor | None = g.visitor
        if visitor is None:
            return _signed_out()
        lacks_factor = desk.second_factor and visitor.account is not None and not visitor.account.has_totp
        if lacks_factor and request.endpoint not in SECOND_FACTOR:
            return redirect(url_for("admin.second_factor"))
        if who is not Who.OPERATOR and not visitor.may_change:
            return _page("not_for_operators.html", 403)
        request.max_content_length = request.max_form_memory_size = LONGEST_UPLOAD
        if request.method == "POST":
            self._csrf.protect()
        return None

    def _visitor(self) -> Visitor | None:
        found = self._desk.sessions.of(str(session.get(TOKEN, "")))
        if found is None:
            return None
        try:
            account = self._desk.accounts.get(found.login)
        except StoreGone:
            # Who was let in a moment ago may see what is wrong, and change nothing.
            return Visitor(found, None, Role.OPERATOR)
        if account is None or not account.enabled or account.epoch != found.epoch:
            self._desk.sessions.end(found.token)
            return None
        return Visitor(found, account, account.role)


def visitor() -> Visitor:
    """Give who asks for this page; every page but the way in has somebody."""
    found = g.visitor
    assert isinstance(found, Visitor)  # noqa: S101  (Flask's g has no types)
    return found


def account() -> Administrator:
    """Give the account of who asks for this page.

    Raises:
        StoreGone: it cannot be looked up now.
    """
    found = visitor().account
    if found is None:
        raise StoreGone("the account could not be read")
    return found


def remember(found: Session) -> None:
    """Give the browser another cookie, with the name of this session and a form token of its own."""
    session.clear()
    session[TOKEN] = found.token


def _signed_out() -> AnyResponse | tuple[str, int]:
    """Show the way in; whoever was filling in a form gets back what they typed, to copy."""
    if request.method == "GET":
        back = request.full_path.removesuffix("?")
        return redirect(url_for(SIGN_IN, back=back) if back != url_for("admin.overview") else url_for(SIGN_IN))
    typed = [
        (wording.label_of(name), value)
        for name, value in request.form.items(multi=True)
        if name not in SECRETS and value.strip()
    ]
    return _page("session_over.html", 401, typed=typed)


def _dress(response: Response) -> Response:
    """Put on what tells browsers what these pages may do: nothing but show themselves."""
    if request.path == PATH or request.path.startswith(f"{PATH}/"):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        static = request.endpoint == "admin.static" and response.status_code < 400
        response.headers["Cache-Control"] = "max-age=3600" if static else "no-store"
    return response


def _trouble(error: Exception) -> Response | AnyResponse | tuple[str, int]:
    """Put an error into words. Whatever nobody expected is logged with a reference that the page shows."""
    match error:
        case CSRFError():
            return _page("form_refused.html", 400)
        case StoreGone():
            return _page("store_gone.html", 503)
        case redis.RedisError():
            log.error("admin.sessions_gone", reason=type(error).__name__)
            return _page("memory_gone.html", 503)
        case HTTPException() if not isinstance(error, InternalServerError):
            return _page("refused.html", error.code or 500, name=error.name)
        case _:
            reference = secrets.token_hex(4)
            log.error("admin.bug", reference=reference, exc_info=error)
            return _page("bug.html", 500, reference=reference)


def _page(template: str, status: int, **values: object) -> tuple[str, int]:
    g.setdefault("visitor", None)
    return render_template(f"admin/{template}", **values), status
