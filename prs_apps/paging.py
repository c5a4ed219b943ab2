"""Leafing through a list that is longer than a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """One page of a list: its items, which page it is (from 0), and how many there are."""

    items: tuple[T, ...]
    page: int
    pages: int

    @property
    def has_earlier(self) -> bool:
        """There is a page before this one."""
        return self.page > 0

    @property
    def has_later(self) -> bool:
        """There is a page behind this one."""
        return self.page + 1 < self.pages


def leaf(everything: Sequence[T], page: int, size: int) -> Leaf[T]:
    """Cut a page out of a list; a page that the list no longer has becomes its last one."""
    pages = max(1, -(-len(everything) // size))
    page = max(0, min(page, pages - 1))
    return Leaf(tuple(everything[page * size : (page + 1) * size]), page, pages)
