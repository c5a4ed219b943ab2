"""The registry as a file: the same text for the same applications, and each error with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.registered import UNSHOWN, Kind, RegisteredApplication
from store.registry_file import ChangeKind, FileRefused, difference, read, write

HEAD = 'format = "touchline-registry"\nversion = 1\n'
NEWS = RegisteredApplication.model_validate(
    {
        "id": "news",
        "kind": "external",
        "names": {"fr": "Actualités", "en": 'News "today"\t'.strip()},
        "audience": [{"numbers": ["70000-70099"]}, {"families": ["large"], "guest": False}],
        "parameters": {"items": 5, "feed": "https://example.com/rss"},
        "entry": {"identifier": "NEWS"},
        "external": {"url": "https://apps.example/news", "seconds": 1.5},
    }
)
DIRECTORY = RegisteredApplication(id="directory", kind=Kind.BUILT_IN, audience=())


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FileRefused) as raised:
        read(text)
    return [(problem.line, problem.text) for problem in raised.value.problems]


def test_what_was_written_is_read_again() -> None:
    assert read(write([NEWS, DIRECTORY])) == (DIRECTORY, NEWS)
    assert read(write([])) == ()


def test_the_same_applications_give_the_same_text() -> None:
    assert write([NEWS, DIRECTORY]) == write([DIRECTORY, NEWS])
    assert write(read(write([NEWS, DIRECTORY]))) == write([NEWS, DIRECTORY])


unshown: list[Any] = sorted(UNSHOWN)
names = st.text(st.characters(exclude_categories=unshown), min_size=1, max_size=60).filter(
    lambda name: name.strip() == name
)
parameters = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    max_size=5,
)


@given(name=names, given=parameters)
def test_whatever_may_be_registered_survives_a_file(name: str, given: dict[str, object]) -> None:
    application = RegisteredApplication.model_validate(
        {"id": "any", "kind": "built_in", "names": {"en": name}, "parameters": given}
    )
    assert read(write([application])) == (application,)


def test_a_file_that_is_no_toml_names_the_line() -> None:
    ((line, _),) = problems(HEAD + "\n[[applications]]\nid = \n")
    assert line == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is no registry"),
        ('format = "another"\nversion = 1', "this is no registry"),
        ('format = "touchline-registry"\nversion = 2', "version 2"),
        ('format = "touchline-registry"', "version None"),
        (HEAD + "others = 1", "others"),
        (HEAD + "applications = 1", "not a list"),
    ],
)
def test_a_file_of_another_kind_or_version_is_refused(text: str, said: str) -> None:
    ((line, told),) = problems(text)
    assert line == 0
    assert said in told


def test_every_error_is_told_with_its_line() -> None:
    text = HEAD + (
        "\n"
        "[[applications]]\n"  # 4
        'id = "news"\n'
        'kind = "external"\n'
        'names = { en = "News" }\n'
        "order = 100000\n"  # 8
        "[applications.external]\n"  # 9
        'url = "http://apps.example/"\n'
        "\n"
        "[[applications]]\n"  # 12
        'id = "Rooms"\n'  # 13
        'kind = "package"\n'
        "colour = 1\n"  # 15
    )
    found = problems(text)
    assert [line for line, _ in found] == [8, 9, 13, 15]
    assert found[0][1].startswith("order: ")
    assert "https://apps.example/news" in found[1][1]
    assert found[3][1].startswith("colour: ")


def test_what_belongs_to_another_kind_is_told_with_the_application() -> None:
    ((line, told),) = problems(HEAD + '\n[[applications]]\nid = "rooms"\nkind = "package"\n')
    assert line == 4
    assert "package: belongs to the kind package" in told


def test_one_id_and_one_entry_stand_once() -> None:
    one = '[[applications]]\nid = "{}"\nkind = "built_in"\nentry = {{ identifier = "{}" }}\n'
    text = HEAD + one.format("a", "X") + one.format("b", "X") + one.format("a", "Y")
    assert problems(text) == [(8, "entry X: also that of a above"), (12, "id a: also that of a above")]


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 100_000, "#" * 1_000_001, "\x00", "a = 1e400\n" + HEAD, "a = " + "9" * 5000]
)
def test_a_hostile_file_is_refused(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("number", ["9" * 4000, "0x" + "f" * 5000])
def test_a_number_that_nobody_could_write_down_is_refused(number: str) -> None:
    text = '[[applications]]\nid = "rooms"\nkind = "package"\npackage = "rooms"\nparameters = { size = '
    ((line, told),) = problems(f"{HEAD}{text}{number} }}\n")
    assert (line, "64 bits" in told) == (7, True)


def test_a_difference_tells_what_would_be_done() -> None:
    changed = NEWS.model_copy(update={"enabled": False})
    added, different, removed = difference([changed, DIRECTORY], now=[NEWS, rooms()])
    assert (added.kind, added.id) == (ChangeKind.ADDED, "directory")
    assert (different.kind, different.id) == (ChangeKind.CHANGED, "news")
    assert [(f.name, f.old, f.new) for f in different.fields] == [("enabled", None, "false")]
    assert (removed.kind, removed.id) == (ChangeKind.REMOVED, "rooms")
    assert difference([DIRECTORY], now=[rooms()], removing=False) == (added,)


@pytest.mark.parametrize("name", ["password", "secret", "token", "key", "api_key", "apikey"])
def test_a_difference_shows_no_secret(name: str) -> None:
    with_one = NEWS.model_copy(update={"parameters": ((name, "Hidden-1"),)})
    assert "Hidden" not in repr(difference([with_one], now=[NEWS]))
    assert "Hidden" not in repr(difference([NEWS], now=[with_one]))


def test_without_drift_there_is_no_difference() -> None:
    assert difference(read(write([NEWS, DIRECTORY])), now=[NEWS, DIRECTORY]) == ()


def test_the_example_in_the_documentation_is_one() -> None:
    page = Path("docs/store.md").read_text(encoding="utf-8")
    (application,) = read(page.partition("```toml\n")[2].partition("```")[0])
    assert (application.id, application.kind, len(application.audience)) == ("news", Kind.EXTERNAL, 2)


def rooms() -> RegisteredApplication:
    return RegisteredApplication(id="rooms", kind=Kind.PACKAGE, package="rooms")
