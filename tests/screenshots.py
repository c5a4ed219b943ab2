"""`make screenshots`: a picture of every screen of each application's walk, on each family of sets.

`make screenshots ARGS="call_log --language fr"` takes those of one application in another language.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.sync_api import Browser, ViewportSize

from prs.language import languages
from simulators.demo.house import DemoHouse, demo_house
from tests.browser import DeskPhone, chromium
from tests.house import Simulator
from tests.walks import WALKS, users_of
from tests.walks.in_chromium import ChromiumWalker
from tests.walks.labels import Labels

FOLDER = Path("docs/screenshots")
VIEW: ViewportSize = {"width": 1280, "height": 800}


def take(house: DemoHouse, browser: Browser, application: str, families: Sequence[str], language: str) -> None:
    """Take a walk on some families, and a picture at each screen."""
    simulator = Simulator(house.o2g.control)
    for family, number in users_of(application).items():
        if family not in families:
            continue
        page = browser.new_page(viewport=VIEW)
        desk = DeskPhone(page, house.phone)

        def picture(name: str, desk: DeskPhone = desk, family: str = family) -> None:
            desk.page.evaluate("document.fonts.ready")
            file = FOLDER / f"{application}-{name}-{family}-{language}.png"
            desk.page.get_by_test_id("phone").screenshot(path=str(file))
            sys.stdout.write(f"{file}\n")

        speak(house, number, language)
        desk.power_on(number)
        WALKS[application](ChromiumWalker(desk, number, family, simulator, Labels(languages().of(language)), picture))
        page.close()
    simulator.close()


def speak(house: DemoHouse, number: str, language: str) -> None:
    """Set a user's language at O2G."""
    with httpx.Client(base_url=house.o2g.control) as control:
        control.put(f"/users/{number}", json={"language": language}).raise_for_status()


def main() -> None:
    """Walk through each application on each family, and keep what the phone shows."""
    options = argparse.ArgumentParser(prog="make screenshots ARGS=…", description=__doc__)
    options.add_argument("applications", nargs="*", help="these only")
    options.add_argument("--family", action="append", help="these families only")
    options.add_argument("--language", default="en", help="of the catalogues' languages (%(default)s)")
    chosen = options.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        demo_house(users=500, with_phone=True, settings={"TOUCHLINE_USER_CACHE_SECONDS": "0"}) as house,
        chromium() as browser,
    ):
        for application in chosen.applications or WALKS:
            take(house, browser, application, chosen.family or tuple(users_of(application)), chosen.language)


if __name__ == "__main__":
    main()
