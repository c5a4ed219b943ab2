"""The communication log: records of calls on both sides, read, acknowledged, deleted; missed calls are counted."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.conftest import ListenTo
from tests.simulators.o2g.telephones import Json, Phone

LATER = "/clock"


@pytest.fixture(scope="module")
def o2g() -> Iterator[RunningO2G]:
    """Run a simulator for this module: its time goes ahead."""
    with simulated_o2g(users=300) as running:
        yield running


@pytest.fixture
def anna(admin: httpx.Client) -> Phone:
    return Phone(admin, "70000")


@pytest.fixture
def ben(admin: httpx.Client) -> Phone:
    return Phone(admin, "70001")


@pytest.fixture
def clara(admin: httpx.Client) -> Phone:
    return Phone(admin, "70002")


def own(record: Json, phone: Phone) -> Json:
    """Give the owner's part in a record."""
    (part,) = [p for p in record["participants"] if p["identity"]["id"].get("loginName") == phone.login]
    found: Json = part
    return found


def missed(caller: Phone, callee: Phone) -> Json:
    """Let a call ring in vain; give the callee's record."""
    caller.done(caller.call(callee.number), "dropme")
    return callee.log()[0]


def test_an_answered_call_is_recorded_on_both_sides(
    anna: Phone, ben: Phone, control: httpx.Client, admin: httpx.Client, listen: ListenTo
) -> None:
    with listen(admin, "unifiedComLog") as channel:
        ref = anna.talk(ben)
        control.post(LATER, json={"seconds": 60}).raise_for_status()
        anna.done(ref, "dropme")
        for one, role in ((anna, "CALLER"), (ben, "CALLEE")):
            record = one.log()[0]
            assert record["comRef"] == ref
            assert (own(record, one)["role"], own(record, one)["answered"]) == (role, True)
            assert record["beginDate"] <= record["convDate"] < record["endDate"]
            assert record["medias"] == ["AUDIO"]
            assert record["acknowledged"] is True
            told = channel.wait_for("OnComRecordCreated", loginName=one.login)["record"]
            assert own(told, one)["identity"] == {"id": {"loginName": one.login}}
            assert told["recordId"] == record["recordId"]


def test_A68_A69_records_are_spelt_as_in_the_table(anna: Phone, ben: Phone) -> None:
    record = missed(anna, ben)
    assert {"comRef", "acknowledged"} <= set(record)
    assert not {"comref", "acknowledge", "archived"} & set(record)


def test_L132_a_missed_call_counts_until_it_is_acknowledged(
    anna: Phone, ben: Phone, admin: httpx.Client, listen: ListenTo
) -> None:
    before = ben.summary()["missedCallsNb"]
    with listen(admin, "eventSummary", "unifiedComLog") as channel:
        records = [missed(anna, ben) for _ in range(2)]
        assert ben.summary()["missedCallsNb"] == before + 2
        assert records[0]["acknowledged"] is False
        assert own(records[0], ben)["answered"] is False
        told = channel.wait_for("OnEventSummaryUpdated", loginName=ben.login)
        assert told["eventSummary"]["missedCallsNb"] == before + 1
        ids = [record["recordId"] for record in records]
        assert ben.request("PUT", "/comlog/records", {"recordIds": ids}, acknowledge="true").status_code == 204
        assert sorted(channel.wait_for("OnComRecordsAck", loginName=ben.login)["recordIds"]) == sorted(ids)
        assert ben.summary()["missedCallsNb"] == before
        assert ben.request("PUT", "/comlog/records", {"recordIds": ids[:1]}, acknowledge="false").status_code == 204
        assert channel.wait_for("OnComRecordsUnAck", loginName=ben.login)["recordIds"] == ids[:1]
        assert ben.summary()["missedCallsNb"] == before + 1


def test_L132_talking_with_the_caller_takes_note(anna: Phone, ben: Phone) -> None:
    missed(anna, ben)
    before = ben.summary()["missedCallsNb"]
    anna.done(ben.talk(anna), "dropme")
    assert ben.summary()["missedCallsNb"] < before
    assert not [one for one in ben.log(unacknowledged="true") if anna.number in str(one["participants"])]


def test_L131_acknowledging_what_was_not_missed_does_nothing(anna: Phone, ben: Phone) -> None:
    anna.done(anna.talk(ben), "dropme")
    record = ben.log()[0]
    path = "/comlog/records"
    assert ben.request("PUT", path, {"recordIds": [record["recordId"]]}, acknowledge="false").status_code == 204
    assert ben.log()[0]["acknowledged"] is True
    assert ben.request("PUT", path, {"recordIds": []}).status_code == 400


