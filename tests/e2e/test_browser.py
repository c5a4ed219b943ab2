"""A person at a desk phone: the real phone page, its presentation server, Touchline, and the O2G simulator behind."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from simulators.demo.house import DemoHouse
from tests.browser import DeskPhone, chromium, need_chromium
from tests.house import Simulator

pytestmark = pytest.mark.browser

LARGE_COLOUR, ONE_LINE, SMALL, LARGE, ARABIC = "70000", "70001", "70002", "70003", "70007"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with chromium() as running:
        yield running


@pytest.fixture
def desk(browser: Browser, house: DemoHouse) -> Iterator[DeskPhone]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield DeskPhone(page, house.phone)
    page.close()
    assert faults == []


@pytest.mark.parametrize("number", [LARGE_COLOUR, SMALL, LARGE])
def test_a_person_searches_reads_the_card_and_calls(desk: DeskPhone, o2g: Simulator, number: str) -> None:
    desk.power_on(number)
    desk.press("key-directory")
    desk.wait("directory.home")
    desk.type_text("lindqvist")
    desk.press("key-down")
    desk.type_text("greta")
    desk.press_label("Search")
    desk.wait("directory.results")
    expect(desk.display).to_contain_text("Greta Lindqvist")
    expect(desk.display).to_contain_text("70012")
    assert desk.overflow == []
    desk.press_label("Call")
    desk.wait("directory.call")
    expect(desk.display).to_contain_text("Calling")
    assert "70012" in o2g.called_from(number)
    expect(desk.page.get_by_test_id("xml")).to_contain_text("70012")
    expect(desk.page.get_by_test_id("status")).to_have_text("200")


def test_a_person_without_letters_finds_a_colleague_by_keypad(desk: DeskPhone, o2g: Simulator) -> None:
    desk.power_on(ONE_LINE)
    desk.press("key-directory")
    desk.wait("directory.home")
    desk.press("digit-5", "digit-4", "digit-6", "digit-3", "digit-7")  # lindq
    desk.wait("directory.keypad")
    expect(desk.display).to_contain_text("Lindqvist")
    desk.press("key-ok")
    desk.wait("directory.card")
    desk.press("key-ok")
    desk.wait("directory.call")
    assert "70012" in o2g.called_from(ONE_LINE)


def test_leafing_and_going_back(desk: DeskPhone) -> None:
    desk.power_on(SMALL)
    desk.press("key-directory")
    desk.wait("directory.home")
    desk.type_text("sm")
    desk.press("key-ok")
    desk.wait("directory.results")
    expect(desk.display).to_contain_text("found", timeout=10_000)
    first = desk.text
    desk.press("key-right")
    expect(desk.display).to_contain_text("2/")
    assert desk.text != first
    desk.press("key-left")
    expect(desk.display).to_contain_text("1/")
    desk.press("key-back")
    desk.wait("directory.home")
    desk.press("key-back")
    desk.wait("menu.home")


def test_a_screen_is_written_from_right_to_left(desk: DeskPhone) -> None:
    desk.power_on(ARABIC)
    expect(desk.display).to_contain_text("ليلى حداد")
    assert desk.overflow == []


@pytest.mark.parametrize("number", [LARGE_COLOUR, SMALL, LARGE])
def test_hostile_names_are_drawn_and_run_nothing(desk: DeskPhone, number: str) -> None:
    desk.power_on(number)
    desk.press("key-directory")
    desk.wait("directory.home")
    desk.type_text("AT&T")
    desk.press("key-ok")
    desk.wait("directory.results")
    expect(desk.display).to_contain_text("<Helpdesk>")
    assert desk.page.locator("[data-testid=display] script, [data-testid=display] helpdesk").count() == 0
    assert desk.overflow == []


def test_nothing_found_leads_on(desk: DeskPhone) -> None:
    desk.power_on(LARGE_COLOUR)
    desk.press("key-directory")
    desk.wait("directory.home")
    desk.type_text("xqzwv")
    desk.press("key-ok")
    desk.wait("directory.results")
    expect(desk.display).to_contain_text("No one is found")
    desk.press_label("Change")
    desk.wait("directory.home")
    expect(desk.display).to_contain_text("xqzwv")
