"""What links carry, and what is told when another version of Touchline wrote it."""

import pytest

from prs.errors import LinkAltered
from prs_apps.agent.why import Why
from prs_apps.directory.trail import Trail
from prs_apps.picking import Pick

KINDS = {"trail": Trail, "pick": Pick, "why": Why}
RECORDS = (
    Trail(),
    Trail(last_name='O"Brien', first_name="Zoë", digits="70", search="s1", page=3, pick="{}"),
    Pick("forwarding", "set_to"),
    Pick("calls", "transfer", (("call", "c1"), ("index", 2), ("now", True))),
    Why("60000", 2, "Lunch"),
    Why(),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_what_was_packed_is_unpacked(record: Trail | Pick | Why) -> None:
    assert type(record).unpacked(record.packed()) == record


@pytest.mark.parametrize("packed", ["{", "[]", '"x"', '{"page": "many", "index": "many", "screen": 1}'])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_another_version_packed_is_told_as_a_link_that_is_not_valid(
    kind: type[Trail | Pick | Why], packed: str
) -> None:
    with pytest.raises(LinkAltered):
        kind.unpacked(packed)
