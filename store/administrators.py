"""Accounts for the administration: data only. Who checks passwords and codes stands in `admin/`.

Hashes and secrets are in no repr, no log, no audit entry. Every change but a login is noted in the audit trail.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.audit import note
from store.database import Database
from store.errors import AlreadyThere, ChangedMeanwhile, LastAdministrator
from store.registry_file import FieldChange
from store.sealed import Seals
from store.tables import AdministratorRow

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)


class Role(StrEnum):
    """What an account may: an administrator everything, an operator only read."""

    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Administrator:
    """An account.

    Attributes:
        login: lower-case letters, digits and `. _ @ -`, 1 to 64.
        role: what it may.
        password_hash: argon2's.
        totp_secret: base32, of the second factor; None where there is none, or where no key opens it any more.
        has_totp: whether a second factor was set up: with it and without `totp_secret` only a recovery code lets in.
        old_key: whether the second factor is not sealed with the newest key: without the key it is under it is lost.
        recovery_left: how many codes are left that stand for the second factor, each once.
        enabled: whether it may be used.
        failed: tries since the last right one, or since the last lock: wrong, or not ended yet.
        locked_until: UTC; None, or a moment that may be past.
        created, last_login: UTC.
        epoch: one more with each new password, role or second factor: sessions of an earlier epoch are over.
        version: one more with each change that an administrator makes; whoever changes it names the one that they saw.
    """

    login: str
    role: Role
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    has_totp: bool
    failed: int
    locked_until: datetime | None
    created: datetime
    last_login: datetime | None
    epoch: int
    version: int
    enabled: bool = True
    recovery_left: int = 0
    old_key: bool = False

    def locked(self, now: datetime) -> bool:
        """Tell whether the account is locked at that moment."""
        return self.locked_until is not None and now < self.locked_until


def login_of(text: str) -> str:
    """Write a login in the one way that accounts have.

    Raises:
        ValueError: this cannot be a login.
    """
    login = text.strip().lower()
    if not LOGIN.fullmatch(login):
        raise ValueError("a login has 1 to 64 letters, digits or . _ @ -, and begins with a letter or digit")
    return login


class Administrators:
    """Accounts in the database; everything raises StoreGone where it is not there. Logins as `login_of` writes them."""

    def __init__(self, database: Database, seals: Seals) -> None:
        """Keep them there, secrets sealed."""
        self._database = database
        self._seals = seals

    def everybody(self) -> tuple[Administrator, ...]:
        """List the accounts by login."""
        with self._database.reading() as session:
            rows = session.scalars(select(AdministratorRow).order_by(AdministratorRow.login))
            return tuple(self._account(row) for row in rows)

    def get(self, login: str) -> Administrator | None:
        """Give an account; None where there is none."""
        with self._database.reading() as session:
            row = session.get(AdministratorRow, login)
            return None if row is None else self._account(row)

    def add(self, login: str, role: Role, password_hash: str, *, by: str, now: datetime) -> Administrator:
        """Make an account.

        Raises:
            AlreadyThere: there is one of that login.
            ValueError: this cannot be a login.
        """
        row = AdministratorRow(
            login=login_of(login),
            role=role.value,
            password_hash=password_hash,
            failed=0,
            created=now,
            epoch=1,
            version=1,
            enabled=True,
            recovery=[],
        )
        try:
            with self._database.writing() as session:
                session.add(row)
                _note(session, row, by, now, "added", FieldChange("role", None, role.value))
                session.flush()
                return self._account(row)
        except IntegrityError:
            raise AlreadyThere(f"there is an account {row.login}") from None

    def change_role(self, login: str, role: Role, version: int, *, by: str, now: datetime) -> Administrator:
        """Give an account another role, which ends its sessions.

        Raises:
            ChangedMeanwhile: it has another version, or is no more.
            LastAdministrator: nobody would be left who may change anything.
        """
        with self._database.writing() as session:
            row = _seen(session, login, version)
            old, row.role = row.role, role.value
            _leave_one(session)
            _raise_epoch(row)
            _note(session, row, by, now, "changed", FieldChange("role", old, role.value))
            return self._account(row)

    def set_enabled(self, login: str, enabled: bool, version: int, *, by: str, now: datetime) -> Administrator:
        """Switch an account off, which ends its sessions, or on again.

        Raises:
            ChangedMeanwhile: it has another version, or is no more.
            LastAdministrator: nobody would be left who may change anything.
        """
        with self._database.writing() as session:
            row = _seen(session, login, version)
            old, row.enabled = row.enabled, enabled
            _leave_one(session)
            _raise_epoch(row)
            change = FieldChange("enabled", json.dumps(old), json.dumps(enabled))
            _note(session, row, by, now, "switched on" if enabled else "switched off", change)
            return self._account(row)

    def unlock(self, login: str, *, by: str, now: datetime) -> Administrator:
        """End an account's lock.

        Raises:
            ChangedMeanwhile: it is no more.
        """
        with self._database.writing() as session:
            row = _seen(session, login)
            row.failed, row.locked_until = 0, None
            _note(session, row, by, now, "unlocked")
            return self._account(row)

    def set_password(self, login: str, password_hash: str, *, by: str, now: datetime) -> Administrator:
        """Give an account another password, which ends its sessions and its lock.

        Raises:
            ChangedMeanwhile: it is no more.
        """
        with self._database.writing() as session:
            row = _seen(session, login)
            row.password_hash, row.failed, row.locked_until = password_hash, 0, None
            _raise_epoch(row)
            _note(session, row, by, now, "password changed")
            return self._account(row)

    def rehash(self, login: str, old: str, new: str) -> None:
        """Replace a password's hash by a stronger one of the same password; nothing else changes.

        A hash that is not `old` any more stays: the password was changed meanwhile.
        """
        row = AdministratorRow
        with self._database.writing() as session:
            session.execute(update(row).where(row.login == login, row.password_hash == old).values(password_hash=new))

    def set_totp(
        self, login: str, secret: str | None, *, recovery: Sequence[str] = (), by: str, now: datetime
    ) -> Administrator:
        """Set up a second factor, or take it away (None); ends the account's sessions.

        Args:
            login: whose.
            secret: base32.
            recovery: digests of codes that stand for it, each once; those of before are void.
            by, now: who does it, and when (UTC).

        Raises:
            ChangedMeanwhile: the account is no more.
        """
        with self._database.writing() as session:
            row = _seen(session, login)
            row.totp_secret = None if secret is None else self._seals.seal(_seal_name(login), secret)
            row.totp_step, row.recovery = None, list(recovery)
            _raise_epoch(row)
            _note(session, row, by, now, "second factor removed" if secret is None else "second factor set up")
            return self._account(row)

    def reseal(self) -> int:
        """Seal every second factor with the newest key, so that an older one may go; gives how many none opens.

        Where all are, nothing is written.
        """
        if not self.under_old_keys():
            return 0
        unopened = 0
        with self._database.writing() as session:
            for row in session.scalars(select(AdministratorRow).order_by(AdministratorRow.login).with_for_update()):
                name = _seal_name(row.login)
                if row.totp_secret is None or self._seals.newest(name, row.totp_secret):
                    continue
                secret = self._seals.open(name, row.totp_secret)
                if secret is not None:
                    row.totp_secret = self._seals.seal(name, secret)
                else:
                    unopened += 1
        return unopened

    def under_old_keys(self) -> int:
        """Count the second factors that are not sealed with the newest key."""
        return sum(account.old_key for account in self.everybody())

    def use_totp(self, login: str, step: int) -> bool:
        """Use up a code by its step in time; False where it, or a later one, was used before."""
        row = AdministratorRow
        fresh = update(row).where(row.login == login, or_(row.totp_step.is_(None), row.totp_step < step))
        with self._database.writing() as session:
            return bool(session.scalars(fresh.values(totp_step=step).returning(row.login)).all())

    def use_recovery(self, login: str, digest: str, *, now: datetime) -> bool:
        """Use up a recovery code by its digest; False where the account has none like it, or not any more."""
        with self._database.writing() as session:
            row = session.get(AdministratorRow, login, with_for_update=True)
            if row is None or digest not in row.recovery:
                return False
            row.recovery = [kept for kept in row.recovery if kept != digest]
            _note(session, row, login, now, "recovery code used")
            return True

    def begin_try(self, login: str, *, most: int, lock: timedelta, now: datetime) -> Administrator | None:
        """Count a try before anybody learns how it ends, by all workers together: as wrong, until it was right.

        Tries at once are counted one after the other: of more than `most`, the rest is refused, and locks the account.

        Returns:
            The account as it is now; None where there is none, it is locked, or there were too many tries.
        """
        with self._database.writing() as session:
            row = session.get(AdministratorRow, login, with_for_update=True)
            if row is None or self._account(row).locked(now):
                return None
            row.failed += 1
            if row.failed > most:
                _lock(session, row, lock, now)
                return None
            return self._account(row)

    def note_failure(self, login: str, *, most: int, lock: timedelta, now: datetime) -> Administrator | None:
        """Note that a try that was begun is wrong: after the `most`-th in a row the account is locked for `lock`.

        Returns:
            The account; None where there is none of that login.
        """
        with self._database.writing() as session:
            row = session.get(AdministratorRow, login, with_for_update=True)
            if row is None:
                return None
            if row.failed >= most:
                _lock(session, row, lock, now)
            return self._account(row)

    def note_right(self, login: str, now: datetime, *, signed_in: bool = True) -> bool:
        """Note that a try was right, which forgets the wrong ones; False where the account was locked meanwhile.

        Args:
            login: whose.
            now: UTC.
            signed_in: whether somebody has signed in; else somebody who is in has given their password.
        """
        row = AdministratorRow
        free = or_(row.locked_until.is_(None), row.locked_until <= now)
        values = {"failed": 0, "locked_until": None} | ({"last_login": now} if signed_in else {})
        noted = update(row).where(row.login == login, row.enabled, free).values(**values).returning(row.login)
        with self._database.writing() as session:
            return bool(session.scalars(noted).all())

    def remove(self, login: str, version: int, *, by: str, now: datetime) -> None:
        """Delete an account.

        Raises:
            ChangedMeanwhile: it has another version, or is no more.
            LastAdministrator: nobody would be left who may change anything.
        """
        with self._database.writing() as session:
            row = _seen(session, login, version)
            session.delete(row)
            _leave_one(session)
            _note(session, row, by, now, "removed", FieldChange("role", row.role, None))

    def _account(self, row: AdministratorRow) -> Administrator:
        sealed = row.totp_secret
        return Administrator(
            login=row.login,
            role=Role(row.role),
            password_hash=row.password_hash,
            totp_secret=None if sealed is None else self._seals.open(_seal_name(row.login), sealed),
            has_totp=sealed is not None,
            failed=row.failed,
            locked_until=row.locked_until,
            created=row.created,
            last_login=row.last_login,
            epoch=row.epoch,
            version=row.version,
            enabled=row.enabled,
            recovery_left=len(row.recovery),
            old_key=sealed is not None and not self._seals.newest(_seal_name(row.login), sealed),
        )


def _seen(session: Session, login: str, version: int | None = None) -> AdministratorRow:
    """Take all accounts for this transaction, and give one: two who demote each other must not both succeed."""
    rows = session.scalars(select(AdministratorRow).order_by(AdministratorRow.login).with_for_update())
    row = next((row for row in rows if row.login == login), None)
    if row is None or (version is not None and row.version != version):
        raise ChangedMeanwhile(f"the account {login} was changed or removed by somebody else")
    return row


def _lock(session: Session, row: AdministratorRow, lock: timedelta, now: datetime) -> None:
    row.failed, row.locked_until = 0, now + lock
    _note(session, row, row.login, now, "locked after wrong logins")


def _leave_one(session: Session) -> None:
    session.flush()
    row = AdministratorRow
    able = select(row.login).where(row.role == Role.ADMINISTRATOR.value, row.enabled)
    if session.scalars(able.limit(1)).one_or_none() is None:
        raise LastAdministrator("the last administrator stays")


def _raise_epoch(row: AdministratorRow) -> None:
    row.epoch += 1
    row.version += 1


def _note(session: Session, row: AdministratorRow, by: str, now: datetime, action: str, *changes: FieldChange) -> None:
    note(session, now, by, action, f"administrator:{row.login}", changes)


def _seal_name(login: str) -> str:
    return f"totp:{login}"
