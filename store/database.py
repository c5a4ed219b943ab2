"""The database: transactions for the repositories, and tables brought to what this version needs.

    with database.reading() as session: ...
    with database.writing() as session: ...   # committed when the block ends, and only then

Whatever goes wrong with it is raised as `StoreGone`, after a bounded wait: a lock is waited for one second, a
connection two. A PostgreSQL that could not be reached is asked again after a second; until then the answer comes at
once.
"""

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolEmpty
from sqlalchemy.orm import Session

from store.engines import SQLITE, WRITING, database_of, serving, upgrading
from store.errors import StoreGone

MIGRATIONS = Path(__file__).with_name("migrations")
PAUSE_SECONDS = 1.0
TOLD_SECONDS = 60.0  # how long the same failure is not logged again: it may be met with each request
PREPARING_SECONDS = 3.0  # how long others wait for the one who prepares
UPGRADE_LOCK = 7_044_211_068  # any number that nobody else in the database uses

WRITABLE = "let the server write the file of database_url, and its folder"
BROKEN = "the file of database_url is broken: put a backup in its place; without one, move it away and start anew"
FULL = "make room on the disk of database_url"
REMEDIES = {  # by the beginning of SQLite's name of a failure
    "SQLITE_NOTADB": BROKEN,
    "SQLITE_CORRUPT": BROKEN,
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR": "the disk of database_url fails, or is full: make room, or replace it",
    "SQLITE_READONLY": WRITABLE,
    "SQLITE_CANTOPEN": WRITABLE,
}

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each of its steps, to people who want a version

log = structlog.get_logger(__name__)


