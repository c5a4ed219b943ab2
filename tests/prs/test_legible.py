"""What a set's display has no characters for is written in those that it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prs.legible import known_scripts, legible, repertoire
from prs.models import phone_models
from prs.text import clean, fit, width
from tests.prs.hostile import TEXT

LATIN = ("Latn",)
EUROPEAN = ("Latn", "Grek", "Cyrl")
NAMES = st.text(alphabet=st.characters(categories=["L", "M", "Zs"]), max_size=60)
limited = st.sampled_from([model.scripts for model in phone_models().known if model.scripts])


@given(TEXT | NAMES, limited)
def test_nothing_leaves_that_the_display_does_not_draw(text: str, scripts: tuple[str, ...]) -> None:
    assert repertoire(scripts).issuperset(legible(text, scripts))


@given(TEXT | NAMES, limited)
def test_nothing_that_can_be_seen_becomes_empty(text: str, scripts: tuple[str, ...]) -> None:
    assert bool(legible(text, scripts)) or not width(clean(text))


@given(TEXT | NAMES, limited, st.integers(min_value=0, max_value=60))
def test_what_is_spelled_still_fits(text: str, scripts: tuple[str, ...], columns: int) -> None:
    fitted = fit(legible(text, scripts), columns)
    assert width(fitted) <= columns
    assert repertoire(scripts).issuperset(fitted)


@given(TEXT | NAMES, limited)
def test_what_was_spelled_is_not_spelled_again(text: str, scripts: tuple[str, ...]) -> None:
    assert legible(legible(text, scripts), scripts) == legible(text, scripts)


@given(TEXT | NAMES)
def test_a_display_that_draws_everything_gets_the_text_as_it_is(text: str) -> None:
    assert legible(text, ()) == clean(text)


@pytest.mark.parametrize(
    ("text", "scripts", "shown"),
    [
        ("Anna Müller", LATIN, "Anna Müller"),
        ("François Lefèvre", LATIN, "François Lefèvre"),
        ("Nguyễn Đặng", LATIN, "Nguyễn Đặng"),
        ("Иван Петров", LATIN, "Ivan Petrov"),
        ("Иван Петров", EUROPEAN, "Иван Петров"),
        ("Ελένη", LATIN, "Eleni"),
        ("Ελένη", EUROPEAN, "Ελένη"),
        ("王伟", EUROPEAN, "WangWei"),
        ("ليلى", EUROPEAN, "lyla"),
        ("R&D 🔬 Lab", LATIN, "R&D * Lab"),
        ("👨‍👩‍👧‍👦", LATIN, "*"),
        ("e\u0301\u0323x", LATIN, "ẹx"),
        ("14\u202fh “x” – …", LATIN, "14\u202fh “x” – …"),
        ("", LATIN, ""),
    ],
)
def test_text_is_spelled_as_a_reader_of_latin_letters_expects(text: str, scripts: tuple[str, ...], shown: str) -> None:
    assert legible(text, scripts) == shown


def test_every_script_has_characters_of_its_own() -> None:
    assert {"Latn", "Grek", "Cyrl", "Arab", "Hans"} <= known_scripts()
    assert all(len(repertoire((script,))) > len(repertoire(())) for script in known_scripts())
