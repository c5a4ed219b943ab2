"""Phone set programming: what is programmed on a set is read back; keys, PIN, padlock, remote extension."""

import httpx
import pytest

from tests.simulators.o2g.clients import Json
from tests.simulators.o2g.conftest import ListenTo, UserOf

ANNA = "/users/oxe70000/devices/70000"
ANALOG = "/users/oxe70023/devices/70023"
PAULA = "oxe70014"


@pytest.fixture
def anna(user: UserOf) -> httpx.Client:
    """Anna's own session."""
    return user("70000")


@pytest.fixture
def mobile(admin: httpx.Client) -> str:
    """The path of Paula's remote extension."""
    devices = admin.get(f"/users/{PAULA}/devices").json()["devices"]
    (device,) = [device["id"] for device in devices if device["subType"] == "Remote_Extension"]
    return f"/users/{PAULA}/devices/{device}"


def test_sets_are_those_of_the_users_record(anna: httpx.Client) -> None:
    record = anna.get("/users/oxe70000").json()
    assert anna.get("/users/oxe70000/devices").json() == {"devices": record["devices"]}
    assert anna.get(ANNA).json() == record["devices"][0]


def test_who_has_no_such_set(admin: httpx.Client, anna: httpx.Client) -> None:
    assert admin.get("/users/oxe70000/devices/70001").status_code == 404
    assert admin.get("/users/nobody/devices").status_code == 404
    assert anna.get("/users/oxe70001/devices").status_code == 403
    assert admin.get("/users/oxe70012/devices").json() == {"devices": []}


def test_padlock_camp_on_and_associate_are_read_back(anna: httpx.Client) -> None:
    before = anna.get(f"{ANNA}/dynamicState").json()
    for name in ("lock", "campon"):
        for active in (True, False):
            answer = anna.put(f"{ANNA}/{name}", params={"activate": str(active).lower()})
            assert answer.status_code == 204
            assert anna.get(f"{ANNA}/dynamicState").json()[name] is active
        assert anna.put(f"{ANNA}/{name}").status_code == 400
        assert anna.put(f"{ANNA}/{name}", params={"activate": "perhaps"}).status_code == 400
    anna.put(f"{ANNA}/campon", params={"activate": str(before["campon"]).lower()}).raise_for_status()


def test_B36_an_associate_has_two_names(anna: httpx.Client) -> None:
    for body, number in (({"number": "70001"}, "70001"), ({"associate": "70002"}, "70002")):
        assert anna.put(f"{ANNA}/associate", json=body).status_code == 204
        assert anna.get(f"{ANNA}/dynamicState").json()["associate"] == number
    for wrong in ({}, {"number": "not a number"}, {"number": "70000"}):
        assert anna.put(f"{ANNA}/associate", json=wrong).status_code == 400
    assert anna.put(f"{ANNA}/associate", json={"number": ""}).status_code == 204
    assert "associate" not in anna.get(f"{ANNA}/dynamicState").json()


def test_keys_are_programmed_and_erased(anna: httpx.Client) -> None:
    key: Json = {"position": 20, "number": "70001", "mnemonic": "Ben", "locked": False}
    assert anna.put(f"{ANNA}/programmeableKeys/20", json=key).status_code == 204
    assert key in anna.get(f"{ANNA}/programmedKeys").json()["pkeys"]
    everything = anna.get(f"{ANNA}/programmeableKeys").json()["pkeys"]
    assert key in everything
    assert [k["position"] for k in everything] == list(range(3, 75))
    assert anna.delete(f"{ANNA}/programmeableKeys/20").status_code == 204
    assert all(k["position"] != 20 for k in anna.get(f"{ANNA}/programmedKeys").json()["pkeys"])
    empty = next(k for k in anna.get(f"{ANNA}/programmeableKeys").json()["pkeys"] if k["position"] == 20)
    assert empty == {"position": 20, "number": "", "mnemonic": "", "locked": False}


def test_a_locked_key_stays(admin: httpx.Client) -> None:
    path = "/users/oxe70003/devices/70003/programmeableKeys/30"
    body = {"position": 30, "number": "70001", "mnemonic": "", "locked": True}
    admin.put(path, json=body).raise_for_status()
    for refused in (admin.put(path, json=body | {"number": "70002"}), admin.delete(path)):
        assert (refused.status_code, refused.json()["type"]) == (403, "NOT_EXPECTED")


def test_L74_the_position_is_that_of_the_path(anna: httpx.Client) -> None:
    for path, body in (("programmeableKeys/20", {"position": 21}), ("softKeys/2", {"position": 1})):
        assert anna.put(f"{ANNA}/{path}", json=body | {"number": "70001"}).status_code == 400
        assert anna.put(f"{ANNA}/{path}", json={"number": "70001"}).status_code == 400


def test_L136_keys_are_where_the_set_has_them(anna: httpx.Client, admin: httpx.Client) -> None:
    for position, status in (("74", 204), ("75", 404), ("2", 404), ("x", 400), ("-1", 400)):
        assert anna.delete(f"{ANNA}/programmeableKeys/{position}").status_code == status, position
    assert admin.get(f"{ANALOG}/programmeableKeys").json() == {"pkeys": []}
    assert admin.put(f"{ANALOG}/softKeys/1", json={"position": 1, "number": "70001"}).status_code == 404


