"""Text on a set's display: made safe, measured and cut by what a reader sees, never by code points.

Every label of every page passes through `clean` and one of `fit` and `wrap`; nothing else shortens text.
"""

import re
import unicodedata
from functools import lru_cache

import wcwidth

ELLIPSIS = "…"
MARKS_PER_LETTER = 3  # more combining marks on one letter are nobody's name; they would overflow a label's size
LABEL_CHARACTERS = 400  # the schema's limit of a label

_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # all but the no-break spaces that some languages put inside quotes
_BIDI_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH_KEPT = frozenset("\u200c\u200d")  # joiners that Persian, Indic scripts and emoji need
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cs", "Cn", "Co", "Cf"})


def _is_unsafe(character: str) -> bool:
    return (
        character in _BIDI_CONTROLS
        or (unicodedata.category(character) in _UNSAFE_CATEGORIES and character not in _ZERO_WIDTH_KEPT)
        or character in "\u2028\u2029"
    )


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """Give text that is safe on any display and in any XML: one line, composed, without control characters.

    Whitespace becomes single spaces, at which lines may break; no-break spaces stay. Control, private, unassigned and
    direction-changing characters are dropped, so that a name can neither break a page nor reverse the line around it.
    At most three combining marks stay on a letter.
    """
    spaced = _SPACES.sub(" ", text[: LABEL_CHARACTERS * 4])
    safe = "".join(c for c in spaced if not _is_unsafe(c))
    marks = 0
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", safe):
        marks = marks + 1 if unicodedata.combining(character) or character in _ZERO_WIDTH_KEPT else 0
        if marks <= MARKS_PER_LETTER:
            kept.append(character)
    return _SPACES.sub(" ", "".join(kept)).strip()[:LABEL_CHARACTERS].rstrip()


def width(text: str) -> int:
    """Count the columns that clean text takes on a display; a wide character, such as a Chinese one, takes two."""
    return max(0, wcwidth.width(text, control_codes="ignore"))


@lru_cache(maxsize=8192)
def fit(text: str, columns: int) -> str:
    """Clean text and cut it to `columns` at a letter's border, with an ellipsis where something is missing.

    Args:
        text: any text.
        columns: how many the result may take, 0 or more.
    """
    text = clean(text)
    if columns <= 0:
        return ""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for letter in wcwidth.iter_graphemes(text):
        used += width(letter)
        if used > columns - 1:
            break
        kept += letter
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, columns: int, lines: int) -> tuple[str, ...]:
    """Clean text and break it into at most `lines` lines of `columns`; the last one is cut if more is left.

    Breaks at spaces, and inside a word only where it is wider than a line.
    """
    words = clean(text).split(" ")
    broken: list[str] = []
    line = ""
    for word in words:
        candidate = f"{line} {word}" if line else word
        if width(candidate) <= columns:
            line = candidate
            continue
        if line:
            broken.append(line)
        line = word
        while width(line) > columns and len(broken) < lines:
            head, line = _split_word(line, columns)
            broken.append(head)
    broken.append(line)
    if len(broken) > lines:
        last = " ".join(broken[lines - 1 :])
        broken = [*broken[: lines - 1], fit(last, columns)]
    return tuple(broken)


def _split_word(word: str, columns: int) -> tuple[str, str]:
    """Split a word that is wider than a line; at least one letter goes to the head, so that it always gets shorter."""
    head, used = "", 0
    for letter in wcwidth.iter_graphemes(word):
        used += width(letter)
        if head and used > columns:
            break
        head += letter
    return head, word[len(head) :]
