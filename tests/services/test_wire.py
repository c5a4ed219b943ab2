"""The wire: certificates, deadlines, connections that break."""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from structlog.testing import capture_logs

from services.deadline import Deadline
from services.errors import O2GTimeout, O2GUnreachable, UnreadableAnswer
from services.o2g import O2G, O2GEndpoint
from services.wire import LARGEST_ANSWER, CallObservation
from tests.services.scripted import LOGIN, PASSWORD, Reply, ScriptedO2G

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def stranger() -> Iterator[ScriptedO2G]:
    """An O2G whose certificate is of another authority."""
    with ScriptedO2G(trustme.CA()) as server:
        yield server


def test_an_unknown_certificate_gets_no_request(stranger: ScriptedO2G, ca: Path, deadline: Deadline) -> None:
    o2g = O2G(O2GEndpoint(stranger.url, LOGIN, PASSWORD, ca=ca))
    with pytest.raises(O2GUnreachable, match="o2g_ca") as caught:
        o2g.connect(deadline)
    assert not caught.value.can_retry
    assert stranger.seen == []
    o2g.close()


def test_a_certificate_of_another_host_gets_no_request(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline
) -> None:
    o2g = O2G(replace(endpoint, url=f"https://localhost:{scripted.port}"))
    with pytest.raises(O2GUnreachable, match="certificate"):
        o2g.connect(deadline)
    assert scripted.seen == []
    o2g.close()


def test_O2Gs_own_certificate_can_be_the_trusted_one(tmp_path: Path, deadline: Deadline) -> None:
    pinned = tmp_path / "o2g.pem"
    with PinnedO2G(trustme.CA()) as server:
        server.leaf.cert_chain_pems[0].write_to_path(pinned)
        o2g = O2G(O2GEndpoint(server.url, LOGIN, PASSWORD, ca=pinned))
        o2g.connect(deadline)
        assert o2g.state().connected
        o2g.close()


class PinnedO2G(ScriptedO2G):
    """Shows one certificate only, which a test can pin."""

    def __init__(self, authority: trustme.CA) -> None:
        self.leaf = authority.issue_cert("127.0.0.1")
        super().__init__(_Only(self.leaf))  # type: ignore[arg-type]


class _Only:
    def __init__(self, leaf: trustme.LeafCert) -> None:
        self._leaf = leaf

    def issue_cert(self, _: str) -> trustme.LeafCert:
        return self._leaf


def test_certificates_go_unchecked_only_when_told_and_it_is_logged(stranger: ScriptedO2G, deadline: Deadline) -> None:
    with capture_logs() as logs:
        o2g = O2G(O2GEndpoint(stranger.url, LOGIN, PASSWORD, verify=False))
    assert [(line["event"], line["log_level"]) for line in logs] == [("o2g.certificate_unchecked", "warning")]
    o2g.connect(deadline)
    assert o2g.state().connected
    o2g.close()


def test_a_missing_authority_file_is_found_at_start(endpoint: O2GEndpoint, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        O2G(replace(endpoint, ca=tmp_path / "none.pem"))
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(ssl.SSLError):
        O2G(replace(endpoint, ca=empty))


def test_nobody_listens(endpoint: O2GEndpoint, deadline: Deadline) -> None:
    o2g = O2G(replace(endpoint, url="https://127.0.0.1:1"))
    with pytest.raises(O2GUnreachable) as caught:
        o2g.connect(deadline)
    assert caught.value.can_retry
    assert o2g.state().last_error == f"O2GUnreachable: {caught.value}"
    o2g.close()


def test_a_read_whose_connection_breaks_is_sent_once_more(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(drop=True), Reply(json={"faxNb": 2}))
    assert o2g.event_summary.of("oxe1000", deadline).fax == 2


def test_a_read_is_sent_twice_at_most(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(drop=True))
    with pytest.raises(O2GUnreachable):
        o2g.event_summary.of("oxe1000", deadline)
    assert len(scripted.asked("GET /eventSummary")) == 2


def test_a_write_is_sent_once(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("POST /telephony/calls", Reply(drop=True), Reply(201))
    with pytest.raises(O2GUnreachable):
        o2g.telephony.make_call("oxe1000", "1000", "1001", deadline)
    assert len(scripted.asked("POST /telephony/calls")) == 1


def test_a_slow_O2G_costs_the_deadline_and_no_second_try(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(json={}, delay=5))
    with pytest.raises(O2GTimeout):
        o2g.event_summary.of("oxe1000", Deadline.after(0.2))
    assert len(scripted.asked("GET /eventSummary")) == 1


def test_an_answer_that_drips_ends_with_the_deadline(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(body=b" " * 10_000, dribble=0.01))
    with pytest.raises(O2GTimeout):
        o2g.event_summary.of("oxe1000", Deadline.after(0.2))


def test_an_answer_that_stops_in_its_middle_ends_with_the_deadline(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    """What is left counts from the beginning of the request, not from that of the body."""
    o2g.connect(deadline)
    scripted.on("GET /eventSummary", Reply(body=b"{}", delay=1.5, dribble=30))
    began = time.monotonic()
    with pytest.raises(O2GTimeout):
        o2g.event_summary.of("oxe1000", Deadline.after(2))
    assert time.monotonic() - began < 3


def test_a_deadline_that_is_over_asks_nothing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    with pytest.raises(O2GTimeout):
        o2g.event_summary.of("oxe1000", Deadline.after(0))
    assert scripted.asked("GET /eventSummary") == []


def test_an_answer_of_no_end_is_not_read_to_its_end(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(body=b" " * (LARGEST_ANSWER + 1)))
    with pytest.raises(UnreadableAnswer):
        o2g.event_summary.of("oxe1000", deadline)


def test_a_redirect_is_not_followed(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(302, headers={"Location": "/api/rest/1.0/elsewhere"}))
    with pytest.raises(UnreadableAnswer):
        o2g.event_summary.of("oxe1000", deadline)
    assert scripted.asked("GET /elsewhere") == []


def test_each_request_is_observed_by_its_template(
    scripted: ScriptedO2G, o2g: O2G, observed: list[CallObservation], deadline: Deadline, until: Until
) -> None:
    scripted.on("GET /users/oxe1000/preferences", Reply(json={"guiLanguage": "fr"}))
    o2g.users.language("oxe1000", deadline)
    operations = [(seen.operation, seen.status) for seen in observed]
    assert operations == [
        ("GET /api/rest", 200),
        ("GET /authenticate", 200),
        ("POST /sessions", 200),
        ("GET /users/{loginName}/preferences", 200),
    ]
    assert all(seen.seconds >= 0 for seen in observed)


def test_a_write_after_O2G_closed_the_unused_connection_arrives(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on("POST /telephony/calls", Reply(201, headers={"Location": "x/49bf"}))
    o2g.connect(deadline)
    scripted.drop_connections()
    assert o2g.telephony.make_call("oxe1000", "1000", "1001", deadline) == "49bf"
    assert len(scripted.asked("POST /telephony/calls")) == 1


def test_connections_are_kept(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /eventSummary", Reply(json={}))
    for _ in range(5):
        o2g.event_summary.of("oxe1000", deadline)
    assert scripted.connections == 1
