"""What the call log says of a call: what O2G says of it, and nothing that it does not."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from prs.language import languages
from prs.models import phone_models
from prs.screens import Screen, Text
from prs_apps.application import House, Visit
from prs_apps.call_log import CallLog
from services.call_records import CallRecord, RecordReading, record
from services.deadline import Deadline
from services.o2g import O2G
from services.users import Device, DeviceKind, User, VoicemailBox, VoicemailKind
from store.shared import InProcess

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
DEVICE = Device("70000", DeviceKind.DESKPHONE, "NOE_C_IP", None)
ANNA = User("oxe70000", "70000", "Anna", "Müller", "1", (DEVICE,), VoicemailBox("60001", VoicemailKind.VM_4645))
JOHN = {"identity": {"id": {"loginName": "oxe70015", "phoneNumber": "70015"}, "firstName": "John", "lastName": "Smith"}}
GRETA = {"identity": {"id": {"phoneNumber": "70012"}, "firstName": "Greta", "lastName": "Lindqvist"}}
TALKED = {"beginDate": "2026-03-04T13:00:00Z", "convDate": "2026-03-04T13:00:05Z", "endDate": "2026-03-04T13:02:10Z"}


def told(*participants: dict[str, Any], **said: str) -> CallRecord:
    """A record as O2G writes it, read as Anna's."""
    return record(RecordReading.model_validate({"recordId": 1, "participants": [*participants], **said}), ANNA.login)


def shown(found: CallRecord) -> Screen:
    """The screen about one call."""
    log = SimpleNamespace(record=lambda login, id_, deadline: found)
    house = House(cast("O2G", SimpleNamespace(communication_log=log)), InProcess(), UTC, lambda: NOW)
    visit = Visit(ANNA, DEVICE, phone_models().of("NOE_C_IP"), languages().of("en"), Deadline.after(5), house)
    screen = CallLog(house).record(visit, 1, "all", 0)
    assert isinstance(screen, Screen)
    return screen


def lines(found: CallRecord) -> list[str]:
    return [widget.text for widget in shown(found).body if isinstance(widget, Text)]


@pytest.mark.parametrize(
    ("participants", "talked", "outcome"),
    [
        ((JOHN, GRETA), TALKED, "Conference, 2:05"),
        ((JOHN, GRETA), {}, "Conference"),
        ((JOHN,), TALKED, "2:05"),
        (
            ({**JOHN, "role": "CALLEE"}, {"role": "CALLER", "identity": {"id": {"loginName": "oxe70000"}}}),
            TALKED,
            "Placed call, 2:05",
        ),
        (
            ({**JOHN, "role": "CALLER"}, {"role": "CALLEE", "identity": {"id": {"loginName": "oxe70000"}}}),
            TALKED,
            "Received call, 2:05",
        ),
    ],
)
def test_a_call_of_which_o2g_does_not_say_who_called_is_not_told_as_placed(
    participants: tuple[dict[str, Any], ...], talked: dict[str, str], outcome: str
) -> None:
    said = lines(told(*participants, **talked))
    assert outcome in said
    assert sum("call" in line for line in said) == outcome.count("call")


def test_of_a_call_of_which_nothing_is_known_no_word_is_said() -> None:
    assert lines(told(JOHN)) == ["70015"]
