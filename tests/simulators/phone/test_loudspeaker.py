"""The loudspeaker: a page's sound is words on the display, and is played in the browser when somebody wants it."""

import pytest
from playwright.sync_api import Locator, expect

from tests.simulators.phone.desk import Desk

pytestmark = pytest.mark.browser


def speaker(desk: Desk) -> Locator:
    return desk.page.get_by_test_id("loudspeaker")


@pytest.mark.parametrize("number", ["70000", "70001", "70002", "70003"])
def test_a_sound_is_played_when_it_is_wanted(desk: Desk, number: str) -> None:
    desk.open(number)
    expect(speaker(desk)).to_be_hidden()
    desk.show("sound")
    assert "/other/voice.wav" not in desk.touchline.paths()
    speaker(desk).click()
    expect(speaker(desk)).to_have_attribute("data-state", "playing")
    assert desk.touchline.last.parameters["number"] == number
    expect(speaker(desk)).to_have_attribute("data-state", "ready")
    speaker(desk).click()
    expect(speaker(desk)).to_have_attribute("data-state", "playing")
    assert desk.touchline.paths().count("/other/voice.wav") == 1
    desk.press("key-back")
    desk.wait("menu.home")
    expect(speaker(desk)).to_be_hidden()


def test_its_words_stand_on_the_display(desk: Desk) -> None:
    desk.show("sound")
    assert desk.rows()[1:3] == ["70000", "0:01"]


def test_a_page_that_comes_silences_the_one_before(desk: Desk) -> None:
    desk.show("sound")
    desk.touchline.hold("/other/voice.wav")
    speaker(desk).click()
    expect(speaker(desk)).to_have_attribute("data-state", "fetching")
    desk.show("sent")
    desk.touchline.release("/other/voice.wav")
    expect(speaker(desk)).to_be_hidden()
    desk.show("sound")
    expect(speaker(desk)).to_have_attribute("data-state", "ready")


def test_a_sound_that_is_gone_is_said_to_be(desk: Desk) -> None:
    desk.show("sound_gone")
    speaker(desk).click()
    expect(speaker(desk)).to_have_attribute("data-state", "silent")
