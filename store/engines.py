"""Connections to the database: SQLite in a file, or PostgreSQL; both set so that nothing waits for long."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
WRITING = "touchline_writing"  # the execution option of transactions that write

LOCK_SECONDS = 1.0  # how long another's transaction is waited for
CONNECT_SECONDS = 2  # the least that PostgreSQL's library takes
STATEMENT_MS = 1500
UPGRADE_LOCK_SECONDS = 60.0  # another worker may be at it
POOL_KEPT, POOL_MOST = 8, 64
OURS = frozenset({"application_name", "connect_timeout", "options", "tcp_user_timeout"})  # of PostgreSQL's connections


def database_of(address: str) -> URL:
    """Read the setting `database_url`.

    Raises:
        ValueError: it is neither `sqlite:///FILE` nor `postgresql+psycopg://…`, or names what would be overridden; its
            text does not quote the address.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise ValueError("this is no address of a database") from None
    if url.drivername == SQLITE and url.database and url.database != ":memory:" and not url.query:
        return url
    if url.drivername == "postgresql+psycopg" and url.database:
        ours = sorted(OURS & set(url.query))
        if ours:
            raise ValueError(f"the address of the database names what Touchline sets itself: {', '.join(ours)}")
        return url
    raise ValueError("a database is `sqlite:///FILE` or `postgresql+psycopg://USER:PASSWORD@HOST/NAME`")


def serving(url: URL) -> Engine:
    """Make the engine that screens and pages use: pooled, with short waits. Connects to nothing yet.

    A SQLite file is never made by it: one that is missing is an error, not an empty database.
    """
    if url.drivername == SQLITE:
        engine = _sqlite(url, LOCK_SECONDS, foreign_keys=True, pool_size=POOL_KEPT, max_overflow=POOL_MOST - POOL_KEPT)
        event.listen(engine, "checkout", _same_file(Path(url.database or "")))
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=LOCK_SECONDS,
        pool_size=POOL_KEPT,
        max_overflow=POOL_MOST - POOL_KEPT,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": CONNECT_SECONDS * 1000,
            "application_name": "touchline",
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={int(LOCK_SECONDS * 1000)} "
            f"-c idle_in_transaction_session_timeout={STATEMENT_MS * 10}",
        },
    )


def upgrading(url: URL) -> Engine:
    """Make the engine that changes tables: it waits for others and for long statements, and makes a missing file."""
    if url.drivername == SQLITE:
        file = Path(url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        # Without foreign keys: SQLite changes a table by copying and dropping it, which would delete what refers to it.
        return _sqlite(url, UPGRADE_LOCK_SECONDS, foreign_keys=False, poolclass=NullPool)
    return create_engine(
        url,
        hide_parameters=True,
        poolclass=NullPool,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "touchline-upgrade",
            "options": f"-c lock_timeout={int(UPGRADE_LOCK_SECONDS * 1000)}",
        },
    )


def _sqlite(url: URL, lock_seconds: float, *, foreign_keys: bool, **pool: Any) -> Engine:
    address = f"file:{quote(url.database or '')}?mode=rw"

    def connect() -> sqlite3.Connection:
        # The driver's own transactions would begin too late and end by themselves: `_begin` begins them.
        connection = sqlite3.connect(
            address, uri=True, timeout=lock_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            # FULL: what was committed is there after a power cut, too; a message that was read exists nowhere else.
            for pragma in ("journal_mode = WAL", "synchronous = FULL", f"foreign_keys = {int(foreign_keys)}"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine(url, creator=connect, hide_parameters=True, **pool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Begin a transaction. One that will write says so at once: two that find out late would refuse each other."""
    writes = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _same_file(file: Path) -> Callable[[Any, Any, Any], None]:
    """Make a check that a kept connection is to the file of that name still, not to one deleted or replaced."""

    def check(_connection: Any, record: Any, _proxy: Any) -> None:
        try:
            found = file.stat()
        except OSError as error:
            raise DisconnectionError("the file is gone") from error
        if record.info.setdefault("file", (found.st_dev, found.st_ino)) != (found.st_dev, found.st_ino):
            raise DisconnectionError("the file is another one")

    return check
