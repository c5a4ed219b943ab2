"""Forms: typing with every keyboard, and what is sent."""

import pytest
from playwright.sync_api import expect

from tests.simulators.phone.desk import Desk

pytestmark = pytest.mark.browser


def test_text_is_typed_on_the_alphabetic_keyboard_and_sent_by_ok(desk: Desk) -> None:
    desk.show("directory_home")
    desk.press(
        "letter-shift",
        "letter-o",
        "letter-apostrophe",
        "letter-n",
        "letter-x",
        "letter-backspace",
        "letter-space",
        "letter-e",
    )
    assert desk.active() == "Name O'n e"
    desk.press("key-ok")
    desk.wait("directory.results")
    assert desk.touchline.last.method == "POST"
    assert desk.touchline.last.form == {"last_name": "O'n e", "first_name": ""}


def test_a_soft_key_sends_the_form(desk: Desk) -> None:
    desk.show("directory_home")
    desk.page.keyboard.type("a&b+c#d é李")
    desk.press("key-down")
    desk.page.keyboard.type("Zoé")
    desk.press("softkey-0")
    desk.wait("directory.results")
    assert desk.touchline.last.form == {"last_name": "a&b+c#d é李", "first_name": "Zoé"}


def test_no_more_goes_in_than_the_field_may_hold(desk: Desk) -> None:
    desk.show("directory_home")
    desk.press("key-down")
    desk.page.keyboard.type("Alexander")
    assert "Alexa" in desk.active()
    assert "Alexan" not in desk.active()


def test_what_is_left_of_a_long_text_is_counted_down(desk: Desk) -> None:
    desk.show("writing")
    assert desk.rows()[0] == "Anna Müller|128"
    desk.page.keyboard.type("Yes 你")
    assert desk.rows()[0] == "Anna Müller|123"
    desk.page.keyboard.press("Backspace")
    assert desk.rows()[0] == "Anna Müller|124"
    desk.press("key-down")  # a name's field counts nothing
    assert desk.rows()[0] == "Anna Müller|2/2"


def test_the_caret_moves_and_what_is_typed_goes_there(desk: Desk) -> None:
    desk.show("directory_home")
    desk.page.keyboard.type("Matin")
    desk.press("key-left", "key-left", "key-left", "letter-r")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Delete")
    desk.press("key-ok")
    desk.wait("directory.results")
    assert desk.touchline.last.form["last_name"] == "Martn"


def test_a_long_text_scrolls_in_its_field_with_the_caret_in_sight(desk: Desk) -> None:
    desk.show("directory_home")
    desk.page.keyboard.type("abcdefghijklmnopqrstuvwxyz0123456789!?")
    assert desk.active().endswith("0123456789!?")
    for _ in range(38):
        desk.page.keyboard.press("ArrowLeft")
    assert desk.active().startswith("Name abc")


def test_text_can_be_pasted(desk: Desk) -> None:
    desk.show("directory_home")
    desk.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "O'Neill\\nand more");
          document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    assert desk.active() == "Name O'Neill"


def test_every_kind_of_field(desk: Desk) -> None:
    desk.show("fields")
    assert "Number" in desk.active()
    desk.page.keyboard.type("12a34")
    desk.press("digit-5", "digit-star")
    desk.press("key-down")
    desk.page.keyboard.type("9876")
    assert desk.active() == "Code ••••"
    desk.press("key-down", "key-right")
    assert desk.active() == "Forward [x]"
    desk.press("key-down")
    desk.page.keyboard.type("20270131")
    assert desk.active() == "Day 2027-01-31"
    desk.press("key-down")
    desk.page.keyboard.type("0645")
    desk.press("softkey-9")
    desk.wait("settings.sent")
    assert desk.touchline.last.form == {
        "title": "Dr",
        "number": "12345*",
        "code": "9876",
        "forward": "true",
        "day": "2027-01-31T08:30:00",
        "wake": desk.touchline.last.form["wake"],
    }
    assert desk.touchline.last.form["wake"].endswith("T06:45:00")


def test_an_incomplete_date_is_sent_empty(desk: Desk) -> None:
    desk.show("fields")
    desk.press("key-down", "key-down", "key-down", "key-down")
    desk.page.keyboard.type("06")
    assert desk.active() == "Wake-up 06:__"
    desk.press("key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.form["wake"] == ""


def test_a_password_is_neither_shown_nor_said(desk: Desk) -> None:
    desk.show("fields")
    desk.press("key-down")
    desk.page.keyboard.type("4711")
    desk.press("key-down", "key-up")
    assert "4711" not in (desk.page.get_by_test_id("voice").text_content() or "")
    desk.press("key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.form["code"] == "4711"
    assert "4711" not in (desk.page.locator("body").text_content() or "")


def test_letters_come_from_the_keypad_where_there_are_no_others(desk: Desk) -> None:
    desk.open("70003")
    desk.show("directory_home")
    desk.press("digit-6", "digit-6", "digit-2", "key-right", "digit-2", "digit-2")
    assert desk.active() == "Name nab"
    desk.press("digit-5", "key-back")
    assert desk.active() == "Name nab"
    desk.press("key-ok")
    desk.wait("directory.results")
    assert desk.touchline.last.form["last_name"] == "nab"


def test_back_goes_back_once_there_is_nothing_to_erase(desk: Desk) -> None:
    desk.open("70003")
    desk.show("directory_home")
    desk.press("digit-6", "key-back", "key-back")
    desk.wait("menu.home")


def test_a_field_that_takes_the_keypad_comes_before_a_page_that_listens(desk: Desk) -> None:
    desk.show("form_and_keypad")
    desk.press("key-down", "digit-1", "digit-2")
    assert desk.active() == "Pin 12"
    desk.press("key-up", "digit-4")
    expect(desk.page.locator(".digits.piece")).to_have_text("4")
    desk.wait("directory.keypad")
    assert desk.touchline.last.parameters["digits"] == "4"


def test_letters_that_a_keyboard_composes_arrive(desk: Desk) -> None:
    desk.show("directory_home")
    desk.page.get_by_test_id("key-ok").focus()
    desk.page.keyboard.press("e")
    desk.page.keyboard.insert_text("é李")
    assert desk.active() == "Name eé李"
