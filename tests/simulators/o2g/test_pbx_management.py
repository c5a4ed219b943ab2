"""PBX management: nodes, model and objects are read; nothing is changed."""

from urllib.parse import quote

import httpx
import pytest

from tests.simulators.o2g.clients import Json
from tests.simulators.o2g.conftest import ListenTo, UserOf

ANNA = "/pbxs/1/instances/Subscriber/70000"


def values(body: Json) -> dict[str, list[str]]:
    return {attribute["name"]: attribute["value"] for attribute in body["attributes"]}


def test_L78_nodes_are_listed_first(admin: httpx.Client) -> None:
    for node in admin.get("/pbxs").json()["nodeIds"]:
        body = admin.get(f"/pbxs/{node}").json()
        assert body["nodeId"] == int(node)
        assert body["fqdn"].endswith(".company.example")
    assert admin.get("/pbxs/99").status_code == 400


def test_only_administrators_manage_pbxs(user: UserOf) -> None:
    own = user("70000")
    paths = ("/pbxs", "/pbxs/1", "/pbxs/1/instances", ANNA, "/pbxs/1/model", "/pbxs/1/model/Subscriber")
    assert [own.get(path).status_code for path in paths] == [403] * len(paths)


def test_the_node_itself_shows_what_is_below(admin: httpx.Client) -> None:
    body = admin.get("/pbxs/2/instances").json()
    assert (body["objectName"], values(body)["Network_Node_Number"]) == ("Node", ["2"])
    for name in body["objectNames"]:
        assert admin.get(f"/pbxs/2/instances/{name}").json()["objectIds"]


def test_a_subscriber_is_the_user(admin: httpx.Client) -> None:
    record = admin.get("/users/oxe70000").json()
    body = admin.get(ANNA).json()
    assert (body["objectName"], body["objectId"], body["objectNames"]) == ("Subscriber", "70000", ["Subscriber_Alias"])
    told = values(body)
    assert told["Directory_Number"] == ["70000"]
    assert told["UTF8_Phone_Book_Name"] == [record["lastName"]]
    assert told["Station_Type"] == [record["devices"][0]["subType"]]
    some = admin.get(ANNA, params={"attributes": "Annu_Name,Station_Type"}).json()
    assert set(values(some)) == {"Annu_Name", "Station_Type"}


def test_a_subscriber_lives_on_its_node(admin: httpx.Client) -> None:
    assert admin.get("/pbxs/2/instances/Subscriber/70000").status_code == 404
    assert admin.get("/pbxs/1/instances/Subscriber/31415").status_code == 404
    here = admin.get("/pbxs/1/instances/Subscriber").json()["objectIds"]
    assert set(admin.get("/logins", params={"nodeIds": "1"}).json()["loginNames"]) <= {f"oxe{n}" for n in here}


@pytest.mark.parametrize(
    ("filtered", "found"),
    [
        ("Directory_Number==70000", {"70000"}),
        ("Annu_Name==Smi*", {"70015", "70016"}),
        ("Annu_Name==*mith", {"70015", "70016"}),
        ("Annu_Name==Smith and Directory_Number!=70015", {"70016"}),
        ("Directory_Number==70000 or Annu_Name==Smith and Directory_Number!=70015", {"70000", "70016"}),
        ("Directory_Number=ge=70000 and Directory_Number=le=70002", {"70000", "70001", "70002"}),
        ("Annu_Name==Nobody", set()),
    ],
)
def test_subscribers_are_filtered(admin: httpx.Client, filtered: str, found: set[str]) -> None:
    body = admin.get("/pbxs/1/instances/Subscriber", params={"filter": filtered}).json()
    assert {number for number in body["objectIds"] if int(number) < 70030} == found


