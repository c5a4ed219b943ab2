"""A page as somebody tries it out: its XML, and a drawing of what the set would show, in letters."""

from collections.abc import Iterator
from dataclasses import dataclass

from prs import pages
from prs.models import PhoneModel
from prs.text import fit, width

UNSEEN = "\N{BULLET}"
CHECKED, UNCHECKED = "[x]", "[ ]"
FULL, EMPTY = "#", "-"
SMALLEST_FIELD = 3


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a set shows of a page, in letters.

    Attributes:
        columns: cells of a row.
        rows: every row from the first line on, each at most `columns` wide; a display shows `visible` of them at once.
        soft_keys: labels of the keys beside the display, by position.
        colour: the display has colours.
        family: of the set: `one_line`, `small`, `large`, `large_colour`.
        visible: rows of the display.
        active: which row is chosen first, counted from 0; None: none.
        direction: `ltr` or `rtl`.
    """

    columns: int
    rows: tuple[str, ...]
    soft_keys: tuple[str, ...]
    colour: bool
    family: str
    visible: int = 0
    active: int | None = None
    direction: str = "ltr"

    def __str__(self) -> str:
        """Draw it with a frame; a dotted line ends what the display shows at once."""
        line = "─" * (self.columns + 2)
        marks = ("▸" if place == self.active else " " for place in range(len(self.rows)))
        shown = [f"│{mark}{_padded(row, self.columns)} │" for mark, row in zip(marks, self.rows, strict=True)]
        if 0 < self.visible < len(shown):
            shown.insert(self.visible, f"├{'┈' * (self.columns + 2)}┤")
        keys = [f"  {' | '.join(self.soft_keys)}"] if self.soft_keys else []
        return "\n".join((f"┌{line}┐", *shown, f"└{line}┘", *keys))


@dataclass(frozen=True, slots=True)
class Tried:
    """How an application answered a trial.

    Attributes:
        page: XML of the page; empty where there is none.
        status: its HTTP status; 0 where there is no page.
        milliseconds: how long it took.
        correlation: the reference under which the log knows it.
        drawing: what the set would show; None where there is no page.
        refused: why there is no page, or why this user would not get it, in words; empty where they would.
    """

    page: bytes
    status: int
    milliseconds: float
    correlation: str
    drawing: Drawing | None
    refused: str = ""


def draw(page: pages.Page, model: PhoneModel) -> Drawing:
    """Draw a page as a model shows it."""
    rows: list[str] = []
    active: int | None = None
    if model.rows > 1:
        rows.append(_two_ends(page.header.label, page.header.note, model.columns))
    if page.dialog is not None:
        rows += [page.dialog.title, *page.dialog.lines]
        active = len(rows) if page.dialog.answers else None
        rows += [answer.label for answer in page.dialog.answers]
    else:
        for box in page.body:
            if active is None and isinstance(box, pages.ListBox):
                active = len(rows) + box.active
            rows += _box(box, model.columns)
    if page.popup is not None:
        rows.append(f"({page.popup.label})")
    return Drawing(
        model.columns,
        tuple(fit(row, model.columns) if width(row) > model.columns else row for row in rows),
        tuple(key.label for key in sorted(page.soft_keys, key=lambda key: key.position)),
        model.colour,
        model.family,
        model.rows,
        active,
        page.direction,
    )


def _box(box: pages.Box, columns: int) -> Iterator[str]:
    match box:
        case pages.TextBox():
            yield from box.lines
        case pages.ListBox() | pages.ActionListBox():
            for line in box.lines:
                yield _two_ends(f"* {line.label}" if line.icon else line.label, line.detail, columns)
        case pages.FrameBox():
            yield from (_field(field, columns) for field in box.fields)
        case pages.ProgressBar():
            room = max(SMALLEST_FIELD, columns - width(box.label) - 1)
            done = room * box.value // box.of
            yield f"{box.label} {FULL * done}{EMPTY * (room - done)}"
        case pages.ImageBox():
            yield f"[{box.label}]"
        case pages.AudioBox():
            yield f"♪ {box.label}"


def _field(field: pages.InputBox | pages.CheckBox | pages.DateBox, columns: int) -> str:
    if isinstance(field, pages.CheckBox):
        return f"{CHECKED if field.state else UNCHECKED} {field.label}"
    room = max(SMALLEST_FIELD, columns - width(field.label) - 1)
    value = UNSEEN * len(field.value) if isinstance(field, pages.InputBox) and field.kind == "password" else field.value
    return f"{field.label} {fit(value, room)}{'_' * (room - width(fit(value, room)))}"


def _two_ends(left: str, right: str, columns: int) -> str:
    if not right:
        return left
    return f"{left}{' ' * max(1, columns - width(left) - width(right))}{right}"


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))
