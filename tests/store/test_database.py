"""The database: made, brought to a version, shared by threads and processes, and gone."""

import multiprocessing
import os
import pwd
import sqlite3
import stat
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, inspect, select, text

from store.database import Database
from store.errors import StoreGone
from store.registry import Registry
from store.tables import MessageReadingRow
from tests.servers import free_port, postgres_server, running_postgres
from tests.store.rows import begun_reading

PROCESSES = 4


def readings(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).select_from(MessageReadingRow)).one()


def upgrade_in_a_process(address: str) -> None:
    database = Database(address)
    database.upgrade()
    with database.writing() as session:
        session.add(begun_reading())
    database.close()


def test_tables_and_models_say_the_same(database: Database) -> None:
    database.upgrade()
    database.compare()


def test_every_migration_can_be_undone_and_done_again(database: Database) -> None:
    database.upgrade()
    database.downgrade("base")
    with database._engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.upgrade()
    database.compare()


def test_tables_are_made_at_first_use(database: Database) -> None:
    assert database.revisions()[0] is None
    assert readings(database) == 0
    found, needed = database.revisions()
    assert found == needed


def test_an_upgrade_that_is_not_allowed_is_awaited(database: Database, database_address: str) -> None:
    careful = Database(database_address, upgrade=False)
    with pytest.raises(StoreGone, match="db upgrade"):
        readings(careful)
    database.upgrade()
    assert readings(careful) == 0
    careful.close()


def test_tables_of_a_later_version_are_left_alone(database: Database, database_address: str) -> None:
    database.upgrade()
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreGone, match="another version"):
        readings(Database(database_address))


def test_several_workers_upgrade_once(database: Database, database_address: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=upgrade_in_a_process, args=(database_address,)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert readings(database) == PROCESSES


def test_threads_that_write_at_once_wait_for_each_other(database: Database) -> None:
    database.prepare()

    def write() -> None:
        for _ in range(10):
            with database.writing() as session:
                session.add(begun_reading())

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert readings(database) == 80


def test_a_forked_worker_uses_connections_of_its_own(database: Database) -> None:
    assert readings(database) == 0
    child = os.fork()
    if child == 0:
        try:
            with database.writing() as session:
                session.add(begun_reading())
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert readings(database) == 1


def test_what_raises_is_not_written(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as session:
            session.add(begun_reading())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    assert readings(database) == 0


def test_text_that_no_database_takes_is_kept_as_far_as_it_can_be(database: Database) -> None:
    with database.writing() as session:
        session.add(begun_reading(login="a\x00b\ud800c🙂"))
    with database.reading() as session:
        assert session.scalars(select(MessageReadingRow.login)).one() == "a\ufffdb\ufffdc🙂"


def test_a_statement_that_fails_tells_nothing_of_its_values(database: Database) -> None:
    with pytest.raises(StoreGone) as raised, database.reading() as session:
        session.execute(text("SELECT secret FROM nowhere WHERE number = :number"), {"number": "70121"})
    assert "70121" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_database_file_that_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "touchline.db"
    database = Database(f"sqlite:///{file}")
    assert readings(database) == 0
    for part in tmp_path.glob("touchline.db*"):
        part.unlink()
    with pytest.raises(StoreGone):
        readings(database)
    assert not file.exists()


def test_a_database_file_that_was_replaced_is_used_as_it_is_now(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/touchline.db")
    with database.writing() as session:
        session.add(begun_reading())
    database.close()
    other = Database(f"sqlite:///{tmp_path}/other.db")
    other.prepare()
    other.close()
    assert readings(database) == 1
    (tmp_path / "other.db").rename(tmp_path / "touchline.db")
    assert readings(database) == 0


def test_a_database_that_is_read_only() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "touchline.db"
        database = Database(f"sqlite:///{file}")
        assert readings(database) == 0
        database.close()
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        child = os.fork()
        if child == 0:
            refused = False
            try:
                if os.geteuid() == 0:  # for whom nothing is read-only
                    os.setuid(pwd.getpwnam("nobody").pw_uid)
                with database.writing() as session:
                    session.add(begun_reading())
            except StoreGone:
                refused = True
            finally:
                os._exit(0 if refused else 1)
        assert os.waitpid(child, 0)[1] == 0
        Path(folder).chmod(0o755)


def test_a_database_that_somebody_locks_is_waited_for_shortly(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/touchline.db")
    database.prepare()
    with sqlite3.connect(tmp_path / "touchline.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert readings(database) == 0
        with pytest.raises(StoreGone), database.writing() as session:
            session.add(begun_reading())
        other.execute("ROLLBACK")
    with database.writing() as session:
        session.add(begun_reading())
    assert readings(database) == 1


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreGone):
        Database(f"sqlite:///{tmp_path}/var/touchline.db").prepare()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "touchline.db").write_bytes(b"something else " * 100)
    with pytest.raises(StoreGone):
        Database(f"sqlite:///{tmp_path}/touchline.db").prepare()


def test_nobody_else_reads_the_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/var/touchline.db")
    with database.writing() as session:
        session.add(begun_reading())
    assert [stat.S_IMODE(file.stat().st_mode) & 0o077 for file in (tmp_path / "var").iterdir()] == [0, 0, 0]


def test_a_postgresql_that_is_not_there_is_asked_again_after_a_pause() -> None:
    database = Database(f"postgresql+psycopg://touchline:Hidden-7@127.0.0.1:{free_port()}/touchline")
    with pytest.raises(StoreGone) as first:
        readings(database)
    with pytest.raises(StoreGone, match="a moment ago"):
        readings(database)
    assert "Hidden-7" not in str(first.value)


@pytest.mark.postgresql
def test_a_postgresql_that_ends_and_comes_back() -> None:
    with running_postgres() as server:
        database = Database(server.url)
        assert readings(database) == 0
        with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'touchline'")
        assert readings(database) == 0
    with pytest.raises(StoreGone):
        readings(database)


@pytest.mark.postgresql
def test_a_postgresql_that_takes_no_writes() -> None:
    with postgres_server() as address:
        Database(address).prepare()
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ALTER ROLE touchline SET default_transaction_read_only = on")
        database = Database(address)
        assert readings(database) == 0
        with pytest.raises(StoreGone), database.writing() as session:
            session.add(begun_reading())
        assert Registry(database).revision() == 0
        with pytest.raises(StoreGone):
            Registry(database).revision_to_change()
        database.close()


@pytest.mark.parametrize(
    "address", ["sqlite://", "sqlite:///:memory:", "mysql://db/touchline", "postgresql://db/touchline", "%%", ""]
)
def test_an_address_that_is_no_database(address: str) -> None:
    with pytest.raises(ValueError, match=r"database"):
        Database(address)


@pytest.mark.parametrize("name", ["options", "connect_timeout", "tcp_user_timeout", "application_name"])
def test_what_touchline_sets_itself_is_refused_in_an_address_by_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=rf"itself: {name}$") as refused:
        Database(f"postgresql+psycopg://touchline:Hidden-7@db.example/touchline?sslmode=require&{name}=Hidden-8")
    assert "Hidden" not in str(refused.value)


def test_what_touchline_leaves_to_an_address_goes_to_postgresql() -> None:
    Database("postgresql+psycopg://touchline@db.example/touchline?sslmode=require").close()
