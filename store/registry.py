"""The registry: which phone applications there are, for whom, and in which order; every change with its audit entry.

    registry = Registry(database)
    entry = registry.add(RegisteredApplication(id="news", kind="external", …), by="anna", now=now)
    registry.change(replaced, entry.version, by="anna", now=now)  # ChangedMeanwhile: another was faster

A built-in application that was never registered is not in here: its manifest says what it is, and everybody has it.
Whoever serves keeps `everything()` in memory, asks `revision()` now and then, and goes on with what is known where the
store is gone (StoreGone, which everything here may raise).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.audit import note
from store.database import Database
from store.errors import AlreadyThere, ChangedMeanwhile
from store.registered import RegisteredApplication
from store.registry_file import Change, ChangeKind, difference, fields_changed
from store.tables import ApplicationRow, MenuOrderRow, RegistryStateRow

MOST_ORDERED = 200  # applications in a user's own order
HIDDEN_SIGN = "-"  # before an id in the stored order; no id begins with it


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered application as it is stored.

    Attributes:
        application: what was registered.
        version: 1 at first, one more with each change; whoever changes it names the one that they saw.
        changed: when it was changed last, UTC.
        changed_by: by whom.
    """

    application: RegisteredApplication
    version: int
    changed: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that was registered at one moment, by id.

    Attributes:
        revision: tells it from every other moment.
        entries: what was registered.
        unreadable: ids of what was registered, too, but not as this version writes it: a later one may have, or a hand.
    """

    revision: int
    entries: tuple[Entry, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def applications(self) -> tuple[RegisteredApplication, ...]:
        """What was registered, without versions: what goes into a file."""
        return tuple(entry.application for entry in self.entries)


@dataclass(frozen=True, slots=True)
class MenuOrder:
    """The order that a user chose for their menu; empty where none was chosen.

    Attributes:
        applications: ids, the first one first; some may be registered no more. What is not in it comes behind.
        hidden: those of them that the menu does not show.
    """

    applications: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()


class Registry:
    """Registered applications in the database."""

    def __init__(self, database: Database) -> None:
        """Keep them there."""
        self._database = database

    def revision(self) -> int:
        """Tell how often anything was changed: one small question, to learn whether what is known still holds."""
        with self._database.reading() as session:
            return _revision(session)

    def revision_to_change(self) -> int:
        """Tell the same where the registry could be changed now; nothing is changed.

        Raises:
            StoreGone: it could not, though it may be read.
        """
        with self._database.writing() as session:
            revision = _take(session) - 1
            session.rollback()
            return revision

    def everything(self) -> Snapshot:
        """Give all that is registered; what this version cannot read is named, and hides nothing else."""
        with self._database.reading() as session:
            return _everything(session)

    def get(self, id: str) -> Entry | None:
        """Give one application; None where it is not registered, or not as this version can read it."""
        with self._database.reading() as session:
            return _readable(session, id)

    def add(self, application: RegisteredApplication, *, by: str, now: datetime) -> Entry:
        """Register an application.

        Raises:
            AlreadyThere: there is one of that id, or with that entry of the presentation server.
        """
        try:
            with self._database.writing() as session:
                _take(session)
                return _add(session, application, by, now, "added")
        except IntegrityError:
            raise AlreadyThere(f"{application.id}, or its entry, is registered already") from None

    def change(self, application: RegisteredApplication, version: int, *, by: str, now: datetime) -> Entry:
        """Replace what is registered under the application's id.

        Args:
            application: what it shall be.
            version: what its changer saw.
            by, now: who does it, and when (UTC).

        Raises:
            ChangedMeanwhile: it has another version, or is not registered any more.
            AlreadyThere: another application has that entry of the presentation server.
        """
        try:
            with self._database.writing() as session:
                _take(session)
                return _change(session, application, version, by, now, "changed")
        except IntegrityError:
            raise AlreadyThere("another application has this entry") from None

    def remove(self, id: str, version: int, *, by: str, now: datetime) -> None:
        """Take an application out of the registry.

        Raises:
            ChangedMeanwhile: it has another version, or is not registered any more.
        """
        with self._database.writing() as session:
            _take(session)
            _remove(session, id, version, by, now, "removed")

    def apply(
        self, wanted: Sequence[RegisteredApplication], seen: int, *, removing: bool, by: str, now: datetime
    ) -> tuple[Change, ...]:
        """Make the registry what a file says: all of it or, if anything is wrong, nothing.

        Args:
            wanted: as `registry_file.read` gives it.
            seen: the revision for which the difference was shown.
            removing: whether what the file does not have goes.
            by, now: who does it, and when (UTC).

        Returns:
            What was done; it is what `registry_file.difference` told for that revision.

        Raises:
            ChangedMeanwhile: the registry has another revision.
            AlreadyThere: an application that stays has an entry that the file gives to another.
        """
        try:
            with self._database.writing() as session:
                if _take(session) - 1 != seen:
                    raise ChangedMeanwhile("the registry was changed since the difference was shown")
                now_there = _everything(session)
                changes = difference(wanted, now=now_there.applications, removing=removing)
                _carry_out(session, changes, wanted, now_there, by, now)
                return changes
        except IntegrityError:
            raise AlreadyThere("two applications would have the same entry") from None


class MenuOrders:
    """The orders that users chose for their menus."""

    def __init__(self, database: Database) -> None:
        """Keep them there."""
        self._database = database

    def of(self, login: str) -> MenuOrder:
        """Give a user's order."""
        with self._database.reading() as session:
            row = session.get(MenuOrderRow, login)
            return MenuOrder() if row is None else _menu_order(row)

    def choose(self, login: str, order: MenuOrder, *, now: datetime) -> None:
        """Keep a user's order instead of the one before.

        Raises:
            ValueError: an id twice, more than 200, or one hidden that the order does not have.
        """
        ids = order.applications
        if len(set(ids)) != len(ids) or len(ids) > MOST_ORDERED or not order.hidden <= set(ids):
            raise ValueError("an order names each application once, 200 at most, and hides none but these")
        stored = [HIDDEN_SIGN + id if id in order.hidden else id for id in ids]
        with self._database.writing() as session:
            session.merge(MenuOrderRow(login=login, applications=stored, changed=now))

    def forget(self, login: str) -> None:
        """Give a user the administrator's order back."""
        with self._database.writing() as session:
            session.execute(delete(MenuOrderRow).where(MenuOrderRow.login == login))


