"""What can go wrong with O2G: one small family, raised where Touchline meets O2G.

The text of each error is our own and never holds a secret, a cookie or an address; what O2G said stands in
`help_message` and `inner_message`, which are for administrators and never for a screen.
"""

from dataclasses import dataclass
from typing import Self, TypeVar

Kind = TypeVar("Kind", bound="O2GError")


@dataclass(frozen=True, slots=True)
class RoutingDetails:
    """Why routing refused (RoutingErrorInfo). Values stay open-ended (A49): names as O2G gives them, or empty."""

    error_type: str
    destination_type: str
    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class TelephonyDetails:
    """Why telephony refused (TelephonyErrorInfo), such as cause `INVALID_DESTINATION`; empty where not said."""

    error_type: str
    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class PreferencesDetails:
    """Why a user's preferences were refused (UserPreferencesErrorInfo); empty where not said."""

    error_type: str
    parameter: str


Details = RoutingDetails | TelephonyDetails | PreferencesDetails


class O2GError(Exception):
    """O2G did not do what it was asked.

    Attributes:
        status: the HTTP status that O2G answered; None where it did not answer.
        code: O2G's code, 1000 to 1007 (L13); None where it gave none.
        type: O2G's name of that code, such as `NOT_ALLOWED`; empty where it gave none.
        help_message: what O2G tells a developer.
        inner_message: what O2G tells its support team; may quote identifiers of sessions.
        can_retry: whether the same may succeed another time.
        details: the cause that routing, telephony or preferences give beside the code.
        nothing_sent: whether the request surely never left, so that O2G did nothing of it.
        connection_lost: whether it was the connection that failed, and not patience that ended.
    """

    retry_by_nature = False

    def __init__(
        self,
        text: str = "O2G did not do what it was asked",
        *,
        status: int | None = None,
        code: int | None = None,
        type: str = "",
        help_message: str = "",
        inner_message: str = "",
        can_retry: bool | None = None,
        details: Details | None = None,
        nothing_sent: bool = False,
        connection_lost: bool = False,
    ) -> None:
        """Describe the failure; `can_retry` is the class's own answer where O2G gives none."""
        super().__init__(text)
        self.status = status
        self.code = code
        self.type = type
        self.help_message = help_message
        self.inner_message = inner_message
        self.can_retry = self.retry_by_nature if can_retry is None else can_retry
        self.details = details
        self.nothing_sent = nothing_sent
        self.connection_lost = connection_lost

    def again(self) -> Self:
        """Make an equal error, for another thread to raise: a raised one carries its own thread's traceback."""
        return self.as_(type(self))

    def as_(self, kind: type[Kind]) -> Kind:
        """Make an error of another class that tells the same."""
        return kind(
            str(self),
            status=self.status,
            code=self.code,
            type=self.type,
            help_message=self.help_message,
            inner_message=self.inner_message,
            can_retry=self.can_retry,
            details=self.details,
            nothing_sent=self.nothing_sent,
            connection_lost=self.connection_lost,
        )

    def unsent(self) -> Self:
        """Make an equal error of a request that was never sent, because what had to come before it failed so."""
        unsent = self.again()
        unsent.nothing_sent = True
        return unsent


class O2GUnreachable(O2GError):
    """No answer came: no connection, a certificate that does not hold, a connection that broke."""

    retry_by_nature = True


class O2GTimeout(O2GUnreachable):
    """No answer came in time."""


class O2GNotReady(O2GError):
    """O2G is starting, or one of its services is (1000)."""

    retry_by_nature = True


class SessionLost(O2GError):
    """The session is gone (1001), and logging in again did not bring the answer."""

    retry_by_nature = True


class NotAllowed(O2GError):
    """The right or the licence for it is missing (1002)."""


class NoLicence(NotAllowed):
    """O2G has no licence left for this user (L41); told from a missing right by what O2G says of licences."""


class WrongCredentials(NotAllowed):
    """O2G refuses the administrator's login or password. The same ones are tried again seldom (B10)."""


class WrongPassword(NotAllowed):
    """O2G does not open a mailbox with the password given."""


class NotFound(O2GError):
    """What was asked for does not exist (1003)."""

    retry_by_nature = True


class NotExpected(O2GError):
    """The user's present state does not allow it (1004)."""

    retry_by_nature = True


class NotSupported(O2GError):
    """O2G does not offer it (1005)."""


class BadParameter(O2GError):
    """A parameter is not as O2G wants it (1006); also raised before asking, for what O2G would refuse."""

    retry_by_nature = True


class ServerProblem(O2GError):
    """O2G itself is at fault (1007)."""


class UnreadableAnswer(O2GError):
    """O2G answered what cannot be understood: no JSON, or not of the shape that the reference gives."""


class O2GBusy(O2GError):
    """As many requests to O2G as are wanted at once are under way, and none of them ended in time; nothing was sent."""

    retry_by_nature = True


class SearchLimitReached(O2GError):
    """No directory search is free: 5 in the session or 100 in all of O2G are running (L120)."""

    retry_by_nature = True
