"""The way into the administration: who gets in, who does not and learns nothing, and when it ends."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from admin.passwords import Passwords
from simulators.demo.house import DemoHouse
from store.administrators import Role
from tests.admin.office import PASSWORD, RECOVERY, Office, Staff


def test_login_password_and_code_let_in(office: Office, staff: Staff) -> None:
    secret = staff.hire("anna")
    shown = office.sign_in(" Anna ", pyotp.TOTP(secret).now())
    assert (shown.status, shown.title) == (200, "Overview")
    assert staff.of("anna").last_login is not None


def test_every_page_leads_to_the_way_in_and_back(office: Office, staff: Staff) -> None:
    secret = staff.hire("back")
    shown = office.open("/admin/audit?by=back")
    assert shown.title == "Sign in"
    shown = office.send(shown, login="back", password=PASSWORD, code=pyotp.TOTP(secret).now())
    assert (shown.title, shown.address.partition("/admin")[2]) == ("Audit trail", "/audit?by=back")


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example/admin/", "/phone/", "/admin/\\evil", "/admin//evil.example", "/admin/\n"],
)
def test_the_way_back_leads_nowhere_else(office: Office, staff: Staff, back: str) -> None:
    login = f"way{abs(hash(back)) % 10**9}"
    secret = staff.hire(login)
    page = office.open(str(httpx.URL("/admin/sign-in", params={"back": back})))
    shown = office.send(page, login=login, password=PASSWORD, code=pyotp.TOTP(secret).now())
    assert shown.title == "Overview"


def test_nobody_learns_whether_a_login_exists(office: Office, staff: Staff) -> None:
    staff.hire("ben")
    staff.hire("off")
    staff.hire("off2")
    staff.accounts.set_enabled("off", False, staff.of("off").version, by="a test", now=datetime.now(UTC))
    answers = {
        office.sign_in("ben", "000000").text,
        office.sign_in("ben", password="not the password").text,
        office.sign_in("nobody").text,
        office.sign_in("off", RECOVERY).text,
        office.sign_in("<script>", RECOVERY).text,
    }
    assert len(answers) == 1


def test_a_code_works_once(office: Office, staff: Staff) -> None:
    secret = staff.hire("once")
    code = pyotp.TOTP(secret).now()
    assert office.sign_in("once", code).title == "Overview"
    office.http.cookies.clear()
    assert office.sign_in("once", code).status == 401


def test_a_recovery_code_stands_for_the_second_factor_once(office: Office, staff: Staff) -> None:
    staff.hire("lost")
    assert office.sign_in("lost", RECOVERY.upper()).title == "Overview"
    assert "0 recovery codes left" in office.open("/admin/account").text
    office.http.cookies.clear()
    assert office.sign_in("lost", RECOVERY).status == 401


def test_wrong_tries_lock_the_account_also_for_who_knows_better(office: Office, staff: Staff) -> None:
    staff.hire("locked")
    for _ in range(5):
        assert office.sign_in("locked", password="a guess").status == 401
    assert staff.of("locked").locked(datetime.now(UTC))
    assert office.sign_in("locked", RECOVERY).status == 401
    staff.accounts.unlock("locked", by="a test", now=datetime.now(UTC))
    assert office.sign_in("locked", RECOVERY).title == "Overview"


def test_a_new_account_sets_up_its_second_factor_before_anything_else(office: Office, staff: Staff) -> None:
    staff.hire("new", factor=False)
    shown = office.sign_in("new")
    assert shown.title == "Set up a second factor"
    assert office.open("/admin/applications").title == "Set up a second factor"
    picture = office.http.get("/admin/account/second-factor/picture")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    secret = "".join(shown.all("//code[@class='key']")[0].split())
    assert office.send(shown, code="000000", password=PASSWORD).status == 422
    shown = office.send(shown, code=pyotp.TOTP(secret).now(), password=PASSWORD)
    codes = shown.all("//*[@class='codes']//code")
    assert (shown.title, len(codes), len(set(codes))) == ("Your recovery codes", 10, 10)
    assert office.open("/admin/").title == "Overview"
    other = office.http
    other.cookies.clear()
    assert office.sign_in("new", codes[3]).title == "Overview"


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(administrator: Office) -> None:
    stolen = dict(administrator.http.cookies)
    page = administrator.open("/admin/account")
    sign_out = next(form for form in page.tree.forms if form.action.endswith("/sign-out"))
    administrator.http.post("/admin/sign-out", data=dict(sign_out.form_values()))
    administrator.http.cookies.clear()
    administrator.http.cookies.update(stolen)
    assert administrator.open("/admin/").title == "Sign in"


def test_a_new_password_ends_the_sessions_elsewhere_and_not_here(
    house: DemoHouse, office: Office, staff: Staff
) -> None:
    secret = staff.hire("twice")
    office.sign_in("twice", pyotp.TOTP(secret).now())
    elsewhere = Office(house)
    elsewhere.sign_in("twice", RECOVERY)
    assert elsewhere.open("/admin/").title == "Overview"
    page = office.open("/admin/account/password")
    new = "another four words here"
    assert office.send(page, password="wrong one", new_password=new, again=new).status == 422
    assert office.send(page, password=PASSWORD, new_password="short", again="short").status == 422
    assert office.send(page, password=PASSWORD, new_password=new, again=new + "x").status == 422
    shown = office.send(page, password=PASSWORD, new_password=new, again=new)
    assert "Your password is changed" in shown.done
    assert office.open("/admin/").title == "Overview"
    assert elsewhere.open("/admin/").title == "Sign in"
    elsewhere.close()


def test_signing_in_gives_another_session_and_another_cookie(office: Office, staff: Staff) -> None:
    secret = staff.hire("fixed")
    page = office.open("/admin/sign-in")
    before = dict(office.http.cookies)
    office.send(page, login="fixed", password=PASSWORD, code=pyotp.TOTP(secret).now())
    assert dict(office.http.cookies) != before
    office.http.cookies.clear()
    office.http.cookies.update(before)
    assert office.open("/admin/").title == "Sign in"


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_other_hosts(office: Office) -> None:
    cookie = office.http.get("/admin/sign-in").headers["set-cookie"]
    assert cookie.startswith("__Host-touchline-admin=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_an_account_that_is_switched_off_is_out_at_once(signed_in: Callable[..., Office], staff: Staff) -> None:
    office = signed_in(login="fired")
    staff.accounts.set_enabled("fired", False, staff.of("fired").version, by="a test", now=datetime.now(UTC))
    assert office.open("/admin/").title == "Sign in"


def test_another_role_holds_from_the_next_page(signed_in: Callable[..., Office], staff: Staff) -> None:
    office = signed_in(login="demoted")
    staff.accounts.change_role(
        "demoted", Role.OPERATOR, staff.of("demoted").version, by="a test", now=datetime.now(UTC)
    )
    assert office.open("/admin/register").title == "Sign in"


def test_a_session_that_was_made_up_is_none(office: Office) -> None:
    office.http.cookies.set("__Host-touchline-admin", "eyJpZCI6ImEifQ.aaaa.bbbb", domain="127.0.0.1")
    assert office.open("/admin/").title == "Sign in"


def test_a_lock_is_over_when_its_time_is(staff: Staff, office: Office) -> None:
    staff.hire("patient")
    past = datetime.now(UTC) - timedelta(hours=1)
    staff.accounts.begin_try("patient", most=1, lock=timedelta(minutes=15), now=past)
    staff.accounts.note_failure("patient", most=1, lock=timedelta(minutes=15), now=past)
    assert office.sign_in("patient", RECOVERY).title == "Overview"


def test_of_many_tries_at_once_the_right_one_comes_too_late(staff: Staff) -> None:
    """All of them see the account before any is counted, as they wait for the password's turn."""
    from admin.entry import Bolts, Entry
    from store.rates import Rates

    seen = threading.Barrier(9)

    class Meeting(Passwords):
        def fits(self, hashed: str | None, password: str) -> bool:
            seen.wait(10)
            if password == PASSWORD:
                right_last.wait(10)
            return password == PASSWORD

    right_last = threading.Event()
    staff.hire("raced")
    entry = Entry(staff.accounts, Meeting(), Rates(), Bolts(address_tries=0), lambda: datetime.now(UTC))
    let_in: list[bool] = []

    def attempt(password: str, code: str) -> None:
        let_in.append(entry.let_in("raced", password, code, "127.0.0.1") is not None)

    wrong = [threading.Thread(target=attempt, args=(f"wrong {number}", RECOVERY)) for number in range(8)]
    right = threading.Thread(target=attempt, args=(PASSWORD, RECOVERY))
    for thread in (*wrong, right):
        thread.start()
    for thread in wrong:
        thread.join()
    right_last.set()
    right.join()
    assert not any(let_in)
    assert staff.of("raced").locked(datetime.now(UTC))


def test_a_wrong_password_takes_as_long_as_a_login_that_does_not_exist(staff: Staff) -> None:
    """Both hash once: told by counting hashes, since times on a busy machine say nothing."""

    class Counting(Passwords):
        hashed = 0

        def fits(self, hashed: str | None, password: str) -> bool:
            self.hashed += 1
            return super().fits(hashed, password)

    from admin.entry import Bolts, Entry
    from store.rates import Rates

    staff.hire("timed")
    passwords = Counting()
    entry = Entry(staff.accounts, passwords, Rates(), Bolts(), lambda: datetime.now(UTC))
    for login in ("timed", "nobody-at-all", "not a login"):
        before, began = passwords.hashed, time.perf_counter()
        assert entry.let_in(login, "wrong", "", "127.0.0.1") is None
        assert (passwords.hashed - before, began > 0) == (1, True)
