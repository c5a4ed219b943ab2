"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser.

    Raises:
        FileNotFoundError: there is none on this machine.
    """
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def need_chromium() -> None:
    """Skip the test where there is no browser, or fail where nothing may be skipped."""
    if shutil.which("chromium") is None:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("chromium is missing, and REQUIRE_ALL=1 lets nothing be skipped")
        pytest.skip("chromium is not installed")


class DeskPhone:
    """The phone page, as a person uses it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address

    def power_on(self, number: str, *, bare: bool = False) -> None:
        """Sit down at a set, and wait for its menu."""
        self.page.goto(f"{self._address}?number={number}&set={number}" + ("&bare=1" if bare else ""))
        self.wait("menu.home")

    def wait(self, screen: str) -> None:
        """Wait for a screen, and until nothing is under way."""
        expect(self.display).to_have_attribute("data-screen", screen)
        expect(self.display).to_have_attribute("data-busy", "false")

    def press(self, *keys: str) -> None:
        """Press keys by their names: `key-ok`, `digit-5`, `softkey-0`."""
        for key in keys:
            self.page.get_by_test_id(key).click()

    def press_label(self, label: str) -> None:
        """Press the soft key beside that label."""
        drawn = self.page.locator("[data-testid^=softlabel-]").filter(has_text=label).first
        self.press(str(drawn.get_attribute("data-testid")).replace("softlabel", "softkey"))

    def type_text(self, text: str) -> None:
        """Type on the computer's keyboard."""
        self.page.keyboard.type(text)

    @property
    def display(self) -> Locator:
        return self.page.get_by_test_id("display")

    @property
    def text(self) -> str:
        return str(self.display.inner_text())

    @property
    def overflow(self) -> list[object]:
        """What did not fit the display's grid; nothing, if the server fits its pages."""
        found: list[object] = self.page.evaluate("window.phone.overflow")
        return found
