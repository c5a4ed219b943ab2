"""Who walks: a person at a set, or a test that plays one."""

from collections.abc import Callable
from typing import Protocol

from tests.house import Simulator


class Walker(Protocol):
    """A user at a set. What they press and choose is named by its English message, whatever language they read.

    Attributes:
        number: the user's directory number.
        family: `one_line`, `small`, `large` or `large_colour`.
        o2g: the simulator's control interface, for what others do meanwhile.
    """

    number: str
    family: str
    o2g: Simulator

    def open(self, application: str) -> None:
        """Choose the application in the menu."""

    def see(self, name: str) -> None:
        """Look at the screen: it is kept under that name. Each screen of the application is seen once in its walk."""

    def press(self, message: str) -> None:
        """Press the soft key of that message; where the set has none, choose the action; also a dialog's answer."""

    def choose(self, line: str | int) -> None:
        """Choose the line of a list: by the message (or the text) of its label, or the nth that leads somewhere."""

    def type_text(self, field: str, text: str) -> None:
        """Type into the field whose label is that message."""

    def send(self) -> None:
        """Press OK in the form."""

    def key(self, digits: str) -> None:
        """Key digits on a screen that listens to the keypad."""

    def back(self) -> None:
        """Press Back."""

    def settle(self) -> None:
        """Wait until the screen does not renew itself any more."""


Walk = Callable[[Walker], None]