class Database:
    """One database; may be used by all threads of a process, and after a fork."""

    def __init__(self, address: str, *, upgrade: bool = True) -> None:
        """Take the address; nothing is asked of it yet.

        Args:
            address: as the setting `database_url`.
            upgrade: whether tables of an earlier version are brought to this one's when it is first used.

        Raises:
            ValueError: this is no address of a database that Touchline can use.
        """
        self._url = database_of(address)
        self._upgrade = upgrade
        self._engine: Engine = serving(self._url)
        self._prepared = False
        self._preparing = threading.Lock()
        self._paused_until = 0.0
        self._told: tuple[str, float] = ("", 0.0)
        _databases.add(self)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read within one transaction.

        Raises:
            StoreGone: see there.
        """
        with self._transaction(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write within one transaction: all of it is committed, to the disk, when the block ends; nothing if it raises.

        Raises:
            StoreGone: see there. Where the connection broke while committing, it may be done or not.
            sqlalchemy.exc.IntegrityError: a constraint does not hold; for repositories to put into their own words.
        """
        with self._transaction(self._engine.execution_options(**{WRITING: True})) as session:
            yield session

    def prepare(self) -> None:
        """Make the tables fit this version, if that is allowed; done once, else at the first use.

        Raises:
            StoreGone: the database cannot be reached, or its tables are of another version.
        """
        if self._prepared:
            return
        if not self._preparing.acquire(timeout=PREPARING_SECONDS):
            raise StoreGone("another thread still prepares the database")
        try:
            self._fail_while_paused()  # whoever prepared before may have found that it cannot be reached
            if not self._prepared:
                self._check_version()
                self._prepared = True
        finally:
            self._preparing.release()

    def upgrade(self) -> None:
        """Bring the tables to this version; one worker does it, the others wait for it.

        Raises:
            StoreGone: the database cannot be reached or changed, or is of a later version.
        """
        self._migrate(_to_head)
        self._prepared = True

    def downgrade(self, revision: str) -> None:
        """Bring the tables back to an earlier version's; `base` drops them all.

        Raises:
            StoreGone: the database cannot be reached or changed, or knows no such revision.
        """
        self._prepared = False
        self._migrate(lambda config: command.downgrade(config, revision))

    def compare(self) -> None:
        """Compare the tables with the models.

        Raises:
            alembic.util.AutogenerateDiffsDetected: they differ, and how.
            StoreGone: the database cannot be reached.
        """
        self._migrate(command.check)

    def revisions(self) -> tuple[str | None, str | None]:
        """Give the revision that the tables have (None: there are none), and the one that this version needs.

        Raises:
            StoreGone: the database cannot be reached.
        """
        needed = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        if self._url.drivername == SQLITE and not Path(self._url.database or "").exists():
            return None, needed
        with self._translated(), self._engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), needed

    def close(self) -> None:
        """Close every connection; another use opens new ones."""
        self._engine.dispose()

    def after_fork(self) -> None:
        """Leave the parent's connections to the parent: a connection serves one process."""
        self._engine.dispose(close=False)
        self._preparing = threading.Lock()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        self._fail_while_paused()
        self.prepare()
        with self._translated(), Session(engine, expire_on_commit=False) as session, session.begin():
            self._connect(session)
            yield session

    def _connect(self, session: Session) -> None:
        """Take a connection now, to tell a database that is not there from one that refuses a statement."""
        try:
            session.connection()
        except (DBAPIError, PoolEmpty):
            self._pause()
            raise
        except InvalidRequestError:  # the pool gave up: each connection that it made was to a file that went meanwhile
            raise StoreGone("the database went away") from None

    def _fail_while_paused(self) -> None:
        if time.monotonic() < self._paused_until:
            raise StoreGone("the database could not be reached a moment ago")

    def _pause(self) -> None:
        if self._url.drivername != SQLITE:  # a file answers at once, and a lock on it is gone in a moment
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    def _tell(self, cause: str, state: str | None, remedy: str | None) -> None:
        """Log what the database failed with and what to do, once in a while."""
        told, when = self._told
        if told != f"{cause} {state}" or time.monotonic() - when > TOLD_SECONDS:
            self._told = (f"{cause} {state}", time.monotonic())
            log.error("store.gone", error=cause, state=state, remedy=remedy)

    def _check_version(self) -> None:
        try:
            found, needed = self.revisions()
        except StoreGone:
            self._pause()
            raise
        if found == needed:
            return
        if not self._upgrade:
            log.error("store.other_version", found=found, needed=needed, remedy="flask --app app db upgrade")
            raise StoreGone(f"its tables are of version {found}, not {needed}: flask --app app db upgrade")
        self._migrate(_to_head)

    def _migrate(self, step: Callable[[Config], None]) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self._translated():
            try:
                engine = upgrading(self._url)
            except OSError as error:
                self._tell(type(error).__name__, None, WRITABLE)
                raise StoreGone(f"its file cannot be made: {error.strerror}") from None
            with engine.execution_options(**{WRITING: True}).begin() as connection:
                _lock(connection)
                config.attributes["connection"] = connection
                step(config)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise `StoreGone` for what a database raises; its texts may quote rows and are not passed on."""
        try:
            yield
        except IntegrityError:
            raise
        except (DBAPIError, PoolEmpty) as error:
            original = getattr(error, "orig", None) or error
            cause = type(original).__name__
            self._tell(cause, getattr(original, "sqlstate", None), _remedy(original))
            raise StoreGone(f"the database failed: {cause}") from None
        except CommandError as error:
            log.error("store.other_version", reason=str(error))
            raise StoreGone(f"its tables are of another version: {error}") from None


def _remedy(error: BaseException) -> str | None:
    """Say what an administrator does about a failure of SQLite's; None where it is likely over by itself."""
    name = getattr(error, "sqlite_errorname", "")
    return next((remedy for beginning, remedy in REMEDIES.items() if name.startswith(beginning)), None)


def _to_head(config: Config) -> None:
    command.upgrade(config, "head")


def _lock(connection: Connection) -> None:
    """Wait until no other process changes tables; the transaction's end lets the next one go on."""
    if connection.dialect.name != SQLITE:  # there, the transaction itself has begun with the lock
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})


_databases: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _after_fork() -> None:
    for database in _databases:
        database.after_fork()


os.register_at_fork(after_in_child=_after_fork)
