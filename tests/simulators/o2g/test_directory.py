"""Directory: searches by criteria and by keys, given in portions, limited, and forgotten."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import session

LAST, FIRST, NUMBER = "lastName", "firstName", "id.phoneNumber"


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=400, options=("--search-first-ms", "5", "--search-portion-ms", "1")) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests move the time and take every search there is."""
    return alone


def criterion(field: str, operation: str, operand: str) -> dict[str, Any]:
    return {"field": field, "operation": operation, "operand": operand}


def results(client: httpx.Client, login: str = "") -> tuple[list[str], list[dict[str, Any]]]:
    """Ask until the search ends; give each result code once in a row, and who was found."""
    codes: list[str] = []
    people: list[dict[str, Any]] = []
    while not codes or codes[-1] in ("NOK", "OK"):
        body = client.get("/directory/search", params={"loginName": login} if login else {}).json()
        if codes[-1:] != [body["resultCode"]]:
            codes.append(body["resultCode"])
        people += [contact for element in body.get("resultElements", []) for contact in element["contacts"]]
        time.sleep(0.002)
    return codes, people


def search(client: httpx.Client, wanted: dict[str, Any], limit: int = 100) -> list[dict[str, Any]]:
    answer = client.post("/directory/search", json={"filter": wanted, "limit": limit})
    assert answer.status_code == 201, answer.text
    return results(client)[1]


def by_keys(client: httpx.Client, last: str, first: str = "", keyboard: str = "ITU") -> list[dict[str, Any]]:
    body = {"lastName": last, "firstName": first, "keyboardType": keyboard}
    assert client.post("/directory/searchbydtmf", json=body).status_code == 201
    return results(client)[1]


def test_L61_people_come_in_portions_and_then_the_end(admin: httpx.Client) -> None:
    wanted = {"filter": criterion(NUMBER, "BEGIN_WITH", "70"), "limit": 50}
    answer = admin.post("/directory/search", json=wanted)
    assert (answer.status_code, answer.headers["Location"].endswith("/directory/search/")) == (201, True)
    portion: list[dict[str, Any]] = []
    while not portion:
        first = admin.get("/directory/search").json()
        portion = first.get("resultElements", [])
        assert first["resultCode"] == ("OK" if portion else "NOK")
    assert len(portion[0]["contacts"]) == 20
    codes, rest = results(admin)
    assert (codes[-1], len(rest)) == ("FINISH", 30)


def test_nothing_is_running_before_and_after(admin: httpx.Client) -> None:
    assert admin.get("/directory/search").status_code in (400, 404)
    search(admin, criterion(NUMBER, "EQUAL_IGNORE_CASE", "70000"))
    assert admin.get("/directory/search").status_code in (400, 404)


@pytest.mark.parametrize(
    ("field", "operation", "operand"),
    [
        (LAST, "EQUAL_IGNORE_CASE", "mÜLLER"),
        (LAST, "BEGIN_WITH", "mull"),
        (LAST, "CONTAIN", "LLE"),
        (LAST, "END_WITH", "ller"),
        (NUMBER, "EQUAL_IGNORE_CASE", "70000"),
        ("id.loginName", "END_WITH", "70000"),
    ],
)
def test_a_comparison_finds_the_first_of_the_cast(
    admin: httpx.Client, field: str, operation: str, operand: str
) -> None:
    assert "70000" in [person["id"]["phoneNumber"] for person in search(admin, criterion(field, operation, operand))]


def test_criteria_are_combined(admin: httpx.Client) -> None:
    anna, ben = criterion(FIRST, "BEGIN_WITH", "anna"), criterion(NUMBER, "EQUAL_IGNORE_CASE", "70001")
    both = {"operation": "AND", "operand": [anna, criterion(LAST, "BEGIN_WITH", "mul")]}
    assert "70000" in [person["id"]["phoneNumber"] for person in search(admin, both)]
    either = {"operation": "OR", "operand": [both, ben]}
    assert {"70000", "70001"} <= {person["id"]["phoneNumber"] for person in search(admin, either)}
    assert search(admin, {"operation": "AND", "operand": [anna, ben]}) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"filter": {}},
        {"filter": {"operation": "AND", "operand": []}},
        {"filter": {"operation": "BEGIN_WITH", "operand": "x"}},
        {"filter": criterion("lastName", "SOUNDS_LIKE", "x")},
        {"filter": criterion("shoeSize", "CONTAIN", "x")},
        {"filter": criterion("lastName", "CONTAIN", "x"), "limit": 0},
        {"filter": criterion("lastName", "CONTAIN", "x"), "limit": 101},
    ],
)
def test_L122_what_is_no_search_is_refused(admin: httpx.Client, wanted: dict[str, Any]) -> None:
    answer = admin.post("/directory/search", json=wanted)
    assert (answer.status_code, answer.json()["type"]) == (400, "BAD_PARAMETER")


