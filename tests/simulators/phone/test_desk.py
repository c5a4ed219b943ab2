"""The desk around the phone: selectors, the developer's panel, and what is hostile."""

import pytest
from playwright.sync_api import expect

from tests.simulators.phone.conftest import PEOPLE
from tests.simulators.phone.desk import Desk
from tests.simulators.phone.touchline import CORRELATION, SECRET

pytestmark = pytest.mark.browser


def test_a_person_is_chosen_with_their_set(desk: Desk) -> None:
    desk.page.get_by_test_id("person").select_option("70001")
    desk.wait("menu.home")
    assert desk.touchline.last.parameters == {"number": "70001", "set": "70001"}
    assert len(desk.rows()) == 5
    expect(desk.page.get_by_test_id("set")).to_have_value("NOE_B_IP_8028")
    desk.page.reload()
    desk.wait("menu.home")
    assert len(desk.rows()) == 5


def test_names_in_the_selector_are_text(desk: Desk) -> None:
    names = desk.page.get_by_test_id("person").locator("option").all_inner_texts()
    assert f"{PEOPLE[1]['name']} · 70001" in names


def test_any_number_can_be_typed(desk: Desk) -> None:
    desk.page.get_by_test_id("number").fill("79999")
    desk.page.get_by_test_id("set").select_option("NOE_C_IP_8038")
    desk.wait("menu.home")
    assert desk.touchline.last.parameters == {"number": "79999", "set": "79999"}
    assert len(desk.rows()) == 8


def test_another_set_than_the_person_s_is_told(desk: Desk) -> None:
    desk.open("70000", station_type="NOE_C_IP_8038")
    expect(desk.page.get_by_test_id("warnings")).to_contain_text("NOE_C_COLOR_IP_8068; NOE_C_IP_8038 is drawn")


def test_the_developer_sees_the_exchange_and_no_secret(desk: Desk) -> None:
    expect(desk.page.get_by_test_id("status")).to_have_text("200")
    expect(desk.page.get_by_test_id("correlation")).to_have_text(CORRELATION)
    expect(desk.page.get_by_test_id("request")).to_contain_text("/phone/?number=70000&set=70000")
    expect(desk.page.get_by_test_id("xml")).to_contain_text('<HeaderBox label="Amélie Dupont-Lefèvre" note="70000"/>')
    desk.page.get_by_text("Request and headers").click()
    expect(desk.page.get_by_text("X-PRS-Secret")).to_be_visible()
    assert SECRET not in (desk.page.locator("body").text_content() or "")


def test_the_last_twenty_are_kept_and_can_be_looked_at(desk: Desk) -> None:
    for name in ("results", "results_2") * 11:
        desk.show(name)
    entries = desk.page.get_by_test_id("history").locator("li")
    expect(entries).to_have_count(20)
    entries.nth(1).get_by_role("button").click()
    expect(desk.page.get_by_test_id("request")).to_contain_text("/pages/results?")
    assert desk.rows()[0].endswith("2/3")


def test_hostile_words_are_only_words(desk: Desk) -> None:
    desk.show("hostile")
    assert desk.rows()[0] == "<b>bold</b>"
    assert desk.rows()[1] == "<script>window.taken=1</script>"
    assert desk.rows()[2].endswith("|&amp;")
    expect(desk.page.get_by_test_id("xml")).to_contain_text("&#x202E;")
    desk.show("other/html")
    assert desk.page.evaluate("window.taken") is None
    assert desk.page.evaluate("document.querySelectorAll('.stage script, .panel script, .stage img').length") == 0


def test_a_link_out_of_touchline_is_not_followed(desk: Desk) -> None:
    desk.show("hostile")
    desk.press("key-down", "key-ok")
    desk.wait("phone.no_page")
    expect(desk.page.get_by_test_id("reason")).to_contain_text("another place")


@pytest.mark.parametrize("path", ["html", "empty", "entity", "huge", "redirect", "deep", "foreign_root"])
def test_no_page_is_told_plainly_and_left_by_back_or_home(desk: Desk, path: str) -> None:
    desk.show("card")
    desk.show(f"other/{path}")
    desk.wait("phone.no_page")
    assert desk.rows()[0] == "No page"
    expect(desk.page.get_by_test_id("reason")).not_to_be_empty()
    desk.press("key-back")
    desk.wait("directory.card")
    desk.show(f"other/{path}")
    desk.press("key-home")
    desk.wait("menu.home")


def test_no_page_is_asked_for_again_by_ok(desk: Desk) -> None:
    desk.show("other/html")
    desk.press("key-ok")
    desk.rest()
    assert desk.touchline.paths()[-2:] == ["/other/html", "/other/html"]


def test_a_page_of_an_error_is_shown_with_its_status(desk: Desk) -> None:
    desk.show("sent", status="503")
    assert desk.rows()[1] == "Thank you."
    expect(desk.page.get_by_test_id("status")).to_have_text("503")


def test_every_key_has_a_name(desk: Desk) -> None:
    names = [button.get_attribute("aria-label") for button in desk.page.locator(".phone button").all()]
    assert names
    assert all(names)
