"""`flask --app app db …`, as an administrator types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from admin.database import database_commands
from store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/touchline.db", upgrade=False)


def run(database: Database, *words: str, answer: str = "") -> Result:
    return CliRunner().invoke(database_commands(database), list(words), input=answer)


def test_tables_are_made_and_their_version_is_told(database: Database) -> None:
    needed = database.revisions()[1]
    assert run(database, "version").output == f"tables: none, needed: {needed}\n"
    assert run(database, "upgrade").output == f"tables: {needed}, needed: {needed}\n"
    assert run(database, "version").output == f"tables: {needed}, needed: {needed}\n"


def test_going_back_asks_first(database: Database) -> None:
    needed = database.revisions()[1]
    run(database, "upgrade")
    assert run(database, "downgrade", "0001", answer="n\n").exit_code == 1
    assert database.revisions() == (needed, needed)
    assert run(database, "downgrade", "0001", answer="y\n").output.endswith(f"tables: 0001, needed: {needed}\n")


def test_a_version_that_does_not_exist_is_named(database: Database) -> None:
    run(database, "upgrade")
    result = run(database, "downgrade", "4711", "--yes")
    assert result.exit_code == 1
    assert "4711" in result.output


def test_a_database_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder", encoding="utf-8")
    result = run(Database(f"sqlite:///{tmp_path}/var/touchline.db"), "upgrade")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
