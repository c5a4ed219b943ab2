"""Calls as events tell of them: what ended stays ended."""

import json
from typing import Any, cast

import pytest

from services.calls import Call
from services.calls_in_progress import CallsInProgress
from services.deadline import Deadline
from services.live.feed import Feed
from services.live.packages import Package
from services.live.state import LiveMode, LiveState
from services.session import Session
from services.wire import Answer

CALL: dict[str, Any] = {
    "callRef": "49bf",
    "callData": {"state": "ACTIVE", "capabilities": {}},
    "legs": [{"deviceId": "1000", "state": "ACTIVE"}],
    "participants": [],
}


class Desk:
    """A user's calls, O2G's answers on paper, and its events."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.asked = 0
        feed = Feed()
        self.live = LiveState(feed, mode=LiveMode.CHANNEL)
        self._of = CallsInProgress(cast("Session", self), self.live)
        feed.opened((Package.TELEPHONY,), missed=True)

    def call(self, call: Call, deadline: Deadline) -> Answer:
        self.asked += 1
        return Answer(200, cast("Any", {}), json.dumps({"calls": self.calls}).encode())

    def told(self, name: str, login: str = "oxe1000", **event: Any) -> None:
        self.live.take(json.dumps({"eventName": name, "loginName": login, **event}).encode())

    def shown(self) -> list[str]:
        return [call.call_ref for call in self._of.of("oxe1000", Deadline.after(60))]


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    assert made.shown() == []
    return made


def test_a_call_comes_and_goes_without_asking(desk: Desk) -> None:
    desk.told("OnCallCreated", **CALL)
    assert desk.shown() == ["49bf"]
    desk.told("OnCallCreated", **CALL)
    assert desk.shown() == ["49bf"]
    desk.told("OnCallRemoved", callRef="49bf")
    assert desk.shown() == []
    assert desk.asked == 1


def test_a_call_that_ended_does_not_come_back_by_a_late_double(desk: Desk) -> None:
    desk.told("OnCallCreated", **CALL)
    desk.told("OnCallRemoved", callRef="49bf")
    for _ in range(2):
        desk.told("OnCallCreated", **CALL)
        assert desk.shown() == []


def test_nor_where_its_end_came_before_the_user_was_seen() -> None:
    desk = Desk()
    desk.told("OnCallRemoved", callRef="49bf")
    assert desk.shown() == []
    desk.told("OnCallCreated", **CALL)
    assert desk.shown() == []


def test_a_new_call_with_the_name_of_one_that_ended_is_shown(desk: Desk) -> None:
    desk.told("OnCallRemoved", callRef="49bf")
    desk.calls = [CALL]
    desk.told("OnCallCreated", **CALL)
    assert desk.shown() == ["49bf"]


def test_the_end_of_a_call_for_one_of_two_is_not_the_others(desk: Desk) -> None:
    desk.told("OnCallRemoved", "oxe1001", callRef="49bf")
    desk.told("OnCallCreated", **CALL)
    assert desk.shown() == ["49bf"]
    assert desk.asked == 1
