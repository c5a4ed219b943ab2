"""What the keys of the phone do, as its user sees it."""

import pytest
from playwright.sync_api import expect

from tests.simulators.phone.desk import Desk

pytestmark = pytest.mark.browser


def test_switched_on_it_asks_for_the_menu_as_the_user_s_phone(desk: Desk) -> None:
    assert desk.touchline.last.path == "/phone/"
    assert desk.touchline.last.parameters == {"number": "70000", "set": "70000"}
    assert desk.rows()[0] == "Amélie Dupont-Lefèvre|70000"


def test_the_navigator_chooses_and_ok_follows(desk: Desk) -> None:
    desk.press("key-down")
    assert "Keypad search" in desk.active()
    desk.press("key-ok")
    desk.wait("directory.keypad")


def test_what_leads_nowhere_can_be_read_and_not_followed(desk: Desk) -> None:
    desk.press("key-down", "key-down", "key-down")
    assert "Voice messages" in desk.active()
    asked = len(desk.touchline.received)
    desk.press("key-ok")
    desk.rest()
    assert len(desk.touchline.received) == asked


def test_the_list_ends_at_its_ends(desk: Desk) -> None:
    desk.press("key-up")
    assert "Directory" in desk.active()
    desk.press(*["key-down"] * 9)
    assert "Callback requests" in desk.active()


def test_the_first_chosen_item_is_the_page_s(desk: Desk) -> None:
    desk.show("results_2")
    assert "Novák" in desk.active()


def test_left_and_right_leaf_through_pages(desk: Desk) -> None:
    desk.show("results")
    desk.press("key-right")
    expect(desk.row(0)).to_contain_text("2/3")
    desk.press("key-left")
    expect(desk.row(0)).to_contain_text("1/3")


def test_back_home_and_directory(desk: Desk) -> None:
    desk.show("card")
    desk.press("key-back")
    desk.wait("directory.results")
    desk.press("key-directory")
    desk.wait("directory.home")
    assert desk.touchline.last.path == "/phone/directory"
    desk.press("key-home")
    desk.wait("menu.home")
    assert desk.touchline.last.path == "/pages/menu"


def test_back_held_goes_to_the_menu(desk: Desk) -> None:
    desk.show("card")
    desk.page.get_by_test_id("key-back").click(delay=900)
    desk.wait("menu.home")


def test_home_asks_for_the_first_page_where_the_page_names_none(desk: Desk) -> None:
    desk.show("other/odd")
    desk.wait("odd")
    desk.press("key-home")
    desk.wait("menu.home")
    assert desk.touchline.last.path == "/phone/"


def test_soft_keys_follow_their_links(desk: Desk) -> None:
    expect(desk.page.get_by_role("button", name="Settings")).to_be_visible()
    assert desk.page.get_by_test_id("softlabel-3").inner_text() == "Settings"
    desk.press("softkey-3")
    desk.wait("settings.fields")


def test_a_soft_key_without_a_word_does_nothing(desk: Desk) -> None:
    desk.page.get_by_test_id("softkey-9").click(force=True)
    desk.rest()
    assert desk.touchline.paths() == ["/phone/"]


def test_actions_are_chosen_like_items_below_their_text(desk: Desk) -> None:
    desk.show("actions")
    assert "Call back later" in desk.active()
    desk.press("key-down", "key-ok")
    desk.wait("settings.sent")


def test_a_long_list_scrolls_with_a_mark(desk: Desk) -> None:
    desk.show("long_list")
    expect(desk.page.get_by_test_id("scroll")).to_be_visible()
    assert desk.rows()[1] == "Entry 1"
    desk.press(*["key-down"] * 11)
    assert desk.rows()[1] == "Entry 2"
    assert desk.active() == "Entry 12"
    desk.press("key-ok")
    desk.rest()
    assert desk.touchline.last.parameters["entry"] == "12"


def test_a_long_text_is_read_from_its_beginning_before_its_action_is_chosen(desk: Desk) -> None:
    desk.show("reading")
    assert desk.rows()[1] == "Line 1 of twenty"
    expect(desk.page.locator(".row.active")).to_have_count(0)
    desk.press(*["key-down"] * 30)
    assert desk.active() == "Understood"
    desk.press(*["key-up"] * 30)
    assert desk.rows()[1] == "Line 1 of twenty"


def test_a_dialog_takes_the_keys_until_it_is_answered(desk: Desk) -> None:
    desk.show("question")
    expect(desk.page.locator(".action.chosen")).to_have_text("Yes")
    desk.press("softkey-0")
    desk.rest()
    assert desk.display.get_attribute("data-screen") == "settings.question"
    desk.press("key-right", "key-right")
    expect(desk.page.locator(".action.chosen")).to_have_text("No")
    desk.press("key-left", "key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.parameters["answer"] == "yes"


def test_a_popup_goes_away_by_itself_or_with_a_key(desk: Desk) -> None:
    desk.show("calling")
    popup = desk.page.locator(".row.popup")
    expect(popup).to_have_text("Calling…")
    expect(popup).to_have_count(0)
    desk.show("calling")
    expect(popup).to_have_count(1)
    desk.press("key-down")
    expect(popup).to_have_count(0)


def test_a_page_that_grew_old_is_replaced(desk: Desk) -> None:
    desk.show("progress")
    expect(desk.page.locator(".row.progress .fill")).to_have_attribute("style", "width: 40%;")
    desk.wait("settings.sent")


def test_the_computer_s_keyboard_is_the_phone_s(desk: Desk) -> None:
    keyboard = desk.page.keyboard
    keyboard.press("ArrowDown")
    assert "Keypad search" in desk.active()
    keyboard.press("Enter")
    desk.wait("directory.keypad")
    keyboard.press("Escape")
    desk.wait("menu.home")
    keyboard.press("F4")
    desk.wait("settings.fields")


def test_a_key_that_has_the_focus_is_pressed_by_enter(desk: Desk) -> None:
    desk.page.get_by_test_id("key-directory").focus()
    desk.page.keyboard.press("Enter")
    desk.wait("directory.home")


def test_a_mouse_does_not_take_enter_away_from_ok(desk: Desk) -> None:
    desk.press("key-down")
    desk.page.keyboard.press("Enter")
    desk.wait("directory.keypad")


def test_what_is_shown_is_also_said(desk: Desk) -> None:
    voice = desk.page.get_by_test_id("voice")
    expect(voice).to_contain_text("Amélie Dupont-Lefèvre")
    desk.press("key-down", "key-down")
    expect(voice).to_have_text("Missed calls, 3")


def test_the_answers_of_a_long_question_stay_in_sight(desk: Desk) -> None:
    desk.open("70001")
    desk.show("long_question")
    assert desk.rows() == ["Think twice", "First line", "Second line", "Third line", " Yes| No"]
    desk.press(*["key-down"] * 9)
    assert desk.rows() == ["Third line", "Fourth line", "Fifth line", "Sixth line", " Yes| No"]
    desk.press("key-right", "key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.parameters["answer"] == "2"


def test_an_answer_out_of_sight_is_shown_before_it_is_taken(desk: Desk) -> None:
    desk.open("70001")
    desk.show("long_answers")
    assert desk.rows()[0] == "Think twice"
    desk.press("key-ok")
    assert desk.rows()[-1] == "Delete all of them"
    desk.press("key-down")
    assert desk.rows()[-2:] == ["Delete all of them", "Keep all of them"]
    desk.press("key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.parameters["answer"] == "2"
