"""Remembering: bounded, by time, without keeping failures."""

import pytest

from services.deadline import Deadline
from services.errors import NotFound
from services.remembered import ABSENT, ABSENT_SECONDS, Remembered


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


def test_whoever_asks_for_any_number_pushes_no_user_out(deadline: Deadline) -> None:
    remembered: Remembered[str] = Remembered(60, entries=10)
    asked: list[str] = []

    def ask(key: str) -> str:
        def answer() -> str:
            asked.append(key)
            if key.startswith("nobody"):
                raise NotFound
            return key

        return remembered.get(key, answer, deadline)

    users = [f"user {number}" for number in range(10)]
    for user in users:
        ask(user)
    for number in range(2 * ABSENT):
        with pytest.raises(NotFound):
            ask(f"nobody {number}")
    asked.clear()
    for user in users:
        assert ask(user) == user
    with pytest.raises(NotFound):
        ask(f"nobody {2 * ABSENT - 1}")
    assert asked == []
    assert len(remembered) == 10 + ABSENT


def test_a_number_that_nobody_had_is_asked_for_again_soon(deadline: Deadline) -> None:
    now, there = 0.0, False

    def answer() -> str:
        if not there:
            raise NotFound
        return "Anna"

    remembered: Remembered[str] = Remembered(60, lambda: now)
    with pytest.raises(NotFound):
        remembered.get("70000", answer, deadline)
    there = True
    with pytest.raises(NotFound):
        remembered.get("70000", answer, deadline)
    now = ABSENT_SECONDS
    assert remembered.get("70000", answer, deadline) == "Anna"
