"""The display: every cell in its place, whatever is in it."""

import pytest
from playwright.sync_api import expect

from tests.simulators.phone.desk import Desk

pytestmark = pytest.mark.browser

# number of a person of the selector, columns, rows, soft keys, letters
FAMILIES = [
    ("70000", 40, 12, 10, True),
    ("70001", 21, 5, 6, True),
    ("70002", 27, 8, 10, True),
    ("70003", 20, 1, 0, False),
]


@pytest.mark.parametrize(("number", "columns", "rows", "soft_keys", "letters"), FAMILIES)
def test_each_family_has_its_own_cells_and_keys(
    desk: Desk, number: str, columns: int, rows: int, soft_keys: int, letters: bool
) -> None:
    desk.open(number)
    assert len(desk.rows()) == rows
    grid = desk.page.locator(".grid").bounding_box()
    cell = desk.page.evaluate("window.phone.display.cell")
    assert grid is not None
    assert grid["width"] == pytest.approx(columns * cell["w"])
    assert grid["height"] == pytest.approx(rows * cell["h"])
    expect(desk.page.locator(".softkey")).to_have_count(soft_keys)
    expect(desk.page.get_by_test_id("letter-a")).to_have_count(1 if letters else 0)


@pytest.mark.parametrize("number", [family[0] for family in FAMILIES])
def test_the_phone_is_in_sight_without_scrolling(desk: Desk, number: str) -> None:
    desk.open(number)
    box = desk.page.get_by_test_id("phone").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    assert box["y"] + box["height"] <= 800
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize(
    "text",
    ["Alice Martin", "李小龍", "鈴木 一郎", "김민준", "Παπαδόπουλος", "Щербакова", "Nguyễn", "כהן דוד", "👩‍👩‍👧‍👦"],
)
def test_text_takes_exactly_its_cells(desk: Desk, text: str) -> None:
    measured = desk.page.evaluate(
        """async (text) => {
          const cells = await import("/static/js/cells.js");
          const span = document.createElement("span");
          span.style.cssText = "position:absolute;white-space:pre";
          document.querySelector(".row").append(span);
          cells.write(span, text, window.phone.display.font);
          return [span.getBoundingClientRect().width / window.phone.display.cell.w, cells.width(text)];
        }""",
        text,
    )
    assert measured[0] == pytest.approx(measured[1], abs=0.15)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("李小", 4),
        ("e\u0301", 1),
        ("👩‍👩‍👧‍👦", 2),
        ("🇫🇷", 2),
        ("ｱ", 1),
        ("Ａ", 2),
        ("김", 2),
        ("", 0),
        ("☎️", 2),
    ],
)
def test_cells_are_counted_as_a_reader_counts_letters(desk: Desk, text: str, cells: int) -> None:
    counted = desk.page.evaluate('async (text) => (await import("/static/js/cells.js")).width(text)', text)
    assert counted == cells


def test_what_has_no_room_is_clipped_and_told(desk: Desk) -> None:
    desk.open("70001")
    desk.show("hostile")
    where = {one["where"] for one in desk.overflow()}
    assert {"line 0", "line 1", "line 3", "soft key 0", "soft key 9"} <= where
    expect(desk.page.get_by_test_id("warnings")).to_contain_text("soft key 0, 13 of 7")
    row = desk.row(1).bounding_box()
    cell = desk.page.evaluate("window.phone.display.cell")
    assert row is not None
    assert row["height"] == pytest.approx(cell["h"])
    assert row["width"] == pytest.approx(21 * cell["w"])
    assert desk.page.get_by_test_id("softlabel-0").inner_text().strip() == "much to"


def test_a_page_that_fits_reports_nothing(desk: Desk) -> None:
    desk.show("results")
    assert desk.overflow() == []


def test_a_bar_below_the_last_row_is_a_fault(desk: Desk) -> None:
    def node(name: str, *children: object, **attributes: str) -> dict[str, object]:
        return {"name": name, "text": "", "attributes": attributes, "children": list(children)}

    text = node("TextBox", *[node("Line")] * 12)
    tree = node("Page", text, node("ProgressBar", label="p", value="1", max="2"), id="a.b", lang="en", dir="ltr")
    found = desk.page.evaluate(
        """async (tree) => {
          const { readPage } = await import("/static/js/page.js");
          const { overflowOf } = await import("/static/js/layout.js");
          return overflowOf(readPage(tree), window.phone.set);
        }""",
        tree,
    )
    assert [one["where"] for one in found] == ["rows"]


def test_a_right_to_left_page_begins_at_the_right(desk: Desk) -> None:
    desk.show("hebrew")
    row = desk.row(1).bounding_box()
    label = desk.row(1).locator(".label").bounding_box()
    detail = desk.row(1).locator(".detail").bounding_box()
    assert row is not None
    assert label is not None
    assert detail is not None
    assert label["x"] + label["width"] == pytest.approx(row["x"] + row["width"])
    assert detail["x"] == pytest.approx(row["x"])


def test_one_line_shows_one_thing_and_scrolls_through_all(desk: Desk) -> None:
    desk.open("70003")
    assert desk.rows() == ["Directory|★"]
    desk.press("key-down", "key-down", "key-down")
    assert desk.rows() == ["Voice messages|unknown"]
    desk.show("question")
    seen = []
    for _ in range(4):
        seen += desk.rows()
        desk.press("key-down")
    assert seen == ["Delete this message", "for good?", "Yes", "No"]
    desk.press("key-up", "key-ok")
    desk.wait("settings.sent")
    assert desk.touchline.last.parameters["answer"] == "yes"


def test_one_line_shows_the_header_only_where_there_is_nothing_else(desk: Desk) -> None:
    desk.open("70003")
    desk.show("sent")
    assert desk.rows() == ["Thank you."]


def test_a_picture_is_drawn_in_colour_and_told_elsewhere(desk: Desk) -> None:
    desk.show("picture")
    expect(desk.page.locator(".picture").first).to_be_visible()
    assert "Back to the menu" in desk.row(6).inner_text()
    desk.open("70002")
    desk.show("picture")
    expect(desk.page.locator(".picture")).to_have_count(0)
    assert desk.rows()[1] == "Map of the site"


def test_bare_shows_the_phone_alone(desk: Desk) -> None:
    desk.open("70002", bare=True)
    expect(desk.page.get_by_test_id("phone")).to_be_visible()
    expect(desk.page.get_by_test_id("xml")).to_be_hidden()
    expect(desk.page.get_by_test_id("person")).to_be_hidden()
