"""Users and their preferences, as anybody reads them."""

import httpx
import pytest

from tests.simulators.o2g.conftest import UserOf


def test_a_user_is_found_by_number(admin: httpx.Client) -> None:
    found = admin.get("/users", params={"companyPhone": "70000"}).json()
    assert (found["loginName"], found["firstName"], found["lastName"]) == ("oxe70000", "Anna", "Müller")
    assert found["devices"][0] == {"type": "DESKPHONE", "id": "70000", "subType": "NOE_C_Color_IP"}
    assert admin.get("/users/oxe70000").json() == found


def test_A19_the_kind_of_a_voicemail_is_called_type(admin: httpx.Client) -> None:
    assert admin.get("/users/oxe70000").json()["voicemail"]["type"] == "VM_4645"


def test_A24_exactly_one_parameter(admin: httpx.Client) -> None:
    assert admin.get("/users").status_code == 400


def test_somebody_unknown_is_not_found(admin: httpx.Client) -> None:
    answer = admin.get("/users", params={"companyPhone": "99999"})
    assert (answer.status_code, answer.json()["type"]) == (404, "NOT_FOUND")
    assert admin.get("/users/nobody").json()["type"] == "NOT_FOUND"


def test_A16_logins_are_a_list(admin: httpx.Client) -> None:
    logins = admin.get("/logins").json()["loginNames"]
    assert (len(logins), logins[0]) == (300, "oxe70000")


@pytest.mark.parametrize("nodes", ["1,2", "1;2"])
def test_B32_nodes_are_listed_with_commas_or_semicolons(admin: httpx.Client, nodes: str) -> None:
    one = admin.get("/logins", params={"nodeIds": "1"}).json()["loginNames"]
    both = admin.get("/logins", params={"nodeIds": nodes}).json()["loginNames"]
    assert set(one) < set(both)
    assert len(both) < 301


def test_a_user_sees_its_own_login_only(user: UserOf) -> None:
    anna = user("70000")
    assert anna.get("/logins").json() == {"loginNames": ["oxe70000"]}
    assert anna.get("/logins", params={"nodeIds": "1"}).status_code == 403


def test_L9_a_password_has_four_digits(user: UserOf, control: httpx.Client) -> None:
    ben, old = user("70010"), control.get("/people/70010").json()["secret"]
    changed = "4321" if old != "4321" else "1234"

    def change(before: str, after: str) -> int:
        passwords = {"oldPassword": before, "newPassword": after}
        return ben.put("/users/oxe70010/password", json=passwords).status_code

    assert change(old, "12345") == 400
    assert change(old, "abcd") == 400
    assert change("0000" if old != "0000" else "1111", changed) == 403
    assert change(old, changed) == 204
    assert user("70010").get("/sessions").status_code == 200


@pytest.mark.parametrize("spelt", ["fr", "FR", "en_GB", "en-gb"])
def test_A23_a_language_is_written_in_either_way(user: UserOf, spelt: str) -> None:
    somebody = user("70011")
    assert somebody.post("/users/oxe70011/preferences", json={"guiLanguage": spelt}).status_code == 204
    shown = somebody.get("/users/oxe70011/preferences").json()["guiLanguage"]
    assert shown.lower().replace("_", "-") == spelt.lower().replace("_", "-")


def test_an_unknown_language_is_refused_with_the_parameter(user: UserOf) -> None:
    answer = user("70011").post("/users/oxe70011/preferences", json={"guiLanguage": "xx"})
    details = answer.json()["userPreferences"]
    assert (answer.status_code, details) == (400, {"errorType": "WRONG_VALUE", "parameter": "GUI_LANGUAGE"})


def test_supported_languages_contain_everybodys(admin: httpx.Client) -> None:
    supported = admin.get("/users/oxe70000/preferences/supportedLanguages").json()["supportedLanguages"]
    for number in range(70000, 70030):
        assert admin.get(f"/users/oxe{number}/preferences").json()["guiLanguage"] in supported


@pytest.mark.parametrize("path", ["/Users/oxe70000", "/USERS/oxe70000/Preferences"])
def test_A88_paths_are_compared_without_regard_to_case(admin: httpx.Client, path: str) -> None:
    assert admin.get(path).status_code == 200


def test_B15_an_empty_body_may_be_called_json(admin: httpx.Client) -> None:
    empty = {"Content-Type": "application/json"}
    assert admin.post("/sessions/keepalive", headers=empty).status_code == 204


def test_B44_unknown_parameters_do_no_harm(admin: httpx.Client) -> None:
    assert admin.get("/users/oxe70000", params={"colour": "blue"}).status_code == 200
