"""Who changed what, and when: an audit trail that only grows.

Repositories note a change within the transaction that makes it: there is none without the other. What changes
nothing and shows somebody's data, such as trying an application as they would see it, is noted before it is done.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.database import Database
from store.registry_file import FieldChange, without_secret
from store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change.

    Attributes:
        id: greater than that of every entry before.
        at: when, UTC.
        by: who: an administrator's login, or how a command names its user.
        action: what was done, such as `added`, `changed`, `removed`, `imported`, `tried`.
        subject: to what, such as `application:news` or `administrator:anna`.
        changes: the values that changed, or with which it was done; never a password, a hash or a secret.
    """

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    changes: tuple[FieldChange, ...]


class AuditTrail:
    """Reads the trail and notes what no repository does; all of it raises StoreGone where the database is not there."""

    def __init__(self, database: Database) -> None:
        """It is there."""
        self._database = database

    def add(self, at: datetime, by: str, action: str, subject: str, **values: str) -> None:
        """Note something that changes nothing which is kept; `values`: with which it is done, empty ones left out."""
        told = (
            FieldChange(name, None, json.dumps(value, ensure_ascii=False)) for name, value in values.items() if value
        )
        with self._database.writing() as session:
            note(session, at, by, action, subject, told)

    def page(
        self,
        limit: int,
        *,
        before: int | None = None,
        subject: str = "",
        by: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[AuditEntry, ...]:
        """List entries, the newest first.

        Args:
            limit: at most so many, 1 or more.
            before: only those before the entry of that id: the last of the page before.
            subject: only those of that subject; empty: of all.
            by: only those of that person; empty: of all.
            since, until: only those of that moment or later, and before that moment; None: of all times.
        """
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.id < before)
        if subject:
            query = query.where(AuditRow.subject == subject)
        if by:
            query = query.where(AuditRow.by == by)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        if until is not None:
            query = query.where(AuditRow.at < until)
        with self._database.reading() as session:
            return tuple(_entry(row) for row in session.scalars(query))


def note(
    session: Session, at: datetime, by: str, action: str, subject: str, changes: Iterable[FieldChange] = ()
) -> None:
    """Add an entry within a transaction of `Database.writing`."""
    told = [asdict(change) for change in changes]
    session.add(AuditRow(at=at, by=by, action=action, subject=subject, changes=told))


def _entry(row: AuditRow) -> AuditEntry:
    # What an earlier version noted may have secrets in it that this one hides.
    changes = tuple(without_secret(FieldChange(str(told["name"]), told["old"], told["new"])) for told in row.changes)
    return AuditEntry(row.id, row.at, row.by, row.action, row.subject, changes)