@pytest.mark.parametrize("filtered", ["Annu_Name", "Annu_Name=Smith", "No_Such==1", "== and =="])
def test_a_filter_that_is_none(admin: httpx.Client, filtered: str) -> None:
    answer = admin.get("/pbxs/1/instances/Subscriber", params={"filter": filtered})
    assert (answer.status_code, answer.json()["type"]) == (400, "BAD_PARAMETER")


def test_a_list_with_attributes(admin: httpx.Client) -> None:
    query = {"filter": "Directory_Number==7000*", "attributes": "Annu_Name,Annu_First_Name"}
    body = admin.get("/pbxs/1/instances/Subscriber", params=query).json()
    assert [o["objectId"] for o in body["objects"]] == body["objectIds"]
    ben = next(o for o in body["objects"] if o["objectId"] == "70001")
    assert values(ben) == {"Annu_Name": ["Carter"], "Annu_First_Name": ["Ben"]}


def test_A106_a_path_has_as_many_parts_as_it_takes(admin: httpx.Client) -> None:
    ranges = admin.get("/pbxs/1/instances/System_Parameters/1/Free_Range_List").json()
    assert ranges == {"objectName": "Free_Range_List", "objectIds": ["range1", "range2"]}
    one = admin.get("/pbxs/1/instances/System_Parameters/1/Free_Range_List/range1").json()
    assert values(one) == {"Name": ["range1"], "Begin_Range": ["2000"], "End_Range": ["2999"]}
    assert admin.get(f"{ANNA}/Subscriber_Alias").json() == {"objectName": "Subscriber_Alias", "objectIds": []}
    for path in ("System_Parameters/2/Free_Range_List", "Subscriber/70000/Free_Range_List", "No_Such", "No_Such/1",
                 "Subscriber/" + quote("a/b", safe="")):  # fmt: skip
        answer = admin.get(f"/pbxs/1/instances/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "NOT_FOUND"), path


def test_A107_a_default_has_both_spellings(admin: httpx.Client) -> None:
    body = admin.get("/pbxs/1/model/Subscriber").json()
    station = next(a for a in body["attributes"] if a["name"] == "Station_Type")
    assert (station["defautValue"], station["defaultValue"]) == ("ANALOG", "ANALOG")
    assert [part["objectName"] for part in body["objects"]] == ["Subscriber_Alias"]
    tree = admin.get("/pbxs/1/model").json()
    assert body in tree["objects"]
    assert admin.get("/pbxs/1/model/Subscriber_Alias").json()["objectName"] == "Subscriber_Alias"
    assert admin.get("/pbxs/1/model/No_Such").status_code == 400


def test_A108_a_list_has_object_ids(admin: httpx.Client) -> None:
    assert "instances" not in admin.get("/pbxs/1/instances/Subscriber").json()


def test_nothing_is_changed(admin: httpx.Client) -> None:
    body = {"attributes": [{"name": "Annu_Name", "value": ["X"]}]}
    refused = [
        admin.put(ANNA, json=body), admin.delete(ANNA), admin.delete(f"{ANNA}/Subscriber_Alias/0"),
        admin.post("/pbxs/1/instances/Subscriber", json=body), admin.post(f"{ANNA}/Subscriber_Alias", json=body),
    ]  # fmt: skip
    assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(403, "NOT_SUPPORTED")] * 5


def test_a_changed_subscriber_is_told(admin: httpx.Client, control: httpx.Client, listen: ListenTo) -> None:
    path = "/pbxs/{nodeId}/instances/Subscriber/70222".format(**admin.get("/users/oxe70222").json())
    before = values(admin.get(path).json())["UTF8_Phone_Book_Name"][0]
    with listen(admin, "pbxManagement", ids=[]) as channel:
        control.put("/users/70222", json={"lastName": "Renamed"}).raise_for_status()
        channel.wait_for("OnPbxObjectInstanceModified", objectName="Subscriber", objectId="70222")
    assert values(admin.get(path).json())["UTF8_Phone_Book_Name"] == ["Renamed"]
    control.put("/users/70222", json={"lastName": before}).raise_for_status()
