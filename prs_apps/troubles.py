"""What an error page says: which kind of trouble an error is, its code, its words, and whether Retry is offered."""

from typing import NamedTuple

import redis
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from prs.errors import N_, PageUnknown, PhoneError, TooLarge, WrongMethod
from prs.language import Language
from prs.screens import Screen, SoftKey, Text
from prs_apps.external.errors import ExternalSilent, ExternalTrouble
from prs_apps.refusals import refusal_of
from services import errors
from services.errors import O2GError
from store.errors import StoreGone


class Trouble(NamedTuple):
    """What an error page says: HTTP status, code, words to be translated, whether Retry is offered."""

    status: int
    code: str
    message: str
    retry: bool


BUG = Trouble(500, "X1", N_("Something went wrong here. It has been noted."), True)
SHARED_GONE = Trouble(503, "X2", N_("The service has lost its memory for a moment. Try again."), True)
UNSURE = Trouble(504, "X4", N_("No answer came. Please look whether it was done."), False)
REFUSED = Trouble(400, "X3", N_("This request cannot be answered."), False)
STORE_GONE = Trouble(503, "X5", N_("What is kept here cannot be reached now. Try again."), True)
TROUBLES = (BUG, SHARED_GONE, REFUSED, UNSURE, STORE_GONE)


def trouble_screen(trouble: Trouble, language: Language, reference: str, keys: tuple[SoftKey, ...] = ()) -> Screen:
    """Make the screen that tells of trouble: in words, with its code and the reference that the log knows."""
    say = language.translate
    told = say(N_("Code {code}, reference {reference}")).format(code=trouble.code, reference=reference)
    return Screen(
        title=say(N_("Not possible")),
        body=(Text(say(trouble.message)), Text(told)),
        keys=keys,
        status=trouble.status,
    )


def of_action(trouble: Trouble, error: Exception, wrote: bool) -> Trouble:
    """Say what kind of trouble it is in an action: what may be done already, also in part, is not offered again."""
    if isinstance(error, ExternalTrouble) and error.sent:
        return UNSURE if isinstance(error, ExternalSilent) else trouble._replace(retry=False)
    if isinstance(error, errors.O2GUnreachable | errors.O2GBusy):
        return UNSURE if wrote or not error.nothing_sent else trouble
    return trouble._replace(retry=False) if wrote else trouble


def tell(error: Exception) -> Trouble:
    """Say what kind of trouble an error is."""
    match error:
        case PhoneError():
            return Trouble(error.status, error.code, error.message, error.retry)
        case O2GError():
            refusal = refusal_of(error)
            return Trouble(refusal.status, refusal.code, refusal.message, refusal.retry)
        case NotFound():
            return tell(PageUnknown())
        case MethodNotAllowed():
            return tell(WrongMethod())
        case RequestEntityTooLarge():
            return tell(TooLarge())
        case HTTPException():
            return REFUSED
        case redis.RedisError():
            return SHARED_GONE
        case StoreGone():
            return STORE_GONE
        case _:
            return BUG
