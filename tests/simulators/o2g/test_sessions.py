"""Sessions: opened, kept alive, closed, expired, purged."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import anonymous, authenticate, session
from tests.simulators.o2g.conftest import UserOf

APPLICATION = {"applicationName": "tests"}


@pytest.fixture(scope="module")
def alone() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def o2g(alone: RunningO2G) -> RunningO2G:
    """These tests move the time."""
    return alone


def advance(control: httpx.Client, seconds: float) -> None:
    control.post("/clock", json={"seconds": seconds}).raise_for_status()


def test_L3_a_session_comes_after_authentication(stranger: httpx.Client) -> None:
    answer = stranger.post("/sessions", json=APPLICATION)
    assert (answer.status_code, answer.json()["code"]) == (403, 1001)


def test_L24_one_session_for_a_cookie(admin: httpx.Client) -> None:
    answer = admin.post("/sessions", json=APPLICATION)
    assert (answer.status_code, answer.json()["type"]) == (403, "NOT_ALLOWED")


def test_L24_one_login_may_have_several_sessions(o2g: RunningO2G, admin: httpx.Client) -> None:
    with session(o2g, o2g.login, o2g.password) as second:
        assert second.get("/sessions").status_code == 200
        others = second.get("/sessions").json()["otherSessions"]
        assert 0 < others[0]["timeToLive"] <= 1800


def test_L83_the_application_has_a_name(stranger: httpx.Client, o2g: RunningO2G) -> None:
    authenticate(stranger, o2g.login, o2g.password)
    for body in ({}, {"applicationName": ""}, {"applicationName": 5}):
        assert stranger.post("/sessions", json=body).status_code == 400


def test_A7_B7_services_are_those_that_clients_look_up(admin: httpx.Client) -> None:
    body = admin.get("/sessions").json()
    services = {service["serviceName"].lower(): service["relativeUrl"] for service in body["services"]}
    assert services["voicemail"] == "/messaging/mailboxes"
    assert services["maintenance"] == "/system"
    assert services["phonesetprogramming"] == "/users"
    assert services["comlog"] == "/comlog/records"
    assert services["acdagent"] == "/acd/agent"
    assert {"usermanagement", "telephony", "routing", "directory", "eventsummary", "subscriptions"} <= set(services)


def test_A9_users_lead_to_users(admin: httpx.Client) -> None:
    services = {s["serviceName"]: s["relativeUrl"] for s in admin.get("/sessions").json()["services"]}
    assert (services["Users"], services["Logins"]) == ("/users", "/logins")


def test_A8_the_time_to_live_is_a_number(admin: httpx.Client) -> None:
    assert admin.get("/sessions").json()["timeToLive"] == 1800


def test_A13_L22_the_time_to_live_may_be_asked_for(o2g: RunningO2G, control: httpx.Client) -> None:
    with session(o2g, o2g.login, o2g.password, timeToLive=120) as short:
        assert short.get("/sessions").json()["timeToLive"] == 120
        advance(control, 121)
        assert short.get("/sessions").json()["code"] == 1001


def test_L21_every_request_starts_the_time_anew(admin: httpx.Client, control: httpx.Client) -> None:
    for _ in range(3):
        advance(control, 1700)
        assert admin.get("/users/oxe70000").status_code == 200
    advance(control, 1801)
    assert admin.get("/users/oxe70000").json()["type"] == "INVALID_SESSION"


def test_L23_an_expired_session_is_listed_until_it_is_purged(o2g: RunningO2G, control: httpx.Client) -> None:
    control.delete("/sessions")
    with session(o2g, "oxe70001", secret_of(control, "70001"), timeToLive=60):
        advance(control, 61)
        with session(o2g, "oxe70001", secret_of(control, "70001")) as second:
            assert [other["timeToLive"] for other in second.get("/sessions").json()["otherSessions"]] == [0]
            advance(control, 301)
            assert second.get("/sessions").json()["otherSessions"] == []


def test_B8_a_keep_alive_starts_the_time_anew(admin: httpx.Client, control: httpx.Client) -> None:
    advance(control, 1000)
    assert admin.post("/sessions/keepalive").status_code == 204
    advance(control, 1000)
    assert admin.post("/sessions/keepalive").status_code == 204


def test_A14_closing_what_is_closed_is_forbidden(o2g: RunningO2G) -> None:
    with session(o2g, o2g.login, o2g.password) as client:
        assert client.delete("/sessions").status_code == 204
        again = client.delete("/sessions")
        assert (again.status_code, again.json()["code"]) == (403, 1001)
        assert client.post("/sessions/keepalive").status_code == 403


def test_L28_a_closed_credential_opens_nothing(o2g: RunningO2G) -> None:
    with anonymous(o2g) as client:
        authenticate(client, o2g.login, o2g.password)
        assert client.post("/sessions", json=APPLICATION).status_code == 200
        client.delete("/sessions")
        assert client.post("/sessions", json=APPLICATION).status_code == 403


@pytest.mark.parametrize(("kind", "name"), [("LOGIN_NAME", "oxe70002"), ("PHONE_NUMBER", "70002")])
def test_L30_an_administrator_supervises_a_user(o2g: RunningO2G, kind: str, name: str) -> None:
    with session(o2g, o2g.login, o2g.password, supervisedAccount={"id": name, "type": kind}) as supervised:
        body = supervised.get("/sessions").json()
        assert (body["login"], body["admin"]) == ("oxe70002", False)
        assert supervised.get("/eventSummary").status_code == 200


def test_A12_an_account_has_no_other_kind_of_name(stranger: httpx.Client, o2g: RunningO2G) -> None:
    authenticate(stranger, o2g.login, o2g.password)
    wanted = {**APPLICATION, "supervisedAccount": {"id": "anna@company.example", "type": "EMAIL"}}
    assert stranger.post("/sessions", json=wanted).status_code == 400


def test_L30_a_user_supervises_nobody(stranger: httpx.Client, control: httpx.Client) -> None:
    authenticate(stranger, "oxe70001", secret_of(control, "70001"))
    wanted = {**APPLICATION, "supervisedAccount": {"id": "oxe70002", "type": "LOGIN_NAME"}}
    answer = stranger.post("/sessions", json=wanted)
    assert (answer.status_code, answer.json()["type"]) == (403, "NOT_ALLOWED")


def test_a_users_session_is_only_the_users(user: UserOf) -> None:
    anna = user("70000")
    assert anna.get("/users/oxe70001/preferences").status_code == 403
    assert anna.get("/users/oxe70001").status_code == 200


def secret_of(control: httpx.Client, number: str) -> str:
    secret: str = control.get(f"/people/{number}").json()["secret"]
    return secret


def test_B6_most_of_what_opens_a_session_may_be_left_out(stranger: httpx.Client, o2g: RunningO2G) -> None:
    authenticate(stranger, o2g.login, o2g.password)
    wanted = {**APPLICATION, "applicationAddress": "127.0.0.1", "colour": "blue"}
    assert stranger.post("/sessions", json=wanted).status_code == 200
    assert stranger.delete("/sessions").status_code == 204


def test_B14_an_error_says_all_that_a_client_may_need(stranger: httpx.Client) -> None:
    body = stranger.get("/eventSummary").json()
    assert {"httpStatus", "code", "type", "helpMessage", "innerMessage", "canRetry"} <= body.keys()
    assert (body["httpStatus"], body["canRetry"]) == ("FORBIDDEN", True)


def test_A15_a_session_without_a_token_is_kept_alive_without_a_word(admin: httpx.Client) -> None:
    kept = admin.post("/sessions/keepalive")
    assert (kept.status_code, kept.content) == (204, b"")
