"""The phone's own door: whom it lets in, and that it starts and stops as a process."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulators.phone.process import DidNotStart, phone
from tests.simulators.phone.conftest import PEOPLE, Papers
from tests.simulators.phone.touchline import SECRET, FakeTouchline


def post(address: str, body: object, **headers: str) -> tuple[int, bytes]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        with urlopen(Request(address, data=data, headers=given)) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def test_the_page_runs_no_foreign_script(address: str) -> None:
    with urlopen(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_desk_knows_people_and_sets_and_no_secret(address: str) -> None:
    with urlopen(f"{address}desk.json") as answer:
        text = answer.read().decode()
    desk = json.loads(text)
    assert [one["number"] for one in desk["people"]] == [one["number"] for one in PEOPLE]
    assert {one["family"] for one in desk["sets"]} == {"one_line", "small", "large", "large_colour"}
    assert SECRET not in text


def test_a_request_of_another_site_is_refused(address: str, touchline: FakeTouchline) -> None:
    asked = {"number": "70000", "url": f"{touchline.url}/phone/"}
    door = f"{address}prs/request"
    assert post(door, asked)[0] == 200
    assert post(door, asked, Content_Type="text/plain")[0] == 415
    assert post(door, asked, Origin="https://elsewhere.test")[0] == 403
    assert post(door, asked, Host="elsewhere.test")[0] == 403
    assert len(touchline.received) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        {},
        {"number": 7, "url": "x"},
        {"number": "7", "url": "x", "method": "DELETE"},
        {"number": "7", "url": "x", "more": 1},
    ],
)
def test_what_is_no_request_is_refused(address: str, body: object) -> None:
    assert post(f"{address}prs/request", body)[0] == 400


def test_too_large_a_request_is_refused(address: str) -> None:
    assert post(f"{address}prs/request", {"number": "7", "url": "x" * 200_000})[0] == 413


def test_nothing_beside_the_static_files_is_served(address: str) -> None:
    for path in ("static/../prs.py", "static/%2e%2e/prs.py", "prs.py"):
        with pytest.raises(HTTPError, match=r"40[34]"):
            urlopen(address + path)


def test_it_stops_when_its_context_ends(touchline: FakeTouchline, papers: Papers) -> None:
    with phone(touchline.url, ca=papers.ca) as served, urlopen(served) as answer:
        assert answer.status == 200
    with pytest.raises(OSError, match="refused"):
        urlopen(served)


@pytest.mark.parametrize(
    ("touchline_url", "told"), [("http://127.0.0.1:1", "https only"), ("https://127.0.0.1:1/phone/", "without a path")]
)
def test_a_wrong_argument_is_told(touchline_url: str, told: str) -> None:
    with pytest.raises(DidNotStart, match=told), phone(touchline_url):
        pytest.fail("it started")


def test_missing_files_are_told(tmp_path: Path) -> None:
    with (
        pytest.raises(DidNotStart, match="No such file"),
        phone("https://127.0.0.1:1", people=tmp_path / "nobody.json"),
    ):
        pytest.fail("it started")


def test_the_secret_may_stand_in_a_file(touchline: FakeTouchline, papers: Papers, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    words = [
        "--touchline",
        touchline.url,
        "--ca",
        papers.ca,
        "--client-cert",
        papers.prs_cert,
        "--client-key",
        papers.prs_key,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulators.phone", *map(str, words), "--secret-file", str(secret)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready, _, served = process.stdout.readline().strip().partition(" ")
        assert ready == "ready"
        post(f"{served}prs/request", {"number": "70000", "url": f"{touchline.url}/phone/"})
        assert touchline.last.secret == "from-a-file"
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0
