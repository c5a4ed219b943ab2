"""`flask --app app admin …`, as an administrator types it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from admin.account_commands import account_commands
from admin.passwords import Passwords
from store.administrators import Administrators
from store.audit import AuditTrail
from store.database import Database
from store.sealed import Seals

PASSWORD = "four words make a password"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/touchline.db")


@pytest.fixture
def accounts(database: Database) -> Administrators:
    return Administrators(database, Seals(["k" * 32]))


def run(accounts: Administrators, *words: str, typed: str = "") -> Result:
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return CliRunner().invoke(account_commands(accounts, quick, lambda: NOW), list(words), input=typed)


def test_the_first_account_is_made_with_a_password_that_is_typed_twice(
    accounts: Administrators, database: Database
) -> None:
    result = run(accounts, "add", "Anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "anna: administrator")
    assert PASSWORD not in result.output
    anna = accounts.get("anna")
    assert anna is not None
    assert Passwords().fits(anna.password_hash, PASSWORD)
    assert AuditTrail(database).page(1)[0].by.startswith("command line (")


def test_a_password_comes_from_standard_input(accounts: Administrators) -> None:
    assert run(accounts, "add", "ben", "--role", "operator", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert run(accounts, "password", "ben", "--password-stdin", typed="another password\n").exit_code == 0
    ben = accounts.get("ben")
    assert ben is not None
    assert Passwords().fits(ben.password_hash, "another password")


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "carlacarlacarla", "x" * 201, ""])
def test_a_weak_password_is_refused_in_words(accounts: Administrators, weak: str) -> None:
    result = run(accounts, "add", "carla", "--password-stdin", typed=f"{weak}\n")
    assert (result.exit_code, result.output.startswith("Error: ")) == (1, True)
    assert accounts.get("carla") is None


def test_accounts_are_listed_and_switched(accounts: Administrators) -> None:
    for login in ("anna", "ben"):
        run(accounts, "add", login, "--password-stdin", typed=f"{PASSWORD}\n")
    assert run(accounts, "disable", "ben").exit_code == 0
    lines = run(accounts, "list").output.splitlines()
    assert lines == [
        "anna  administrator  on  no second factor  last signed in: never",
        "ben  administrator  off  no second factor  last signed in: never",
    ]
    assert run(accounts, "enable", "ben").exit_code == 0
    assert run(accounts, "role", "ben", "operator").exit_code == 0
    assert run(accounts, "unlock", "ben").output == "ben: unlocked\n"
    assert run(accounts, "reset-totp", "ben").exit_code == 0
    assert run(accounts, "remove", "ben", typed="n\n").exit_code == 1
    assert run(accounts, "remove", "ben", typed="y\n").exit_code == 0
    assert accounts.get("ben") is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("disable", "anna"), "last administrator"),
        (("role", "anna", "operator"), "last administrator"),
        (("disable", "nobody"), "there is no account nobody"),
        (("unlock", "<b>"), "a login has"),
        (("add", "anna", "--password-stdin"), "there is an account anna"),
    ],
)
def test_what_cannot_be_done_is_told(accounts: Administrators, words: tuple[str, ...], said: str) -> None:
    run(accounts, "add", "anna", "--password-stdin", typed=f"{PASSWORD}\n")
    result = run(accounts, *words, typed=f"{PASSWORD}\n")
    assert (result.exit_code, said in result.output) == (1, True)


def test_a_database_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder", encoding="utf-8")
    accounts = Administrators(Database(f"sqlite:///{tmp_path}/var/touchline.db"), Seals(["k" * 32]))
    result = run(accounts, "list")
    assert result.exit_code == 1
    assert "nothing was done" in result.output
