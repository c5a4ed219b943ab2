"""What can go wrong on the phone side, each with the status, the code and the words that its screen shows.

Raised where it is found, turned into a screen in one place (`prs_apps.reception`). Texts are marked for translation
here and translated there.
"""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a message for the catalogues without translating it yet."""
    return message


class PhoneError(Exception):
    """A request that cannot be answered with the screen it asked for.

    Attributes:
        status: the HTTP status that says the same.
        code: short, for a person to read out to the one who helps.
        message: plain words, to be translated.
        retry: whether the same request may work in a moment.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "P0"
    message: ClassVar[str] = N_("This request cannot be answered.")
    retry: ClassVar[bool] = False


class CallerUnproven(PhoneError):
    """Whoever asks has not proven to be the presentation server."""

    status, code = 403, "P1"
    message = N_("This phone service is not open to you.")


class NumberMissing(PhoneError):
    """The request does not say whose phone asks, or says it in no form of a directory number."""

    status, code = 400, "P2"
    message = N_("The phone's number is missing.")


class NumberUnknown(PhoneError):
    """O2G knows no user of that directory number."""

    status, code = 404, "P3"
    message = N_("This number is not known here.")


class NoSet(PhoneError):
    """The user has no desk phone that O2G knows of."""

    status, code = 404, "P4"
    message = N_("No desk phone belongs to this number.")


class PageUnknown(PhoneError):
    """No application or screen has that address."""

    status, code = 404, "P5"
    message = N_("This page does not exist.")


class LinkMissing(PhoneError):
    """A screen inside an application was asked for without a signed link."""

    status, code = 403, "P6"
    message = N_("Please start from the menu.")


class LinkAltered(PhoneError):
    """The link's signature does not hold."""

    status, code = 403, "P7"
    message = N_("This link is not valid. Please start from the menu.")


class LinkOfAnother(PhoneError):
    """The link was made for another user or set."""

    status, code = 403, "P8"
    message = N_("This link belongs to another phone.")


class LinkExpired(PhoneError):
    """The link is older than links live."""

    status, code = 410, "P9"
    message = N_("This screen is too old. Please start from the menu.")


class LinkUsed(PhoneError):
    """A link that works once was followed again; what came of it the first time, its application shows."""

    status, code = 409, "P10"
    message = N_("This was pressed already. Nothing was done twice.")


class InputRefused(PhoneError):
    """A form or parameter holds what it cannot hold."""

    status, code = 400, "P11"
    message = N_("Something that was entered cannot be used.")


class TooLarge(PhoneError):
    """The request is larger than any set sends."""

    status, code = 413, "P12"
    message = N_("What was entered is too long.")


class WrongMethod(PhoneError):
    """The request's HTTP method does not fit the page."""

    status, code = 405, "P13"
    message = N_("This page cannot be asked for in this way.")


class NotForYou(PhoneError):
    """The user may not use this application, or not any more."""

    status, code = 403, "P14"
    message = N_("This application is not open to you.")


class TooOften(PhoneError):
    """More screens were asked for than a person can look at."""

    status, code, retry = 429, "P15", True
    message = N_("Too many requests came at once. Try again in a moment.")
