"""`flask --app app admin …`: accounts for the administration's pages, the first one above all."""

import getpass
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import click

from admin.passwords import Passwords, weakness
from store.administrators import Administrator, Administrators, Role, login_of
from store.errors import AlreadyThere, ChangedMeanwhile, LastAdministrator, StoreGone

Result = TypeVar("Result")


def account_commands(accounts: Administrators, passwords: Passwords, now: Callable[[], datetime]) -> click.Group:
    """Make the commands; each ends with 1 and a word where it fails."""
    group = click.Group("admin", help="Accounts for the administration's pages.")
    stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")

    @group.command("add")
    @click.argument("login")
    @click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.ADMINISTRATOR.value)
    @stdin
    def add(login: str, role: str, password_stdin: bool) -> None:
        """Make an account for LOGIN; the password is asked for."""
        login = _login(login)
        hashed = passwords.hash(_password(login, password_stdin))
        _do(lambda: accounts.add(login, Role(role), hashed, by=_by(), now=now()))
        click.echo(f"{login}: {role}")

    @group.command("list")
    def show() -> None:
        """List the accounts."""
        for account in _do(accounts.everybody):
            click.echo(_line(account, now()))

    @group.command("password")
    @click.argument("login")
    @stdin
    def password(login: str, password_stdin: bool) -> None:
        """Give LOGIN another password, which ends the account's sessions and its lock."""
        login = _there(accounts, login).login
        hashed = passwords.hash(_password(login, password_stdin))
        _do(lambda: accounts.set_password(login, hashed, by=_by(), now=now()))
        click.echo(f"{login}: the password is changed, sessions have ended")

    @group.command("role")
    @click.argument("login")
    @click.argument("role", type=click.Choice([role.value for role in Role]))
    def role(login: str, role: str) -> None:
        """Give LOGIN another ROLE."""
        there = _there(accounts, login)
        _do(lambda: accounts.change_role(there.login, Role(role), there.version, by=_by(), now=now()))
        click.echo(f"{there.login}: {role}")

    _add_switches(group, accounts, now)
    return group


def _add_switches(group: click.Group, accounts: Administrators, now: Callable[[], datetime]) -> None:
    """Add the commands that only need a login."""

    def add(name: str, what: str, change: Callable[[Administrator], object], said: str, *, ask: str = "") -> None:
        @click.argument("login")
        def command(login: str) -> None:
            there = _there(accounts, login)
            if ask:
                click.confirm(ask.format(login=there.login), abort=True)
            _do(lambda: change(there))
            click.echo(f"{there.login}: {said}")

        group.command(name, help=what)(command)

    def switch(there: Administrator, on: bool) -> Administrator:
        return accounts.set_enabled(there.login, on, there.version, by=_by(), now=now())

    add(
        "disable", "Switch LOGIN off; its sessions end.", lambda there: switch(there, False), "off, sessions have ended"
    )
    add("enable", "Switch LOGIN on again.", lambda there: switch(there, True), "on")
    add("unlock", "End the lock of LOGIN.", lambda there: accounts.unlock(there.login, by=_by(), now=now()), "unlocked")
    add(
        "reset-totp",
        "Take the second factor of LOGIN away; they set up another when they sign in.",
        lambda there: accounts.set_totp(there.login, None, by=_by(), now=now()),
        "no second factor, sessions have ended",
    )
    add(
        "remove",
        "Delete LOGIN.",
        lambda there: accounts.remove(there.login, there.version, by=_by(), now=now()),
        "removed",
        ask="Delete {login}?",
    )


def _line(account: Administrator, now: datetime) -> str:
    factor = "second factor" if account.has_totp else "no second factor"
    last = f"{account.last_login:%Y-%m-%d %H:%M} UTC" if account.last_login else "never"
    state = "off" if not account.enabled else "locked" if account.locked(now) else "on"
    return f"{account.login}  {account.role.value}  {state}  {factor}  last signed in: {last}"


def _login(text: str) -> str:
    try:
        return login_of(text)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _there(accounts: Administrators, login: str) -> Administrator:
    login = _login(login)
    account = _do(lambda: accounts.get(login))
    if account is None:
        raise click.ClickException(f"there is no account {login}")
    return account


def _password(login: str, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = str(click.prompt("Password", hide_input=True, confirmation_prompt="Again"))
    weak = weakness(password, login)
    if weak is not None:
        raise click.ClickException(weak)
    return password


def _do(step: Callable[[], Result]) -> Result:
    try:
        return step()
    except (AlreadyThere, ChangedMeanwhile, LastAdministrator) as error:
        raise click.ClickException(str(error)) from error
    except StoreGone as error:
        raise click.ClickException(f"nothing was done: {error}") from error


def _by() -> str:
    """Name who does it, for the audit trail: whoever has signed in to the machine."""
    name = os.environ.get("SUDO_USER") or ""
    if not name:
        try:
            name = getpass.getuser()
        except OSError:
            name = str(os.getuid())
    return f"command line ({name})"