def _revision(session: Session) -> int:
    return session.scalars(select(RegistryStateRow.revision)).one()


def _menu_order(row: MenuOrderRow) -> MenuOrder:
    hidden = frozenset(id.removeprefix(HIDDEN_SIGN) for id in row.applications if id.startswith(HIDDEN_SIGN))
    return MenuOrder(tuple(id.removeprefix(HIDDEN_SIGN) for id in row.applications), hidden)


def _take(session: Session) -> int:
    """Take the registry for this transaction, others wait; gives the revision that it will have."""
    row = RegistryStateRow
    return session.scalars(update(row).values(revision=row.revision + 1).returning(row.revision)).one()


def _everything(session: Session) -> Snapshot:
    revision = _revision(session)
    rows = select(ApplicationRow).order_by(ApplicationRow.id)
    try:
        return Snapshot(revision, tuple(_entry(row) for row in session.scalars(rows)))
    except ValueError:  # of one of them: then one after the other
        ids = session.scalars(rows.with_only_columns(ApplicationRow.id)).all()
        entries = {id: _readable(session, id) for id in ids}
        readable = tuple(entry for entry in entries.values() if entry is not None)
        return Snapshot(revision, readable, tuple(id for id, entry in entries.items() if entry is None))


def _readable(session: Session, id: str) -> Entry | None:
    try:
        row = session.get(ApplicationRow, id)
        return None if row is None else _entry(row)
    except ValueError:  # no JSON, or (pydantic.ValidationError is one) not what it should say
        return None


def _entry(row: ApplicationRow) -> Entry:
    return Entry(RegisteredApplication.model_validate(row.document), row.version, row.changed, row.changed_by)


def _add(session: Session, application: RegisteredApplication, by: str, now: datetime, action: str) -> Entry:
    row = ApplicationRow(id=application.id, version=1, changed=now, changed_by=by, **_columns(application))
    session.add(row)
    note(session, now, by, action, _subject(application.id), fields_changed(None, application))
    session.flush()
    return Entry(application, 1, now, by)


def _change(
    session: Session, application: RegisteredApplication, version: int, by: str, now: datetime, action: str
) -> Entry:
    row = _seen(session, application.id, version)
    old = RegisteredApplication.model_validate(row.document)
    if old == application:
        return _entry(row)
    for name, value in _columns(application).items():
        setattr(row, name, value)
    row.version, row.changed, row.changed_by = version + 1, now, by
    note(session, now, by, action, _subject(application.id), fields_changed(old, application))
    session.flush()
    return Entry(application, version + 1, now, by)


def _remove(session: Session, id: str, version: int, by: str, now: datetime, action: str) -> None:
    row = _seen(session, id, version)
    old = RegisteredApplication.model_validate(row.document)
    session.delete(row)
    note(session, now, by, action, _subject(id), fields_changed(old, None))
    session.flush()


def _seen(session: Session, id: str, version: int) -> ApplicationRow:
    row = session.get(ApplicationRow, id)
    if row is None or row.version != version:
        raise ChangedMeanwhile(f"{id} was changed or removed by somebody else")
    return row


def _carry_out(
    session: Session,
    changes: Sequence[Change],
    wanted: Sequence[RegisteredApplication],
    there: Snapshot,
    by: str,
    now: datetime,
) -> None:
    """Do what a difference tells. Entries are freed first: one application may take over another's."""
    versions = {entry.application.id: entry.version for entry in there.entries}
    applications = {application.id: application for application in wanted}
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            _remove(session, change.id, versions[change.id], by, now, "removed by import")
    changed = [change.id for change in changes if change.kind is ChangeKind.CHANGED]
    session.execute(update(ApplicationRow).where(ApplicationRow.id.in_(changed)).values(entry_identifier=None))
    for change in changes:
        if change.kind is ChangeKind.CHANGED:
            _change(session, applications[change.id], versions[change.id], by, now, "changed by import")
        elif change.kind is ChangeKind.ADDED:
            _add(session, applications[change.id], by, now, "added by import")


def _columns(application: RegisteredApplication) -> dict[str, object]:
    return {
        "entry_identifier": application.entry.identifier if application.entry else None,
        # Whole: a default that a later version changes must not change what somebody has registered.
        "document": application.model_dump(mode="json"),
    }


def _subject(id: str) -> str:
    return f"application:{id}"
