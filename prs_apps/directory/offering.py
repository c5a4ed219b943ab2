"""The line that every screen that asks for a number offers: somebody of the directory."""

from prs.links import Link
from prs.screens import Item
from prs_apps.application import HOME, Visit
from prs_apps.directory.trail import Trail
from prs_apps.picking import Pick

DIRECTORY = "directory"


def from_directory(visit: Visit, pick: Pick) -> tuple[Item, ...]:
    """Offer to pick somebody in the directory; what is picked goes where `pick` says, and Back to who asked."""
    trail = Trail(pick=pick.packed()).packed()
    return (Item(visit._("From the directory"), link=Link(DIRECTORY, HOME, (("trail", trail),))),)
