"""Picking a number in one application for another: where the picked number goes, carried in links on the way."""

from dataclasses import dataclass

from prs.links import ENTRY, Argument, Link
from prs_apps.carried import Carried


@dataclass(frozen=True, slots=True)
class Pick:
    """Who wants a number.

    Attributes:
        application, screen: the action that gets it as `number`.
        arguments: the action's other arguments.
        asker: the screen that asks for it, where Back leads; it gets the same arguments. Empty: the first one.
        more: what that screen gets besides.
    """

    application: str
    screen: str
    arguments: tuple[tuple[str, Argument], ...] = ()
    asker: str = ""
    more: tuple[tuple[str, Argument], ...] = ()

    @classmethod
    def unpacked(cls, packed: str) -> "Pick":
        """Read it from a link's argument.

        Raises:
            LinkAltered: another version of Touchline wrote it.
        """
        return _PICK.unpacked(packed)

    def packed(self) -> str:
        """Write it as a link's argument."""
        return _PICK.packed(self)

    def link(self, number: str) -> Link:
        """Hand the number over; works once, as what it leads to changes something."""
        return Link(self.application, self.screen, (*self.arguments, ("number", number)), once=True)

    def back(self) -> Link:
        """Go back without a number."""
        if not self.asker:
            return Link(self.application, ENTRY)
        return Link(self.application, self.asker, (*self.arguments, *self.more))


_PICK = Carried(Pick)
