"""Maintenance: licences and the state of the system."""

import re
from datetime import datetime

import httpx
import pytest

from tests.simulators.o2g.conftest import UserOf


@pytest.mark.parametrize(
    ("name", "status"),
    [("ROXE_API_PHONESETPROG", 204), ("ROXE_API_TEL_ADVANCED", 204), ("ROXE_HA", 403), ("NO_SUCH", 403), ("", 400)],
)
def test_A79_A80_a_licence_is_asked_for_without_a_session(
    stranger: httpx.Client, admin: httpx.Client, name: str, status: int
) -> None:
    for client in (stranger, admin):
        answer = client.get("/system/licenses", params={"lic": name})
        assert answer.status_code == status
        assert (answer.content == b"") is (status == 204)
    assert stranger.get("/system/licenses").status_code == 400


def test_L53_the_documented_licences(stranger: httpx.Client) -> None:
    answers = {name: stranger.get(f"/system/licenses?lic={name}") for name in ("ROXE_API_MESSAGING", "ROXE_HA")}
    assert {name: answer.status_code for name, answer in answers.items()} == {"ROXE_API_MESSAGING": 204, "ROXE_HA": 403}
    assert answers["ROXE_HA"].json()["type"] == "NOT_ALLOWED"


def test_only_administrators_see_the_state(user: UserOf, stranger: httpx.Client) -> None:
    assert user("70000").get("/system/status").status_code == 403
    assert stranger.get("/system/status").json()["type"] == "INVALID_SESSION"


def test_the_state_counts_each_nodes_users(admin: httpx.Client) -> None:
    status = admin.get("/system/status").json()
    for pbx in status["pbxs"]:
        logins = admin.get("/logins", params={"nodeIds": str(pbx["nodeId"])}).json()["loginNames"]
        assert pbx["monitoredUserNumber"] == len(logins)
        assert (pbx["connected"], pbx["ctiLinkState"]) == (True, "CONNECTED_MAIN")
    assert {pbx["nodeId"] for pbx in status["pbxs"]} == {1, 2, 3, 7}
    assert datetime.fromisoformat(status["startDate"]).tzinfo is not None


def test_A81_licences_have_their_own_names(admin: httpx.Client) -> None:
    licences = {lic["name"] for lic in admin.get("/system/status").json()["license"]["lics"]}
    assert licences >= {"ROXE_API_TEL_ADVANCED", "ROXE_API_CONTACTCENTER_AGENT", "ROXE_API_CONTACTCENTER_SVCS"}


def test_B34_licences_expire_on_a_date_that_clients_read(admin: httpx.Client) -> None:
    for lic in admin.get("/system/status").json()["license"]["lics"]:
        assert re.fullmatch(
            r"[0-3][0-9]-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-20[0-9]{2}", lic["expiration"]
        )


def test_B51_a_user_has_no_mail_address(admin: httpx.Client) -> None:
    assert "eMailAddress" not in admin.get("/users/oxe70000").json()


def test_a_link_that_is_down_is_seen(admin: httpx.Client, control: httpx.Client) -> None:
    control.delete("/cti-links/7").raise_for_status()
    links = {pbx["nodeId"]: pbx["ctiLinkState"] for pbx in admin.get("/system/status").json()["pbxs"]}
    control.put("/cti-links/7").raise_for_status()
    assert links == {1: "CONNECTED_MAIN", 2: "CONNECTED_MAIN", 3: "CONNECTED_MAIN", 7: "DISCONNECTED"}