def test_a_search_by_keys_narrows(admin: httpx.Client) -> None:
    found = [{p["id"]["phoneNumber"] for p in by_keys(admin, keys)} for keys in ("6", "68", "685", "68553")]
    assert all(narrower <= wider for wider, narrower in pairwise(found))
    assert "70000" in found[-1]


def test_a_first_name_narrows_it_further(admin: httpx.Client) -> None:
    assert "70000" in [p["id"]["phoneNumber"] for p in by_keys(admin, "685", "2662")]


def test_A58_the_two_keypads_differ_in_q_and_z(admin: httpx.Client, control: httpx.Client) -> None:
    people = control.get("/people", params={"limit": 400}).json()["people"]
    somebody = next(p for p in people if p["lastName"][:1] in ("Z", "Q") and p["lastName"].isascii())
    itu = "9" if somebody["lastName"][0] == "Z" else "7"
    ccitt_found = [p["id"]["phoneNumber"] for p in by_keys(admin, "1", keyboard="CCITT")]
    assert somebody["number"] in ccitt_found
    assert by_keys(admin, "1", keyboard="ITU") == []
    assert set(ccitt_found) <= {
        p["number"] for p in people if p["lastName"].lower().startswith(("q", "z", "1", "ž", "ź", "ż"))
    }
    assert itu in "79"


@pytest.mark.parametrize(
    "body",
    [
        {"lastName": "", "keyboardType": "ITU"},
        {"lastName": "abc", "keyboardType": "ITU"},
        {"lastName": "2", "keyboardType": "QWERTY"},
        {"lastName": "2"},
    ],
)
def test_keys_are_digits_of_a_known_keypad(admin: httpx.Client, body: dict[str, str]) -> None:
    assert admin.post("/directory/searchbydtmf", json=body).status_code == 400


def test_L120_five_searches_in_a_session(admin: httpx.Client) -> None:
    wanted = {"filter": criterion(LAST, "BEGIN_WITH", "m")}

    def begin(number: int) -> httpx.Response:
        return admin.post("/directory/search", params={"loginName": f"oxe{number}"}, json=wanted)

    assert [begin(70000 + index).status_code for index in range(5)] == [201] * 5
    refused = begin(70005)
    assert (refused.status_code, refused.json()["type"]) == (403, "NOT_ALLOWED")
    assert admin.delete("/directory/search", params={"loginName": "oxe70000"}).status_code == 204
    assert begin(70005).status_code == 201


def test_L120_a_hundred_searches_in_all(o2g: RunningO2G, control: httpx.Client) -> None:
    wanted = {"filter": criterion(LAST, "BEGIN_WITH", "m")}
    with ExitStack() as stack:
        statuses = []
        for _ in range(21):
            client = stack.enter_context(session(o2g, o2g.login, o2g.password))
            for number in range(70000, 70005):
                login = {"loginName": f"oxe{number}"}
                statuses.append(client.post("/directory/search", params=login, json=wanted).status_code)
        assert statuses == [201] * 100 + [403] * 5
        assert control.get("/searches").json() == {"searches": 100}
    assert control.get("/searches").json() == {"searches": 0}  # L28: gone with their sessions


def test_L120_an_unused_search_is_forgotten_after_a_minute(admin: httpx.Client, control: httpx.Client) -> None:
    admin.post("/directory/search", json={"filter": criterion(LAST, "BEGIN_WITH", "m")})
    control.post("/clock", json={"seconds": 61})
    assert admin.get("/directory/search").status_code in (400, 404)


def test_a_search_may_find_nothing_for_ever_or_time_out(admin: httpx.Client, control: httpx.Client) -> None:
    wanted = {"filter": criterion(LAST, "BEGIN_WITH", "m")}
    control.put("/faults", json={"search_stuck": True})
    admin.post("/directory/search", json=wanted)
    control.post("/clock", json={"seconds": 30})
    assert admin.get("/directory/search").json() == {"resultCode": "NOK"}
    control.put("/faults", json={"search_stuck": False, "search_timeout": True})
    assert admin.get("/directory/search").json() == {"resultCode": "TIMEOUT"}
    control.delete("/faults")
