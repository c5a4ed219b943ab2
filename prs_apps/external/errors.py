"""What an external application may do wrong, in a phone user's words; the log and the administrator get the reason."""

from prs.errors import N_, PhoneError


class ExternalTrouble(PhoneError):
    """An external application gave no page.

    `reason` is for the administrator, never for the phone; `sent`: whether a form had gone to it, at least in part, so
    that what it asks for may be done.
    """

    status, code, retry = 502, "E0", True
    message = N_("This application does not work at the moment.")

    def __init__(self, reason: str, *, sent: bool = False) -> None:
        """Take what happened, in a line without secrets."""
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class ExternalSilent(ExternalTrouble):
    """It cannot be reached, or takes too long."""

    status, code = 504, "E1"
    message = N_("This application does not answer. Try again.")


class ExternalRefused(ExternalTrouble):
    """It answered with an error of its own."""

    status, code = 502, "E2"
    message = N_("This application has a problem. Try again later.")


class ExternalUnreadable(ExternalTrouble):
    """What it answered is too large or no page."""

    status, code, retry = 502, "E3", False
    message = N_("This application sent something that cannot be shown.")


class ExternalForbidden(ExternalTrouble):
    """It led, or lies, where Touchline does not go: another server, or an address inside the network."""

    status, code, retry = 502, "E4", False
    message = N_("This application leads where it may not.")
