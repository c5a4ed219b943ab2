"""Accounts: counted and locked by all workers together, their secrets sealed, the last administrator kept."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from store.administrators import Administrator, Administrators, Role, login_of
from store.audit import AuditTrail
from store.database import Database
from store.errors import AlreadyThere, ChangedMeanwhile, LastAdministrator
from store.sealed import Seals

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LOCK = timedelta(minutes=15)
OLD_KEY, NEW_KEY = "o" * 32, "n" * 32
HASH, SECRET = "$argon2id$v=19$hash", "JBSWY3DPEHPK3PXP"


def wrong_try(accounts: Administrators, most: int, login: str = "anna") -> Administrator | None:
    accounts.begin_try(login, most=most, lock=LOCK, now=NOW)
    return accounts.note_failure(login, most=most, lock=LOCK, now=NOW)


@pytest.fixture
def accounts(database: Database) -> Administrators:
    made = Administrators(database, Seals([OLD_KEY]))
    made.add("anna", Role.ADMINISTRATOR, HASH, by="command line", now=NOW)
    return made


def test_an_account_is_given_back(accounts: Administrators) -> None:
    anna = accounts.get("anna")
    assert anna is not None
    assert (anna.role, anna.password_hash, anna.has_totp, anna.created) == (Role.ADMINISTRATOR, HASH, False, NOW)
    assert (anna.failed, anna.locked_until, anna.last_login, anna.epoch, anna.version) == (0, None, None, 1, 1)
    assert accounts.get("ben") is None
    assert [account.login for account in accounts.everybody()] == ["anna"]


def test_one_login_is_one_account_however_it_is_written(accounts: Administrators) -> None:
    with pytest.raises(AlreadyThere):
        accounts.add(" Anna ", Role.OPERATOR, HASH, by="anna", now=NOW)


@pytest.mark.parametrize("login", ["", "a b", "<b>", "x" * 65, "änna", "-anna"])
def test_what_cannot_be_a_login_is_refused(login: str) -> None:
    with pytest.raises(ValueError, match="a login has"):
        login_of(login)


def test_wrong_logins_lock_for_a_while(accounts: Administrators) -> None:
    for failed in (1, 2):
        anna = wrong_try(accounts, 3)
        assert anna is not None
        assert (anna.failed, anna.locked(NOW)) == (failed, False)
    anna = wrong_try(accounts, 3)
    assert anna is not None
    assert anna.locked(NOW + LOCK - timedelta(seconds=1))
    assert not anna.locked(NOW + LOCK)
    assert wrong_try(accounts, 3, "nobody") is None


def test_wrong_logins_of_many_workers_are_all_counted(accounts: Administrators) -> None:
    threads = [
        threading.Thread(target=accounts.begin_try, args=("anna",), kwargs={"most": 99, "lock": LOCK, "now": NOW})
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    anna = accounts.get("anna")
    assert anna is not None
    assert anna.failed == 10


def test_of_tries_at_once_no_more_are_looked_at_than_may_be_wrong(accounts: Administrators) -> None:
    begun: list[bool] = []

    def begin() -> None:
        begun.append(accounts.begin_try("anna", most=5, lock=LOCK, now=NOW) is not None)

    threads = [threading.Thread(target=begin) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert begun.count(True) == 5
    assert not accounts.note_right("anna", NOW)
    anna = accounts.get("anna")
    assert anna is not None
    assert anna.locked(NOW)


def test_a_right_login_forgets_the_wrong_ones(accounts: Administrators) -> None:
    wrong_try(accounts, 9)
    assert accounts.note_right("anna", NOW)
    anna = accounts.get("anna")
    assert anna is not None
    assert (anna.failed, anna.last_login, anna.epoch) == (0, NOW, 1)


def test_a_new_password_ends_sessions_and_the_lock(accounts: Administrators) -> None:
    wrong_try(accounts, 1)
    anna = accounts.set_password("anna", "another hash", by="anna", now=NOW)
    assert (anna.password_hash, anna.locked(NOW), anna.epoch) == ("another hash", False, 2)


def test_a_stronger_hash_of_the_same_password_ends_nothing(accounts: Administrators) -> None:
    accounts.rehash("anna", HASH, "stronger")
    accounts.rehash("anna", HASH, "too late")
    anna = accounts.get("anna")
    assert anna is not None
    assert (anna.password_hash, anna.epoch) == ("stronger", 1)


def test_a_second_factor_is_sealed_in_the_database(accounts: Administrators, database: Database) -> None:
    anna = accounts.set_totp("anna", SECRET, by="anna", now=NOW)
    assert (anna.totp_secret, anna.has_totp, anna.epoch) == (SECRET, True, 2)
    with database.reading() as session:
        stored = session.execute(text("SELECT totp_secret FROM administrators")).scalar_one()
    assert SECRET.encode() not in bytes(stored)
    assert not accounts.set_totp("anna", None, by="anna", now=NOW).has_totp


def test_one_accounts_secret_is_not_anothers(accounts: Administrators, database: Database) -> None:
    accounts.add("ben", Role.OPERATOR, HASH, by="anna", now=NOW)
    accounts.set_totp("anna", SECRET, by="anna", now=NOW)
    with database.writing() as session:
        session.execute(
            text(
                "UPDATE administrators SET totp_secret = "
                "(SELECT totp_secret FROM administrators WHERE login = 'anna') WHERE login = 'ben'"
            )
        )
    ben = accounts.get("ben")
    assert ben is not None
    assert (ben.totp_secret, ben.has_totp) == (None, True)


def test_keys_rotate_and_second_factors_stay(accounts: Administrators, database: Database) -> None:
    accounts.set_totp("anna", SECRET, by="anna", now=NOW)
    both = Administrators(database, Seals([OLD_KEY, NEW_KEY]))
    assert both.reseal() == 0
    anna = Administrators(database, Seals([NEW_KEY])).get("anna")
    assert anna is not None
    assert anna.totp_secret == SECRET
    assert Administrators(database, Seals(["x" * 32])).reseal() == 1


def test_a_code_is_used_once(accounts: Administrators) -> None:
    accounts.set_totp("anna", SECRET, by="anna", now=NOW)
    assert accounts.use_totp("anna", 100)
    assert not accounts.use_totp("anna", 100)
    assert not accounts.use_totp("anna", 99)
    assert accounts.use_totp("anna", 101)
    assert not accounts.use_totp("nobody", 1)


def test_the_last_administrator_stays(accounts: Administrators) -> None:
    ben = accounts.add("ben", Role.OPERATOR, HASH, by="anna", now=NOW)
    with pytest.raises(LastAdministrator):
        accounts.remove("anna", 1, by="anna", now=NOW)
    with pytest.raises(LastAdministrator):
        accounts.change_role("anna", Role.OPERATOR, 1, by="anna", now=NOW)
    ben = accounts.change_role("ben", Role.ADMINISTRATOR, ben.version, by="anna", now=NOW)
    assert ben.epoch == 2
    accounts.remove("anna", 1, by="ben", now=NOW)
    assert [account.login for account in accounts.everybody()] == ["ben"]


def test_of_two_administrators_who_remove_each_other_one_stays(accounts: Administrators) -> None:
    accounts.add("ben", Role.ADMINISTRATOR, HASH, by="anna", now=NOW)
    outcomes: list[str] = []

    def remove(login: str, by: str) -> None:
        try:
            accounts.remove(login, 1, by=by, now=NOW)
        except LastAdministrator:
            outcomes.append("kept")
        else:
            outcomes.append("removed")

    threads = [threading.Thread(target=remove, args=pair) for pair in (("anna", "ben"), ("ben", "anna"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "removed"]


def test_the_second_who_changes_an_account_is_told(accounts: Administrators) -> None:
    ben = accounts.add("ben", Role.OPERATOR, HASH, by="anna", now=NOW)
    accounts.change_role("ben", Role.ADMINISTRATOR, ben.version, by="anna", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        accounts.change_role("ben", Role.OPERATOR, ben.version, by="carl", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        accounts.set_password("nobody", HASH, by="anna", now=NOW)


def test_no_secret_is_in_the_trail_or_in_a_repr(accounts: Administrators, database: Database) -> None:
    accounts.set_password("anna", "$argon2id$another", by="anna", now=NOW)
    accounts.set_totp("anna", SECRET, by="anna", now=NOW)
    wrong_try(accounts, 1)
    trail = AuditTrail(database).page(9, subject="administrator:anna")
    assert [noted.action for noted in trail] == [
        "locked after wrong logins",
        "second factor set up",
        "password changed",
        "added",
    ]
    told = repr(trail) + repr(accounts.everybody())
    assert "argon2" not in told
    assert SECRET not in told


def test_an_account_that_is_switched_off_loses_its_sessions_and_can_come_back(accounts: Administrators) -> None:
    accounts.add("ben", Role.ADMINISTRATOR, HASH, by="anna", now=NOW)
    ben = accounts.set_enabled("ben", False, 1, by="anna", now=NOW)
    assert (ben.enabled, ben.epoch, ben.version) == (False, 2, 2)
    with pytest.raises(ChangedMeanwhile):
        accounts.set_enabled("ben", True, 1, by="anna", now=NOW)
    assert accounts.set_enabled("ben", True, 2, by="anna", now=NOW).enabled


def test_the_last_administrator_who_is_on_stays_on(accounts: Administrators) -> None:
    accounts.add("ben", Role.ADMINISTRATOR, HASH, by="anna", now=NOW)
    accounts.set_enabled("ben", False, 1, by="anna", now=NOW)
    with pytest.raises(LastAdministrator):
        accounts.set_enabled("anna", False, 1, by="ben", now=NOW)
    with pytest.raises(LastAdministrator):
        accounts.remove("anna", 1, by="ben", now=NOW)


def test_a_lock_can_be_ended(accounts: Administrators, database: Database) -> None:
    wrong_try(accounts, 1)
    assert not accounts.unlock("anna", by="ben", now=NOW).locked(NOW)
    assert AuditTrail(database).page(1)[0].action == "unlocked"


def test_a_recovery_code_works_once_and_until_there_are_others(accounts: Administrators) -> None:
    assert accounts.set_totp("anna", SECRET, recovery=("one", "two"), by="anna", now=NOW).recovery_left == 2
    assert accounts.use_recovery("anna", "one", now=NOW)
    assert not accounts.use_recovery("anna", "one", now=NOW)
    assert not accounts.use_recovery("ben", "two", now=NOW)
    anna = accounts.set_totp("anna", SECRET, recovery=("three",), by="anna", now=NOW)
    assert (anna.recovery_left, accounts.use_recovery("anna", "two", now=NOW)) == (1, False)


def test_a_recovery_code_is_used_by_one_of_many(accounts: Administrators) -> None:
    accounts.set_totp("anna", SECRET, recovery=("one",), by="anna", now=NOW)
    used: list[bool] = []
    threads = [
        threading.Thread(target=lambda: used.append(accounts.use_recovery("anna", "one", now=NOW))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [False, False, False, False, True]


def test_the_trail_is_searched_by_person_and_by_time(accounts: Administrators, database: Database) -> None:
    later = NOW + timedelta(days=1)
    accounts.add("ben", Role.OPERATOR, HASH, by="anna", now=later)
    trail = AuditTrail(database)
    assert [entry.subject for entry in trail.page(9, by="anna")] == ["administrator:ben"]
    assert [entry.subject for entry in trail.page(9, until=later)] == ["administrator:anna"]
    assert [entry.subject for entry in trail.page(9, since=later)] == ["administrator:ben"]
