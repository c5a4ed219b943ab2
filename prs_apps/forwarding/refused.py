"""Why calls cannot go where somebody wants them to, as far as O2G says so; the rest is told as any refusal is.

Data: each has the name that a link carries, the HTTP status, the words.
"""

from collections.abc import Collection
from dataclasses import dataclass

from prs.errors import N_
from prs_apps.refusals import REFUSALS, refusal_of
from services.errors import O2GError, RoutingDetails


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason."""

    name: str
    status: int
    message: str


OWN = Refused("own", 403, N_("This is your own number."))
BARRED = Refused("barred", 403, N_("Calls may not go to this number."))
BACK = Refused("back", 400, N_("Calls cannot go there, or would come back to you."))
INCOMPLETE = Refused("incomplete", 400, N_("This number is incomplete."))
UNKNOWN = Refused("unknown", 400, N_("This number is not known here."))
NO_NUMBER = Refused("no_number", 400, N_("Enter a number that can be called."))
NO_OVERFLOW = Refused("no_overflow", 403, N_("You may not set an overflow."))
OVERFLOW_STAYS = Refused("overflow_stays", 403, N_("You may not switch the overflow off."))

# RoutingErrorCause and RoutingErrorType; whatever is not here says nothing that a person could act on. O2G refuses a
# forward that leads back as an invalid route, and one's own number as one that is barred (L126).
BY_CAUSE = {
    "UNAUTHORIZED_PHONE_NUMBER": BARRED,
    "INVALID_FORWARD_ROUTE": BACK,
    "INVALID_OVERFLOW_ROUTE": BACK,
    "BAD_PHONE_NUMBER_FORMAT": NO_NUMBER,
    "UNAUTHORIZED_OVERFLOW": NO_OVERFLOW,
    "UNAUTHORIZED_CANCEL_OVERFLOW": OVERFLOW_STAYS,
}
BY_TYPE = {"INCOMPLETE_PHONE_NUMBER": INCOMPLETE, "UNKNOWN_PHONE_NUMBER": UNKNOWN}
OF_A_NUMBER = (OWN, BARRED, INCOMPLETE, UNKNOWN, NO_NUMBER)
NAMED = {
    **{one.code: Refused(one.code, one.status, one.message) for one in REFUSALS},
    **{one.name: one for one in (OWN, *BY_CAUSE.values(), *BY_TYPE.values())},
}


def refused_by(error: O2GError, number: str, own: Collection[str]) -> Refused:
    """Tell why O2G refused to send calls somewhere.

    Args:
        error: what O2G said.
        number: where calls should go; empty: not to a number.
        own: the user's numbers.
    """
    found = None
    if isinstance(error.details, RoutingDetails):
        found = BY_TYPE.get(error.details.error_type) or BY_CAUSE.get(error.details.cause)
    if found in (BARRED, BACK) and number in own:
        return OWN
    if found is None or (found in OF_A_NUMBER and not number):
        return NAMED[refusal_of(error).code]
    return found
