"""What other screens offer of the directory: to pick somebody where a number is asked for, and to find who called."""

from prs.links import Link
from prs.screens import Item, SoftKey
from prs_apps.application import HOME, Visit
from prs_apps.directory.trail import Trail
from prs_apps.picking import Pick

DIRECTORY = "directory"


def from_directory(visit: Visit, pick: Pick) -> tuple[Item, ...]:
    """Offer to pick somebody in the directory; what is picked goes where `pick` says, and Back to who asked.

    Nothing where this user has no directory.
    """
    if not visit.may_use(DIRECTORY):
        return ()
    trail = Trail(pick=pick.packed()).packed()
    return (Item(visit._("From the directory"), link=Link(DIRECTORY, HOME, (("trail", trail),))),)


def find_in_directory(visit: Visit, last_name: str, first_name: str) -> tuple[SoftKey, ...]:
    """Offer to find somebody by name; nothing where there is no last name, or this user has no directory."""
    if not last_name or not visit.may_use(DIRECTORY):
        return ()
    trail = Trail(last_name=last_name, first_name=first_name).packed()
    return (SoftKey(visit._("Find"), Link(DIRECTORY, "results", (("trail", trail),))),)
