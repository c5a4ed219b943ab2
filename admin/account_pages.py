"""The pages of everybody's accounts: listed, added, and each one's role, lock, password and second factor."""

import secrets

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin import guard, wording
from admin.desk import Desk
from admin.passwords import TooManyAtOnce
from admin.registry_pages import version_seen
from admin.signing_in import wrong_own
from store.administrators import Administrator, Role, login_of
from store.errors import AlreadyThere, ChangedMeanwhile, LastAdministrator

Page = str | Response | AnyResponse | tuple[str, int]

PASSWORD_BYTES = 12  # 16 letters


def add_account_pages(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""

    @doors.route("/accounts", methods=["GET", "POST"])
    def accounts() -> Page:
        if request.method == "GET":
            return _list(desk, done=request.args.get("done", ""))
        return _add(desk)

    @doors.route("/accounts/<login>", endpoint="somebodys_account", methods=["GET", "POST"])
    def somebodys_account(login: str) -> Page:
        account = desk.accounts.get(login)
        if account is None:
            abort(404)
        if request.method == "GET":
            return _show(desk, account)
        return _change(desk, account)


def _list(
    desk: Desk, status: int = 200, *, wrong: dict[str, str] | None = None, login: str = "", done: str = ""
) -> Page:
    page = render_template(
        "admin/accounts.html",
        accounts=desk.accounts.everybody(),
        now=desk.now(),
        wrong=wrong or {},
        login=login,
        done=done == "removed",
    )
    return page, status


def _add(desk: Desk) -> Page:
    mine, login = guard.account(), request.form.get("login", "")[:80]
    role = Role.ADMINISTRATOR if request.form.get("role") == Role.ADMINISTRATOR else Role.OPERATOR
    try:
        login = login_of(login)
    except ValueError as error:
        return _list(desk, 422, wrong={"login": f"{error}."}, login=login)
    wrong = wrong_own(desk, mine)
    if wrong:
        return _list(desk, 422, wrong=wrong, login=login)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        desk.accounts.add(login, role, desk.entry.passwords.hash(password), by=mine.login, now=desk.now())
    except TooManyAtOnce:
        return _list(desk, 503, wrong={"password": wording.TOO_MANY_AT_ONCE}, login=login)
    except AlreadyThere as error:
        return _list(desk, 409, wrong={"login": f"{error}."}, login=login)
    return render_template("admin/password_once.html", login=login, password=password, added=True)


def _show(desk: Desk, account: Administrator, status: int = 200, *, trouble: str = "", done: str = "") -> Page:
    page = render_template(
        "admin/somebodys_account.html",
        account=account,
        own=account.login == guard.visitor().login,
        locked=account.locked(desk.now()),
        trouble=trouble,
        done=done,
    )
    return page, status


def _change(desk: Desk, account: Administrator) -> Page:
    """Do what a button says; every one of them needs the password of whoever presses it."""
    mine, login, do = guard.account(), account.login, request.form.get("do", "")
    if login == mine.login:
        return _show(desk, account, 409, trouble="This account is your own: another administrator changes it.")
    wrong = wrong_own(desk, mine)
    if wrong:
        return _show(desk, account, 422, trouble=wrong["password"])
    by, now = mine.login, desk.now()
    try:
        match do:
            case "administrator" | "operator":
                desk.accounts.change_role(login, Role(do), version_seen(), by=by, now=now)
            case "on" | "off":
                desk.accounts.set_enabled(login, do == "on", version_seen(), by=by, now=now)
            case "unlock":
                desk.accounts.unlock(login, by=by, now=now)
            case "second-factor":
                desk.accounts.set_totp(login, None, by=by, now=now)
            case "password":
                password = secrets.token_urlsafe(PASSWORD_BYTES)
                desk.accounts.set_password(login, desk.entry.passwords.hash(password), by=by, now=now)
                return render_template("admin/password_once.html", login=login, password=password, added=False)
            case "remove":
                desk.accounts.remove(login, version_seen(), by=by, now=now)
                return redirect(url_for("admin.accounts", done="removed"))
            case _:
                abort(400)
    except ChangedMeanwhile:
        trouble = "Somebody else has changed this account since you opened the page. Look at it again."
        return _show(desk, desk.accounts.get(login) or account, 409, trouble=trouble)
    except LastAdministrator:
        return _show(desk, account, 409, trouble="This is the last administrator who can sign in.")
    except TooManyAtOnce:
        return _show(desk, account, 503, trouble=wording.TOO_MANY_AT_ONCE)
    after = desk.accounts.get(login) or account
    ended = "Sessions of this account have ended." if after.epoch != account.epoch else "Its sessions go on."
    return _show(desk, after, done=f"Done. {ended}")
