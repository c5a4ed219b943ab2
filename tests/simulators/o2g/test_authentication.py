"""The root of the API and authentication, as clients bootstrap."""

import base64

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import anonymous, authenticate
from tests.simulators.o2g.conftest import UserOf


def test_B1_the_root_needs_no_login(stranger: httpx.Client, o2g: RunningO2G) -> None:
    body = stranger.get(f"{o2g.url}/api/rest").json()
    assert body["serverInfo"]["productVersion"]["major"] == "2.7"
    assert [version["id"] for version in body["versions"]] == ["1.0"]


def test_B3_the_version_is_found_by_id_and_by_status(stranger: httpx.Client, o2g: RunningO2G) -> None:
    (version,) = stranger.get(f"{o2g.url}/api/rest").json()["versions"]
    assert (version["id"], version["status"]) == ("1.0", "CURRENT")


def test_B4_addresses_lead_where_they_say(stranger: httpx.Client, o2g: RunningO2G) -> None:
    (version,) = stranger.get(f"{o2g.url}/api/rest").json()["versions"]
    for key in ("publicUrl", "internalUrl"):
        answer = stranger.get(version[key], auth=(o2g.login, o2g.password))
        assert answer.status_code == 200
        assert answer.json()[key].startswith(f"{o2g.url}/api/rest/1.0")


def test_behind_a_reverse_proxy_public_addresses_are_the_proxys() -> None:
    proxy = "https://o2g.example:8443"
    with simulated_o2g(users=2, options=("--reverse-proxy", f"{proxy}/")) as o2g, anonymous(o2g) as client:
        (version,) = client.get(f"{o2g.url}/api/rest").json()["versions"]
        logged_in = authenticate(client, o2g.login, o2g.password).json()
        session = client.post("/sessions", json={"applicationName": "python"}).json()
        pairs = [(where["publicUrl"], where["internalUrl"]) for where in (version, logged_in)]
        for public, private in (*pairs, (session["publicBaseUrl"], session["privateBaseUrl"])):
            assert private.startswith(f"{o2g.url}/api/rest")
            assert public == private.replace(o2g.url, proxy)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_L1_the_root_answers_get_only(stranger: httpx.Client, o2g: RunningO2G, method: str) -> None:
    answer = stranger.request(method, f"{o2g.url}/api/rest")
    assert (answer.status_code, answer.headers["Allow"], answer.json()["type"]) == (405, "GET", "NOT_SUPPORTED")


def test_B5_the_credential_is_a_cookie_and_in_the_body(stranger: httpx.Client, o2g: RunningO2G) -> None:
    answer = authenticate(stranger, o2g.login, o2g.password)
    assert answer.cookies["AlcUserId"] == answer.json()["credential"]
    assert "Path=/" in answer.headers["Set-Cookie"]


def test_B5_the_credential_of_the_body_serves_as_cookie(stranger: httpx.Client, o2g: RunningO2G) -> None:
    credential = authenticate(stranger, o2g.login, o2g.password).json()["credential"]
    stranger.cookies.clear()
    cookie = {"Cookie": f"AlcUserId={credential}"}
    assert stranger.post("/sessions", json={"applicationName": "python"}, headers=cookie).status_code == 200
    assert stranger.delete("/sessions", headers=cookie).status_code == 204


def test_A1_the_login_is_called_loginName(stranger: httpx.Client, o2g: RunningO2G) -> None:
    body = authenticate(stranger, o2g.login, o2g.password).json()
    assert body["loginName"] == o2g.login
    assert "login" not in body


def test_A2_expired_is_a_boolean(stranger: httpx.Client, o2g: RunningO2G) -> None:
    assert authenticate(stranger, o2g.login, o2g.password).json()["expired"] is False


def test_L2_the_version_is_mandatory(stranger: httpx.Client, o2g: RunningO2G) -> None:
    for query in ("", "?version=2.0", "?version="):
        answer = stranger.get(f"{o2g.url}/api/rest/authenticate{query}", auth=(o2g.login, o2g.password))
        assert (answer.status_code, answer.json()["code"]) == (400, 1006)


@pytest.mark.parametrize(
    ("login", "password"), [("touchline", "wrong"), ("nobody", "1234"), ("oxe70000", ""), ("oxe70000", "99999")]
)
def test_B10_wrong_credentials_are_final(stranger: httpx.Client, login: str, password: str) -> None:
    answer = authenticate(stranger, login, password)
    body = answer.json()
    assert (answer.status_code, body["code"], body["type"], body["canRetry"]) == (401, 1002, "NOT_ALLOWED", False)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!!", "Bearer abc", "Basic " + base64.b64encode(b"no colon").decode(), "Basic /w=="]
)
def test_a_strange_authorization_is_refused(stranger: httpx.Client, o2g: RunningO2G, header: str) -> None:
    url = f"{o2g.url}/api/rest/authenticate?version=1.0"
    assert stranger.get(url, headers={"Authorization": header}).status_code == 401


def test_L5_a_user_logs_in_with_number_and_secret_code(user: UserOf) -> None:
    body = user("70001").get("/sessions").json()
    assert (body["login"], body["admin"]) == ("oxe70001", False)
