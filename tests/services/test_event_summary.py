"""Counters of what waits for a user."""

from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import UnreadableAnswer
from services.event_summary import EventSummary
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G

UNKNOWN = EventSummary(None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        (
            {
                "missedCallsNb": 0,
                "voiceMessagesNb": "1",
                "callBackRequestsNb": 2,
                "faxNb": 3,
                "newTextNb": 4,
                "oldTextNb": 5,
                "eventWaiting": "true",
            },
            EventSummary(0, 1, 2, 3, 4, 5, True),
        ),
        ({"eventWaiting": False}, EventSummary(None, None, None, None, None, None, False)),
        ({"missedCallsNb": -1, "faxNb": "many", "newTextNb": None, "eventWaiting": 1}, UNKNOWN),
        (None, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_A78_B33_a_counter_that_is_not_told_is_unknown_and_not_zero(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, summary: EventSummary
) -> None:
    scripted.on("GET /eventSummary", Reply(json=said))
    assert o2g.event_summary.of("oxe1000", deadline) == summary
    assert scripted.asked("GET /eventSummary")[0].query == {"loginName": "oxe1000"}


def test_what_is_no_summary_is_no_summary_of_nothing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(body=b"<html>maintenance</html>"))
    with pytest.raises(UnreadableAnswer):
        o2g.event_summary.of("oxe1000", deadline)
