"""Users made on demand, taken away and changed: every read and event shows it."""

import httpx
import pytest

from tests.simulators.o2g.clients import Json
from tests.simulators.o2g.conftest import ListenTo, UserOf

NOT_LOADED = [str(number) for number in range(69_000, 69_100)]


@pytest.fixture
def subscriber(admin: httpx.Client) -> tuple[str, Json]:
    """A subscriber whom O2G does not know as a user yet: node and created record, deleted again by the test."""
    for node in ("1", "2", "3", "7"):
        made = admin.post("/usermanagement", json={"nodeId": node, "deviceNumbers": NOT_LOADED[:40]})
        if made.status_code == 200:
            users = made.json()["users"]
            for user in users:
                admin.delete(f"/usermanagement/{user['loginName']}").raise_for_status()
            return node, next(user for user in users if user["devices"])
    raise AssertionError("no subscriber on any node")


def test_a_user_made_on_demand_is_there_until_deleted(
    admin: httpx.Client, listen: ListenTo, subscriber: tuple[str, Json]
) -> None:
    node, record = subscriber
    login, number = record["loginName"], record["companyPhone"]
    with listen(admin, "userManagement", ids=[]) as channel:
        made = admin.post("/usermanagement", json={"nodeId": node, "deviceNumbers": [number]})
        assert made.json() == {"users": [record]}
        assert channel.wait_for("OnUserCreated")["user"] == record
        assert login in admin.get("/logins").json()["loginNames"]
        assert admin.get("/users", params={"companyPhone": number}).json() == record
        assert admin.get(f"/usermanagement/{login}").json() == record
        assert admin.get("/routing/state", params={"loginName": login}).status_code == 200
        assert admin.delete(f"/usermanagement/{login}").status_code == 204
        channel.wait_for("OnUserDeleted", loginName=login)
    assert login not in admin.get("/logins").json()["loginNames"]
    assert admin.get("/users", params={"companyPhone": number}).status_code == 404
    assert admin.delete(f"/usermanagement/{login}").status_code == 404


def test_making_a_user_twice_tells_once(admin: httpx.Client, listen: ListenTo, subscriber: tuple[str, Json]) -> None:
    node, record = subscriber
    body = {"nodeId": node, "deviceNumbers": [record["companyPhone"]]}
    with listen(admin, "userManagement") as channel:
        assert [admin.post("/usermanagement", json=body).status_code for _ in range(2)] == [200, 200]
        admin.delete(f"/usermanagement/{record['loginName']}").raise_for_status()
        channel.wait_for("OnUserDeleted")
        assert len(channel.named("OnUserCreated")) == 1


def test_a_deleted_users_session_ends(admin: httpx.Client, user: UserOf) -> None:
    own = user("70200")
    assert own.get("/users/oxe70200").status_code == 200
    record = admin.get("/usermanagement/oxe70200").json()
    admin.delete("/usermanagement/oxe70200").raise_for_status()
    try:
        lost = own.get("/users/oxe70200")
        assert (lost.status_code, lost.json()["code"]) == (403, 1001)
    finally:
        body = {"nodeId": record["nodeId"], "deviceNumbers": ["70200"]}
        admin.post("/usermanagement", json=body).raise_for_status()


