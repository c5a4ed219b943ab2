"""Pages that listen to the keypad, and answers that come late."""

import pytest
from playwright.sync_api import expect

from tests.simulators.phone.desk import Desk

pytestmark = pytest.mark.browser


def test_digits_are_shown_at_once_and_asked_for_together(desk: Desk) -> None:
    desk.show("keypad")
    desk.press("digit-5", "digit-6", "digit-star")
    expect(desk.page.locator(".digits.piece")).to_have_text("56*")
    expect(desk.row(0).locator(".note")).to_have_text("56*")
    asked = [one for one in desk.touchline.received if one.path == "/pages/keypad"]
    assert [one.parameters.get("digits") for one in asked] == [None, "56*"]
    assert asked[1].parameters["link"] == "signed"


def test_a_computer_s_digits_are_the_keypad_s(desk: Desk) -> None:
    desk.show("keypad")
    desk.page.keyboard.type("42")
    expect(desk.row(0).locator(".note")).to_have_text("42")


def test_what_is_keyed_while_an_answer_is_awaited_is_for_the_next_page(desk: Desk) -> None:
    desk.show("keypad")
    desk.touchline.hold("/pages/keypad")
    desk.press("digit-5")
    expect(desk.page.get_by_test_id("activity")).to_be_visible()
    desk.press("digit-6", "digit-7")
    expect(desk.page.locator(".digits.piece")).to_have_text("567")
    desk.touchline.release("/pages/keypad")
    expect(desk.row(0).locator(".note")).to_have_text("67")
    desk.rest()
    assert [one.parameters.get("digits") for one in desk.touchline.received[-2:]] == ["5", "67"]


def test_one_line_shows_the_digits_too(desk: Desk) -> None:
    desk.open("70003")
    desk.show("keypad")
    desk.press("digit-5", "digit-6")
    expect(desk.page.locator(".digits.piece")).to_have_text("56")
    desk.rest()
    assert desk.touchline.last.parameters["digits"] == "56"


def test_activity_shows_only_when_an_answer_takes_long(desk: Desk) -> None:
    expect(desk.page.get_by_test_id("activity")).to_be_hidden()
    desk.touchline.hold("/phone/directory")
    desk.press("key-directory")
    expect(desk.display).to_have_attribute("data-busy", "true")
    expect(desk.page.get_by_test_id("activity")).to_be_visible()
    desk.touchline.release("/phone/directory")
    desk.wait("directory.home")
    expect(desk.page.get_by_test_id("activity")).to_be_hidden()


def test_a_late_answer_never_replaces_a_newer_page(desk: Desk) -> None:
    desk.touchline.hold("/phone/directory")
    desk.press("key-directory")
    desk.press("key-home")
    desk.wait("menu.home")
    desk.touchline.release("/phone/directory")
    desk.show("card")
    desk.wait("directory.card")
    desk.page.wait_for_load_state("networkidle")
    assert desk.display.get_attribute("data-screen") == "directory.card"


def test_keys_that_lead_on_wait_for_the_answer_of_the_one_before(desk: Desk) -> None:
    desk.show("card")
    desk.touchline.hold("/pages/calling")
    desk.press("key-ok", "key-ok", "softkey-0", "key-down")
    desk.touchline.release("/pages/calling")
    desk.wait("directory.call")
    assert desk.touchline.paths().count("/pages/calling") == 1
