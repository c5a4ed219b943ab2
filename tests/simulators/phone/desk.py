"""The phone as its user has it: keys to press, a display to read."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.simulators.phone.touchline import FakeTouchline


class Desk:
    """A phone in a browser."""

    def __init__(self, page: Page, address: str, touchline: FakeTouchline) -> None:
        self.page = page
        self.address = address
        self.touchline = touchline

    def open(self, number: str = "70000", *, station_type: str = "", bare: bool = False) -> None:
        """Put a phone on the desk, and wait for the menu."""
        query = f"?number={number}" + (f"&type={station_type}" if station_type else "") + ("&bare=1" if bare else "")
        self.page.goto(self.address + query)
        self.wait("menu.home")

    def show(self, name: str, **query: str) -> None:
        """Bring a page of the stand-in to the display, as if a key led there."""
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.evaluate(
            "url => { window.phone.leave(url) }",
            f"{self.touchline.url}/{name if '/' in name else f'pages/{name}'}?{asked}",
        )
        self.rest()

    def wait(self, screen: str) -> None:
        expect(self.display).to_have_attribute("data-screen", screen)
        self.rest()

    def rest(self) -> None:
        """Wait until no answer is awaited and nothing keyed is pending."""
        expect(self.display).to_have_attribute("data-busy", "false")

    @property
    def display(self) -> Locator:
        return self.page.get_by_test_id("display")

    def press(self, *keys: str) -> None:
        """Press keys of the phone by their test ids: `key-ok`, `digit-5`, `softkey-0`, `letter-a`."""
        for key in keys:
            self.page.get_by_test_id(key).click()

    def row(self, number: int) -> Locator:
        return self.page.get_by_test_id(f"row-{number}")

    def rows(self) -> list[str]:
        """The display's rows as text, pieces of a row parted by a bar."""
        found = []
        for row in self.page.locator(".row").all():
            pieces = [piece.text_content() or "" for piece in row.locator(".piece").all()]
            found.append("|".join(pieces))
        return found

    def active(self) -> str:
        """The active row's text."""
        return re.sub(r"\s+", " ", self.page.locator(".row.active").inner_text())

    def overflow(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.page.evaluate("window.phone.overflow")
        return found