def test_only_administrators_manage_users(user: UserOf) -> None:
    own = user("70000")
    answers = [
        own.get("/usermanagement"), own.get("/usermanagement/oxe70000"), own.delete("/usermanagement/oxe70001"),
        own.post("/usermanagement", json={"nodeId": 1, "all": True}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 4


def test_only_administrators_hear_who_comes(
    admin: httpx.Client, user: UserOf, listen: ListenTo, subscriber: tuple[str, Json], control: httpx.Client
) -> None:
    node, record = subscriber
    with listen(user("70000"), "userManagement", ids=["oxe70000"]) as channel:
        body = {"nodeId": node, "deviceNumbers": [record["companyPhone"]]}
        admin.post("/usermanagement", json=body).raise_for_status()
        admin.delete(f"/usermanagement/{record['loginName']}").raise_for_status()
        control.put("/users/70000", json={"externalLogin": "anna@company.example"}).raise_for_status()
        channel.wait_for("OnUserInfoChanged")
        assert not channel.named("OnUserCreated") + channel.named("OnUserDeleted")


def test_L82_numbers_or_all(admin: httpx.Client) -> None:
    assert admin.post("/usermanagement", json={"nodeId": 1}).status_code == 400
    assert admin.post("/usermanagement", json={"nodeId": 1, "deviceNumbers": []}).status_code == 400
    assert admin.post("/usermanagement", json={"deviceNumbers": ["70000"]}).status_code == 400
    assert admin.post("/usermanagement", json={"nodeId": 99, "deviceNumbers": ["70000"]}).status_code == 404
    assert admin.post("/usermanagement", json={"nodeId": 1, "deviceNumbers": ["31415"]}).status_code == 404


def test_A19_voice_mail_has_a_type(admin: httpx.Client) -> None:
    assert admin.get("/usermanagement/oxe70000").json()["voicemail"] == {"number": "60001", "type": "VM_4645"}


def test_A20_one_user_comes_in_a_list(admin: httpx.Client) -> None:
    made = admin.post("/usermanagement", json={"nodeId": "1", "deviceNumbers": ["70000"]}).json()
    assert [person["loginName"] for person in made["users"]] == ["oxe70000"]


def test_A21_all_is_answered_with_nothing(admin: httpx.Client, listen: ListenTo) -> None:
    before = set(admin.get("/logins", params={"nodeIds": "7"}).json()["loginNames"])
    with listen(admin, "userManagement") as channel:
        answer = admin.post("/usermanagement", json={"nodeId": "7", "all": True})
        assert (answer.status_code, answer.content) == (200, b"")
        created = set(admin.get("/logins", params={"nodeIds": "7"}).json()["loginNames"]) - before
        assert created
        channel.wait_until(lambda: channel.named("OnUserCreated")[len(created) - 1 :], "every new user")
    for login in created:
        admin.delete(f"/usermanagement/{login}").raise_for_status()


def test_A22_numbers_come_as_texts_or_numbers(admin: httpx.Client) -> None:
    for node, devices in (("1", ["70001", 70002]), (1, [70001, "70002"])):
        made = admin.post("/usermanagement", json={"nodeId": node, "deviceNumbers": devices}).json()
        assert [person["companyPhone"] for person in made["users"]] == ["70001", "70002"]


def test_any_of_a_users_sets_leads_to_the_user(admin: httpx.Client) -> None:
    devices = [device["id"] for device in admin.get("/users/oxe70014").json()["devices"]]
    for device in devices:
        found = admin.get("/usermanagement", params={"deviceNumber": device}).json()
        assert found == {"loginNames": ["oxe70014"]}
    assert admin.get("/usermanagement", params={"deviceNumber": "31415"}).json() == {"loginNames": []}


def test_B32_nodes_are_separated_by_commas_or_semicolons(admin: httpx.Client) -> None:
    by_comma = admin.get("/usermanagement", params={"nodeIds": "2,3"}).json()["loginNames"]
    assert by_comma == admin.get("/usermanagement", params={"nodeIds": "2;3"}).json()["loginNames"]
    assert 0 < len(by_comma) < 300


def test_A26_a_change_is_told_in_both_packages(admin: httpx.Client, listen: ListenTo, control: httpx.Client) -> None:
    name = admin.get("/users/oxe70210").json()["lastName"]
    with listen(admin, "user", ids=["oxe70210"]) as one, listen(admin, "userManagement") as other:
        control.put("/users/70210", json={"lastName": "Renamed"}).raise_for_status()
        for channel in (one, other):
            event = channel.wait_for("OnUserInfoChanged", loginName="oxe70210")
            assert event["user"] == admin.get("/users/oxe70210").json()
            assert event["user"]["lastName"] == "Renamed"
    control.put("/users/70210", json={"lastName": name}).raise_for_status()


def test_a_number_without_end_is_nobodys(admin: httpx.Client) -> None:
    for number in ("7" * 10_000, "٧٠٠٠٠", "70000\n", "-1", ""):
        answer = admin.post("/usermanagement", json={"nodeId": 1, "deviceNumbers": [number]})
        assert (answer.status_code, answer.json()["type"]) == (404, "NOT_FOUND"), number[:10]
