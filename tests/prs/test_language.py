import re
from pathlib import Path

import pytest

from prs.language import languages

REFERENCE = [
    "ar", "ar-fv", "en-au", "de-at", "id", "br", "bg", "fr-ca", "ca-?", "ca", "hr", "cs", "da", "eg-fv",
    "eg-mv", "en-af", "en-gb", "et", "fi", "nl-be", "fr", "fr-ch", "en", "de", "de-ch", "el", "he", "nl",
    "hu", "is", "ga", "it", "it-ch", "ja", "ko", "lv", "lt", "ms", "zh", "zh-tw", "no", "fa",
    "pl", "pt", "ro", "ru", "si", "es", "es-us", "sv", "th", "tr", "en-us", "ca-es", "vi", "yu",
]  # fmt: skip


@pytest.mark.parametrize("code", sorted(REFERENCE))
def test_every_code_that_o2g_reports_finds_a_catalogue(code: str) -> None:
    assert languages().of(code).code in languages().codes


@pytest.mark.parametrize(
    ("reported", "code"),
    [
        ("fr-ch", "fr"),
        ("fr_CH", "fr"),
        ("FR", "fr"),
        ("de-at", "de"),
        ("en_GB", "en"),
        ("si", "en"),
        ("", "en"),
        (None, "en"),
        ("??", "en"),
    ],
)
def test_the_nearest_catalogue_is_chosen(reported: str | None, code: str) -> None:
    assert languages().of(reported).code == code


@pytest.mark.parametrize(
    ("reported", "code"),
    [
        ("fr-ch", "fr"),
        ("br", "pt"),
        ("ca-?", "zh"),
        ("eg-fv", "ar"),
        ("ga", None),
        ("ca", None),
        ("si", None),
        ("yu", None),
        ("sv", None),
        ("", None),
        ("nonsense", None),
    ],
)
def test_what_another_language_stands_in_for_is_not_spoken(reported: str, code: str | None) -> None:
    spoken = languages().spoken(reported)
    assert (spoken and spoken.code) == code


@pytest.mark.parametrize(("default", "shown"), [("en", "en"), ("fr", "fr"), ("ar", "en")])
def test_a_language_that_a_display_does_not_draw_gives_way_to_the_default_one(default: str, shown: str) -> None:
    there = languages(default)
    assert there.drawn(there.of("zh"), lambda script: script == "Latn").code == shown
    assert there.drawn(there.of("de"), lambda script: script == "Latn").code == "de"
    assert there.drawn(there.of("zh"), lambda script: True).code == "zh"


def test_languages_are_named_in_their_own_words_and_in_others() -> None:
    french, arabic = languages().of("fr-ch"), languages().of("ar")
    assert french.name_of(french) == "Français"
    assert french.name_of(arabic) == "Arabe"


def test_a_default_without_a_catalogue_is_refused_at_start() -> None:
    from prs.language import Languages

    with pytest.raises(ValueError, match="no catalogue"):
        Languages(default="tlh")


@pytest.mark.parametrize(
    ("code", "names", "expected"),
    [
        ("en", "Zorn Öberg Ober Abel müller Muller", "Abel muller müller Ober Öberg Zorn"),
        ("de", "Zorn Öberg Ober Oz", "Ober Öberg Oz Zorn"),
        ("es", "Nz Ñu Ng Oa", "Ng Nz Ñu Oa"),
        ("en", "ONeill O'Neil Oman", "Oman O'Neil ONeill"),
        ("en", "李 Zorn Юрий", "Zorn Юрий 李"),
    ],
)
def test_names_sort_as_a_reader_looks_them_up(code: str, names: str, expected: str) -> None:
    result = languages().of(code).sorted(names.split(), lambda name: (name,))
    assert " ".join(result).casefold() == expected.casefold()


def test_a_name_of_nothing_sorts_last() -> None:
    assert languages().of("en").sorted(["", "Zorn", "-"], lambda name: (name,)) == ["Zorn", "", "-"]


def test_the_sorting_table_names_letters_once_and_in_lower_case() -> None:
    for line in Path("prs/collation.toml").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"(\w\w) = \{(.*)\}", line):
            letters = "".join(re.findall(r'"(.*?)"', match[2]))
            assert len(set(letters)) == len(letters), line
            assert letters == letters.lower(), line
