"""What the rooms of this application have in common: the way back, the words for what is not there, a question."""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from prs.errors import N_
from prs.links import Link
from prs.screens import Dialog, Item, Popup, Screen, Text
from prs_apps.application import Application, Visit
from services.errors import (
    BadParameter,
    NotAllowed,
    NotExpected,
    NotFound,
    NotSupported,
    ServerProblem,
    UnreadableAnswer,
    WrongCredentials,
)
from services.own_set import OwnSet, own_set

T = TypeVar("T")

NOT_THERE = (NotAllowed, NotFound, NotExpected, NotSupported, BadParameter)
"""How O2G says that a user or set has no such thing, or may not; a set that is no remote extension is a wrong one."""

REFUSED = "refused"
SAID = {
    "changed": N_("Changed"),
    "erased": N_("Erased"),
    "joined": N_("Joined"),
    "left": N_("Left"),
    "on": N_("Logged on"),
    "off": N_("Logged off"),
    REFUSED: N_("Not possible"),
    "gone": N_("It is gone already"),
    "locked": N_("This key is locked"),
}
TROUBLES = {REFUSED, "gone", "locked"}


class Gap(Enum):
    """Why there is no value: O2G has none for this user and set, or could not tell."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


def told(ask: Callable[[], T]) -> T | Gap:
    """Ask O2G for something that not every user and set has.

    Raises:
        O2GError: O2G cannot be reached or used at all, which concerns the whole screen.
    """
    try:
        return ask()
    except WrongCredentials:
        raise
    except NOT_THERE:
        return Gap.ABSENT
    except (ServerProblem, UnreadableAnswer):
        return Gap.UNKNOWN


def popup(visit: Visit, said: str) -> Popup | None:
    """Tell how an action ended."""
    return Popup(visit._(SAID[said])) if said in SAID else None


def status(said: str) -> int:
    """Give the HTTP status that says the same as how an action ended."""
    return 409 if said in TROUBLES else 200


class Room(Application):
    """A part of the application about this set. The application itself is all of them and the list that leads there."""

    def home(self, visit: Visit, at: str = "", said: str = "") -> Screen | Link:
        """Show the list of what there is; `at` is the line to stand on, `said` how an action ended."""
        raise NotImplementedError

    def _own(self, visit: Visit) -> OwnSet:
        return own_set(visit.user, visit.device.id)

    def _not_there(self, visit: Visit, title: str, gap: Gap) -> Screen:
        """Say that there is nothing to be seen here, for whoever came by an address of before."""
        absent = gap is Gap.ABSENT
        text = visit._("This is not there for you or your set.") if absent else visit._("This is not known right now.")
        return Screen(title=title, body=(Text(text),), back=visit.link(self.home), status=404 if absent else 502)

    def _focused(self, visit: Visit, notice: str) -> bool:
        """Tell whether a screen begins in its field. A set of one row shows a notice first, and then nothing to choose
        below the field either, as it would stand there."""
        return not notice or visit.model.rows > 1

    def _ask(self, title: str, question: str, yes: Item, no: Item) -> Screen:
        return Screen(title=title, dialog=Dialog(title, question, (yes, no)), back=no.link)
