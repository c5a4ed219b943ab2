"""Touchline's side of O2G against the simulated O2G, over HTTPS: the walk of a phone's user, and O2G's faults."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import combining, normalize

import httpx
import pytest

from services.calls_in_progress import CallState
from services.deadline import Deadline
from services.directory import KeypadQuery, NameQuery
from services.endpoint import Access
from services.errors import (
    BadParameter,
    NotFound,
    O2GNotReady,
    O2GTimeout,
    SearchLimitReached,
    ServerProblem,
    WrongCredentials,
)
from services.o2g import O2G, CallObservation, O2GEndpoint
from services.users import DeviceKind, VoicemailKind
from simulators.o2g.process import RunningO2G, simulated_o2g

Until = Callable[[Callable[[], object]], None]
ANNA, CLARA, DEVICELESS, ODD_SET, TWO_SETS = "70000", "70002", "70012", "70013", "70014"


@dataclass(frozen=True, slots=True)
class Control:
    """The simulator's control interface."""

    client: httpx.Client

    def get(self, what: str) -> Any:
        return self.client.get(what).raise_for_status().json()[what]

    def fail(self, **faults: Any) -> None:
        self.client.put("faults", json=faults).raise_for_status()

    def heal(self) -> None:
        self.client.delete("faults").raise_for_status()

    def lose_sessions(self) -> None:
        self.client.delete("sessions").raise_for_status()

    def advance(self, seconds: float) -> None:
        self.client.post("clock", json={"seconds": seconds}).raise_for_status()

    def counters(self, number: str, **counters: int | None) -> None:
        self.client.put(f"users/{number}/eventSummary", json=counters).raise_for_status()

    def paths(self) -> list[str]:
        return [f"{noted['method']} {noted['path']}" for noted in self.get("requests")]


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningO2G]:
    with simulated_o2g(users=600, seed=1) as running:
        yield running


@pytest.fixture
def control(simulator: RunningO2G) -> Iterator[Control]:
    with httpx.Client(base_url=simulator.control.removesuffix("/simulator") + "/simulator/") as client:
        control = Control(client)
        client.delete("requests").raise_for_status()
        yield control
        control.heal()


@pytest.fixture
def endpoint(simulator: RunningO2G) -> O2GEndpoint:
    return O2GEndpoint(simulator.url, simulator.login, simulator.password, ca=simulator.ca)


@pytest.fixture
def o2g(endpoint: O2GEndpoint, observed: list[CallObservation], control: Control) -> Iterator[O2G]:
    door = O2G(endpoint, observe=observed.append)
    yield door
    control.heal()
    door.close()


def folded(name: str) -> str:
    """Leave out case and accents."""
    return "".join(letter for letter in normalize("NFD", name.lower()) if not combining(letter))


@pytest.mark.parametrize("access", list(Access))
def test_a_session_is_opened_and_closed(
    endpoint: O2GEndpoint, control: Control, deadline: Deadline, access: Access
) -> None:
    before = len(control.get("sessions"))
    o2g = O2G(replace(endpoint, access=access))
    o2g.connect(deadline)
    assert o2g.state().connected
    assert o2g.state().product_version
    assert len(control.get("sessions")) == before + 1
    o2g.close()
    assert len(control.get("sessions")) == before


def test_a_user_with_set_and_language(o2g: O2G, deadline: Deadline) -> None:
    anna = o2g.users.by_number(ANNA, deadline)
    assert (anna.login, anna.number, anna.first_name, anna.last_name) == ("oxe70000", ANNA, "Anna", "Müller")
    assert [(device.kind, device.station_type) for device in anna.devices] == [(DeviceKind.DESKPHONE, "NOE_C_Color_IP")]
    assert anna.voicemail is not None
    assert anna.voicemail.kind is VoicemailKind.VM_4645
    assert anna.node
    assert o2g.users.language(anna.login, deadline) == "en"
    assert o2g.users.language(o2g.users.by_number("70003", deadline).login, deadline) == "en-gb"


def test_users_with_odd_sets(o2g: O2G, deadline: Deadline) -> None:
    assert o2g.users.by_number(DEVICELESS, deadline).devices == ()
    assert [device.station_type for device in o2g.users.by_number(ODD_SET, deadline).devices] == ["NOE_X_FUTURE"]
    assert [device.kind for device in o2g.users.by_number(TWO_SETS, deadline).devices] == [
        DeviceKind.DESKPHONE,
        DeviceKind.DESKPHONE,
        DeviceKind.MOBILE,
    ]


