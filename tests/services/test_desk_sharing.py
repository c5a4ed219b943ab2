"""Desk sharing."""

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, O2GUnreachable
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G


def user(*sets: str) -> Reply:
    devices = [{"id": number, "type": "DESKPHONE"} for number in sets]
    return Reply(json={"loginName": "oxe1000", "companyPhone": "1000", "devices": devices})


@pytest.mark.parametrize("answer", [Reply(204), Reply(drop=True)])
def test_logging_on_changes_which_sets_are_the_users(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, answer: Reply
) -> None:
    scripted.on("GET /users", user("1000"), user("1000", "1900"))
    scripted.on("POST /telephony/deskSharing", answer)
    assert len(o2g.users.by_number("1000", deadline).devices) == 1
    if answer.drop:
        with pytest.raises(O2GUnreachable):
            o2g.desk_sharing.log_on("oxe1000", "1900", deadline)
    else:
        o2g.desk_sharing.log_on("oxe1000", "1900", deadline)
    (seen,) = scripted.asked("POST /telephony/deskSharing")
    assert (seen.query, seen.body) == ({"loginName": "oxe1000"}, {"dssDeviceNumber": "1900"})
    assert len(o2g.users.by_number("1000", deadline).devices) == 2


def test_the_language_stays_known_on_another_set(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    preferences = "GET /users/oxe1000/preferences"
    scripted.on(preferences, Reply(json={"guiLanguage": "fr"}))
    scripted.on("POST /telephony/deskSharing", Reply(204))
    o2g.users.language("oxe1000", deadline)
    o2g.desk_sharing.log_on("oxe1000", "1900", deadline)
    assert o2g.users.language("oxe1000", deadline) == "fr"
    assert len(scripted.asked(preferences)) == 1


def test_logging_off(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", user("1000", "1900"), user("1000"))
    scripted.on("DELETE /telephony/deskSharing", Reply(204))
    o2g.users.by_number("1000", deadline)
    o2g.desk_sharing.log_off("oxe1000", deadline)
    assert scripted.asked("DELETE /telephony/deskSharing")[0].query == {"loginName": "oxe1000"}
    assert len(o2g.users.by_number("1000", deadline).devices) == 1


def test_what_is_no_set_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    with pytest.raises(BadParameter):
        o2g.desk_sharing.log_on("oxe1000", "my desk", deadline)
    assert scripted.asked("POST /telephony/deskSharing") == []
