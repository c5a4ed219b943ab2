"""Pages: screens that fit a set, with every address signed; what the dialect's templates write out, box by box."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class HeaderBox:
    """The first line."""

    label: str
    note: str


@dataclass(frozen=True, slots=True)
class TextBox:
    """Lines to read, each at most as wide as the display."""

    template: ClassVar[str] = "text_box"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list; its label and detail together fit one row."""

    label: str
    detail: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class ListBox:
    """Lines to choose from."""

    template: ClassVar[str] = "list_box"
    lines: tuple[Line, ...]
    active: int


@dataclass(frozen=True, slots=True)
class ActionListBox:
    """Things to do."""

    template: ClassVar[str] = "action_list_box"
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class InputBox:
    """A field to type in."""

    template: ClassVar[str] = "input_box"
    name: str
    label: str
    value: str
    kind: str
    longest: int
    focus: bool


@dataclass(frozen=True, slots=True)
class CheckBox:
    """Yes or no."""

    template: ClassVar[str] = "check_box"
    name: str
    label: str
    state: bool


@dataclass(frozen=True, slots=True)
class DateBox:
    """A date or time."""

    template: ClassVar[str] = "date_box"
    name: str
    label: str
    value: str
    parts: str


@dataclass(frozen=True, slots=True)
class FrameBox:
    """Fields that are sent together."""

    template: ClassVar[str] = "frame_box"
    href: str
    fields: tuple[InputBox | CheckBox | DateBox, ...]


@dataclass(frozen=True, slots=True)
class ProgressBar:
    """How far something is."""

    template: ClassVar[str] = "progress_bar"
    label: str
    value: int
    of: int


@dataclass(frozen=True, slots=True)
class ImageBox:
    """A picture."""

    template: ClassVar[str] = "image_box"
    uri: str
    label: str
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class AudioBox:
    """A sound."""

    template: ClassVar[str] = "audio_box"
    uri: str
    label: str


Box = TextBox | ListBox | ActionListBox | FrameBox | ProgressBar | ImageBox | AudioBox


@dataclass(frozen=True, slots=True)
class DialogBox:
    """A question over the page."""

    title: str
    lines: tuple[str, ...]
    answers: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PopupBox:
    """A word over the page."""

    label: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SoftKey:
    """A key beside the display; without an address it sends the form."""

    position: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the set that the page answers: back, home, left, right."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Numpad:
    """The page listens to the keypad; digits are gathered until `wait` milliseconds pass."""

    href: str
    wait: int


@dataclass(frozen=True, slots=True)
class IdleTimer:
    """When and by what the page is replaced."""

    after: float
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """A screen that fits its set. `id` names application and screen; `direction` is `ltr` or `rtl`."""

    id: str
    language: str
    direction: str
    header: HeaderBox
    body: tuple[Box, ...]
    dialog: DialogBox | None
    popup: PopupBox | None
    soft_keys: tuple[SoftKey, ...]
    keys: tuple[Key, ...]
    numpad: Numpad | None
    timer: IdleTimer | None


@dataclass(frozen=True, slots=True)
class Registration:
    """What a key of an application's own is bound to.

    Attributes:
        identifier: of the IP Touch application, as it was asked for.
        index: the application's slot on the sets; None where none is registered.
        label: the application's name, for the key.
        href: its first screen.
    """

    identifier: str
    index: int | None
    label: str
    href: str