def test_nobody_has_this_number(o2g: O2G, deadline: Deadline) -> None:
    with pytest.raises(NotFound):
        o2g.users.by_number("99999999", deadline)


def test_a_search_by_name(o2g: O2G, deadline: Deadline, control: Control, until: Until) -> None:
    done = o2g.directory.search("oxe70000", NameQuery("Mü", "An"), deadline).wait(1_000, deadline)
    assert done.finished
    assert ("Anna", "Müller", ANNA, "oxe70000") in {
        (person.first_name, person.last_name, person.number, person.login) for person in done.people
    }
    until(lambda: control.get("searches") == 0)


def test_one_word_is_a_name_or_a_first_name(o2g: O2G, deadline: Deadline) -> None:
    people = o2g.directory.search("oxe70000", NameQuery("Jo"), deadline).wait(1_000, deadline).people
    assert {"Smith", "Müller"} <= {person.last_name for person in people if person.first_name.startswith("Jo")}
    assert all("jo" in (folded(person.last_name)[:2], folded(person.first_name)[:2]) for person in people)


def test_a_search_by_keypad_narrows(o2g: O2G, deadline: Deadline) -> None:
    keys = "5333873"  # Lefèvre
    found = [
        o2g.directory.search("oxe70000", KeypadQuery(keys[:count]), deadline).wait(1_000, deadline).people
        for count in range(1, 8)
    ]
    counts = [len(people) for people in found]
    assert counts == sorted(counts, reverse=True)
    assert "70006" in {person.number for person in found[-1]}
    assert {folded(person.last_name)[:7] for person in found[-1]} == {"lefevre"}


def test_too_many_match(o2g: O2G, deadline: Deadline) -> None:
    done = o2g.directory.search("oxe70000", NameQuery("S"), deadline).wait(1_000, deadline)
    assert (len(done.people), done.finished) == (100, True)


def test_nobody_matches(o2g: O2G, deadline: Deadline) -> None:
    done = o2g.directory.search("oxe70000", NameQuery("zzzz a&b+c#d \u202e🔬"), deadline).wait(1_000, deadline)
    assert (done.people, done.finished, done.failed) == ((), True, None)


def test_O2G_gives_a_search_up(o2g: O2G, control: Control, deadline: Deadline) -> None:
    control.fail(search_timeout=True)
    done = o2g.directory.search("oxe70000", NameQuery("M"), deadline).wait(1_000, deadline)
    assert (done.finished, done.timed_out) == (True, True)


def test_a_search_that_hangs_gives_its_place_back_when_stopped(
    o2g: O2G, control: Control, deadline: Deadline, until: Until
) -> None:
    control.fail(search_stuck=True)
    search = o2g.directory.search("oxe70000", NameQuery("M"), deadline)
    assert not search.wait(1, Deadline.after(0.3)).finished
    assert control.get("searches") == 1
    search.stop()
    until(lambda: control.get("searches") == 0)


def test_L120_O2Gs_hundred_searches_are_taken_by_others(
    endpoint: O2GEndpoint, o2g: O2G, control: Control, deadline: Deadline
) -> None:
    control.fail(search_stuck=True)
    o2g.connect(deadline)
    others = [O2G(endpoint) for _ in range(20)]
    try:
        for place in range(100):
            others[place // 5].directory.search(f"oxe{70030 + place}", NameQuery("M"), deadline)
        assert control.get("searches") == 100
        with pytest.raises(SearchLimitReached):
            o2g.directory.search("oxe70000", NameQuery("M"), Deadline.after(0.6))
    finally:
        for other in others:
            other.close()
    control.heal()
    assert control.get("searches") == 0
    assert o2g.directory.search("oxe70000", NameQuery("Mü"), deadline).wait(1, deadline).people


def test_forty_users_search_at_once(o2g: O2G, deadline: Deadline, control: Control, until: Until) -> None:
    def find(n: int) -> str:
        query = NameQuery("Müller", "Anna")
        return (
            o2g.directory.search(f"oxe{70030 + n}", query, Deadline.after(30))
            .wait(1, Deadline.after(30))
            .people[0]
            .number
        )

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(find, range(40))) == {ANNA}
    until(lambda: control.get("searches") == 0)


