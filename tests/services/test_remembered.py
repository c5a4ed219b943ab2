"""Remembering: bounded, by time, without keeping failures."""

import pytest

from services.deadline import Deadline
from services.errors import NotFound
from services.remembered import Remembered


def test_the_oldest_go_where_there_are_too_many(deadline: Deadline) -> None:
    remembered: Remembered[int] = Remembered(60, entries=2)
    asked: list[str] = []

    def ask(key: str) -> int:
        return remembered.get(key, lambda: asked.append(key) or len(asked), deadline)  # type: ignore[func-returns-value]

    assert [ask(key) for key in ("a", "b", "c", "b", "c", "a")] == [1, 2, 3, 2, 3, 4]
    assert asked == ["a", "b", "c", "a"]


def test_nothing_is_kept_for_no_time(deadline: Deadline) -> None:
    remembered: Remembered[int] = Remembered(0)
    asked: list[int] = []
    for count in (1, 2):
        assert remembered.get("a", lambda: asked.append(1) or len(asked), deadline) == count  # type: ignore[func-returns-value]

    def nobody() -> int:
        asked.append(1)
        raise NotFound

    for _ in range(2):
        with pytest.raises(NotFound):
            remembered.get("b", nobody, deadline)
    assert len(asked) == 4
