"""What O2G says when it refuses (RestErrorInfo), made into one error of our family."""

import re
from typing import Annotated

from services.border import MaybeFlag, MaybeText, MaybeWhole, Reading, one, parse, within
from services.errors import (
    BadParameter,
    Details,
    NoLicence,
    NotAllowed,
    NotExpected,
    NotFound,
    NotSupported,
    O2GError,
    O2GNotReady,
    O2GUnreachable,
    PreferencesDetails,
    RoutingDetails,
    ServerProblem,
    SessionLost,
    TelephonyDetails,
    UnreadableAnswer,
)

NOT_READY = 1000
INVALID_SESSION = 1001
NOT_ALLOWED = 1002

CODES: dict[int, tuple[str, type[O2GError]]] = {  # L13
    NOT_READY: ("NOT_READY", O2GNotReady),
    INVALID_SESSION: ("INVALID_SESSION", SessionLost),
    NOT_ALLOWED: ("NOT_ALLOWED", NotAllowed),
    1003: ("NOT_FOUND", NotFound),
    1004: ("NOT_EXPECTED", NotExpected),
    1005: ("NOT_SUPPORTED", NotSupported),
    1006: ("BAD_PARAMETER", BadParameter),
    1007: ("SERVER_PROBLEM", ServerProblem),
}
TYPES = dict(CODES.values())
STATUSES: dict[int, type[O2GError]] = {
    401: NotAllowed,  # a lost session is told from it by asking the session (A14)
    403: NotAllowed,
    404: NotFound,
    405: NotSupported,
    408: O2GNotReady,
    410: NotFound,
    429: O2GNotReady,
    501: NotSupported,
    502: O2GUnreachable,  # a reverse proxy says so of the O2G behind it
    503: O2GNotReady,
    504: O2GUnreachable,
}
LICENCE = re.compile(r"licen[cs]e", re.I)  # the reference does not say how O2G refuses for lack of one
TYPE_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
MESSAGE_CHARACTERS = 500


class _Routing(Reading):
    error_type: MaybeText = None
    destination_type: MaybeText = None
    error_cause: MaybeText = None
    message: MaybeText = None


class _Telephony(Reading):
    error_type: MaybeText = None
    error_cause: MaybeText = None
    message: MaybeText = None


class _Preferences(Reading):
    error_type: MaybeText = None
    parameter: MaybeText = None


class RestErrorInfo(Reading):
    """O2G's error body; each of its fields may be missing."""

    code: MaybeWhole = None
    type: MaybeText = None
    help_message: MaybeText = None
    inner_message: MaybeText = None
    can_retry: MaybeFlag = None
    routing: Annotated[_Routing | None, one(_Routing)] = None
    telephony: Annotated[_Telephony | None, one(_Telephony)] = None
    user_preferences: Annotated[_Preferences | None, one(_Preferences)] = None


def refusal(status: int, body: bytes) -> O2GError:
    """Make the error of an answer that is not 2xx.

    O2G's code decides, else its type, else the HTTP status; a body that is no RestErrorInfo (a proxy's page, nothing)
    is no fault of its own.
    """
    info = _info(body)
    type_ = info.type if info.type is not None and TYPE_NAME.fullmatch(info.type) else ""
    known = CODES.get(info.code) if info.code is not None else None
    if known is not None:
        type_ = type_ or known[0]
    kind = known[1] if known is not None else TYPES.get(type_) or _by_status(status)
    help_message, inner_message = (within(text, MESSAGE_CHARACTERS) for text in (info.help_message, info.inner_message))
    if kind is NotAllowed and LICENCE.search(f"{help_message} {inner_message}"):
        kind = NoLicence
    said = " ".join(str(part) for part in (status, type_, info.code) if part not in ("", None))
    return kind(
        f"O2G answered {said}",
        status=status,
        code=info.code,
        type=type_,
        help_message=help_message,
        inner_message=inner_message,
        can_retry=info.can_retry,
        details=_details(info),
    )


def _info(body: bytes) -> RestErrorInfo:
    try:
        value = parse(body)
    except UnreadableAnswer:
        return RestErrorInfo()
    return RestErrorInfo.model_validate(value) if isinstance(value, dict) else RestErrorInfo()


def _by_status(status: int) -> type[O2GError]:
    if status in STATUSES:
        return STATUSES[status]
    if status >= 500:
        return ServerProblem
    return BadParameter if status >= 400 else UnreadableAnswer


def _details(info: RestErrorInfo) -> Details | None:
    def text(value: str | None) -> str:
        return within(value, MESSAGE_CHARACTERS)

    if (routing := info.routing) is not None:
        return RoutingDetails(
            error_type=text(routing.error_type),
            destination_type=text(routing.destination_type),
            cause=text(routing.error_cause),
            message=text(routing.message),
        )
    if (telephony := info.telephony) is not None:
        return TelephonyDetails(
            error_type=text(telephony.error_type),
            cause=text(telephony.error_cause),
            message=text(telephony.message),
        )
    if (preferences := info.user_preferences) is not None:
        return PreferencesDetails(error_type=text(preferences.error_type), parameter=text(preferences.parameter))
    return None
