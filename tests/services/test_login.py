"""Logging in to the O2Gs that there are: what their answers may look like, and where secrets may go."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from services.deadline import Deadline
from services.endpoint import Access
from services.errors import O2GError, UnreadableAnswer
from services.login import log_in
from services.o2g import O2G, O2GEndpoint
from services.wire import Answer, Wire
from tests.services.scripted import CREDENTIALS, Reply, ScriptedO2G, descriptor, session
from tests.services.test_border import ANYTHING


@pytest.fixture
def elsewhere(authority: trustme.CA) -> Iterator[ScriptedO2G]:
    """A second host of the same O2G."""
    with ScriptedO2G(authority, host="localhost") as server:
        yield server


def reply_with(scripted: ScriptedO2G, **other: Any) -> None:
    """Answer the authentication without what `other` sets to None."""
    given = scripted.authenticated(**other)
    scripted.on(
        "GET /api/rest/authenticate",
        replace(given, json={key: value for key, value in given.json.items() if value is not None}),
    )


@pytest.mark.parametrize("extra", [{"loginName": "oxe1000"}, {"login": "oxe1000"}, {}])
def test_A1_the_login_name_may_have_either_key_or_none(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, extra: dict[str, str]
) -> None:
    reply_with(scripted, **extra)
    o2g.connect(deadline)
    assert o2g.state().connected


@pytest.mark.parametrize(("expired", "warned"), [("true", True), (True, True), ("false", False), (None, False)])
def test_A2_A3_expired_may_be_a_string_or_missing(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, expired: object, warned: bool
) -> None:
    reply_with(scripted, expired=expired)
    with capture_logs() as logs:
        o2g.connect(deadline)
    assert ("o2g.password_expired" in [line["event"] for line in logs]) is warned


@pytest.mark.parametrize("features", [["A", "B"], [{"CCD_LOAD_OPE_CCA": True}], "odd"])
def test_A4_custom_features_are_of_no_matter(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, features: object
) -> None:
    scripted.on("GET /api/rest", Reply(json=descriptor(scripted.url, custoFeatures=features)))
    o2g.connect(deadline)
    assert o2g.state().connected


def test_A5_server_info_may_be_missing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    given = descriptor(scripted.url)
    del given["serverInfo"]
    scripted.on("GET /api/rest", Reply(json=given))
    o2g.connect(deadline)
    assert o2g.state().product_version is None


def test_A6_B4_an_http_address_is_used_with_https(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    plain = "http://127.0.0.1:80"
    scripted.on("GET /api/rest", Reply(json=descriptor(plain)))
    sessions = f"{plain}/api/rest/1.0/sessions"
    reply_with(scripted, internalUrl=sessions, publicUrl=sessions)
    scripted.on("POST /sessions", Reply(json=session("http://127.0.0.1")))
    scripted.on("GET /eventSummary", Reply(json={"faxNb": 1}))
    assert o2g.event_summary.of("oxe1000", deadline).fax == 1


def test_A7_A9_A10_services_are_not_needed(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    given = session(scripted.url)
    del given["services"]
    scripted.on("POST /sessions", Reply(json=given | {"Services": "....."}))
    o2g.connect(deadline)
    assert o2g.state().connected


@pytest.mark.parametrize(
    ("given", "ttl"), [("1800", 1800), (60, 60), (None, 1800), ("soon", 1800), (0, 1800), (-5, 1800)]
)
def test_A8_A13_the_time_to_live_is_the_one_returned(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, given: object, ttl: int
) -> None:
    scripted.ttl = given
    o2g.connect(deadline)
    assert o2g.state().session_ttl == ttl


@pytest.mark.parametrize("date", ["2018-12-07", "2023-08-07T14:13:36Z", "2023-08-07T14:13:36.123Z", 0, "never"])
def test_A11_dates_of_a_session_are_of_no_matter(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, date: object
) -> None:
    scripted.on("POST /sessions", Reply(json=session(scripted.url) | {"expirationDate": date, "creationDate": date}))
    o2g.connect(deadline)
    assert o2g.state().connected


@pytest.mark.parametrize("order", [1, -1])
def test_B3_the_version_is_chosen_by_its_id(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, order: int) -> None:
    good = descriptor(scripted.url)["versions"][0] | {"status": "OLD"}
    newer = {"id": "2.0", "status": "CURRENT", "publicUrl": "https://nowhere/", "internalUrl": "https://nowhere/"}
    scripted.on("GET /api/rest", Reply(json={"versions": [good, newer][::order]}))
    o2g.connect(deadline)
    assert o2g.state().connected


def test_B5_the_cookie_may_come_as_the_credential_only(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /api/rest/authenticate", replace(scripted.authenticated(), headers={}))
    o2g.connect(deadline)
    assert scripted.asked("POST /sessions")[0].headers["Cookie"] == "AlcUserId=session-1"


def test_a_balancers_cookie_is_sent_back(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    sticky = {"Set-Cookie": "JSESSIONID=88C00EA2.tomcat; Path=/api"}
    scripted.on("POST /sessions", Reply(json=session(scripted.url), headers=sticky))
    scripted.on("GET /eventSummary", Reply(json={}))
    o2g.event_summary.of("oxe1000", deadline)
    sent = scripted.asked("GET /eventSummary")[0].headers["Cookie"]
    assert sent == "AlcUserId=session-1; JSESSIONID=88C00EA2.tomcat"


@pytest.mark.parametrize("access", list(Access))
def test_the_side_of_access_chooses_among_the_addresses(
    scripted: ScriptedO2G, elsewhere: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline, access: Access
) -> None:
    here, there = descriptor(scripted.url), descriptor(elsewhere.url)
    version = here["versions"][0] | {"publicUrl": there["versions"][0]["publicUrl"]}
    scripted.on("GET /api/rest", Reply(json={"versions": [version]}))
    o2g = O2G(replace(endpoint, access=access))
    o2g.connect(deadline)
    o2g.close()
    used = scripted if access is Access.PRIVATE else elsewhere
    other = elsewhere if access is Access.PRIVATE else scripted
    assert [seen.headers["Authorization"] for seen in used.asked("GET /api/rest/authenticate")] == [CREDENTIALS]
    assert other.asked("GET /api/rest/authenticate") == []
    assert "Authorization" not in scripted.asked("GET /api/rest")[0].headers


@pytest.mark.parametrize("info", [{}, {"privateBaseUrl": ""}, {"privateBaseUrl": None, "admin": "yes"}])
def test_without_a_base_address_operations_are_beside_the_sessions(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, info: dict[str, Any]
) -> None:
    scripted.on("POST /sessions", Reply(json=info))
    scripted.on("GET /eventSummary", Reply(json={"faxNb": 1}))
    assert o2g.event_summary.of("oxe1000", deadline).fax == 1


def test_one_address_serves_both_sides_where_O2G_gives_one(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline
) -> None:
    given = session(scripted.url)
    del given["publicBaseUrl"]
    scripted.on("POST /sessions", Reply(json=given))
    o2g = O2G(replace(endpoint, access=Access.PUBLIC))
    o2g.connect(deadline)
    assert o2g.state().connected
    o2g.close()
    assert scripted.cookies == set()


@pytest.mark.parametrize(
    "answer",
    [
        Reply(body=b"<html>welcome</html>"),
        Reply(body=b""),
        Reply(json=[]),
        Reply(json={"versions": []}),
        Reply(json={"versions": [{"id": "2.0", "internalUrl": "https://127.0.0.1/", "publicUrl": ""}]}),
        Reply(json={"versions": [{"id": "1.0"}]}),
        Reply(json={"versions": [{"id": "1.0", "internalUrl": "ftp://127.0.0.1/"}]}),
        Reply(json={"versions": [{"id": "1.0", "internalUrl": "https://who:what@127.0.0.1/"}]}),
        Reply(json={"versions": [{"id": "1.0", "internalUrl": "https://127.0.0.1:port/"}]}),
        Reply(302, headers={"Location": "https://127.0.0.1:1/elsewhere"}),
    ],
)
def test_a_root_that_is_not_O2Gs_gets_no_password(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, answer: Reply
) -> None:
    scripted.on("GET /api/rest", answer)
    with pytest.raises(UnreadableAnswer):
        o2g.connect(deadline)
    assert [seen.operation for seen in scripted.seen] == ["GET /api/rest"]


@pytest.mark.parametrize("credential", ["", "a;b", "a b", "a\r\nX-Evil: 1", "ö", None, {"a": 1}])
def test_a_credential_that_is_no_cookie_is_not_used(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, credential: object
) -> None:
    scripted.on("GET /api/rest/authenticate", replace(scripted.authenticated(credential=credential), headers={}))
    with pytest.raises(UnreadableAnswer):
        o2g.connect(deadline)
    assert scripted.asked("POST /sessions") == []


def test_a_login_that_is_no_administrators_is_logged(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /sessions", Reply(json=session(scripted.url) | {"admin": "false"}))
    with capture_logs() as logs:
        o2g.connect(deadline)
    assert "o2g.not_an_administrator" in [line["event"] for line in logs]


class Babbling(Wire):
    """Gives one answer after the other, whatever it is asked."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = iter(answers)
        self.told: list[tuple[httpx.URL, Mapping[str, str]]] = []

    def send(
        self,
        operation: str,
        url: httpx.URL,
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        self.told.append((url, headers))
        return next(self._answers)


URL = "https://o2g.example/api/rest/1.0"
SHAPES: list[dict[str, Any]] = [
    {"versions": [{"id": "1.0", "internalUrl": f"{URL}/authenticate"}]},
    {"credential": "x", "internalUrl": f"{URL}/sessions"},
    {"privateBaseUrl": URL, "admin": True, "timeToLive": 1800},
]


@st.composite
def answers(draw: st.DrawFn) -> list[Answer]:
    """Three answers, near to good ones: some of their fields are anything, so may be a status and a cookie."""
    given = []
    for shape in SHAPES:
        odd = draw(st.dictionaries(st.sampled_from(sorted(shape)), ANYTHING))
        cookie = draw(st.text(max_size=20)).encode("utf-8", "replace")
        status = draw(st.sampled_from([200] * 9 + [204, 302, 401, 403, 500]))
        given.append(Answer(status, httpx.Headers([(b"set-cookie", cookie)]), json.dumps(shape | odd).encode()))
    return given


@given(answers())
def test_whatever_is_answered_logging_in_succeeds_or_fails_in_our_words(answers: list[Answer]) -> None:
    wire = Babbling(answers)
    said = ""
    try:
        log_in(O2GEndpoint("https://o2g.example", "touchline", "secret"), wire, 1, Deadline.after(10))
    except O2GError as error:
        said = str(error)
    assert said.isprintable()
    assert "secret" not in said
    assert {url.scheme for url, _ in wire.told} == {"https"}
    assert all(value.isascii() and value.isprintable() for _, sent in wire.told for value in sent.values())
