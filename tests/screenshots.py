"""`make screenshots`: one picture for each application and family of sets, taken from the running house."""

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from simulators.demo.house import demo_house
from tests.browser import DeskPhone, chromium

FOLDER = Path("docs/screenshots")
FAMILIES = {"one_line": "70001", "small": "70002", "large": "70003", "large_colour": "70000"}
KEYS_OF_SMITH = ("digit-7", "digit-6", "digit-4")


def menu(_desk: DeskPhone, _family: str) -> None:
    """The first screen is there when the set is on."""


def directory(desk: DeskPhone, family: str) -> None:
    """People whose names begin so, found by letters or keys."""
    desk.press("key-directory")
    desk.wait("directory.home")
    if family == "one_line":
        desk.press(*KEYS_OF_SMITH)
        desk.wait("directory.keypad")
    else:
        desk.type_text("smi")
        desk.press("key-ok")
        desk.wait("directory.results")
    expect(desk.page.get_by_test_id("xml")).to_contain_text("found")


def card(desk: DeskPhone, family: str) -> None:
    """A person's numbers."""
    directory(desk, family)
    desk.press("key-ok")
    desk.wait("directory.card")


def opened(application: str) -> Callable[[DeskPhone, str], None]:
    """Make a walk from the menu to an application's first screen."""

    def walk(desk: DeskPhone, _family: str) -> None:
        place = {"directory": 0, "call_log": 1, "forwarding": 2}[application]
        desk.press(*["key-down"] * place, "key-ok")
        desk.wait(f"{application}.home")

    return walk


WALKS: dict[str, Callable[[DeskPhone, str], None]] = {
    "menu": menu,
    "directory": directory,
    "card": card,
    "call_log": opened("call_log"),
    "forwarding": opened("forwarding"),
}


def main() -> None:
    """Walk through each application on each family, and keep what the phone shows."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo_house(users=500, with_phone=True) as house, chromium() as browser:
        for name, walk in WALKS.items():
            for family, number in FAMILIES.items():
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                desk = DeskPhone(page, house.phone)
                desk.power_on(number)
                walk(desk, family)
                page.evaluate("document.fonts.ready")
                file = FOLDER / f"{name}-{family}.png"
                page.get_by_test_id("phone").screenshot(path=str(file))
                page.close()
                sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
