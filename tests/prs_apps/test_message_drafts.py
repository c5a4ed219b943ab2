"""Texts that could not be sent: what lies where the workers share it tells neither text nor writer."""

from prs_apps.messages.drafts import DRAFT_SECONDS, Drafts
from store.sealed import Sealed
from store.shared import InProcess


class Read(InProcess):
    """A memory that somebody reads along."""

    def __init__(self) -> None:
        super().__init__(lambda: self.now)
        self.now = 0.0
        self.seen: list[str] = []

    def put(self, name: str, value: bytes, seconds: int) -> None:
        super().put(name, value, seconds)
        self.seen.append(f"{name} {value!r}")


def test_a_draft_lies_sealed_and_names_nobody() -> None:
    memory = Read()
    drafts = Drafts(Sealed(memory, ["k" * 32]))
    name = drafts.keep("oxe70000", "Meet me at eight, Ella's café")
    assert drafts.text("oxe70000", name) == "Meet me at eight, Ella's café"
    (seen,) = memory.seen
    assert "eight" not in seen
    assert "70000" not in seen


def test_a_draft_is_its_writers_only_and_not_for_long() -> None:
    memory = Read()
    drafts = Drafts(Sealed(memory, ["k" * 32]))
    name = drafts.keep("oxe70000", "Meet me")
    assert (drafts.text("oxe70001", name), drafts.text("oxe70000", ""), drafts.text("oxe70000", "x")) == ("", "", "")
    memory.now = DRAFT_SECONDS
    assert drafts.text("oxe70000", name) == ""