def test_B31_ids_may_be_texts(anna: Phone, ben: Phone) -> None:
    record = missed(anna, ben)
    body = {"recordIds": [str(record["recordId"])]}
    assert ben.request("PUT", "/comlog/records", body, acknowledge="true").status_code == 204
    assert ben.get(f"/comlog/records/{record['recordId']}")["acknowledged"] is True


def test_A77_an_id_is_a_number(anna: Phone) -> None:
    assert all(isinstance(record["recordId"], int) for record in anna.log())


def test_a_redirected_call_is_recorded_for_all_three(anna: Phone, ben: Phone, clara: Phone) -> None:
    ref = anna.call(ben.number)
    ben.done(ref, "redirect", redirectTo=clara.number)
    clara.done(ref, "answer", deviceId=clara.number)
    anna.done(ref, "dropme")
    for one in (anna, ben, clara):
        record = one.log()[0]
        numbers = {p["identity"]["id"]["phoneNumber"] for p in record["participants"]}
        assert (record["comRef"], numbers) == (ref, {anna.number, clara.number})
    (rerouted,) = [p for p in ben.log()[0]["participants"] if "role" in p]
    assert (rerouted["role"], rerouted["reason"], rerouted["answered"]) == ("CALLEE", "REDIRECTED", True)
    assert rerouted["initialCalled"]["id"]["phoneNumber"] == ben.number
    assert own(anna.log()[0], anna)["initialCalled"] == rerouted["initialCalled"]


def test_a_call_that_went_to_voicemail_was_missed(anna: Phone, ben: Phone, control: httpx.Client) -> None:
    ref = anna.call(ben.number)
    anna.done(ref, "overflowToVoiceMail")
    anna.done(ref, "dropme")
    record = ben.log(unanswered="true")[0]
    assert record["comRef"] == ref
    assert record["acknowledged"] is False
    assert "VOICEMAIL" in {p["reason"] for p in record["participants"]}


def test_A74_reasons_are_of_the_enumeration(anna: Phone, ben: Phone, clara: Phone) -> None:
    ref = anna.call(ben.number)
    body = {"otherPhoneNumber": ben.number}
    assert clara.post(f"/telephony/devices/{clara.number}/pickup", body).status_code == 204
    anna.done(ref, "dropme")
    assert own(clara.log()[0], clara)["reason"] == "PICKUP"


def test_a_transfer_names_who_transferred(anna: Phone, ben: Phone, clara: Phone) -> None:
    first, second = anna.talk(ben), anna.talk(clara)
    anna.done(second, "transfer", heldCallRef=first)
    ben.done(second, "dropme")
    record = clara.log()[0]
    assert (record["transferredBy"], own(record, clara)["reason"]) == (anna.number, "TRANSFERRED")


def test_a_blind_transfer_names_who_transferred_on_both_sides(anna: Phone, ben: Phone, clara: Phone) -> None:
    ref = anna.talk(ben)
    anna.done(ref, "blindtransfer", transferTo=clara.number)
    clara.done(ref, "answer", deviceId=clara.number)
    clara.done(ref, "dropme")
    records = [one.log()[0] for one in (ben, clara)]
    assert [(record["comRef"], record["transferredBy"]) for record in records] == [(ref, anna.number)] * 2


def test_whom_a_transferred_call_goes_on_to_is_told_who_transferred(
    admin: httpx.Client, anna: Phone, ben: Phone, clara: Phone
) -> None:
    david = Phone(admin, "70003")
    first, second = anna.talk(ben), anna.call(clara.number)
    anna.done(second, "transfer", heldCallRef=first)
    clara.done(second, "redirect", redirectTo=david.number)
    david.done(second, "answer", deviceId=david.number)
    ben.done(second, "dropme")
    assert [one.log()[0]["transferredBy"] for one in (ben, david)] == [anna.number] * 2


def test_a_conference_is_recorded_from_the_first_who_leaves(
    anna: Phone, ben: Phone, clara: Phone, admin: httpx.Client, listen: ListenTo
) -> None:
    first, second = anna.talk(ben), anna.talk(clara)
    anna.done(second, "merge", heldCallRef=first)
    with listen(admin, "unifiedComLog") as channel:
        ben.done(second, "dropme")
        assert "endDate" not in channel.wait_for("OnComRecordCreated", loginName=clara.login)["record"]
        clara.done(second, "dropme")
        assert "endDate" in channel.wait_for("OnComRecordModified", loginName=anna.login)["record"]
    assert [one.log()[0]["comRef"] for one in (anna, ben, clara)] == [second] * 3


