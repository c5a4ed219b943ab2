"""Every application's walk in the browser, on each family of sets: each screen fits, and nothing goes wrong."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from prs.language import languages
from simulators.demo.house import DemoHouse, demo_house
from tests.browser import DeskPhone, chromium, need_chromium
from tests.house import Simulator
from tests.walks import WALKS, users_of
from tests.walks.in_chromium import ChromiumWalker
from tests.walks.labels import Labels

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house in which nobody has done anything before the walks, which leave it as they found it."""
    with demo_house(users=600, with_phone=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with chromium() as running:
        yield running


@pytest.mark.parametrize(
    ("application", "family"), [(application, family) for application in WALKS for family in users_of(application)]
)
def test_a_person_walks_through(
    browser: Browser, house: DemoHouse, o2g: Simulator, application: str, family: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    desk, number = DeskPhone(page, house.phone), users_of(application)[family]
    seen: list[str] = []
    desk.power_on(number)
    WALKS[application](ChromiumWalker(desk, number, family, o2g, Labels(languages().of("en")), seen.append))
    page.close()
    assert seen
    assert faults == []
