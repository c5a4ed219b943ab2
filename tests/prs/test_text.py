import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prs.text import LABEL_CHARACTERS, clean, fit, width, wrap
from tests.prs.hostile import TEXT


@given(TEXT)
def test_clean_text_is_one_safe_line(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert len(cleaned) <= LABEL_CHARACTERS
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for c in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(TEXT, st.integers(min_value=0, max_value=60))
def test_fitted_text_never_passes_the_edge(text: str, columns: int) -> None:
    assert width(fit(text, columns)) <= columns


@given(TEXT, st.integers(min_value=2, max_value=40), st.integers(min_value=1, max_value=8))
def test_wrapped_lines_never_pass_the_edge(text: str, columns: int, lines: int) -> None:
    wrapped = wrap(text, columns, lines)
    assert 1 <= len(wrapped) <= lines
    assert all(width(line) <= columns for line in wrapped)


@given(TEXT, st.integers(min_value=2, max_value=40))
def test_wrapping_with_room_loses_no_letter(text: str, columns: int) -> None:
    letters = clean(text).replace(" ", "")
    assert "".join(wrap(text, columns, 10_000)).replace(" ", "") == letters


@pytest.mark.parametrize(
    ("text", "columns", "fitted"),
    [
        ("Anna Müller", 20, "Anna Müller"),
        ("Anna Müller", 6, "Anna…"),
        ("李小龙先生", 7, "李小龙…"),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"),
        ("Mu\u0308ller", 6, "Müller"),
        ("two\nlines\tand a tab", 40, "two lines and a tab"),
        ("a\u202eb", 5, "ab"),
        ("x", 0, ""),
    ],
)
def test_text_is_cut_where_a_reader_expects_it(text: str, columns: int, fitted: str) -> None:
    assert fit(text, columns) == fitted


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("No one is found under this name", 12, 5) == ("No one is", "found under", "this name")


def test_what_does_not_fit_the_last_line_is_marked() -> None:
    assert wrap("one two three four", 5, 2) == ("one", "two…")