def test_the_history_is_the_same_in_the_same_world(admin: httpx.Client, o2g: RunningO2G) -> None:
    person = Phone(admin, "70150")
    records = person.log()
    assert len(records) == person.get("/comlog/records")["totalCount"] <= 100
    begun = [record["beginDate"] for record in records]
    assert begun == sorted(begun, reverse=True)
    unseen = person.log(unacknowledged="true")
    assert len(unseen) == person.summary()["missedCallsNb"]


def test_L127_a_user_has_100_records_at_most(admin: httpx.Client, anna: Phone, control: httpx.Client) -> None:
    person = Phone(admin, "70151")
    for _ in range(105):
        ref = control.post("/calls", json={"caller": "70152", "callee": "70151"}).json()["callRef"]
        control.delete(f"/calls/{ref}").raise_for_status()
    assert person.get("/comlog/records")["totalCount"] == 100
    assert person.summary()["missedCallsNb"] == len(person.log(unacknowledged="true"))


def test_L128_a_list_of_ids_overrides_the_rest(anna: Phone, ben: Phone) -> None:
    wanted = [missed(anna, ben)["recordId"] for _ in range(2)]
    body = ben.get("/comlog/records", recordIdList=f"{wanted[0]},{wanted[1]},1", role="CALLER", limit=1)
    assert {record["recordId"] for record in body["comHistoryRecords"]} == set(wanted)
    assert body["totalCount"] == 2


@pytest.mark.parametrize("separator", [",", ";"])
def test_B32_ids_are_separated_by_commas_or_semicolons(separator: str, anna: Phone, ben: Phone) -> None:
    wanted = [missed(anna, ben)["recordId"] for _ in range(2)]
    assert len(ben.log(recordIdList=separator.join(map(str, wanted)))) == 2


def test_L129_pages_and_dates(anna: Phone, ben: Phone) -> None:
    missed(anna, ben)
    missed(anna, ben)
    everything = ben.log()
    body = ben.get("/comlog/records", offset=1, limit=1)
    assert body["comHistoryRecords"] == everything[1:2]
    assert (body["offset"], body["limit"], body["totalCount"]) == (1, 1, len(everything))
    date = everything[1]["beginDate"]
    assert everything[1] not in ben.log(beforeDate=date)
    assert all(record["beginDate"] >= date for record in ben.log(afterDate=date))
    assert ben.request("GET", "/comlog/records", afterDate="yesterday").status_code == 400


def test_A71_A72_A73_filters(anna: Phone, ben: Phone) -> None:
    ref = missed(anna, ben)["comRef"]
    anna.done(anna.talk(ben), "dropme")
    assert ben.log(unanswered="false") == ben.log()
    for record in ben.log(unanswered="true", role="CALLEE"):
        assert [part["role"] for part in record["participants"] if "role" in part] == ["CALLEE"]
    assert [record["comRef"] for record in ben.log(comRef=ref)] == [ref]
    assert all(anna.number in str(record["participants"]) for record in ben.log(remotePartyId=anna.number))
    assert ben.request("GET", "/comlog/records", role="WITNESS").status_code == 400


def test_optimized_names_everybody_once(anna: Phone, ben: Phone) -> None:
    missed(anna, ben)
    missed(anna, ben)
    people = [p["identity"] for record in ben.log(optimized="true") for p in record["participants"]]
    annas = [one for one in people if one["id"].get("phoneNumber") == anna.number]
    assert ["lastName" in one for one in annas] == [True] + [False] * (len(annas) - 1)


def test_A37_L130_deleting_some_and_all(anna: Phone, ben: Phone, admin: httpx.Client, listen: ListenTo) -> None:
    record = missed(anna, ben)
    before = ben.summary()["missedCallsNb"]
    path = "/comlog/records"
    with listen(admin, "unifiedComLog") as channel:
        assert ben.request("DELETE", f"{path}/{record['recordId']}").status_code == 204
        assert channel.wait_for("OnComRecordsDeleted", loginName=ben.login)["recordIds"] == [record["recordId"]]
        assert ben.summary()["missedCallsNb"] == before - 1
        assert ben.request("DELETE", path, recordIdList="1,2").status_code == 204
        assert ben.request("DELETE", f"{path}/1").status_code in (400, 404)
        assert ben.request("DELETE", path).status_code == 204
        channel.wait_until(lambda: channel.named("OnComRecordsDeleted", loginName=ben.login)[1:], "all deleted")
        assert "recordIds" not in channel.named("OnComRecordsDeleted", loginName=ben.login)[1]
    assert ben.get("/comlog/records/recordIds") == {"recordIds": []}
    assert ben.summary()["missedCallsNb"] == 0
