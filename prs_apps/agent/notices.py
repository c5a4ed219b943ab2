"""What is told when O2G refuses something, in the words of a call centre; then the screen shows the true state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from prs.errors import N_
from prs.links import Link
from prs.screens import Screen, Text
from prs_apps.application import Application, Visit
from services.errors import BadParameter, NotAllowed, NotExpected, NotFound, O2GError

P = ParamSpec("P")
Here = TypeVar("Here", bound=Application)
View = Callable[Concatenate[Here, Visit, P], Screen | Link]


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of explanation, and the HTTP status that says the same."""

    text: str
    status: int


NOTICES = {
    "not_now": Notice(N_("This is not possible right now."), 409),
    "not_allowed": Notice(N_("The call centre does not allow this."), 403),
    "not_accepted": Notice(N_("The call centre does not accept this."), 400),
    "no_supervisor": Notice(N_("No supervisor is there, or one was asked already."), 409),
    "no_help": Notice(N_("Help is not asked for any more."), 409),
    "no_log_on": Notice(N_("Not logged on. Somebody else may be logged on at this set."), 409),
    "no_such_set": Notice(N_("Nobody can log on at this set."), 400),
    "no_such_reason": Notice(N_("This reason is not there any more."), 409),
    "no_such_skill": Notice(N_("This skill is not yours any more."), 409),
    "no_number": Notice(N_("Enter a number that can be called."), 400),
    "no_such_agent": Notice(N_("This is no agent's number."), 400),
    "not_your_agent": Notice(N_("This is no agent of your groups."), 403),
    "no_call": Notice(N_("The agent is in no call, or you are in one."), 409),
    "call_over": Notice(N_("You are not in the agent's call any more."), 409),
    "hang_up": Notice(N_("Hang up on your set to leave the call."), 501),
    "not_listening": Notice(N_("You listen to nobody."), 409),
    "not_there": Notice(N_("You listen already, or the agent is logged off."), 409),
}
USUAL = {
    NotExpected: "not_now",
    NotAllowed: "not_allowed",
    BadParameter: "not_accepted",
    NotFound: "not_accepted",
}


def attempt(act: Callable[[], None], words: Mapping[type[O2GError], str]) -> str:
    """Do something, and give the notice of its refusal; empty: it was done.

    Args:
        act: does it.
        words: notices by class of error, where the usual ones can be said better.

    Raises:
        O2GError: what is no refusal, such as that O2G cannot be reached, or its login is wrong.
    """
    try:
        act()
    except O2GError as error:
        notice = (USUAL | dict(words)).get(type(error))  # not its subclasses, such as WrongCredentials
        if notice is None:
            raise
        return notice
    return ""


def for_operators(view: View[Here, P]) -> View[Here, P]:
    """Have a screen say so where its user is no operator, or has no licence: O2G does not tell the two apart."""

    @wraps(view)
    def shown(self: Here, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> Screen | Link:
        try:
            return view(self, visit, *args, **kwargs)
        except NotAllowed as error:
            if type(error) is not NotAllowed:
                raise  # O2G's login is wrong, which is another thing
            words = visit._("You are no call-centre agent, or there is no licence left for you.")
            return Screen(title=visit._("Call centre"), body=(Text(words),), status=403)

    return shown


def told(visit: Visit, notice: str) -> tuple[Text, ...]:
    """Put a notice into the user's language; there may be none."""
    return (Text(visit._(NOTICES[notice].text)),) if notice in NOTICES else ()


def told_first(visit: Visit, notice: str) -> bool:
    """Tell whether a set's one row must show the notice rather than the field below it."""
    return bool(notice) and visit.model.rows == 1


def status(notice: str) -> int:
    """Give the HTTP status of a screen with that notice."""
    return NOTICES[notice].status if notice in NOTICES else 200
