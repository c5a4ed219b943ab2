"""Accounts in the administration: made, changed and removed, never by who does not know their own password."""

from collections.abc import Callable

import pytest

from store.administrators import Role
from store.audit import AuditTrail
from tests.admin.office import PASSWORD, RECOVERY, Office, Staff


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
