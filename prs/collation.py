"""How names sort: the Unicode collation algorithm, and each language's letters of their own."""

import threading
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

import pyuca

TABLE = Path(__file__).with_name("collation.toml")

SortKey = tuple[tuple[float, ...], tuple[int, ...]]


class _Collator(Protocol):
    def sort_key(self, text: str) -> tuple[int, ...]: ...


_one_at_a_time = threading.Lock()


def prepare() -> None:
    """Read the table of all letters, which takes a third of a second; without it the first who sorts waits."""
    _root()


def _root() -> _Collator:
    with _one_at_a_time:  # made by many at once it takes seconds, and the memory of each
        return _made()


@lru_cache(maxsize=1)
def _made() -> _Collator:
    return cast("_Collator", pyuca.Collator())


@lru_cache(maxsize=64)
def _own_letters(language: str) -> dict[str, float]:
    """Give each letter that the language adds a weight just behind the letter it follows."""
    after: dict[str, dict[str, str]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["after"]
    weights: dict[str, float] = {}
    for anchor, letters in after.get(language, {}).items():
        primary = _primaries(anchor)[0]
        for position, letter in enumerate(letters, start=1):
            weights[letter] = primary + position / 100
    return weights


def _primaries(text: str) -> tuple[int, ...]:
    """Give the first level of a text's key: its letters, without accents and case. The key ends it with a 0."""
    key = _root().sort_key(text)
    return key[: key.index(0)]


@lru_cache(maxsize=65_536)
def sort_key(name: str, language: str) -> SortKey:
    """Make the key under which a name sorts in a language. Punctuation only decides between names
    that are otherwise the same: O'Neil stands beside ONeil.

    Args:
        name: any text; an empty one sorts last, where nobody looks for it first.
        language: a catalogue's code such as `sv`; one without letters of its own sorts in root order.
    """
    letters = "".join(character for character in name.lower() if not unicodedata.category(character).startswith("P"))
    own = _own_letters(language)
    weights: list[float] = []
    run = ""
    for character in letters if own else ():
        if character in own:
            weights.extend((*_primaries(run), own[character]))
            run = ""
        else:
            run += character
    weights.extend(_primaries(run if own else letters))
    return (tuple(weights) or (float("inf"),), _root().sort_key(name))
