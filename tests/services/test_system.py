"""O2G's own state, for administrators: what is not told is unknown, and never zero."""

import pytest

from services.deadline import Deadline
from services.errors import NotAllowed, UnreadableAnswer
from services.o2g import O2G
from services.system import CtiLink, Licence, OxeNode
from tests.services.scripted import Reply, ScriptedO2G

NODE = {
    "name": "oxe-1",
    "nodeId": 1,
    "version": "R101",
    "ctiLinkState": "CONNECTED_SECONDARY",
    "loaded": True,
    "monitoredUserNumber": 400,
}


def test_nodes_and_licences_are_told(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    licence = {"name": "ROXE_API_TEL_ADVANCED", "total": 50, "currentUsed": "48", "expiration": "01-mar-2027"}
    said = {"ha": False, "primaryVersion": "2.7.004.000", "pbxs": [NODE], "license": {"lics": [licence]}}
    scripted.on("GET /system/status", Reply(json=said))
    status = o2g.system.status(deadline)
    assert (status.version, status.high_availability, status.licence_state) == ("2.7.004.000", False, "")
    assert status.nodes == (OxeNode("1", "oxe-1", "R101", CtiLink.SECONDARY, True, 400),)
    assert status.licences == (Licence("ROXE_API_TEL_ADVANCED", 50, 48, "01-mar-2027"),)
    assert status.licences[0].left == 2


def test_what_is_not_told_is_unknown(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    said = {"pbxs": [{"nodeId": "2", "ctiLinkState": "ON_FIRE"}, 7], "license": {"lics": {"name": "A"}}}
    scripted.on("GET /system/status", Reply(json=said))
    status = o2g.system.status(deadline)
    assert status.nodes == (OxeNode("2", "", "", CtiLink.UNKNOWN, None, None),)
    assert (status.licences[0].total, status.licences[0].left) == (None, None)


def test_more_licences_used_than_there_are_leave_none(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /system/status", Reply(json={"license": {"lics": [{"name": "A", "total": 1, "currentUsed": 3}]}}))
    assert o2g.system.status(deadline).licences[0].left == 0


@pytest.mark.parametrize(("reply", "error"), [(Reply(json=[]), UnreadableAnswer), (Reply(status=403), NotAllowed)])
def test_a_refusal_and_nonsense_are_errors(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, reply: Reply, error: type[Exception]
) -> None:
    scripted.on("GET /system/status", reply)
    with pytest.raises(error):
        o2g.system.status(deadline)
