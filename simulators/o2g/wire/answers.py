"""What the simulator answers: a status, a body, and for what went wrong O2G's own error body."""

from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

import orjson

Json = dict[str, Any]
JSON_TYPE = "application/json"


@dataclass(slots=True)
class Answer:
    """What goes back over the wire. `body` is complete; `headers` are on top of the usual ones."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A body of JSON."""
    return Answer(status, orjson.dumps(body), headers=headers or {})


def created(location: str, name: str) -> Answer:
    """201 with the address of what came into being; the body is its name, as the reference's table says."""
    return json_answer(name, 201, {"Location": location})


NO_CONTENT = Answer(204)


class ErrorType(Enum):
    """O2G's types of errors with code, help message and canRetry (L13)."""

    NOT_READY = (
        1000,
        "The server is not yet available. Please retry later if the initialization is not finished.",
        True,
    )
    INVALID_SESSION = (
        1001,
        "No valid session found for the given identifier. Please logout and login with correct credentials.",
        True,
    )
    NOT_ALLOWED = (
        1002,
        "The operation is not allowed, because of insufficient rights or bad credential. "
        "Please contact the installer to fix the problem.",
        False,
    )
    NOT_FOUND = (1003, "Missing or bad parameter sent by a request on a service. Fix the problem and retry.", True)
    NOT_EXPECTED = (
        1004,
        "The request can not be performed due to current user's state."
        "Check the state or fix your request before sending it back.",
        True,
    )
    NOT_SUPPORTED = (1005, "This operation is not supported. Please check the documentation.", False)
    BAD_PARAMETER = (
        1006,
        "Request parameters are not correct. Please fix the problem and send the request back.",
        True,
    )
    SERVER_PROBLEM = (1007, "Server general problem. Please contact the installer to fix the problem.", False)

    @property
    def code(self) -> int:
        """1000 to 1007."""
        return self.value[0]

    @property
    def help_message(self) -> str:
        """The reference's own words."""
        return self.value[1]

    @property
    def can_retry(self) -> bool:
        """Whether another attempt may succeed."""
        return self.value[2]


class Refusal(Exception):
    """An error for the caller: becomes RestErrorInfo.

    `status` is the one wanted; where the reference does not list it for the operation, the border answers the nearest
    one that it lists. `details` are the keys `telephony`, `routing` or `userPreferences`.
    """

    def __init__(self, error: ErrorType, status: int, inner: str, details: Json | None = None) -> None:
        super().__init__(inner)
        self.error = error
        self.status = status
        self.inner = inner
        self.details = details or {}
        self.headers: dict[str, str] = {}


def bad_parameter(inner: str, details: Json | None = None) -> Refusal:
    """400: the request does not say what it must."""
    return Refusal(ErrorType.BAD_PARAMETER, 400, inner, details)


def not_found(inner: str, details: Json | None = None) -> Refusal:
    """404: there is no such thing; 400 where the reference knows no 404."""
    return Refusal(ErrorType.NOT_FOUND, 404, inner, details)


def not_allowed(inner: str, details: Json | None = None) -> Refusal:
    """403: this caller may not."""
    return Refusal(ErrorType.NOT_ALLOWED, 403, inner, details)


def not_expected(inner: str, details: Json | None = None) -> Refusal:
    """403: not in this state."""
    return Refusal(ErrorType.NOT_EXPECTED, 403, inner, details)


def invalid_session(inner: str) -> Refusal:
    """403: no session with this cookie."""
    return Refusal(ErrorType.INVALID_SESSION, 403, inner)


def not_supported(inner: str) -> Refusal:
    """403: O2G has this operation, the simulator does not."""
    return Refusal(ErrorType.NOT_SUPPORTED, 403, inner)


def telephony(error_type: str, cause: str, message: str) -> Json:
    """The details of a telephony error: TelephonyErrorInfo."""
    return {"telephony": {"errorType": error_type, "errorCause": cause, "message": message}}


def error_answer(refusal: Refusal, status: int) -> Answer:
    """The body that every error has: RestErrorInfo."""
    body = {
        "httpStatus": HTTPStatus(status).name,
        "code": refusal.error.code,
        "helpMessage": refusal.error.help_message,
        "type": refusal.error.name,
        "innerMessage": refusal.inner,
        "canRetry": refusal.error.can_retry,
        **refusal.details,
    }
    return json_answer(body, status, refusal.headers)
