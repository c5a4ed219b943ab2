"""Accounts in the administration: made, changed and removed, never by who does not know their own password."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from admin import wording
from admin.passwords import Passwords, TooManyAtOnce
from simulators.o2g.process import simulated_o2g
from store.administrators import Role
from store.audit import AuditTrail
from tests.admin.office import PASSWORD, RECOVERY, Office, Staff
from tests.house import PUBLIC_URL
from tests.registry_house import NOW, registry_house


def test_an_account_is_made_with_a_password_that_is_shown_once(administrator: Office, office: Office) -> None:
    page = administrator.open("/admin/accounts")
    shown = administrator.send(page, login="Paula", role="operator", password=PASSWORD)
    password = shown.all("//code[@class='key']")[0]
    assert password not in administrator.open("/admin/accounts").text
    assert office.sign_in("paula", password=password).title == "Set up a second factor"
    assert administrator.send(page, login="paula", role="operator", password=PASSWORD).status == 409


def test_nothing_is_done_without_ones_own_password(administrator: Office, staff: Staff) -> None:
    page = administrator.open("/admin/accounts")
    assert administrator.send(page, login="quinn", role="administrator", password="wrong").status == 422
    assert staff.accounts.get("quinn") is None
    staff.hire("rita", Role.OPERATOR)
    page = administrator.open("/admin/accounts/rita")
    assert administrator.send(page, press={"do": "administrator"}, password="wrong").status == 422
    assert staff.of("rita").role is Role.OPERATOR


@pytest.mark.parametrize(
    ("do", "holds"),
    [
        ("administrator", lambda account: account.role is Role.ADMINISTRATOR),
        ("off", lambda account: not account.enabled),
        ("second-factor", lambda account: not account.has_totp),
        ("password", lambda account: account.epoch > 2),
    ],
)
def test_a_change_of_an_account_ends_its_sessions(
    administrator: Office, office: Office, staff: Staff, do: str, holds: Callable[[object], bool]
) -> None:
    login = f"changed-{do}"
    staff.hire(login, Role.OPERATOR)
    office.sign_in(login, RECOVERY)
    page = administrator.open(f"/admin/accounts/{login}")
    shown = administrator.send(page, press={"do": do}, password=PASSWORD)
    assert shown.status == 200
    assert holds(staff.of(login))
    assert office.open("/admin/").title == "Sign in"
    entry = AuditTrail(staff.database).page(1, subject=f"administrator:{login}")[0]
    assert entry.by.startswith("administrator")


def test_ending_a_lock_ends_no_session_and_says_so(administrator: Office, office: Office, staff: Staff) -> None:
    staff.hire("unlocked", Role.OPERATOR)
    office.sign_in("unlocked", RECOVERY)
    now = datetime.now(UTC)
    staff.accounts.begin_try("unlocked", most=0, lock=timedelta(minutes=15), now=now)
    page = administrator.open("/admin/accounts/unlocked")
    assert "unless it only ends the lock" in page.text
    shown = administrator.send(page, press={"do": "unlock"}, password=PASSWORD)
    assert not staff.of("unlocked").locked(now)
    assert (office.open("/admin/").title, "have ended" in shown.done) == ("Overview", False)
    shown = administrator.send(shown, press={"do": "off"}, password=PASSWORD)
    assert (office.open("/admin/").title, "have ended" in shown.done) == ("Sign in", True)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/admin/account/password", {"new_password": "another way to the pier", "again": "another way to the pier"}),
        ("/admin/accounts", {"login": "late", "role": "operator"}),
        ("/admin/accounts/ben", {"press": {"do": "password"}}),
    ],
)
def test_who_finds_no_turn_for_a_new_password_is_asked_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, typed: dict[str, Any]
) -> None:
    def no_turn(*_: object) -> str:
        raise TooManyAtOnce

    with simulated_o2g(users=20) as o2g, registry_house(tmp_path, o2g, admin_second_factor=False) as house:
        for login in ("anna", "ben"):
            house.accounts.add(login, Role.ADMINISTRATOR, Passwords().hash(PASSWORD), by="a test", now=NOW)
        office = Office.__new__(Office)
        office.http = httpx.Client(
            transport=httpx.WSGITransport(app=house.app, raise_app_exceptions=False), base_url=PUBLIC_URL
        )
        assert office.sign_in("anna").title == "Overview"
        page = office.open(path)
        monkeypatch.setattr(Passwords, "hash", no_turn)
        shown = office.send(page, password=PASSWORD, **typed)
        assert (shown.status, wording.TOO_MANY_AT_ONCE in shown.text) == (503, True)
        office.close()


def test_an_account_is_removed(administrator: Office, staff: Staff) -> None:
    staff.hire("gone")
    page = administrator.open("/admin/accounts/gone")
    shown = administrator.send(page, press={"do": "remove"}, password=PASSWORD)
    assert "removed" in shown.done
    assert staff.accounts.get("gone") is None


def test_the_second_of_two_who_change_an_account_is_told(administrator: Office, staff: Staff) -> None:
    staff.hire("torn", Role.OPERATOR)
    page = administrator.open("/admin/accounts/torn")
    administrator.send(page, press={"do": "administrator"}, password=PASSWORD)
    shown = administrator.send(page, press={"do": "off"}, password=PASSWORD)
    assert (shown.status, "Somebody else has changed" in shown.alert) == (409, True)
    assert staff.of("torn").enabled


def test_nobody_changes_their_own_role(signed_in: Callable[..., Office], staff: Staff) -> None:
    office = signed_in(login="own")
    page = office.open("/admin/accounts/own")
    assert "change it under Your account" in page.text
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    sent = {"csrf_token": token, "do": "operator", "version": "1", "password": PASSWORD}
    assert office.http.post("/admin/accounts/own", data=sent).status_code == 409
    assert staff.of("own").role is Role.ADMINISTRATOR
