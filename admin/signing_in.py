"""The pages of the way in and out, and of one's own account."""

from dataclasses import replace
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin import guard, second_factor, wording
from admin.desk import Desk
from admin.entry import TooManyTries
from admin.passwords import TooManyAtOnce, weakness
from store.administrators import Administrator

Page = str | Response | AnyResponse | tuple[str, int]

log = structlog.get_logger(__name__)


def add_signing_in(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""

    @doors.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Page:
        back = back_to(request.values.get("back", ""))
        if request.method == "GET":
            if g.visitor is not None:
                return redirect(back)
            return render_template("admin/sign_in.html", back=back, login="", wrong="")
        login = request.form.get("login", "")
        try:
            address = str(desk.proxies.origin(request.environ).address)
            account = desk.entry.let_in(login, request.form.get("password", ""), request.form.get("code", ""), address)
            wrong, status = wording.NOT_LET_IN, 401
        except TooManyTries:
            account, wrong, status = None, wording.TOO_MANY_TRIES, 429
        except TooManyAtOnce:
            account, wrong, status = None, wording.TOO_MANY_AT_ONCE, 503
        if account is None:
            return render_template("admin/sign_in.html", back=back, login=login[:64], wrong=wrong), status
        desk.sessions.end(str(session.get(guard.TOKEN, "")))
        guard.remember(desk.sessions.begin(account))
        return redirect(back)

    @doors.post("/sign-out")
    def sign_out() -> Page:
        desk.sessions.end(guard.visitor().session.token)
        session.clear()
        return redirect(url_for(guard.SIGN_IN))

    @doors.get("/account")
    def account() -> Page:
        return render_template("admin/account.html", account=guard.account())

    @doors.route("/account/password", endpoint="password", methods=["GET", "POST"])
    def password_page() -> Page:
        return _password(desk)

    @doors.route("/account/second-factor", endpoint="second_factor", methods=["GET", "POST"])
    def second_factor_page() -> Page:
        return _second_factor(desk)

    @doors.get("/account/second-factor/picture")
    def second_factor_picture() -> Page:
        here = guard.visitor().session
        if not here.pending:
            return render_template("admin/refused.html", name="Not Found"), 404
        return Response(second_factor.picture_of(here.login, here.pending), content_type="image/svg+xml")


def _password(desk: Desk) -> Page:
    mine = guard.account()
    if request.method == "GET":
        return render_template("admin/password.html", wrong={})
    wrong = _wrong_password(desk, mine)
    if wrong:
        return render_template("admin/password.html", wrong=wrong), 422
    try:
        hashed = desk.entry.passwords.hash(request.form["new_password"])
    except TooManyAtOnce:
        return render_template("admin/password.html", wrong={"password": wording.TOO_MANY_AT_ONCE}), 503
    changed = desk.accounts.set_password(mine.login, hashed, by=mine.login, now=desk.now())
    _go_on(desk, changed)
    return redirect(url_for("admin.account", done="password"))


def back_to(address: str) -> str:
    """Give an address to go on to after signing in: of the administration, on this server, or the overview."""
    parts = urlsplit(address)
    inside = parts.path.startswith(f"{guard.PATH}/") and not parts.scheme and not parts.netloc
    plain = address.isascii() and address.isprintable() and not {"\\", " "} & set(address) and "//" not in parts.path
    return address if inside and plain else url_for("admin.overview")


def _wrong_password(desk: Desk, mine: Administrator) -> dict[str, str]:
    """Tell what is wrong with what was typed to change a password, by field."""
    new = request.form.get("new_password", "")
    wrong = {}
    if (weak := weakness(new, mine.login)) is not None:
        wrong["new_password"] = weak
    elif new == request.form.get("password", ""):
        wrong["new_password"] = wording.NOTHING_NEW
    if new != request.form.get("again", ""):
        wrong["again"] = wording.PASSWORDS_DIFFER
    if not wrong:
        wrong = wrong_own(desk, mine)
    return wrong


def wrong_own(desk: Desk, mine: Administrator) -> dict[str, str]:
    """Tell whether the password that somebody gave as their own is not."""
    try:
        right = desk.entry.is_password_of(mine, request.form.get("password", ""))
    except TooManyAtOnce:
        return {"password": wording.TOO_MANY_AT_ONCE}
    return {} if right else {"password": wording.NOT_YOUR_PASSWORD}


def _second_factor(desk: Desk) -> Page:
    """Show the picture of a new second factor, and set it up once its first code is right."""
    mine, here = guard.account(), guard.visitor().session
    if request.method == "GET" or not here.pending:
        if not here.pending:
            here = replace(here, pending=second_factor.new_secret())
            desk.sessions.keep(here)
        return render_template("admin/second_factor.html", secret=here.pending, account=mine, wrong={})
    step = second_factor.step_of(here.pending, request.form.get("code", ""), desk.now())
    wrong = {"code": wording.WRONG_CODE} if step is None else wrong_own(desk, mine)
    if wrong or step is None:
        return render_template("admin/second_factor.html", secret=here.pending, account=mine, wrong=wrong), 422
    codes = second_factor.new_codes()
    changed = desk.accounts.set_totp(mine.login, here.pending, recovery=codes.digests, by=mine.login, now=desk.now())
    desk.accounts.use_totp(mine.login, step)
    _go_on(desk, changed)
    return render_template("admin/recovery_codes.html", codes=codes.codes)


def _go_on(desk: Desk, changed: Administrator) -> None:
    """Let this session go on after its account has changed; the others are over."""
    here = desk.sessions.renewed(guard.visitor().session, changed)
    guard.remember(here)
    g.visitor = guard.Visitor(here, changed, changed.role)
