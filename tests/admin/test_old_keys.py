"""Keys of the server are exchanged: second factors outlive the old one, and the overview tells when it may go."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from admin.entry import Bolts, Entry
from admin.passwords import Passwords
from simulators.o2g.process import RunningO2G, simulated_o2g
from store.administrators import Administrators, Role
from store.database import Database
from store.rates import Rates
from store.sealed import Seals
from tests.registry_house import registry_house

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PASSWORD = "a long way to the pier"
TOLD = "Second factors"


@pytest.fixture(scope="module")
def o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=20) as running:
        yield running


def hire(accounts: Administrators) -> str:
    """Make an account with a second factor; gives its secret."""
    secret = pyotp.random_base32()
    accounts.add("anna", Role.ADMINISTRATOR, Passwords().hash(PASSWORD), by="a test", now=NOW)
    accounts.set_totp("anna", secret, by="a test", now=NOW)
    return secret


def secret_with(key: str, database: Database) -> str | None:
    """Open a second factor with one key only."""
    account = Administrators(database, Seals([key])).get("anna")
    assert account is not None
    return account.totp_secret


def test_an_old_key_that_is_taken_away_after_a_start_locks_nobody_out(tmp_path: Path, o2g: RunningO2G) -> None:
    with registry_house(tmp_path, o2g, OLD) as before:
        secret = hire(before.accounts)
    with registry_house(tmp_path, o2g, OLD, NEW) as between:
        assert TOLD not in {fact.name for fact in between.wrong()}
    with registry_house(tmp_path, o2g, NEW) as after:
        assert secret_with(NEW, after.store) == secret
        assert TOLD not in {fact.name for fact in after.wrong()}


def test_signing_in_seals_a_second_factor_that_is_under_an_old_key(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}")
    secret = hire(Administrators(database, Seals([OLD])))
    both = Administrators(database, Seals([OLD, NEW]))
    entry = Entry(both, Passwords(), Rates(), Bolts(), lambda: NOW)
    assert entry.let_in("anna", PASSWORD, "000000", "127.0.0.1") is None
    assert secret_with(NEW, database) is None
    assert entry.let_in("anna", PASSWORD, pyotp.TOTP(secret).at(NOW), "127.0.0.1") is not None
    assert secret_with(NEW, database) == secret
    database.close()


def test_a_second_factor_under_an_old_key_is_told_on_the_overview(tmp_path: Path, o2g: RunningO2G) -> None:
    with registry_house(tmp_path, o2g, OLD) as before:
        hire(before.accounts)
        assert TOLD not in {fact.name for fact in before.wrong()}
    with registry_house(tmp_path, o2g, NEW) as after:
        fact = next(fact for fact in after.wrong() if fact.name == TOLD)
        assert fact.value == "1 is under an old key"
