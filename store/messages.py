"""Mini messages that O2G has given away, and erased: kept for their user until the user deletes them.

A reading is noted before O2G is asked. That proves that the store can be written, and it is what remains if the process
dies between O2G's answer and the commit: the user is then told that a message may have been lost. A message takes the
place of its reading in one transaction, so that a commit whose answer got lost can be repeated without a second copy.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from store.database import Database
from store.errors import StoreGone
from store.tables import KeptMessageRow, MessageReadingRow


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message as it came: number of who sent it (may be empty), when (UTC; None: not told), text (may be empty)."""

    sender: str
    sent: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message of a user.

    Attributes:
        id: its name here, greater than that of any message kept before.
        sender: number of who sent it; empty where O2G did not say.
        sender_name: whose number that was, once somebody found out; else empty.
        sent: when it was sent, UTC; None where O2G did not say.
        kept: when it was read from O2G, UTC.
        text: what it says; may be empty.
        opened: whether its user has seen it.
    """

    id: int
    sender: str
    sender_name: str
    sent: datetime | None
    kept: datetime
    text: str
    opened: bool


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Some messages of a user: those nobody has opened first, the newest before the older ones.

    Attributes:
        messages: what was asked for; may be fewer, or none.
        total: how many the user has.
        unopened: how many of them nobody has opened.
        newest: the greatest id of all of them; 0 where there are none.
    """

    messages: tuple[KeptMessage, ...]
    total: int
    unopened: int
    newest: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A reading that never came to its end: the message that O2G may have given is lost. `begun` is in UTC."""

    id: int
    begun: datetime


class MessageStore(Protocol):
    """Where messages are kept, by their user's O2G login. Everything raises StoreGone where the store is not there."""

    def begin(self, login: str, now: datetime) -> int:
        """Note that a message is about to be read; gives the reading. Only then may O2G be asked."""

    def keep(self, reading: int, login: str, message: ReceivedMessage, now: datetime) -> int | None:
        """Keep what a reading gave, unopened, durably. Gives its id; None where that was done before."""

    def end(self, reading: int) -> None:
        """Note that a reading gave no message; one that has ended already does not matter."""

    def interrupted(self, login: str, before: datetime) -> tuple[Interrupted, ...]:
        """List the user's readings that began before that moment and have not ended, oldest first."""

    def page(self, login: str, offset: int, limit: int) -> KeptPage:
        """List messages of a user from `offset` on, at most `limit` (1 or more)."""

    def open(self, login: str, id: int) -> KeptMessage | None:
        """Give a user's message and note that it was opened; None where it is no more, or another's."""

    def name_sender(self, login: str, id: int, name: str) -> None:
        """Remember whose number the sender's is; a message that is no more does not matter."""

    def delete(self, login: str, id: int) -> bool:
        """Delete a user's message; False where it is no more."""

    def delete_opened(self, login: str, up_to: int) -> int:
        """Delete the user's messages that were opened, up to that id; gives how many."""


class NoMessageStore:
    """Stands where there is no database: keeps nothing and says so."""

    def _gone(self, *_arguments: object, **_named: object) -> Any:
        raise StoreGone("there is no database")

    begin = keep = end = interrupted = page = open = name_sender = delete = delete_opened = _gone


class MessagesInDatabase:
    """Keeps messages in the database; see `MessageStore` for what each does."""

    def __init__(self, database: Database) -> None:
        """Keep them there."""
        self._database = database

    def begin(self, login: str, now: datetime) -> int:
        """Note that a message is about to be read."""
        with self._database.writing() as session:
            reading = MessageReadingRow(login=login, begun=now)
            session.add(reading)
            session.flush()
            return reading.id

    def keep(self, reading: int, login: str, message: ReceivedMessage, now: datetime) -> int | None:
        """Keep what a reading gave, once."""
        with self._database.writing() as session:
            if not _drop_reading(session, reading):
                return None
            row = KeptMessageRow(
                login=login,
                sender=message.sender,
                sender_name="",
                sent=message.sent,
                kept=now,
                text=message.text,
                opened=False,
            )
            session.add(row)
            session.flush()
            return row.id

    def end(self, reading: int) -> None:
        """Note that a reading gave no message."""
        with self._database.writing() as session:
            _drop_reading(session, reading)

    def interrupted(self, login: str, before: datetime) -> tuple[Interrupted, ...]:
        """List readings that never came to their end."""
        row = MessageReadingRow
        with self._database.reading() as session:
            found = session.scalars(select(row).where(row.login == login, row.begun < before).order_by(row.id))
            return tuple(Interrupted(reading.id, reading.begun) for reading in found)

    def page(self, login: str, offset: int, limit: int) -> KeptPage:
        """List messages of a user."""
        row = KeptMessageRow
        with self._database.reading() as session:
            found = session.scalars(
                select(row).where(row.login == login).order_by(row.opened, row.id.desc()).offset(offset).limit(limit)
            )
            messages = tuple(_message(message) for message in found)
            return KeptPage(
                messages,
                total=_count(session, row.login == login),
                unopened=_count(session, row.login == login, row.opened.is_(False)),
                newest=session.scalars(select(func.max(row.id)).where(row.login == login)).one() or 0,
            )

    def open(self, login: str, id: int) -> KeptMessage | None:
        """Give a message; it is written to only if nobody has opened it yet."""
        with self._database.reading() as session:
            row = _find(session, login, id)
            if row is None or row.opened:
                return None if row is None else _message(row)
        with self._database.writing() as session:
            row = _find(session, login, id)
            if row is None:
                return None
            row.opened = True
            return _message(row)

    def name_sender(self, login: str, id: int, name: str) -> None:
        """Remember whose number the sender's is."""
        row = KeptMessageRow
        with self._database.writing() as session:
            session.execute(update(row).where(row.login == login, row.id == id).values(sender_name=name))

    def delete(self, login: str, id: int) -> bool:
        """Delete a message."""
        row = KeptMessageRow
        with self._database.writing() as session:
            return bool(session.scalars(delete(row).where(row.login == login, row.id == id).returning(row.id)).all())

    def delete_opened(self, login: str, up_to: int) -> int:
        """Delete those that were opened."""
        row = KeptMessageRow
        old = delete(row).where(row.login == login, row.opened.is_(True), row.id <= up_to)
        with self._database.writing() as session:
            return len(session.scalars(old.returning(row.id)).all())


def _find(session: Session, login: str, id: int) -> KeptMessageRow | None:
    row = KeptMessageRow
    return session.scalars(select(row).where(row.login == login, row.id == id)).one_or_none()


def _drop_reading(session: Session, reading: int) -> bool:
    row = MessageReadingRow
    return bool(session.scalars(delete(row).where(row.id == reading).returning(row.id)).all())


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).select_from(KeptMessageRow).where(*conditions)).one()


def _message(row: KeptMessageRow) -> KeptMessage:
    return KeptMessage(row.id, row.sender, row.sender_name, row.sent, row.kept, row.text, row.opened)
