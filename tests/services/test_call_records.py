"""Records of the call log, as the user sees them whose log it is."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.border import read
from services.call_records import CallReason, CallRecord, Direction, Media, RecordReading, record
from services.parties import Party, PartyKind
from tests.services.test_border import ANYTHING

ANNA, BEN, CLARA = "oxe1000", "oxe1001", "oxe1002"
NUMBERS = {ANNA: "1000", BEN: "1001", CLARA: "1002"}


def who(login: str) -> dict[str, Any]:
    return {"id": {"loginName": login, "phoneNumber": NUMBERS[login]}, "lastName": login, "type": {"main": "USER"}}


def side(login: str, **other: Any) -> dict[str, Any]:
    return {"identity": who(login), "anonymous": False, "reason": "UNKNOWN", **other}


def seen(by: str, *participants: object, **other: Any) -> CallRecord:
    body = {"recordId": 7, "comRef": "ref", "participants": list(participants), "medias": ["AUDIO"], **other}
    return record(read(RecordReading, json.dumps(body).encode(), "a record"), by)


def party(login: str) -> Party:
    return Party("", login, NUMBERS[login], login, PartyKind.USER)


def others(found: CallRecord) -> list[str]:
    return [other.party.login if other.party is not None else "?" for other in found.others]


@pytest.mark.parametrize("turned", [False, True])
def test_a_call_from_both_sides(turned: bool) -> None:
    placed = [side(ANNA, role="CALLER", answered=True, initialCalled=who(BEN)), side(BEN)]
    came = [side(ANNA), side(BEN, role="CALLEE", answered=True)]
    if turned:  # the order may change from one answer to the next
        placed.reverse()
        came.reverse()
    by_anna, by_ben = seen(ANNA, *placed), seen(BEN, *came)
    assert (by_anna.direction, by_anna.answered, others(by_anna)) == (Direction.OUTGOING, True, [BEN])
    assert (by_ben.direction, by_ben.answered, others(by_ben)) == (Direction.INCOMING, True, [ANNA])
    assert by_anna.others[0].party == party(BEN)
    assert (by_anna.first_called, by_anna.rerouted_to, by_ben.first_called) == (None, None, None)
    assert not by_ben.missed


def test_A69_a_missed_call_waits_for_being_acknowledged() -> None:
    for spelling in ("acknowledged", "acknowledge"):
        found = seen(BEN, side(ANNA), side(BEN, role="CALLEE", answered="false"), **{spelling: "false"})
        assert (found.missed, found.acknowledged) == (True, False)
    assert seen(BEN, side(ANNA), side(BEN, role="CALLEE", answered=False)).acknowledged is None


def test_a_call_that_nobody_answered_is_not_missed_by_who_placed_it() -> None:
    found = seen(ANNA, side(ANNA, role="CALLER", answered=False, reason="ABANDONED"), side(BEN))
    assert (found.missed, found.answered, found.reason) == (False, False, CallReason.ABANDONED)


def rerouted() -> list[dict[str, Any]]:
    return [side(ANNA), side(CLARA, role="CALLEE", answered=True, initialCalled=who(BEN), reason="FORWARDED")]


def test_a_forwarded_call_as_who_was_called_first_sees_it() -> None:
    found = seen(BEN, *rerouted())
    assert (found.direction, found.answered, found.missed) == (Direction.INCOMING, True, False)
    assert others(found) == [ANNA, CLARA]  # the first is whom Ben would call back
    assert (found.rerouted_to, found.first_called, found.reason) == (party(CLARA), None, CallReason.FORWARDED)


def test_a_forwarded_call_as_who_got_it_sees_it() -> None:
    found = seen(CLARA, *rerouted())
    assert (found.direction, others(found), found.rerouted_to) == (Direction.INCOMING, [ANNA], None)
    assert (found.first_called, found.reason) == (party(BEN), CallReason.FORWARDED)


def test_a_forwarded_call_as_who_placed_it_sees_it() -> None:
    found = seen(ANNA, side(ANNA, role="CALLER", answered=True, initialCalled=who(BEN)), side(CLARA))
    assert (found.direction, others(found), found.first_called) == (Direction.OUTGOING, [CLARA], party(BEN))


def test_a_user_without_a_login_in_the_record_is_the_one_with_a_role() -> None:
    mine = {"identity": {"id": {"phoneNumber": "1000"}}, "role": "CALLER", "answered": True}
    found = seen(ANNA, side(BEN), mine)
    assert (found.direction, found.answered, others(found)) == (Direction.OUTGOING, True, [BEN])


def test_a_conference_has_several_others_in_an_order_that_stays() -> None:
    mine = side(ANNA, role="CALLER", answered=True, reason="CONFERENCED")
    one_way = seen(ANNA, mine, side(CLARA, answered=False), side(BEN, answered=True))
    other_way = seen(ANNA, side(BEN, answered=True), side(CLARA, answered=False), mine)
    assert one_way == other_way
    assert [(other.party and other.party.login, other.answered) for other in one_way.others] == [
        (BEN, True),
        (CLARA, False),
    ]
    assert one_way.reason is CallReason.CONFERENCED


@pytest.mark.parametrize("participants", [None, [], "?"])
def test_a_conference_that_has_not_begun_has_nobody(participants: object) -> None:
    body = json.dumps({"recordId": 7, "comRef": "ref", "participants": participants}).encode()
    found = record(read(RecordReading, body, "a record"), ANNA)
    assert (found.others, found.direction, found.answered, found.missed) == ((), Direction.UNKNOWN, None, False)


def test_an_anonymous_caller() -> None:
    found = seen(BEN, {"anonymous": True}, side(BEN, role="CALLEE", answered=True))
    assert [(other.party, other.anonymous) for other in found.others] == [(None, True)]


def test_A68_A70_spellings_of_the_example() -> None:
    body = {"recordId": 10000, "comref": "009JP", "archived": False, "attachments": [], "extensions": []}
    assert record(RecordReading.model_validate(body), ANNA).reference == "009JP"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("PICKED_UP", CallReason.PICKUP),
        ("PICKUP", CallReason.PICKUP),
        ("VOICEMAILDEPOSIT", CallReason.VOICEMAIL),
        ("VOICEMAIL", CallReason.VOICEMAIL),
        ("TELEPATHY", CallReason.UNKNOWN),
        (None, CallReason.UNKNOWN),
    ],
)
def test_A74_reasons_of_the_text_and_of_the_enumeration(said: str | None, reason: CallReason) -> None:
    assert seen(BEN, side(ANNA), side(BEN, role="CALLEE", reason=said)).reason is reason


@pytest.mark.parametrize(
    ("medias", "read_as"),
    [
        (["AUDIO"], (Media.AUDIO,)),
        (["AUDIO", "VIDEO", "AUDIO"], (Media.AUDIO, Media.UNKNOWN)),
        ("AUDIO", (Media.AUDIO,)),
        ([], ()),
        (None, ()),
        ([{"type": "AUDIO"}, 7], ()),
    ],
)
def test_A76_medias(medias: object, read_as: tuple[Media, ...]) -> None:
    assert seen(ANNA, medias=medias).medias == read_as


def test_A77_a_records_number_may_be_a_text() -> None:
    assert seen(ANNA, recordId="7").id == 7
    assert seen(ANNA, recordId="seven").id is None


def test_A39_what_an_application_attached() -> None:
    assert seen(ANNA, associatedData="x").associated_data == "x"
    assert seen(ANNA, associateData="x").associated_data == "x"


def test_moments_know_their_zone_and_lengths_are_honest() -> None:
    found = seen(
        ANNA,
        beginDate="2026-11-20T14:04:50.000Z",
        convDate="2026-11-20T15:05:00+01:00",
        endDate="2026-11-20T14:06:05Z",
        transferredBy=" 1002 ",
    )
    assert found.began == datetime(2026, 11, 20, 14, 4, 50, tzinfo=UTC)
    assert (found.conversation, found.transferred_by) == (timedelta(seconds=65), "1002")
    backwards = seen(ANNA, convDate="2026-11-20T14:06:00Z", endDate="2026-11-20T14:05:00Z", transferredBy="")
    assert (backwards.conversation, backwards.began, backwards.transferred_by) == (None, None, None)


PARTICIPANT = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["CALLER", "CALLEE", "MASTER"]) | ANYTHING,
        "answered": ANYTHING,
        "identity": st.sampled_from([who(ANNA), who(BEN)]) | ANYTHING,
        "anonymous": ANYTHING,
        "initialCalled": st.sampled_from([who(ANNA), who(BEN)]) | ANYTHING,
        "reason": ANYTHING,
        "leg": ANYTHING,
    },
)
FIELDS = ("recordId", "comRef", "acknowledged", "beginDate", "endDate", "convDate", "transferredBy", "medias")


@given(
    st.fixed_dictionaries({"participants": st.lists(PARTICIPANT | ANYTHING, max_size=4) | ANYTHING}),
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING),
)
def test_whatever_a_record_holds_it_is_shown_or_unknown(participants: dict[str, Any], fields: dict[str, Any]) -> None:
    body = json.dumps(participants | fields).encode()
    found = record(read(RecordReading, body, "a record"), ANNA)
    assert found.began is None or found.began.tzinfo is not None
    assert found.conversation is None or found.conversation >= timedelta(0)
    assert found.id is None or found.id >= 0
    assert json.dumps([other.party.number if other.party else "" for other in found.others]).encode()
