"""Each address of the server is in the table of who may reach it, and nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

from admin.access import ACCESS, RouteUnlisted, Row, Who, hold_to
from app import create_app
from simulators.demo.house import DemoHouse, demo_house
from tests.house import in_process, prs_client
from tests.pages import parse_page

TOKEN = "figures-are-for-those-who-watch"
PROVEN = {"number": "70000"}


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    with demo_house(users=50, settings={"TOUCHLINE_METRICS_TOKEN": TOKEN}) as running:
        yield running


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A server with every address that settings can give it."""
    database = tmp_path_factory.mktemp("kept") / "kept.db"
    return create_app(in_process("s" * 20, database=database, live_state="webhook"))


def routes() -> list[tuple[Row, str]]:
    return [(row, method) for row in ACCESS for method in sorted(row.methods)]


def of(who: Who) -> pytest.MarkDecorator:
    chosen = [(row, method) for row, method in routes() if row.who is who]
    return pytest.mark.parametrize(("row", "method"), chosen, ids=[f"{m} {r.rule}" for r, m in chosen])


def address(row: Row) -> str:
    """Name an application and a screen that there are."""
    return row.rule.replace("<application>", "directory").replace("<screen>", "results").replace("<identifier>", "MY_C")


def filled(row: Row) -> str:
    """Name what there is, in an address of the administration."""
    names = {"<id>": "directory", "<login>": "somebody", "<correlation>": "none", "<path:filename>": "admin.css"}
    found = row.rule
    for name, value in names.items():
        found = found.replace(name, value)
    return found


def refused(answer: httpx.Response) -> bool:
    """Tell whether it was, with a page that shows why and nothing else."""
    shown = parse_page(answer.content)
    return answer.status_code in {400, 403} and not shown.items and not shown.fields and "Code P" in shown.text


def test_every_address_is_in_the_table_and_every_row_is_an_address(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == {row.rule for row in ACCESS}


def test_no_address_is_listed_twice() -> None:
    assert len({row.rule for row in ACCESS}) == len(ACCESS)


def test_a_server_with_an_address_that_is_not_listed_does_not_start() -> None:
    app = Flask("hasty", static_folder=None)
    app.add_url_rule("/backdoor", view_func=lambda: "")
    with pytest.raises(RouteUnlisted, match="/backdoor"):
        hold_to(app)


def test_a_server_with_a_method_that_is_not_listed_does_not_start() -> None:
    app = Flask("hasty", static_folder=None)
    app.add_url_rule("/healthz", view_func=lambda: "", methods=["DELETE"])
    with pytest.raises(RouteUnlisted, match="DELETE"):
        hold_to(app)


@of(Who.PHONE)
def test_a_phones_address_asks_for_every_proof(house: DemoHouse, row: Row, method: str) -> None:
    asks_for_the_presentation_server(house, method, address(row))
    with prs_client(house) as prs:
        assert refused(prs.request(method, address(row)))  # nobody's phone
        assert prs.request(method, address(row), params={"number": "99999"}).status_code == 404
        assert prs.request(method, address(row), params=PROVEN).status_code == 200


@of(Who.PRS)
def test_a_keys_registration_asks_for_the_presentation_server(house: DemoHouse, row: Row, method: str) -> None:
    asks_for_the_presentation_server(house, method, address(row))
    with prs_client(house) as prs:
        assert prs.request(method, address(row)).status_code == 404  # nothing is registered under it


@of(Who.LINK)
def test_an_address_inside_asks_for_a_link_too(house: DemoHouse, row: Row, method: str) -> None:
    asks_for_the_presentation_server(house, method, address(row))
    with prs_client(house) as prs:
        assert refused(prs.request(method, address(row)))
        assert refused(prs.request(method, address(row), params=PROVEN))
        assert refused(prs.request(method, address(row), params=PROVEN | {"link": "made-up"}))


@of(Who.WATCH)
def test_an_address_for_those_who_watch_asks_for_the_token(house: DemoHouse, row: Row, method: str) -> None:
    with prs_client(house) as prs:  # the presentation server is not one of them
        assert prs.request(method, address(row)).status_code == 403
        for wrong in ("", "Bearer", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}"):
            assert prs.request(method, address(row), headers={"Authorization": wrong}).status_code == 403
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert prs.request(method, address(row), headers=right).status_code == 200


@of(Who.ANYONE)
def test_an_address_for_anyone_says_nothing_of_anybody(house: DemoHouse, row: Row, method: str) -> None:
    with prs_client(house, certificate=False, secret="") as anyone:
        answer = anyone.request(method, address(row))
        assert answer.status_code == 200
        assert len(answer.content) < 100
        assert "oxe" not in answer.text


@of(Who.O2G)
@pytest.mark.parametrize("path", ["guessed", "", "%2e%2e", "x" * 500])
def test_an_address_for_o2g_is_none_for_those_who_were_not_told_it(
    app: Flask, row: Row, method: str, path: str
) -> None:
    answer = app.test_client().open(row.rule.replace("<name>", path), method=method, json={"eventName": "x"})
    assert answer.status_code == 404


@of(Who.SIGN_IN)
def test_the_way_into_the_administration_is_open_where_its_networks_are(
    house: DemoHouse, row: Row, method: str
) -> None:
    with prs_client(house, certificate=False, secret="") as anyone:
        answer = anyone.request(method, filled(row))
        assert answer.status_code == (200 if method == "GET" else 400)  # a form without its token
        assert "oxe" not in answer.text


@of(Who.OPERATOR)
def test_a_page_of_the_administration_asks_for_somebody_who_has_signed_in(
    house: DemoHouse, row: Row, method: str
) -> None:
    leads_to_the_way_in(house, row, method)


@of(Who.ADMINISTRATOR)
def test_a_page_that_changes_something_asks_for_somebody_who_has_signed_in(
    house: DemoHouse, row: Row, method: str
) -> None:
    leads_to_the_way_in(house, row, method)


def leads_to_the_way_in(house: DemoHouse, row: Row, method: str) -> None:
    with prs_client(house) as prs:  # the presentation server has not signed in either
        answer = prs.request(method, filled(row))
        if method == "GET":
            assert answer.status_code == 302
            assert answer.headers["location"].startswith("/admin/sign-in")
        else:
            assert answer.status_code == 401
            assert "Your session has ended" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "HEAD", "OPTIONS", "PROPFIND"])
def test_other_methods_do_nothing_for_anybody(house: DemoHouse, method: str) -> None:
    with prs_client(house) as prs:
        for row in ACCESS:
            if row.who in {Who.PHONE, Who.LINK}:
                assert prs.request(method, address(row), params=PROVEN).status_code == 405


def test_the_page_of_the_documentation_has_every_row() -> None:
    page = Path("docs/access.md").read_text(encoding="utf-8")
    assert all(f"`{row.rule}`" in page for row in ACCESS)


def asks_for_the_presentation_server(house: DemoHouse, method: str, path: str) -> None:
    with prs_client(house, certificate=False) as stranger:
        assert refused(stranger.request(method, path, params=PROVEN))
    with prs_client(house, secret="wrong") as stranger:
        assert refused(stranger.request(method, path, params=PROVEN))
