"""What hostile or unlucky requests get: words, no change, nothing that helps."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest

from admin.guard import HEADERS
from simulators.demo.house import DemoHouse, demo_house
from store.registry import Registry
from tests.admin.office import PASSWORD, Office, Staff
from tests.house import prs_client
from tests.pages import parse_page

TYPED: dict[str, Any] = {
    "id": "never_kept",
    "kind": "external",
    "url": "https://apps.example/kept",
    "name_en": "Kept <b>words</b>",
}


def test_a_form_without_its_token_changes_nothing(administrator: Office, staff: Staff) -> None:
    answer = administrator.http.post("/admin/register", data=TYPED)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert Registry(staff.database).get("never_kept") is None


def test_a_token_of_another_session_changes_nothing(signed_in: Callable[..., Office], staff: Staff) -> None:
    one, other = signed_in(), signed_in()
    token = other.open("/admin/register").tree.xpath("//input[@name='csrf_token']/@value")[0]
    assert one.http.post("/admin/register", data={**TYPED, "csrf_token": token}).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "nonsense"])
def test_a_form_that_another_site_sends_changes_nothing(administrator: Office, site: str) -> None:
    token = administrator.open("/admin/register").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = administrator.http.post(
        "/admin/register", data={**TYPED, "csrf_token": token}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 403


def test_a_session_that_is_over_gives_back_what_was_typed(administrator: Office, staff: Staff) -> None:
    page = administrator.open("/admin/register")
    account = administrator.open("/admin/account/password")
    administrator.http.cookies.clear()
    shown = administrator.send(page, **TYPED)
    assert (shown.status, shown.title) == (401, "Your session has ended")
    assert {"https://apps.example/kept", "Kept <b>words</b>"} <= set(shown.all("//dd/pre"))
    assert Registry(staff.database).get("never_kept") is None
    shown = administrator.send(account, password=PASSWORD, new_password="a new secret word", again="a new secret word")
    assert shown.status == 401
    assert "secret word" not in shown.answer.text


def test_every_answer_forbids_what_pages_do_not_need(administrator: Office) -> None:
    for path in ("/admin/", "/admin/nothing/there", "/admin/static/admin.css", "/admin/sign-in", "/admin/file/export"):
        answer = administrator.http.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
    assert administrator.http.get("/admin/audit").headers["cache-control"] == "no-store"
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/admin/static/../desk.py", "/admin/static/%2e%2e/desk.py", "/admin/static//etc/passwd"]
)
def test_only_what_is_for_browsers_is_given(office: Office, path: str) -> None:
    assert office.http.get(path).status_code in {302, 404}


def test_a_very_long_form_is_refused(administrator: Office) -> None:
    token = administrator.open("/admin/register").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = administrator.http.post(
        "/admin/register", data={**TYPED, "csrf_token": token, "parameters": "x" * 3_000_000}
    )
    assert answer.status_code == 413


def test_a_stranger_cannot_make_the_server_read_much(office: Office) -> None:
    answer = office.http.post("/admin/sign-in", data={"login": "x" * 1_000_000})
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("version", ["", "-1", "x", "٣", "9" * 40])
def test_a_version_that_nobody_has_seen_changes_nothing(administrator: Office, version: str) -> None:
    page = administrator.open("/admin/applications")
    shown = administrator.send(page, "/this_set/switch", {"to": "off"}, version=version)
    assert shown.status == 409


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "since=yesterday", "until=9999-99-99", "subject=%00", "by=%ff"]
)
def test_a_search_for_nonsense_finds_something_or_nothing(operator: Office, query: str) -> None:
    assert operator.open(f"/admin/audit?{query}").status == 200


class TestGone:
    """The database goes away, or becomes read-only, while somebody works."""

    @pytest.fixture
    def own_house(self) -> Iterator[DemoHouse]:
        with demo_house(users=50) as running:
            yield running

    def test_phones_go_on_and_the_administrator_is_told(self, own_house: DemoHouse) -> None:
        staff, office = Staff(own_house), Office(own_house)
        office.sign_in("anna", pyotp.TOTP(staff.hire("anna")).now())
        page = office.open("/admin/register")
        staff.database.close()
        file = Path(own_house.settings["TOUCHLINE_DATABASE_URL"].removeprefix("sqlite:///"))
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
        file.mkdir()  # nothing can be made in its place
        shown = office.open("/admin/")
        assert shown.title == "Overview"
        assert "cannot be reached" in shown.alert
        assert "Database, gone, full or read-only" in " ".join(shown.all("//section[@class='wrongs']//li"))
        shown = office.send(page, **TYPED)
        assert (shown.status, shown.title) == (403, "Not for operators")
        assert office.open("/admin/applications").title == "Not available now"
        assert Office(own_house).sign_in("anna").status == 503
        with prs_client(own_house) as prs:
            assert "Directory" in parse_page(prs.get("/phone/", params={"number": "70000"}).content).labels
        office.close()


class TestElsewhere:
    """The administration is for some networks only, or for nobody."""

    def test_other_networks_see_nothing(self) -> None:
        with demo_house(users=50, settings={"TOUCHLINE_ADMIN_NETWORKS": '["192.0.2.0/24"]'}) as running:
            office = Office(running)
            for path in ("/admin/", "/admin/sign-in", "/admin/static/admin.css"):
                assert office.http.get(path).status_code == 404
            assert office.http.post("/admin/sign-in").status_code == 404
            office.close()

    def test_it_can_be_left_out(self) -> None:
        with demo_house(users=50, settings={"TOUCHLINE_ADMIN_PAGES": "false"}) as running:
            office = Office(running)
            assert office.http.get("/admin/sign-in").status_code == 404
            office.close()

    def test_an_address_that_tries_too_often_has_to_wait(self) -> None:
        with demo_house(users=50, settings={"TOUCHLINE_ADMIN_ADDRESS_TRIES": "3"}) as running:
            office = Office(running)
            assert [office.sign_in("nobody").status for _ in range(4)] == [401, 401, 401, 429]
            office.close()
