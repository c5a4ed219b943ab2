"""People as O2G's phone book gives them, and queries as O2G takes them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.border import read
from services.errors import BadParameter
from services.people import KeypadQuery, NameQuery, Person, Portion, Query, request

BEGINS = {"operation": "BEGIN_WITH"}


def written(query: Query) -> Any:
    return json.loads(request(query).wire())


@pytest.mark.parametrize(
    ("query", "criterion"),
    [
        (
            NameQuery(" Martin ", "Zoé"),
            {
                "operation": "AND",
                "operand": [
                    BEGINS | {"field": "lastName", "operand": "Martin"},
                    BEGINS | {"field": "firstName", "operand": "Zoé"},
                ],
            },
        ),
        (
            NameQuery("a&b+c#d"),
            {
                "operation": "OR",
                "operand": [
                    BEGINS | {"field": "lastName", "operand": "a&b+c#d"},
                    BEGINS | {"field": "firstName", "operand": "a&b+c#d"},
                ],
            },
        ),
        (NameQuery("  ", "Zoé"), BEGINS | {"field": "firstName", "operand": "Zoé"}),
    ],
)
def test_names_begin_as_typed(query: NameQuery, criterion: dict[str, Any]) -> None:
    assert written(query) == {"limit": 100, "filter": criterion}


def test_A58_keys_are_those_of_an_itu_keypad() -> None:
    assert written(KeypadQuery("5377")) == {"keyboardType": "ITU", "lastName": "5377", "limit": 100}


@pytest.mark.parametrize(
    "query",
    [
        NameQuery(""),
        NameQuery(" \t\n"),
        NameQuery("", " "),
        NameQuery("x" * 101),
        NameQuery("x", "y" * 10_000),
        KeypadQuery(""),
        KeypadQuery("53*"),
        KeypadQuery("٣"),
        KeypadQuery("5" * 33),
    ],
)
def test_what_cannot_be_searched_is_not_written(query: Query) -> None:
    with pytest.raises(BadParameter):
        request(query)


# The reference's tables of SearchRequest and Criterion, without the room that it leaves for unknown keys.
CRITERION = {
    "type": "object",
    "properties": {
        "field": {"enum": ["lastName", "firstName", "id.phoneNumber", "id.loginName"]},
        "operation": {"enum": ["OR", "AND", "EQUAL_IGNORE_CASE", "BEGIN_WITH", "CONTAIN", "END_WITH"]},
        "operand": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/criterion"}}]},
    },
    "required": ["operation", "operand"],
    "additionalProperties": False,
}
SEARCH = {
    "type": "object",
    "properties": {"limit": {"type": "integer", "minimum": 1, "maximum": 100}, "filter": {"$ref": "#/$defs/criterion"}},
    "required": ["filter"],
    "additionalProperties": False,
    "$defs": {"criterion": CRITERION},
}


@given(st.text(max_size=100), st.text(max_size=100))
def test_whatever_is_typed_is_asked_as_the_reference_says(last_name: str, first_name: str) -> None:
    try:
        asked = written(NameQuery(last_name, first_name))
    except BadParameter:
        return
    Draft202012Validator(SEARCH).validate(asked)


@pytest.mark.parametrize(
    ("given", "number", "shown"),
    [
        ("10000", "10000", "10000"),
        ('"+33 1 23 45"<00012345>', "00012345", "+33 1 23 45"),
        (' "+33 1 23 45" <00012345> ', "00012345", "+33 1 23 45"),
        ('""<10000>', "10000", "10000"),
        ('"10000"<>', "10000", "10000"),
        ('"10000', '"10000', '"10000'),
        (10000, "10000", "10000"),
        (None, "", ""),
    ],
)
def test_a_number_may_be_shown_otherwise_than_it_is_dialled(given: object, number: str, shown: str) -> None:
    contact = {"id": {"phoneNumber": given, "loginName": "oxe10000"}, "firstName": "F", "lastName": "L"}
    portion = read(Portion, json.dumps({"resultElements": [{"contacts": [contact]}]}).encode(), "a portion")
    assert portion.people() == (Person("F", "L", number, shown, "oxe10000"),)


def test_A59_odd_contacts_spoil_no_other() -> None:
    contacts = [
        {"id": {"phoneNumber": "1"}, "multiLine": True, "instantMessagingId": "x"},
        {},
        None,
        {"id": "odd", "firstName": " ", "lastName": None},
        {"lastName": "Only", "id": None},
    ]
    portion = read(Portion, json.dumps({"resultElements": [{"contacts": contacts}, {}, None]}).encode(), "a portion")
    assert portion.people() == (Person("", "", "1", "1", None), Person("", "Only", "", "", None))