def test_counters_that_O2G_does_not_know_are_unknown(o2g: O2G, control: Control, deadline: Deadline) -> None:
    control.counters(ANNA, missedCallsNb=0, voiceMessagesNb=3, faxNb=None)
    summary = o2g.event_summary.of("oxe70000", deadline)
    assert (summary.missed_calls, summary.voice_messages, summary.fax) == (0, 3, None)


def test_a_call_from_the_users_own_set(o2g: O2G, control: Control, deadline: Deadline) -> None:
    anna = o2g.users.by_number(ANNA, deadline)
    reference = o2g.telephony.make_call(anna.login, anna.devices[0].id, CLARA, deadline)
    placed = [call for call in control.get("calls") if call["callRef"] == reference]
    assert [(call["caller"], call["callee"]) for call in placed] == [(ANNA, CLARA)]
    (call,) = o2g.calls_in_progress.of(anna.login, deadline)
    assert (call.call_ref, call.devices) == (reference, (anna.devices[0].id,))
    assert CLARA in {party.number for party in call.parties}
    assert call.state in (CallState.RINGING_OUTGOING, CallState.DIALING)


def test_a_set_that_is_not_the_users(o2g: O2G, control: Control, deadline: Deadline) -> None:
    before = len(control.get("calls"))
    with pytest.raises(BadParameter) as caught:
        o2g.telephony.make_call("oxe70000", "70002", "70003", deadline)
    assert caught.value.details is not None
    assert len(control.get("calls")) == before


def test_wrong_credentials(endpoint: O2GEndpoint, control: Control, deadline: Deadline) -> None:
    o2g = O2G(replace(endpoint, password="Wrong-Secret-9"))
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            o2g.users.by_number(ANNA, deadline)
    assert control.paths().count("GET /api/rest/authenticate") == 1
    o2g.close()


def test_a_lost_session_is_opened_again_once_for_all(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    control.lose_sessions()
    with ThreadPoolExecutor(16) as pool:
        summaries = list(pool.map(lambda n: o2g.event_summary.of(f"oxe{70000 + n}", deadline), range(16)))
    assert len(summaries) == 16
    assert control.paths().count("POST /api/rest/1.0/sessions") == 2


def test_a_session_that_expired_is_opened_again(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    ttl = o2g.state().session_ttl
    assert ttl is not None
    control.advance(ttl + 1)
    assert o2g.users.by_number(ANNA, deadline).login == "oxe70000"
    assert o2g.state().connected


def test_a_search_under_way_survives_its_session(o2g: O2G, control: Control, deadline: Deadline) -> None:
    control.fail(search_stuck=True)
    search = o2g.directory.search("oxe70000", NameQuery("Mü"), deadline)
    control.lose_sessions()
    control.heal()
    done = search.wait(1_000, deadline)
    assert done.failed is None
    assert ANNA in {person.number for person in done.people}


def test_a_read_survives_a_connection_that_is_cut(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    control.fail(reset=1)
    assert o2g.users.by_number(ANNA, deadline).login == "oxe70000"


def test_O2G_is_starting(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    control.fail(not_ready=True)
    with pytest.raises(O2GNotReady):
        o2g.event_summary.of("oxe70000", deadline)
    control.heal()
    o2g.event_summary.of("oxe70000", deadline)


def test_O2G_is_slow(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    control.fail(latency_ms=1_000)
    with pytest.raises(O2GTimeout):
        o2g.event_summary.of("oxe70000", Deadline.after(0.2))


def test_O2G_fails_once(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.connect(deadline)
    control.fail(error={"path": "/api/rest/1.0/eventSummary", "status": 500})
    with pytest.raises(ServerProblem):
        o2g.event_summary.of("oxe70000", deadline)
    o2g.event_summary.of("oxe70000", deadline)


def test_a_users_second_look_asks_nothing(o2g: O2G, control: Control, deadline: Deadline) -> None:
    o2g.users.by_number(ANNA, deadline)
    asked = len(control.paths())
    o2g.users.by_number(ANNA, deadline)
    assert len(control.paths()) == asked
