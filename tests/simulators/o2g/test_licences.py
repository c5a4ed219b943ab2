"""Licences: refused when there are none left, freed with the last session; roles, bypass tokens."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from simulators.o2g.process import DidNotStart, RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import anonymous, authenticate, session

TOKEN = "token-of-tests"


@contextmanager
def licensed(text: str) -> Iterator[RunningO2G]:
    options = ("--licences", text, "--bypass-token", f"{TOKEN}=2030-12-31", "--plain-admin", "plain:Plain-Admin-1")
    with simulated_o2g(users=60, options=options) as running:
        yield running


@pytest.fixture(scope="module")
def three() -> Iterator[RunningO2G]:
    with licensed("ROXE_API_TEL_ADVANCED=3,ROXE_API_ANALYTICS=0,ROXE_API_MANAGEMENT=10") as running:
        yield running


@pytest.fixture
def o2g(three: RunningO2G) -> RunningO2G:
    """Three advanced telephony users, and too few subscribers for management."""
    return three


def summary(client: httpx.Client, number: int) -> httpx.Response:
    return client.get("/eventSummary", params={"loginName": f"oxe{number}"})


def holders(control: httpx.Client) -> list[str]:
    found: list[str] = control.get("/licences").json()["used"].get("ROXE_API_TEL_ADVANCED", [])
    return found


def test_L41_a_licence_is_taken_for_each_user_and_freed_with_the_last_session(
    o2g: RunningO2G, admin: httpx.Client, control: httpx.Client
) -> None:
    assert [summary(admin, number).status_code for number in (70000, 70001, 70002, 70000)] == [200] * 4
    refused = summary(admin, 70003)
    assert (refused.status_code, refused.json()["type"], refused.json()["canRetry"]) == (403, "NOT_ALLOWED", False)
    assert holders(control) == ["oxe70000", "oxe70001", "oxe70002"]
    with session(o2g, o2g.login, o2g.password) as second:
        assert summary(second, 70000).status_code == 200
        admin.delete("/sessions")
        assert holders(control) == ["oxe70000"]
    assert holders(control) == []


def test_L41_a_users_own_session_takes_one(o2g: RunningO2G, control: httpx.Client) -> None:
    secret = control.get("/people/70004").json()["secret"]
    with session(o2g, "oxe70004", secret) as own:
        assert own.get("/users/oxe70004").status_code == 200
        assert holders(control) == []  # user information is free
        own.get("/eventSummary")
        assert holders(control) == ["oxe70004"]


def test_L28_an_expired_session_frees_its_licences(o2g: RunningO2G, control: httpx.Client) -> None:
    with session(o2g, o2g.login, o2g.password, timeToLive=60) as short:
        summary(short, 70000)
        control.post("/clock", json={"seconds": 400})
        assert holders(control) == []


def test_L44_a_subscription_is_refused_as_a_whole(admin: httpx.Client, control: httpx.Client) -> None:
    def subscribe(*logins: str) -> int:
        selectors = [{"ids": list(logins), "names": ["telephony"]}]
        return admin.post("/subscriptions", json={"version": "1.0", "filter": {"selectors": selectors}}).status_code

    assert subscribe("oxe70000", "oxe70001") == 200
    assert subscribe("oxe70002", "oxe70003") == 403
    assert holders(control) == ["oxe70000", "oxe70001"]
    assert subscribe("*") == 403
    assert subscribe("oxe70001", "oxe70002") == 200


def test_L44_a_refused_subscription_takes_nothing_whichever_selector_was_too_much(
    admin: httpx.Client, control: httpx.Client
) -> None:
    selectors = [
        {"ids": ["oxe70000"], "names": ["telephony"]},
        {"ids": ["oxe70001", "oxe70002", "oxe70003"], "names": ["eventSummary"]},
    ]
    answer = admin.post("/subscriptions", json={"version": "1.0", "filter": {"selectors": selectors}})
    assert answer.status_code == 403
    assert holders(control) == []


def test_L44_licences_go_back_with_the_filter_and_with_the_subscription(
    admin: httpx.Client, control: httpx.Client
) -> None:
    def wanted(*logins: str) -> dict[str, object]:
        return {"version": "1.0", "filter": {"selectors": [{"ids": list(logins), "names": ["telephony"]}]}}

    made = admin.post("/subscriptions", json=wanted("oxe70000", "oxe70001", "oxe70002"))
    assert made.status_code == 200
    assert admin.put("/subscriptions", json=wanted("oxe70000", "oxe70001", "oxe70003")).status_code == 204
    assert holders(control) == ["oxe70000", "oxe70001", "oxe70003"]
    assert admin.put("/subscriptions", json=wanted("oxe70000")).status_code == 204
    assert holders(control) == ["oxe70000"]
    assert admin.delete(f"/subscriptions/{made.json()['subscriptionId']}").status_code == 204
    assert holders(control) == []


def test_who_does_not_exist_takes_no_licence(admin: httpx.Client, control: httpx.Client) -> None:
    selectors = [{"ids": ["ghost1", "ghost2", "oxe70000"], "names": ["telephony"]}]
    assert admin.post("/subscriptions", json={"version": "1.0", "filter": {"selectors": selectors}}).status_code == 200
    assert holders(control) == ["oxe70000"]


@pytest.mark.parametrize("names", [["telephony", "agent"], ["telephony", "nothing"], ["OnCallCreated", "OnPbxLoaded"]])
def test_L95a_names_of_different_packages_do_not_go_into_one_selector(admin: httpx.Client, names: list[str]) -> None:
    selectors = [{"ids": ["oxe70000"], "names": names}]
    answer = admin.post("/subscriptions", json={"version": "1.0", "filter": {"selectors": selectors}})
    assert (answer.status_code, answer.json()["type"]) == (400, "BAD_PARAMETER")


def test_an_expired_session_that_is_opened_anew_leaves_nothing_behind(o2g: RunningO2G, control: httpx.Client) -> None:
    with session(o2g, o2g.login, o2g.password, timeToLive=60) as short:
        summary(short, 70000)
        control.post("/clock", json={"seconds": 61})
        assert short.post("/sessions", json={"applicationName": "again"}).status_code == 200
        assert holders(control) == []


def test_L45_pilots_take_none(admin: httpx.Client, control: httpx.Client) -> None:
    for package in ("pilot", "rti", "rsi"):
        selectors = [{"ids": ["60141"], "names": [package]}]
        answer = admin.post("/subscriptions", json={"version": "1.0", "filter": {"selectors": selectors}})
        assert answer.status_code == 200
    assert holders(control) == []


def test_L40_a_service_without_its_licence_is_refused(admin: httpx.Client) -> None:
    answer = admin.get("/usages/incidents", params={"nodeId": "1"})
    assert (answer.status_code, answer.json()["type"]) == (403, "NOT_ALLOWED")


def test_L50_management_reads_only_above_its_licences(admin: httpx.Client) -> None:
    changed = admin.put("/pbxs/1/instances/Subscriber/70000", json={"attributes": []})
    assert (changed.status_code, changed.json()["type"]) == (403, "NOT_ALLOWED")
    assert admin.get("/pbxs").status_code == 200


def test_L29_a_bypass_token_takes_none_and_tells_its_end(o2g: RunningO2G, control: httpx.Client) -> None:
    with anonymous(o2g) as client:
        authenticate(client, o2g.login, o2g.password)
        opened = client.post("/sessions", json={"applicationName": TOKEN})
        assert opened.json()["expirationDate"] == "2030-12-31"
        assert [summary(client, 70000 + index).status_code for index in range(10)] == [200] * 10
        assert holders(control) == []
        kept = client.post("/sessions/keepalive")
        assert (kept.status_code, kept.json()) == (200, {"expirationDate": "2030-12-31"})
        client.delete("/sessions")


def test_L30_supervising_is_a_role(o2g: RunningO2G) -> None:
    with anonymous(o2g) as client:
        authenticate(client, "plain", "Plain-Admin-1")
        account = {"id": "oxe70000", "type": "LOGIN_NAME"}
        wanted = {"applicationName": "tests", "supervisedAccount": account}
        assert client.post("/sessions", json=wanted).status_code == 403
        assert client.post("/sessions", json={"applicationName": "tests"}).status_code == 200
        client.delete("/sessions")


@pytest.mark.parametrize("path", ["/pbxs", "/usermanagement", "/acd/rti/ctx", "/usages/incidents?nodeId=1"])
def test_some_operations_are_an_administrators(o2g: RunningO2G, control: httpx.Client, path: str) -> None:
    secret = control.get("/people/70000").json()["secret"]
    with session(o2g, "oxe70000", secret) as user:
        answer = user.get(path)
        assert (answer.status_code, answer.json()["type"]) == (403, "NOT_ALLOWED")


def test_L49_L54_without_a_licence_file() -> None:
    with licensed("none") as o2g, httpx.Client(base_url=o2g.control) as control:
        with session(o2g, o2g.login, o2g.password) as admin:
            assert summary(admin, 70000).status_code == 200
            assert summary(admin, 70001).status_code == 403
            assert admin.get("/messaging/mailboxes", params={"loginName": "oxe70000"}).status_code == 403
        secret = control.get("/people/70002").json()["secret"]
        with session(o2g, "oxe70002", secret) as basic:
            call = {"deviceId": "70002", "callee": "70003", "autoAnswer": True}
            assert basic.post("/telephony/basicCall", json=call).status_code == 201
            second = basic.post("/telephony/basicCall", json=call | {"callee": "70004"})
            assert second.status_code == 403
            assert second.json()["telephony"]["errorType"] == "UNAUTHORIZED"


def test_L47_opex_counts_users_in_one_pool() -> None:
    with licensed("api-tel-f=2") as o2g, session(o2g, o2g.login, o2g.password) as admin:
        assert summary(admin, 70000).status_code == 200
        assert admin.get("/messaging/mailboxes", params={"loginName": "oxe70001"}).status_code == 200
        assert summary(admin, 70002).status_code == 403


@pytest.mark.parametrize("text", ["ROXE_MAGIC=3", "ROXE_API_TEL_ADVANCED=many", "ROXE_API_TEL_ADVANCED"])
def test_what_is_no_licence_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(DidNotStart), licensed(text):
        pass
