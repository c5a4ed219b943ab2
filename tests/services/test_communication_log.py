"""The call log: pages, counts, acknowledging, deleting."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from services.communication_log import CallLogFilter, CallLogPage
from services.deadline import Deadline
from services.errors import BadParameter, NotFound, O2GTimeout, UnreadableAnswer
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G

RECORDS = "/comlog/records"
LOGIN = "oxe1000"


def logged(record_id: object, **other: Any) -> dict[str, Any]:
    return {"recordId": record_id, "comRef": f"ref{record_id}", "beginDate": "2026-11-20T14:05:00.000Z", **other}


def page(*records: object, **other: Any) -> Reply:
    return Reply(json={"comHistoryRecords": list(records), "offset": 0, "limit": 10, **other})


def shown(o2g: O2G, deadline: Deadline, *, offset: int = 0, limit: int = 2) -> CallLogPage:
    return o2g.communication_log.page(LOGIN, CallLogFilter.ALL, offset, limit, deadline)


@pytest.mark.parametrize(
    ("which", "asked"),
    [
        (CallLogFilter.ALL, {}),
        (CallLogFilter.MISSED, {"unanswered": "true", "role": "CALLEE"}),
        (CallLogFilter.RECEIVED, {"role": "CALLEE"}),
        (CallLogFilter.PLACED, {"role": "CALLER"}),
    ],
)
def test_L129_A71_a_page_is_asked_for_with_offset_limit_and_filter(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, which: CallLogFilter, asked: dict[str, str]
) -> None:
    scripted.on(f"GET {RECORDS}", page(logged(10000), logged(9988), totalCount=12))
    found = o2g.communication_log.page(LOGIN, which, 4, 2, deadline)
    assert [record.id for record in found.records] == [10000, 9988]
    assert (found.offset, found.total, found.more) == (4, 12, True)
    assert scripted.asked(f"GET {RECORDS}")[0].query == {"loginName": LOGIN, "offset": "4", "limit": "2", **asked}


def test_only_what_waits_for_being_acknowledged(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {RECORDS}", page(totalCount=0))
    o2g.communication_log.page(LOGIN, CallLogFilter.MISSED, 0, 8, deadline, unacknowledged=True)
    assert scripted.asked(f"GET {RECORDS}")[0].query["unacknowledged"] == "true"


@pytest.mark.parametrize(
    ("answer", "records", "total", "more"),
    [
        (page(logged(1), logged(2), totalCount=2), 2, 2, False),
        (page(logged(1), logged(2), logged(3), totalCount=3), 2, 3, True),  # more than was asked for
        (page(logged(1), logged(2)), 2, None, True),
        (page(logged(1)), 1, None, False),
        (page(logged(1), None, "x", [], {}, totalCount="2"), 1, 2, False),
        (page(totalCount=0), 0, 0, False),
        (page(totalCount=-1), 0, None, False),
        (Reply(json={}), 0, None, False),
        (Reply(), 0, None, False),
        (Reply(204), 0, None, False),
    ],
)
def test_a_page_holds_what_was_asked_for_and_tells_whether_there_is_more(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, answer: Reply, records: int, total: int | None, more: bool
) -> None:
    scripted.on(f"GET {RECORDS}", answer)
    found = shown(o2g, deadline)
    assert (len(found.records), found.total, found.more) == (records, total, more)


@pytest.mark.parametrize(("offset", "limit"), [(-1, 5), (0, 0), (0, -1), (0, 101)])
def test_a_page_that_cannot_be_is_not_asked_for(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, offset: int, limit: int
) -> None:
    with pytest.raises(BadParameter):
        shown(o2g, deadline, offset=offset, limit=limit)
    assert scripted.asked(f"GET {RECORDS}") == []


def test_what_is_no_call_log_is_no_empty_one(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {RECORDS}", Reply(body=b"<html>maintenance</html>"), Reply(json=[logged(1)]))
    for _ in range(2):
        with pytest.raises(UnreadableAnswer):
            shown(o2g, deadline)


def test_missed_calls_are_counted_without_fetching_them(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {RECORDS}", page(logged(1), totalCount=7), page(logged(1)))
    assert o2g.communication_log.unacknowledged_missed(LOGIN, deadline) == 7
    query = scripted.asked(f"GET {RECORDS}")[0].query
    assert (query["limit"], query["unanswered"], query["unacknowledged"]) == ("1", "true", "true")
    assert o2g.communication_log.unacknowledged_missed(LOGIN, deadline) is None  # unknown, not 1


def test_one_record(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {RECORDS}/7", Reply(json=logged("7")), Reply(json=logged(8)), Reply(404, {"code": 1003}))
    assert o2g.communication_log.record(LOGIN, 7, deadline).id == 7
    assert scripted.asked(f"GET {RECORDS}/7")[0].query == {"loginName": LOGIN}
    for _ in range(2):  # another record; none any more
        with pytest.raises(NotFound):
            o2g.communication_log.record(LOGIN, 7, deadline)


def test_B31_records_are_acknowledged_by_numbers(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"PUT {RECORDS}", Reply(204))
    o2g.communication_log.acknowledge(LOGIN, [7, 9, 7], deadline)
    (seen,) = scripted.asked(f"PUT {RECORDS}")
    assert seen.query == {"acknowledge": "true", "loginName": LOGIN}
    assert seen.body == {"recordIds": [7, 9]}


def test_all_missed_calls_are_acknowledged_by_name(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {RECORDS}", page(logged(3), logged("5"), {"comRef": "x"}, totalCount=3), page(totalCount=0))
    scripted.on(f"PUT {RECORDS}", Reply(204))
    before = datetime(2026, 11, 20, 15, 5, 0, 1000, tzinfo=timezone(timedelta(hours=1)))
    waiting = o2g.communication_log.waiting(LOGIN, deadline, before=before)
    assert waiting == (3, 5)
    o2g.communication_log.acknowledge(LOGIN, waiting, deadline)
    assert scripted.asked(f"GET {RECORDS}")[0].query["beforeDate"] == "2026-11-20T14:05:00.001Z"
    assert scripted.asked(f"PUT {RECORDS}")[0].body == {"recordIds": [3, 5]}
    assert o2g.communication_log.waiting(LOGIN, deadline) == ()


def test_B32_L128_records_are_deleted_by_name(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"DELETE {RECORDS}", Reply(204))
    o2g.communication_log.delete(LOGIN, [7, 9], deadline)
    assert scripted.asked(f"DELETE {RECORDS}")[0].query == {"recordIdList": "7,9", "loginName": LOGIN}


@pytest.mark.parametrize("ids", [[], [-1], [3, -3]])
def test_naming_no_record_does_not_mean_all_of_them(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, ids: list[int]
) -> None:
    for write in (o2g.communication_log.delete, o2g.communication_log.acknowledge):
        with pytest.raises(BadParameter):
            write(LOGIN, ids, deadline)
    assert [seen for seen in scripted.seen if RECORDS in seen.operation] == []


def test_A72_all_records_are_deleted_or_those_of_a_kind_up_to_what_was_shown(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on(f"DELETE {RECORDS}", Reply(204))
    scripted.on(f"GET {RECORDS}", page(logged(2), logged(1, beginDate="2026-11-19T08:00:00.000Z")))
    o2g.communication_log.delete_all(LOGIN, deadline)
    seen_until = shown(o2g, deadline).just_after
    assert seen_until == datetime(2026, 11, 20, 14, 5, 0, 1000, tzinfo=UTC)
    o2g.communication_log.delete_all(LOGIN, deadline, which=CallLogFilter.MISSED, before=seen_until)
    everything, missed = scripted.asked(f"DELETE {RECORDS}")
    assert everything.query == {"loginName": LOGIN}
    assert missed.query == {
        "loginName": LOGIN, "unanswered": "true", "role": "CALLEE", "beforeDate": "2026-11-20T14:05:00.001Z",
    }  # fmt: skip


def test_a_moment_without_a_zone_deletes_nothing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    with pytest.raises(BadParameter):
        o2g.communication_log.delete_all(LOGIN, deadline, before=datetime(2026, 11, 20))  # noqa: DTZ001
    assert scripted.asked(f"DELETE {RECORDS}") == []


def test_writes_are_never_sent_twice(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on(f"DELETE {RECORDS}", Reply(204, delay=5))
    scripted.on(f"PUT {RECORDS}", Reply(204, delay=5))
    for write in (o2g.communication_log.delete, o2g.communication_log.acknowledge):
        with pytest.raises(O2GTimeout):
            write(LOGIN, [1], Deadline.after(0.2))
    assert len(scripted.asked(f"DELETE {RECORDS}")) == len(scripted.asked(f"PUT {RECORDS}")) == 1
