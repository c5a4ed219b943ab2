"""Reading hostile JSON: nothing but an answer or UnreadableAnswer ever comes of it."""

import json
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.border import (
    MaybeCount,
    MaybeFlag,
    MaybeText,
    MaybeWhole,
    OpenEnum,
    Reading,
    Text,
    Writing,
    many,
    one,
    parse,
    read,
)
from services.errors import UnreadableAnswer

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


class Inner(Reading):
    name: Text


class Outer(Reading):
    some_text: MaybeText = None
    some_flag: MaybeFlag = None
    some_whole: MaybeWhole = None
    some_count: MaybeCount = None
    one_inner: Annotated[Inner | None, one(Inner)] = None
    many_inner: Annotated[tuple[Inner, ...] | None, many(Inner)] = None


KEYS = ["someText", "someFlag", "someWhole", "someCount", "oneInner", "manyInner"]


@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_whatever_a_field_holds_it_is_read_or_absent(value: dict[str, object]) -> None:
    found = read(Outer, json.dumps(value).encode(), "an outer")
    assert found.some_count is None or found.some_count >= 0
    assert found.some_text is None or isinstance(found.some_text.encode(), bytes)
    assert all(isinstance(inner.name, str) for inner in found.many_inner or ())


@given(st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_answered_is_read_or_unreadable(body: bytes) -> None:
    try:
        found = read(Outer, body, "an outer")
    except UnreadableAnswer:
        return
    assert isinstance(found, Outer)


@pytest.mark.parametrize(
    ("value", "text", "flag", "whole", "count"),
    [
        ("7", "7", None, 7, 7),
        (7, "7", None, 7, 7),
        (7.0, "7.0", None, 7, 7),
        (-1, "-1", None, -1, None),
        (7.5, "7.5", None, None, None),
        (True, None, True, None, None),
        ("TRUE", "TRUE", True, None, None),
        (" false ", " false ", False, None, None),
        ("", "", None, None, None),
        (None, None, None, None, None),
        ([], None, None, None, None),
        ({}, None, None, None, None),
        (10**30, None, None, None, None),
        ("٣", "٣", None, None, None),
    ],
)
def test_values_of_another_type(
    value: object, text: str | None, flag: bool | None, whole: int | None, count: int | None
) -> None:
    found = Outer.model_validate({"someText": value, "someFlag": value, "someWhole": value, "someCount": value})
    assert (found.some_text, found.some_flag, found.some_whole, found.some_count) == (text, flag, whole, count)


def test_one_broken_item_spoils_no_other() -> None:
    body = {"manyInner": [{"name": "a"}, None, 7, {"nome": "b"}, {"name": ["c"]}, {"name": "d", "new": {}}]}
    found = read(Outer, json.dumps(body).encode(), "an outer")
    assert found.many_inner == (Inner(name="a"), Inner(name="d"))


def test_a_lone_item_is_a_list_of_one() -> None:
    assert read(Outer, b'{"manyInner": {"name": "a"}}', "an outer").many_inner == (Inner(name="a"),)


@pytest.mark.parametrize("body", [b'{"name": "\\ud800x"}', b'{"name": "\xffx"}', b'\xef\xbb\xbf{"name": "\xffx"}'])
def test_text_that_is_no_unicode_is_mended(body: bytes) -> None:
    assert read(Inner, body, "an inner").name == "\ufffdx"


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"{", b"<html/>", b"\x00", b"9" * 10_000])
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        parse(body)


def test_what_must_be_there_and_is_not_makes_it_unreadable() -> None:
    with pytest.raises(UnreadableAnswer, match="an inner"):
        read(Inner, b'{"nam": "x"}', "an inner")


def test_a_value_that_a_newer_O2G_adds_is_unknown() -> None:
    class Colour(OpenEnum):
        RED = "RED"
        UNKNOWN = "UNKNOWN"

    assert (Colour("RED"), Colour("MAUVE"), Colour("")) == (Colour.RED, Colour.UNKNOWN, Colour.UNKNOWN)


def test_writing_is_in_O2Gs_spelling_without_what_is_not_set() -> None:
    class Told(Writing):
        device_id: str
        auto_answer: bool | None = None

    assert json.loads(Told(device_id="1000").wire()) == {"deviceId": "1000"}


@pytest.mark.parametrize("value", [{"device_id": 1000}, {"device_id": "1000", "bypass": True}, {}])
def test_writing_is_strict(value: dict[str, object]) -> None:
    class Told(Writing):
        device_id: str

    with pytest.raises(ValueError, match=r"device_id|bypass|deviceId"):
        Told(**value)  # type: ignore[arg-type]
