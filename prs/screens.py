"""Screens are data: what a phone application returns. One widget for one NOE object of `prs/FACTS`, and no XML.

A screen says what it would like to show; what a set can show of it is decided in one place, `fitting`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from prs.links import Link


@dataclass(frozen=True, slots=True)
class Text:
    """Something to read. Long text is wrapped to the display (TextBox)."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a label, a short detail at its right, and where it leads; without a link it is only read.

    `icon` names a sign before the label, for sets that draw it; what it says must be told by words elsewhere, too.
    """

    label: str
    detail: str = ""
    link: Link | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """Lines to choose from (ListBox). `active` is the index of the one chosen first."""

    items: tuple[Item, ...]
    active: int = 0


@dataclass(frozen=True, slots=True)
class ActionList:
    """Things to do, rather than things to look at (ActionlistBox)."""

    items: tuple[Item, ...]


class InputKind(StrEnum):
    """What may be typed into a field."""

    TEXT = "text"
    DIGITS = "digits"
    PASSWORD = "password"  # noqa: S105  (shown masked, never prefilled)


@dataclass(frozen=True, slots=True)
class Input:
    """A field to type in (InputBox). `longest` is in characters, 1 to 255."""

    name: str
    label: str
    value: str = ""
    kind: InputKind = InputKind.TEXT
    longest: int = 40
    focus: bool = False


@dataclass(frozen=True, slots=True)
class CheckBox:
    """Yes or no (CheckBox)."""

    name: str
    label: str
    state: bool


class DateParts(StrEnum):
    """What a date field asks for."""

    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class DateInput:
    """A date, a time or both (DateBox). `value` is ISO 8601, empty for none."""

    name: str
    label: str
    value: str = ""
    parts: DateParts = DateParts.DATE


@dataclass(frozen=True, slots=True)
class Form:
    """Fields that are sent together (FrameBox). `link` receives them."""

    link: Link
    fields: tuple[Input | CheckBox | DateInput, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is (ProgressBar), 0 to `of`."""

    label: str
    value: int
    of: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture and the words that stand for it where it cannot be drawn (ImageBox). Sizes in pixels."""

    uri: str
    label: str
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound to listen to, and the words that stand for it on a set that cannot play it (AudioBox).

    `link` leads to a view that gives a file; it is followed only when somebody wants to hear it.
    """

    link: Link
    label: str


Widget = Text | List | ActionList | Form | Progress | Image | Sound


@dataclass(frozen=True, slots=True)
class Dialog:
    """A question over the screen, and its answers (DialogBox)."""

    title: str
    question: str
    answers: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Popup:
    """A word over the screen that goes away by itself (PopupBox)."""

    text: str
    seconds: float = 2


@dataclass(frozen=True, slots=True)
class SoftKey:
    """A key beside the display. Without a link it sends the screen's form."""

    label: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """After `seconds` without a key, `link` replaces the screen (IdleTimer). 0.2 to 3600 seconds."""

    seconds: float
    link: Link


@dataclass(frozen=True, slots=True)
class Screen:
    """What a phone application shows.

    Attributes:
        title: the first line.
        body: what stands below it.
        note: short, at the right of the title, such as "1/3".
        keys: soft keys, the likely one first. What a set has no keys for is listed below the body.
        back: where Back goes; None: to the menu.
        earlier, later: where Left and Right go, in a list of several pages.
        keypad: where digits keyed on this screen go.
        refresh: when the screen renews itself.
        dialog, popup: what stands over it.
        status: the HTTP status that says the same to machines.
    """

    title: str
    body: tuple[Widget, ...] = ()
    note: str = ""
    keys: tuple[SoftKey, ...] = ()
    back: Link | None = None
    earlier: Link | None = None
    later: Link | None = None
    keypad: Link | None = None
    refresh: Refresh | None = None
    dialog: Dialog | None = None
    popup: Popup | None = None
    status: int = field(default=200)
