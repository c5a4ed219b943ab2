"""A text that was typed and could not be sent: its writer names another number, and does not type it again."""

import pytest

from tests.house import PhoneOf, Simulator
from tests.phone import Phone

TEXT = "Meet me at eight, Ella's café"


@pytest.fixture(params=["70000", "70002", "70003"])
def writer(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    """A user of each family of sets that has letters, whose text nobody could get."""
    writer = phone(request.param)
    writer.open("messages")
    writer.press("Write")
    writer.type_text("Number", "99999999")
    writer.send()
    writer.type_text("Text", TEXT)
    writer.send()
    assert writer.status == 400
    assert "99999999 cannot get messages." in " ".join(writer.screen.lines)
    return writer


def typed(writer: Phone) -> str:
    return {field.label: field.value for field in writer.screen.fields}["Text"]


def test_a_text_that_was_refused_is_there_for_the_next_number(writer: Phone, o2g: Simulator) -> None:
    writer.type_text("Number", "none")
    writer.send()
    assert writer.status == 400
    writer.type_text("Number", "70004")
    writer.send()
    assert typed(writer) == TEXT
    writer.back()
    writer.type_text("Number", "70005")
    writer.send()
    assert typed(writer) == TEXT
    writer.send()
    assert writer.status == 200
    o2g.forget_messages("70005")


def test_a_text_that_was_refused_is_there_for_somebody_of_the_directory(writer: Phone) -> None:
    writer.choose("From the directory")
    writer.type_text("Name", "lindqvist")
    writer.send()
    writer.settle()
    writer.press("Choose")
    assert typed(writer) == TEXT


def test_a_text_that_was_refused_is_in_no_address_and_not_in_the_next_message(writer: Phone) -> None:
    assert "eight" not in str(writer.screen)
    writer.open("messages")
    writer.press("Write")
    writer.type_text("Number", "70004")
    writer.send()
    assert typed(writer) == ""
