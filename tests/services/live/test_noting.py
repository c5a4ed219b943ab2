"""What is taken for a write: after it, what is kept of its user is not used for a moment."""

import pytest

from services.calls import CHANGE_NOTHING, Call
from services.live.noting import changed_by


@pytest.mark.parametrize(
    "operation",
    [*sorted(CHANGE_NOTHING), "GET /routing/state", "POST /routing/state/snapshot", "POST /acd/agent/state/snapshot"],
)
def test_what_changes_nothing_forgets_nothing(operation: str) -> None:
    assert changed_by(Call(operation, query={"loginName": "oxe1000"})) is None
    assert changed_by(Call(operation, own="oxe1000")) is None


def test_a_write_is_its_users_however_it_names_them() -> None:
    assert changed_by(Call("POST /routing", query={"loginName": "oxe1000"})) == "oxe1000"
    assert changed_by(Call("POST /users/{loginName}/preferences", {"loginName": "oxe1000"})) == "oxe1000"
    assert changed_by(Call("DELETE /telephony/calls/{callRef}", {"callRef": "1"}, own="oxe1000")) == "oxe1000"


def test_a_read_that_erases_is_a_write() -> None:
    assert changed_by(Call("GET /telephony/miniMessages", query={"loginName": "oxe1000"}, once=True)) == "oxe1000"
