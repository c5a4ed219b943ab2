"""The administration beside real trouble: what is wrong is said at once; commands and pages have the same accounts."""

import time
from collections.abc import Iterator

import httpx
import pyotp
import pytest
import redis

from simulators.demo.administrator import hire_administrator
from simulators.demo.house import DemoHouse, demo_house
from tests.admin.office import Office, Shown, Staff
from tests.house import Simulator, prs_client
from tests.pages import parse_page
from tests.servers import redis_server


@pytest.fixture
def house() -> Iterator[DemoHouse]:
    licences = ("--licences", "ROXE_API_TEL_ADVANCED=3")
    with demo_house(users=60, o2g_options=licences, settings={"TOUCHLINE_LIVE_STATE": "off"}) as running:
        yield running


@pytest.fixture
def staff(house: DemoHouse) -> Iterator[Staff]:
    hired = Staff(house)
    yield hired
    hired.database.close()


@pytest.fixture
def office(house: DemoHouse, staff: Staff) -> Iterator[Office]:
    made = Office(house)
    made.sign_in("anna", pyotp.TOTP(staff.hire("anna")).now())
    yield made
    made.close()


def facts(page: Shown, topic: str) -> dict[str, str]:
    """What a card of the overview says, by name."""
    card = f"//h2[@id='{topic}']/following-sibling::dl/div"
    return dict(zip(page.all(f"{card}/dt"), page.all(f"{card}/dd"), strict=True))


def wrong(page: Shown) -> str:
    return " ".join(page.all("//section[@class='wrongs']//li"))


def soon(office: Office, what: str) -> str:
    """Look again until something is said to be wrong: O2G is not asked for each look."""
    end = time.monotonic() + 15
    while what not in (said := wrong(office.open("/admin/"))):
        assert time.monotonic() < end, said
        time.sleep(0.2)
    return said


def test_where_nothing_is_wrong_it_says_so(office: Office) -> None:
    page = office.open("/admin/")
    assert "Nothing is wrong." in page.text
    assert facts(page, "o2g")["Version"].endswith("2.7.004.000")
    assert all("link up" in said for said in facts(page, "nodes").values())


def test_a_node_that_is_cut_off_is_said_first(house: DemoHouse, office: Office) -> None:
    httpx.delete(f"{house.o2g.control}/cti-links/2").raise_for_status()
    soon(office, "Nodes of the OXE: Node 2")


def test_licences_that_run_out_and_users_who_got_none_are_said(house: DemoHouse, office: Office) -> None:
    with prs_client(house) as prs:
        for number in ("70000", "70001", "70002", "70003"):
            prs.get("/phone/", params={"number": number})
    said = soon(office, "Licences: ROXE_API_TEL_ADVANCED")
    assert "3 of 3 used, 0 left" in said
    assert "Licences: Refused for lack of one" in said


def test_o2g_that_is_gone_is_said_and_the_page_comes_all_the_same(house: DemoHouse, office: Office) -> None:
    simulator = Simulator(house.o2g.control)
    with simulator.failing(reset=50):
        soon(office, "O2G: Reachable, does not tell how it stands")
    simulator.close()


def test_what_a_user_saw_is_found_by_its_reference_without_their_number(house: DemoHouse, office: Office) -> None:
    with prs_client(house) as prs:
        prs.get("/phone/", params={"number": "70000"})
        shown = parse_page(prs.get("/phone/", params={"number": "70999"}).content)
    reference = shown.text.rpartition("reference ")[2].split()[0]
    page = office.open(f"/admin/errors/{reference}")
    assert page.status == 200
    assert "This number is not known here." in page.text
    assert "70999" not in page.answer.text
    assert "link=" not in page.answer.text
    assert reference in office.open("/admin/").all("//tbody//th//code")
    assert office.open("/admin/errors/00000000").status == 404


def test_the_presentation_server_and_those_who_are_none_are_told_apart(house: DemoHouse, office: Office) -> None:
    assert "No phone has asked" in facts(office.open("/admin/"), "prs")["Seen"]
    with prs_client(house) as prs, prs_client(house, secret="wrong") as stranger:
        prs.get("/phone/", params={"number": "70000"})
        stranger.get("/phone/", params={"number": "70000"})
    page = office.open("/admin/")
    told = facts(page, "prs")
    assert "1 page" in told["127.0.0.1"]
    assert "Not proven" in wrong(page)
    assert any(row.startswith("menu.home") for row in page.all("//tbody/tr"))


def test_the_command_makes_an_account_that_signs_in(house: DemoHouse) -> None:
    made = hire_administrator(house, "by-command")
    office = Office(house)
    assert office.sign_in(made.login, password=made.password).title == "Set up a second factor"
    office.close()


@pytest.mark.redis
def test_sessions_hold_at_every_worker_and_redis_cannot_read_them() -> None:
    with redis_server() as address:
        settings = {"TOUCHLINE_WORKERS": "2", "TOUCHLINE_REDIS_URL": address}
        with demo_house(users=50, settings=settings) as house:
            staff, office = Staff(house), Office(house)
            office.sign_in("anna", pyotp.TOTP(staff.hire("anna")).now())
            for _ in range(8):
                office.http.close()
                cookies, office.http = office.http.cookies, Office(house).http
                office.http.cookies = cookies
                assert office.open("/admin/account").title == "Your account"
            kept = redis.Redis.from_url(address)
            names = kept.keys("touchline:admin-session:*")
            assert len(names) == 1
            value = kept.get(names[0])
            assert isinstance(value, bytes)
            assert b"anna" not in value
            office.close()
            staff.database.close()
