"""Text that a set can draw: what its display has no characters for is written in Latin letters.

The one place that transliterates; `fitting` sends every text through it before it measures and cuts.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import wcwidth
from anyascii import anyascii

from prs.text import clean, width

TABLE = Path(__file__).with_name("scripts.toml")
PICTURE = "*"  # for what is no letter and has no spelling but a description, such as an emoji
UNKNOWN = "?"  # for a text of which nothing can be spelled

Scripts = tuple[str, ...]
"""ISO 15924 codes of what a display draws; empty: everything."""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def known_scripts() -> frozenset[str]:
    """Name the scripts of the table."""
    return frozenset(_table()["scripts"])


@lru_cache(maxsize=64)
def repertoire(scripts: Scripts) -> frozenset[str]:
    """List the characters that a display with these scripts draws; not for one that draws everything."""
    always = _table()["always"]
    ranges = [*always["ranges"], *(one for script in scripts for one in _table()["scripts"][script])]
    characters = {chr(code) for first, last in ranges for code in range(first, last + 1)}
    return frozenset(characters | set(always["characters"]))


@lru_cache(maxsize=8192)
def legible(text: str, scripts: Scripts) -> str:
    """Clean text, and spell in Latin letters what the display does not draw; accents that it draws stay.

    Args:
        text: any text; what can be seen of it never becomes empty.
        scripts: what the display draws; empty: everything.
    """
    text = clean(text)
    if not scripts:
        return text
    drawn = repertoire(scripts)
    if drawn.issuperset(text):
        return text
    spelled = clean("".join(_spelled(letter, drawn) for letter in wcwidth.iter_graphemes(text)))
    return spelled or (UNKNOWN if width(text) else "")


def _spelled(letter: str, drawn: frozenset[str]) -> str:
    """Spell one letter as a reader sees it, with its marks."""
    parts = [part if part in drawn else anyascii(part) for part in letter]
    if any(len(part) > 2 and part.startswith(":") and part.endswith(":") for part in parts):
        return PICTURE
    return "".join(parts)