def test_A87_soft_keys_come_as_skeys(anna: httpx.Client) -> None:
    key = {"position": 10, "number": "70001", "mnemonic": "Ben"}
    assert anna.put(f"{ANNA}/softKeys/10", json=key).status_code == 204
    assert key in anna.get(f"{ANNA}/softKeys").json()["skeys"]
    assert anna.delete(f"{ANNA}/softKeys/10").status_code == 204
    assert key not in anna.get(f"{ANNA}/softKeys").json()["skeys"]


def test_A86_the_remote_extension_is_active(admin: httpx.Client, mobile: str, listen: ListenTo) -> None:
    with listen(admin, "routingManagement", ids=[PAULA]) as channel:
        for active in (False, True):
            answer = admin.put(f"{mobile}/REActive", params={"activate": str(active).lower()})
            assert answer.status_code == 204
            assert admin.get(f"{mobile}/REActiveState").json() == {"active": active}
            state = admin.get("/routing/state", params={"loginName": PAULA}).json()
            assert state["presentationRoutes"][0]["destinations"][1]["selected"] is active
        channel.wait_until(lambda: channel.named("OnRoutingStateChanged")[1:], "off and on")
    assert admin.get(f"{ANNA}/REActiveState").status_code == 400
    assert admin.put(f"{ANNA}/REActive", params={"activate": "true"}).status_code == 400


def test_A88_paths_are_found_in_any_case(anna: httpx.Client) -> None:
    states = [anna.get(f"{ANNA}/{name}").json() for name in ("dynamicState", "dynamicstate", "DYNAMICSTATE")]
    assert states[0] == states[1] == states[2]
    assert anna.get(f"{ANNA}/reactivestate").status_code == 400  # found, and no remote extension


def test_A89_a_pin_may_come_as_texts(anna: httpx.Client) -> None:
    text = {
        "Pin_Number": "4321", "With_Secret_Code": "TRUE", "Pin_Type_Of_Control": "PIN_Category", "Pin_Group": "1",
    }  # fmt: skip
    assert anna.put(f"{ANNA}/pin", json=text).status_code == 204
    pin = anna.get(f"{ANNA}/pin").json()
    assert pin == {**text, "With_Secret_Code": True, "Pin_Group": 1}
    assert anna.put(f"{ANNA}/pin", json={"With_Secret_Code": False, "Pin_Group": 2}).status_code == 204
    assert anna.get(f"{ANNA}/pin").json() == {**pin, "With_Secret_Code": False, "Pin_Group": 2}


def test_B37_control_by_group_has_two_names(anna: httpx.Client) -> None:
    for name in ("PIN_By_Group", "PIN_Group_Control"):
        assert anna.put(f"{ANNA}/pin", json={"Pin_Type_Of_Control": name}).status_code == 204
        assert anna.get(f"{ANNA}/pin").json()["Pin_Type_Of_Control"] == "PIN_Group_Control"
    assert anna.put(f"{ANNA}/pin", json={"Pin_Type_Of_Control": "PIN_Whatever"}).status_code == 400


def test_L137_a_pin_has_as_many_digits_as_the_pbx_says(anna: httpx.Client) -> None:
    for number in ("123", "12345", "12a4", ""):
        assert anna.put(f"{ANNA}/pin", json={"Pin_Number": number}).status_code == 400, number


def test_A90_camp_on_is_not_the_padlock(anna: httpx.Client) -> None:
    lock = anna.get(f"{ANNA}/dynamicState").json()["lock"]
    anna.put(f"{ANNA}/campon", params={"activate": str(not lock).lower()}).raise_for_status()
    assert anna.get(f"{ANNA}/dynamicState").json() == {
        **anna.get(f"{ANNA}/dynamicState").json(), "lock": lock, "campon": not lock,
    }  # fmt: skip


def test_A91_addons_are_read(admin: httpx.Client) -> None:
    known = {"NO_EXTENSIONS", "ADDON_10_KEYS", "ADDON_20_KEYS", "ADDON_40_KEYS", "ADDON_EL_14_KEYS"}
    seen: set[str] = set()
    for number in range(70000, 70300):
        for device in admin.get(f"/users/oxe{number}").json()["devices"][:1]:
            path = f"/users/oxe{number}/devices/{device['id']}/addons"
            seen |= set(admin.get(path).raise_for_status().json()["addonTypes"])
    assert "NO_EXTENSIONS" in seen
    assert len(seen) > 1
    assert seen <= known


def test_L136_prefixes_are_told_letter_by_letter(anna: httpx.Client) -> None:
    def ask(**params: str) -> httpx.Response:
        return anna.get("/users/oxe70000/prefixes", params=params)

    found = ask(type="Station_Facility_Type", value="Overflow_on_busy_on_associated")
    assert found.json() == {"value": "Overflow_on_busy_on_associated", "number": "485"}
    assert ask(type="station_facility_type", value="Overflow_on_busy_on_associated").status_code == 404
    assert ask(type="Station_Facility_Type", value="overflow_on_busy_on_associated").status_code == 404
    assert ask(type="Station_Facility_Type").status_code == 400
    assert ask(value="Lock").status_code == 400
