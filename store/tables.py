"""The tables of what Touchline keeps. `migrations/` makes them; a test proves that both say the same."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.columns import AnyText, Id, Moment

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """What all tables have in common: constraints get the same names in every database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {str: AnyText, datetime: Moment}


class KeptMessageRow(Table):
    """A mini message that O2G has given away, and erased."""

    __tablename__ = "kept_messages"
    __table_args__ = (Index(None, "login", "opened", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str]
    sender: Mapped[str]
    sender_name: Mapped[str]
    sent: Mapped[datetime | None]
    kept: Mapped[datetime]
    text: Mapped[str]
    opened: Mapped[bool]


class MessageReadingRow(Table):
    """A reading of a mini message that has begun at O2G; it goes when the message is kept, or there was none."""

    __tablename__ = "message_readings"
    __table_args__ = (Index(None, "login"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str]
    begun: Mapped[datetime]


class RegistryStateRow(Table):
    """One row: how often the registry was changed. Whoever changes it takes this row first: changes go one by one."""

    __tablename__ = "registry_state"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision: Mapped[int]


class ApplicationRow(Table):
    """A registered application: `document` is a `RegisteredApplication`, whose model reads and writes it."""

    __tablename__ = "applications"

    id: Mapped[str] = mapped_column(primary_key=True)
    entry_identifier: Mapped[str | None] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    changed: Mapped[datetime]
    changed_by: Mapped[str]


class MenuOrderRow(Table):
    """The order that a user chose for their menu: ids of applications, the first one first; `-` before a hidden one."""

    __tablename__ = "menu_orders"

    login: Mapped[str] = mapped_column(primary_key=True)
    applications: Mapped[list[str]] = mapped_column(JSON)
    changed: Mapped[datetime]


class AuditRow(Table):
    """Who changed what; the database itself refuses to change or delete such a row."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    changes: Mapped[list[dict[str, str | None]]] = mapped_column(JSON)


class AdministratorRow(Table):
    """An account for the administration; `totp_secret` is sealed, `recovery` has digests only."""

    __tablename__ = "administrators"

    login: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[bytes | None]
    totp_step: Mapped[int | None]
    failed: Mapped[int]
    locked_until: Mapped[datetime | None]
    created: Mapped[datetime]
    last_login: Mapped[datetime | None]
    epoch: Mapped[int]
    version: Mapped[int]
    enabled: Mapped[bool]
    recovery: Mapped[list[str]] = mapped_column(JSON)
