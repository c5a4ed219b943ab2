"""O2G's refusals in a phone user's words: for each, the HTTP status that says the same, a code to read out, a text.

Data, in the order in which they are tried: the first class that an error belongs to decides.
"""

from dataclasses import dataclass

from prs.errors import N_
from services import errors
from services.errors import O2GError


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an error of O2G's is told. `retry`: the same may work in a moment, and the screen offers it."""

    error: type[O2GError]
    status: int
    code: str
    message: str
    retry: bool


REFUSALS = (
    Refusal(
        errors.SearchLimitReached, 503, "O1", N_("Too many people search the directory right now. Try again."), True
    ),
    Refusal(errors.O2GBusy, 503, "O14", N_("The telephone system is very busy. Try again."), True),
    Refusal(errors.O2GTimeout, 504, "O2", N_("The telephone system takes too long to answer. Try again."), True),
    Refusal(errors.O2GUnreachable, 503, "O3", N_("The telephone system cannot be reached. Try again."), True),
    Refusal(errors.O2GNotReady, 503, "O4", N_("The telephone system is starting. Try again in a moment."), True),
    Refusal(
        errors.WrongCredentials, 502, "O5", N_("The service cannot log in. Please tell your administrator."), False
    ),
    Refusal(errors.SessionLost, 503, "O6", N_("The service has lost its connection. Try again."), True),
    Refusal(
        errors.NoLicence,
        403,
        "O15",
        N_("No licence is free for you. Try again later, or tell your administrator."),
        True,
    ),
    Refusal(errors.NotAllowed, 403, "O7", N_("The telephone system does not allow this."), False),
    Refusal(errors.NotFound, 404, "O8", N_("This does not exist any more."), False),
    Refusal(errors.NotExpected, 409, "O9", N_("This is not possible right now."), True),
    Refusal(errors.NotSupported, 501, "O10", N_("The telephone system cannot do this."), False),
    Refusal(errors.BadParameter, 400, "O11", N_("The telephone system does not accept this."), False),
    Refusal(errors.UnreadableAnswer, 502, "O12", N_("The telephone system gave an answer that makes no sense."), True),
    Refusal(O2GError, 502, "O13", N_("The telephone system has a problem. Please tell your administrator."), True),
)


def refusal_of(error: O2GError) -> Refusal:
    """Find how an error is told."""
    return next(refusal for refusal in REFUSALS if isinstance(error, refusal.error))
