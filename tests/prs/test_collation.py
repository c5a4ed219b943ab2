"""The table of all letters, which is large."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from prs import collation

THREADS = 8


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Forget the table, and note each time it is read."""
    noted: list[object] = []

    class Noted:
        def __init__(self) -> None:
            noted.append(self)
            time.sleep(0.05)

        def sort_key(self, text: str) -> tuple[int, ...]:
            return (*map(ord, text), 0)

    monkeypatch.setattr("pyuca.Collator", Noted)
    collation._made.cache_clear()
    yield noted
    collation._made.cache_clear()
    collation.sort_key.cache_clear()


def test_it_is_read_once_however_many_sort_first(reads: list[object]) -> None:
    together = Barrier(THREADS)

    def sort(thread: int) -> collation.SortKey:
        together.wait()
        return collation.sort_key(f"Name {thread}", "en")

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(sort, range(THREADS)))) == THREADS
    assert len(reads) == 1
