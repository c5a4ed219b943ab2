"""Hunting groups."""

from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotFound
from services.hunting_groups import HuntingGroups
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G

WHO = {"loginName": "oxe1000"}


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ({"hgList": ["5000", 5001], "currentHg": "5000"}, HuntingGroups(("5000", "5001"), "5000")),
        ({"hgList": "5000", "currentHg": ""}, HuntingGroups(("5000",), None)),
        ({"hgList": None, "currentHg": None}, HuntingGroups((), None)),
        ({"hgList": [None, {}, ["x"], "5002"]}, HuntingGroups(("5002",), None)),
        (None, HuntingGroups((), None)),
    ],
)
def test_the_groups_and_the_users(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: Any, groups: HuntingGroups
) -> None:
    scripted.on("GET /telephony/huntingGroups", Reply(json=said))
    assert o2g.hunting.groups("oxe1000", deadline) == groups


@pytest.mark.parametrize(("said", "on"), [("true", True), (False, False), (True, True), ("?", None), (None, None)])
def test_A47_logged_on_or_not(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: object, on: bool | None
) -> None:
    scripted.on("GET /telephony/huntingGroupLogOn", Reply(json={"logon": said}))
    assert o2g.hunting.logged_on("oxe1000", deadline) is on


def test_logging_on_and_off_joining_and_leaving(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    operations = [
        f"{method} /telephony/{what}"
        for what in ("huntingGroupLogOn", "huntingGroupMember/5000")
        for method in ("POST", "DELETE")
    ]
    for operation in operations:
        scripted.on(operation, Reply(204))
    o2g.hunting.log_on("oxe1000", deadline)
    o2g.hunting.log_off("oxe1000", deadline)
    o2g.hunting.join("oxe1000", "5000", deadline)
    o2g.hunting.leave("oxe1000", "5000", deadline)
    asked = [(seen.operation, seen.query, seen.body) for seen in scripted.seen if seen.operation in operations]
    assert asked == [(operation, WHO, None) for operation in operations]


def test_L68_there_is_no_such_group(o2g: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotFound):
        o2g.hunting.join("oxe1000", "9999", deadline)
    with pytest.raises(BadParameter):
        o2g.hunting.leave("oxe1000", "", deadline)
