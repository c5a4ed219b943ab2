"""What O2G says when it refuses, as one error of the family."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import (
    BadParameter,
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
    WrongCredentials,
)
from services.refusals import refusal
from tests.services.test_border import ANYTHING


@pytest.mark.parametrize(
    ("code", "kind", "can_retry"),
    [
        (1000, O2GNotReady, True),
        (1001, SessionLost, True),
        (1002, NotAllowed, False),
        (1003, NotFound, True),
        (1004, NotExpected, True),
        (1005, NotSupported, False),
        (1006, BadParameter, True),
        (1007, ServerProblem, False),
    ],
)
def test_the_code_decides(code: int, kind: type[O2GError], can_retry: bool) -> None:
    for given_code in (code, str(code)):
        error = refusal(500, json.dumps({"code": given_code}).encode())
        assert type(error) is kind
        assert (error.status, error.code, error.can_retry) == (500, code, can_retry)


def test_the_type_decides_where_there_is_no_code_that_is_known() -> None:
    error = refusal(500, b'{"type": "NOT_FOUND", "code": 4711}')
    assert type(error) is NotFound
    assert (error.type, error.code) == ("NOT_FOUND", 4711)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, UnreadableAnswer),
        (400, BadParameter),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (405, NotSupported),
        (415, BadParameter),
        (500, ServerProblem),
        (502, O2GUnreachable),
        (503, O2GNotReady),
        (504, O2GUnreachable),
        (599, ServerProblem),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>a proxy's page</html>", b"[]", b"null", b'{"error": "odd"}'])
def test_the_status_decides_where_O2G_says_nothing(status: int, kind: type[O2GError], body: bytes) -> None:
    error = refusal(status, body)
    assert type(error) is kind
    assert (error.status, error.code, error.type) == (status, None, "")


def test_what_O2G_says_of_retrying_holds() -> None:
    assert not refusal(503, b'{"code": 1000, "canRetry": "false"}').can_retry
    assert refusal(403, b'{"code": 1002, "canRetry": true}').can_retry


def test_the_messages_are_kept_beside_the_text() -> None:
    said = {"code": 1001, "helpMessage": "Log in\r\nagain", "innerMessage": "no session ...323437343" + "x" * 9_000}
    error = refusal(403, json.dumps(said).encode())
    assert error.help_message == "Log inagain"
    assert error.inner_message.startswith("no session ...323437343")
    assert len(error.inner_message) <= 500
    assert str(error) == "O2G answered 403 INVALID_SESSION 1001"


def test_routing_tells_its_cause() -> None:
    routing = {
        "errorType": "UNAUTHORIZED",
        "destinationType": "ASSOCIATE",
        "errorCause": "UNAUTHORIZED_OVERFLOW",
        "message": "m",
    }
    expected = RoutingDetails("UNAUTHORIZED", "ASSOCIATE", "UNAUTHORIZED_OVERFLOW", "m")  # A49: no known destination
    assert refusal(400, json.dumps({"routing": routing}).encode()).details == expected


def test_telephony_tells_its_cause() -> None:
    telephony = {"errorType": "CALL_SERVER_ERROR", "errorCause": "INVALID_DESTINATION"}
    expected = TelephonyDetails("CALL_SERVER_ERROR", "INVALID_DESTINATION", "")
    assert refusal(400, json.dumps({"telephony": telephony}).encode()).details == expected


def test_preferences_tell_their_cause() -> None:
    preferences = {"errorType": "WRONG_VALUE", "parameter": "GUI_LANGUAGE"}
    expected = PreferencesDetails("WRONG_VALUE", "GUI_LANGUAGE")
    assert refusal(400, json.dumps({"userPreferences": preferences}).encode()).details == expected


def test_an_error_can_be_raised_by_several_threads() -> None:
    error = refusal(403, b'{"code": 1002, "helpMessage": "no", "telephony": {"errorType": "UNAUTHORIZED"}}')
    again, wrong = error.again(), error.as_(WrongCredentials)
    assert again is not error
    assert type(again) is NotAllowed
    assert type(wrong) is WrongCredentials
    for other in (again, wrong):
        assert (str(other), vars(other)) == (str(error), vars(error))


KEYS = ["code", "type", "helpMessage", "innerMessage", "canRetry", "routing", "telephony", "userPreferences"]


@given(st.integers(300, 599), st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_whatever_stands_in_a_refusal_it_is_one_of_the_family(status: int, said: dict[str, object]) -> None:
    error = refusal(status, json.dumps(said).encode())
    assert isinstance(error, O2GError)
    assert str(error).isprintable()
    assert len(str(error)) < 120
    assert error.help_message.isprintable()
