"""Users' records, logins, passwords and languages, as far as the reference and ALE's clients disagree on them."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G
from tests.simulators.o2g.clients import authenticate, session
from tests.simulators.o2g.conftest import ListenTo, UserOf

LANGUAGES = 56  # in the reference's table


@pytest.fixture
def speaker(user: UserOf, control: httpx.Client) -> Iterator[httpx.Client]:
    """A user's client whose language is as it was afterwards."""
    client = user("70220")
    before = client.get("/users/oxe70220/preferences").json()["guiLanguage"]
    yield client
    client.post("/users/oxe70220/preferences", json={"guiLanguage": before}).raise_for_status()


def test_A17_A18_B51_records_have_what_the_table_says(admin: httpx.Client) -> None:
    allowed = {
        "companyPhone", "firstName", "lastName", "loginName", "voicemail", "devices", "nodeId", "externalLogin",
    }  # fmt: skip
    for number in range(70000, 70060):
        record = admin.get(f"/users/oxe{number}").json()
        assert set(record) <= allowed
        assert all(set(device) == {"type", "id", "subType"} for device in record["devices"])


def test_A19_voice_mail_has_a_type(admin: httpx.Client) -> None:
    types = [
        admin.get(f"/users/oxe{number}").json().get("voicemail", {}).get("type") for number in (70000, 70026, 70027)
    ]
    assert types == ["VM_4645", "VM_4635", "EXTERNAL"]


def test_A25_a_changed_language_is_told_by_no_event(speaker: httpx.Client, listen: ListenTo) -> None:
    with listen(speaker, "user", ids=["oxe70220"]) as channel:
        speaker.post("/users/oxe70220/preferences", json={"guiLanguage": "pt"}).raise_for_status()
        speaker.post("/users/oxe70220/preferences", json={"guiLanguage": "fi"}).raise_for_status()
        assert [event["eventName"] for event in channel.events] == ["OnChannelInformation"]


def test_B50_users_are_asked_for_by_something(admin: httpx.Client) -> None:
    for query in ("", "?", "?companyPhone=", "?loginName=oxe70000"):
        answer = admin.get(f"/users{query}")
        assert (answer.status_code, answer.json()["type"]) == (400, "BAD_PARAMETER")


def test_every_language_can_be_chosen(speaker: httpx.Client) -> None:
    path = "/users/oxe70220/preferences"
    codes = speaker.get(f"{path}/supportedLanguages").json()["supportedLanguages"]
    assert len(set(codes)) == LANGUAGES
    names = set()
    for code in codes:
        assert speaker.post(path, json={"guiLanguage": code}).status_code == 204
        told = speaker.get(path).json()
        assert told["guiLanguage"] == code
        names.add(told["oxeLanguage"])
        assert speaker.post(path, json={"oxeLanguage": told["oxeLanguage"]}).status_code == 204
        assert speaker.get(path).json() == told
    assert len(names) == LANGUAGES
    assert speaker.post(path, json={"oxeLanguage": "Klingon"}).status_code == 400
    assert speaker.post(path, json={}).status_code == 400


def test_L154_filters_of_logins_are_for_administrators(admin: httpx.Client, user: UserOf) -> None:
    everybody = admin.get("/logins").json()["loginNames"]
    for name in ("onlyWithExtLogin", "onlyACD"):
        some = admin.get(f"/logins?{name}").json()["loginNames"]
        assert 0 < len(some) < len(everybody)
        assert some == admin.get(f"/logins?{name}=true").json()["loginNames"]
        assert everybody == admin.get(f"/logins?{name}=false").json()["loginNames"]
        both = admin.get(f"/logins?nodeIds=1,2&{name}").json()["loginNames"]
        assert set(both) <= set(some)
    with_login = admin.get("/logins?onlyWithExtLogin").json()["loginNames"]
    assert all("externalLogin" in admin.get(f"/users/{login}").json() for login in with_login[:20])
    own = user("70000")
    assert [own.get(f"/logins?{name}").status_code for name in ("onlyACD", "onlyWithExtLogin", "nodeIds=1")] == [
        403
    ] * 3


def test_L8_an_administrators_password_is_strong(o2g: RunningO2G, stranger: httpx.Client) -> None:
    strong = "Another-Word-2"
    with session(o2g, o2g.login, o2g.password) as admin:
        path = f"/users/{o2g.login}/password"
        for weak in ("short-A1", "all-lower-case-1", "ALL-UPPER-CASE-1", "No-Digit-At-All", "NoSignAtAll1"):
            answer = admin.put(path, json={"oldPassword": o2g.password, "newPassword": weak})
            assert answer.status_code == 400, weak
        assert admin.put(path, json={"oldPassword": "wrong", "newPassword": strong}).status_code == 403
        assert admin.put(path, json={"oldPassword": o2g.password, "newPassword": strong}).status_code == 204
        try:
            assert authenticate(stranger, o2g.login, o2g.password).status_code == 401
            assert authenticate(stranger, o2g.login, strong).status_code == 200
        finally:
            admin.put(path, json={"oldPassword": strong, "newPassword": o2g.password}).raise_for_status()


def test_a_changed_user_is_found_by_the_new_name(admin: httpx.Client, control: httpx.Client) -> None:
    before = admin.get("/users/oxe70221").json()["lastName"]
    control.put("/users/70221", json={"lastName": "Zzyzx"}).raise_for_status()
    try:
        wanted = {"filter": {"operation": "BEGIN_WITH", "field": "lastName", "operand": "zzyz"}}
        admin.post("/directory/search", json=wanted).raise_for_status()
        found: list[str] = []
        while not found:
            told = admin.get("/directory/search").json()
            assert told["resultCode"] in ("NOK", "OK")
            found = [c["id"]["loginName"] for e in told.get("resultElements", []) for c in e["contacts"]]
        assert found == ["oxe70221"]
    finally:
        admin.delete("/directory/search")
        control.put("/users/70221", json={"lastName": before}).raise_for_status()
