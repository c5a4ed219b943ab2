"""The tables of what Touchline keeps. `migrations/` makes them; a test proves that both say the same."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, MetaData
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
