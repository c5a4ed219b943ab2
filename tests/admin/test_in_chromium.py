"""The administration's pages in a browser.

axe finds nothing on any, in the light and in the dark; they fit any display; a keyboard is enough; nothing runs, and
nothing is asked of another server.
"""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from simulators.demo.house import DemoHouse
from store.administrators import Role
from tests.admin.office import PASSWORD, RECOVERY, Staff
from tests.browser import chromium, need_chromium
from tests.house import prs_client

pytestmark = pytest.mark.browser

PAGES = (
    "/admin/",
    "/admin/applications",
    "/admin/applications/directory",
    "/admin/applications/directory/change",
    "/admin/applications/directory/try",
    "/admin/applications/directory/remove",
    "/admin/applications/nothing",
    "/admin/register",
    "/admin/file",
    "/admin/audit",
    "/admin/audit?by=nobody",
    "/admin/accounts",
    "/admin/accounts/watched",
    "/admin/account",
    "/admin/account/password",
    "/admin/account/second-factor",
)
SIZES = {"wide": (1280, 860), "at 200 %": (640, 430), "small": (320, 640)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def desk(house: DemoHouse, staff: Staff, browser: Browser) -> Iterator[Page]:
    """An administrator who has signed in, after a phone was told of a failure."""
    secret = staff.hire("chromium")
    staff.hire("watched", Role.OPERATOR)
    with prs_client(house) as prs:
        prs.get("/phone/", params={"number": "99999"})
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    sign_in(page, house, "chromium", pyotp.TOTP(secret).now())
    yield page
    context.close()


def sign_in(page: Page, house: DemoHouse, login: str, code: str) -> None:
    page.goto(f"{house.touchline.url}/admin/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def nothing_to_complain_of(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def nothing_sticks_out(page: Page) -> None:
    """Nobody has to scroll sideways, but in a table."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_page(house: DemoHouse, desk: Page, path: str, theme: str) -> None:
    desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    desk.goto(house.touchline.url + path)
    nothing_to_complain_of(desk)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(house: DemoHouse, browser: Browser, theme: str) -> None:
    context = browser.new_context(ignore_https_errors=True, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.touchline.url}/admin/sign-in")
    page.locator("summary").click()
    nothing_to_complain_of(page)
    page.get_by_label("Login").fill("nobody")
    page.get_by_label("Password").fill("nothing")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    nothing_to_complain_of(page)
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_form_with_faults_and_a_rule(house: DemoHouse, desk: Page, theme: str) -> None:
    desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    desk.goto(f"{house.touchline.url}/admin/register")
    desk.get_by_label("Id", exact=True).fill("Not An Id")
    desk.get_by_label("Whoever one of these rules admits").check()
    desk.get_by_label("Directory numbers").fill("70000-7")
    desk.get_by_text("Parameters, and a key of its own").click()
    desk.get_by_label("Parameters", exact=True).fill("x = [1")
    desk.get_by_role("button", name="Register").click()
    expect(desk.get_by_role("alert")).to_contain_text("Not saved")
    nothing_to_complain_of(desk)
    desk.get_by_role("button", name="Add another rule").click()
    expect(desk.get_by_role("group", name="Rule 2")).to_be_visible()
    nothing_to_complain_of(desk)


def test_axe_finds_nothing_on_the_page_that_a_user_saw(house: DemoHouse, desk: Page) -> None:
    desk.goto(f"{house.touchline.url}/admin/")
    desk.get_by_role("region", name="Last refusals").get_by_role("link").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Reference")
    desk.get_by_text("The page as XML").click()
    nothing_to_complain_of(desk)


def test_axe_finds_nothing_on_a_trial(house: DemoHouse, desk: Page) -> None:
    desk.goto(f"{house.touchline.url}/admin/applications/call_log/try")
    for model in ("IP Touch 4068", "IP Touch 4018", "the user's own"):
        option = desk.get_by_label("Set", exact=True).locator("option", has_text=model).first
        desk.get_by_label("Set", exact=True).select_option(value=option.get_attribute("value"))
        desk.get_by_label("Directory number of the user").fill("70000")
        desk.get_by_role("button", name="Try").click()
        expect(desk.get_by_role("region", name="Display of the set")).to_be_visible()
        desk.get_by_text("The page as XML").click()
        nothing_to_complain_of(desk)


def test_axe_finds_nothing_where_somebody_was_faster(house: DemoHouse, desk: Page) -> None:
    other = desk.context.new_page()
    for page, place in ((desk, "81"), (other, "82")):
        page.goto(f"{house.touchline.url}/admin/applications/this_set/change")
        page.get_by_label("Place in menus").fill(place)
    for page in (desk, other):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Somebody else was faster")
    nothing_to_complain_of(other)
    other.get_by_role("button", name="Save yours over it").click()
    expect(other.get_by_role("status")).to_contain_text("It is changed")
    other.close()


def test_axe_finds_nothing_on_what_a_file_would_change(house: DemoHouse, desk: Page) -> None:
    text = (
        'format = "touchline-registry"\nversion = 1\n\n[[applications]]\nid = "imported"\nkind = "external"\n'
        'names = { en = "Imported" }\nexternal = { url = "https://apps.example/" }\n'
    )
    for wrong in (text.replace("https", "http"), text):
        desk.goto(f"{house.touchline.url}/admin/file")
        desk.get_by_label("Or its text").fill(wrong)
        desk.get_by_role("button", name="Show what it would change").click()
        expect(desk.get_by_role("heading", level=1)).to_be_visible()
        nothing_to_complain_of(desk)
    expect(desk.get_by_role("heading", level=3)).to_have_text("+ added imported")


def test_axe_finds_nothing_on_what_is_shown_once(house: DemoHouse, browser: Browser, staff: Staff) -> None:
    staff.hire("onlyonce")
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    sign_in(page, house, "onlyonce", RECOVERY)
    page.goto(f"{house.touchline.url}/admin/accounts")
    page.get_by_label("Login").fill("made.in.chromium")
    page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A password for made.in.chromium")
    nothing_to_complain_of(page)
    page.goto(f"{house.touchline.url}/admin/account/second-factor")
    secret = "".join(page.locator("code.key").inner_text().split())
    page.get_by_label("Type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    nothing_to_complain_of(page)
    context.close()


def test_axe_finds_nothing_where_a_session_has_ended_or_a_role_is_too_small(
    house: DemoHouse, browser: Browser, staff: Staff
) -> None:
    staff.hire("looks.only", Role.OPERATOR)
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    sign_in(page, house, "looks.only", RECOVERY)
    page.goto(f"{house.touchline.url}/admin/register")
    expect(page.get_by_role("alert")).to_contain_text("operator")
    nothing_to_complain_of(page)
    page.goto(f"{house.touchline.url}/admin/account/password")
    for label in ("Your password now", "New password", "New password again"):
        page.get_by_label(label, exact=True).fill("words that go nowhere")
    context.clear_cookies()
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    nothing_to_complain_of(page)
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_any_display(house: DemoHouse, desk: Page, path: str, size: str) -> None:
    width, height = SIZES[size]
    desk.set_viewport_size({"width": width, "height": height})
    desk.goto(house.touchline.url + path)
    nothing_sticks_out(desk)
    desk.set_viewport_size({"width": 1280, "height": 860})


def test_an_application_is_registered_with_the_keyboard_alone(house: DemoHouse, desk: Page) -> None:
    desk.goto(f"{house.touchline.url}/admin/")
    keys = Keyboard(desk)
    keys.to("Skip to the page")
    keys.to("Applications")
    desk.keyboard.press("Enter")
    keys.to("Register an application")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Register an application")
    keys.type_into("Id", "by_keyboard")
    keys.to("External")
    keys.type_into("Address", "https://apps.example/keyboard")
    keys.type_into("English", "By keyboard")
    keys.to("Register")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("It is registered")
    expect(desk.get_by_role("heading", level=1)).to_have_text("By keyboard")
    nothing_to_complain_of(desk)


def test_a_fault_in_a_form_is_where_the_keyboard_is(house: DemoHouse, desk: Page) -> None:
    desk.goto(f"{house.touchline.url}/admin/register")
    desk.get_by_label("Id", exact=True).fill("menu")
    desk.get_by_role("button", name="Register").click()
    summary = desk.get_by_role("alert")
    expect(summary).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Id", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(desk.get_by_label("Id", exact=True)).to_have_accessible_description(re.compile("Is the menu's own"))


def test_nothing_runs_and_nothing_is_asked_of_another_server(house: DemoHouse, browser: Browser, staff: Staff) -> None:
    staff.hire("strict")
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, house, "strict", RECOVERY)
    for path in PAGES:
        page.goto(house.touchline.url + path)
        assert page.locator("script, [style], [onclick]").count() == 0
    assert all(url.startswith(house.touchline.url) for url in asked)
    assert not [text for text in said if "Content Security Policy" in text or "Refused" in text]
    context.close()


class Keyboard:
    """A person without a mouse: tabs until what they look for has the focus."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def to(self, name: str) -> None:
        for _ in range(80):
            self._page.keyboard.press("Tab")
            focused = self._page.locator(":focus")
            if focused.count() and name in self._name_of():
                assert self._page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"the keyboard does not reach {name}")

    def type_into(self, name: str, text: str) -> None:
        self.to(name)
        self._page.keyboard.type(text)

    def _name_of(self) -> str:
        script = "(e => (e.labels && e.labels[0] ? e.labels[0] : e).innerText || '')(document.activeElement)"
        return " ".join(str(self._page.evaluate(script)).split())


def test_pages_work_where_scripts_are_switched_off(
    house: DemoHouse, browser: Browser, staff: Staff, signed_in: Callable[..., object]
) -> None:
    staff.hire("plain")
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, house, "plain", RECOVERY)
    page.get_by_role("link", name="Applications").click()
    page.get_by_role("button", name="Switch off This set").click()
    expect(page.get_by_role("status")).to_contain_text("is switched off")
    page.get_by_role("button", name="Switch on This set").click()
    expect(page.get_by_role("status")).to_contain_text("is switched on")
    context.close()
