"""The event channel over the wire: what it keeps true, and what each fault of it costs."""

import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest
import trustme
from structlog.testing import capture_logs

from services.calls_in_progress import CallAbility, CallState, SetAbility, TelephonyState
from services.deadline import Deadline
from services.errors import NotAllowed, O2GUnreachable
from services.event_summary import EventSummary
from services.live.known import Known
from services.live.packages import FREE, WITHOUT_AGENTS, Package
from services.live.state import LiveMode
from services.nodes import Link
from services.own_set import own_set
from services.routing import VOICEMAIL, Condition
from services.supervisor import HelpRequest
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.services.live.conftest import LiveDoor, Until, door_to, own_simulator

ANNA, ELLA, DAVID = "70000", "70004", "70003"


def test_what_is_live_is_not_asked_for(live: LiveDoor) -> None:
    o2g, login = live.o2g, f"oxe{ELLA}"

    def look() -> None:
        o2g.users.by_number(ELLA, live.soon)
        o2g.users.language(login, live.soon)
        o2g.event_summary.of(login, live.soon)
        o2g.routing.overview(login, live.soon)
        o2g.agents.state(login, live.soon)
        o2g.calls_in_progress.state(login, live.soon)
        o2g.calls_in_progress.of(login, live.soon)

    assert len(live.asked_for(look)) >= 7
    assert live.asked_for(look) == []


def test_counters_follow_the_world(live: LiveDoor) -> None:
    live.missed_calls(ANNA)
    live.counters(ANNA, missedCallsNb=41)
    live.until(lambda: live.missed_calls(ANNA) == 41)
    live.counters(ANNA, missedCallsNb=None)
    live.until(lambda: live.missed_calls(ANNA) is None)
    assert live.asked_for(lambda: live.missed_calls(ANNA)) == []


def test_routing_that_is_changed_at_another_place_shows(live: LiveDoor, simulator: RunningO2G, until: Until) -> None:
    o2g, login = live.o2g, f"oxe{ANNA}"
    assert o2g.routing.state(login, live.soon).forward is None
    with door_to(simulator, until) as elsewhere:
        elsewhere.o2g.routing.set_forward(login, Condition.BUSY, VOICEMAIL, live.soon)
        live.until(lambda: o2g.routing.state(login, live.soon).forward is not None)
        elsewhere.o2g.routing.cancel_forward(login, live.soon)
    live.until(lambda: o2g.routing.state(login, live.soon).forward is None)
    assert live.asked_for(lambda: o2g.routing.overview(login, live.soon)) in ([], ["GET /routing"])


def test_our_own_write_is_seen_at_the_next_read(live: LiveDoor) -> None:
    o2g, login = live.o2g, f"oxe{ANNA}"
    for on in (True, False) * 10:
        o2g.routing.set_do_not_disturb(login, on, live.soon)
        assert o2g.routing.state(login, live.soon).do_not_disturb is on


def test_a_write_holds_all_that_is_kept_of_its_user_and_of_nobody_else(live: LiveDoor) -> None:
    o2g = live.o2g
    live.missed_calls(ANNA)
    live.missed_calls(ELLA)
    o2g.routing.set_do_not_disturb(f"oxe{ANNA}", False, live.soon)
    assert live.asked_for(lambda: live.missed_calls(ANNA)) == ["GET /eventSummary"]
    assert live.asked_for(lambda: live.missed_calls(ELLA)) == []


def test_a_user_whose_name_changes_is_shown_with_the_new_one(live: LiveDoor) -> None:
    live.o2g.users.by_number("70015", live.soon)
    live.world.put("/users/70015", json={"lastName": "Newly-Married"}).raise_for_status()
    live.until(lambda: live.o2g.users.by_number("70015", live.soon).last_name == "Newly-Married")
    assert live.asked_for(lambda: live.o2g.users.by_number("70015", live.soon)) == []


def test_agents_follow_what_their_supervisor_does(live: LiveDoor) -> None:
    agents, login = live.o2g.agents, f"oxe{ELLA}"
    agents.state(login, live.soon)
    live.world.put(f"/agents/{ELLA}/state", json={}).raise_for_status()
    live.until(lambda: agents.state(login, live.soon).pro_acd is not None)
    live.world.put(f"/agents/{ELLA}/state", json={"mainState": "LOG_OFF"}).raise_for_status()
    live.until(lambda: agents.state(login, live.soon).pro_acd is None)


def test_who_asks_for_help_is_known_while_events_come(live: LiveDoor) -> None:
    supervisors = live.o2g.supervisors
    for number in (DAVID, ELLA):
        live.world.put(f"/agents/{number}/state", json={}).raise_for_status()
    assert supervisors.help_requests(f"oxe{DAVID}") == ()
    asked = live.world.post(f"/agents/{ELLA}/supervisorHelp").raise_for_status().json()["supervisor"]

    def requests() -> list[str]:
        found: tuple[HelpRequest, ...] = supervisors.help_requests(f"oxe{asked}") or ()
        return [request.number for request in found]

    live.until(lambda: requests() == [ELLA])
    live.world.delete(f"/agents/{ELLA}/supervisorHelp", params={"other": asked}).raise_for_status()
    live.until(lambda: requests() == [])
    for number in (DAVID, ELLA):
        live.world.put(f"/agents/{number}/state", json={"mainState": "LOG_OFF"})


def test_an_unknown_event_is_counted_and_ignored(live: LiveDoor) -> None:
    live.events(event={"eventName": "OnSystemWonder", "loginName": f"oxe{ANNA}"})
    live.events(event={"eventName": "OnLicenseExpiration", "message": "soon", "nbDays": 3})
    live.until(lambda: live.status.events.get("OnLicenseExpiration"))
    assert live.status.connected
    assert live.status.gaps == 0


def test_a_burst_of_events_loses_none(live: LiveDoor) -> None:
    logins = [f"oxe{70000 + n}" for n in range(100)]
    for number in range(70000, 70050):
        live.missed_calls(str(number))
    live.events(count=5000, loginNames=logins)
    live.until(lambda: live.status.events.get("OnEventSummaryUpdated", 0) == 5000)
    assert [live.missed_calls(str(70000 + n)) for n in range(50)] == list(range(4900, 4950))
    assert live.status.kept["event_summary"] == 50  # the others were never wanted


def test_a_malformed_line_is_counted_and_the_stream_goes_on(live: LiveDoor) -> None:
    live.missed_calls(ANNA)
    live.world.post("/channels", json={"fault": "malformed"}).raise_for_status()
    live.until(lambda: live.status.malformed == 1)
    assert live.status.connected
    assert live.asked_for(lambda: live.missed_calls(ANNA)) == ["GET /eventSummary"]  # that line may have been about her
    live.counters(ANNA, missedCallsNb=7)
    live.until(lambda: live.missed_calls(ANNA) == 7)


def test_a_character_split_over_two_reads_is_whole(live: LiveDoor) -> None:
    live.o2g.users.by_number("70016", live.soon)
    live.world.post("/channels", json={"fault": "split"}).raise_for_status()
    live.world.put("/users/70016", json={"lastName": "Müller-Łukasiewicz-Ångström"}).raise_for_status()
    live.until(lambda: live.o2g.users.by_number("70016", live.soon).last_name == "Müller-Łukasiewicz-Ångström")
    assert live.status.malformed == 0
    assert live.status.gaps == 0


@pytest.mark.parametrize("fault", ["cut", "truncated"])
def test_a_channel_that_breaks_is_opened_again_and_what_was_kept_is_read_anew(live: LiveDoor, fault: str) -> None:
    live.missed_calls(ANNA)
    live.world.post("/channels", json={"fault": fault}).raise_for_status()
    live.counters(ANNA, missedCallsNb=13)
    live.until(lambda: live.status.gaps == 1 and live.status.connected)
    assert live.missed_calls(ANNA) == 13
    assert live.asked_for(lambda: live.missed_calls(ANNA)) == []


def test_snapshots_fill_what_was_known_before_a_reconnect(until: Until) -> None:
    login, people = f"oxe{ANNA}", 60
    with own_simulator() as simulator, door_to(simulator, until) as door:
        door.listen()

        def look() -> None:
            door.o2g.routing.state(login, door.soon)
            door.o2g.calls_in_progress.of(login, door.soon)

        def told(event: str) -> bool:
            return door.status.events.get(event, 0) >= people

        look()
        door.world.post("/channels", json={"fault": "cut"}).raise_for_status()
        until(lambda: door.status.gaps == 1 and door.status.connected)
        until(lambda: told("OnRoutingStateChanged") and told("OnTelephonyState"))
        assert door.asked_for(look) == []
        door.world.post("/channels", json={"fault": "cut"}).raise_for_status()
        until(lambda: door.status.gaps == 2 and door.status.connected)
        assert door.asked_for(look) == ["GET /routing/state", "GET /telephony/state"]
        assert door.asked.count("POST /routing/state/snapshot") == 1  # O2G is not kept at telling them


def test_a_lost_session_takes_its_subscription_along_and_both_come_again(live: LiveDoor) -> None:
    live.missed_calls(ANNA)
    live.world.delete("/sessions").raise_for_status()
    live.counters(ANNA, missedCallsNb=14)
    live.until(lambda: live.status.gaps == 1 and live.status.connected)
    assert live.missed_calls(ANNA) == 14
    subscriptions = live.world.get("/subscriptions").json()["subscriptions"]
    assert [subscription["channels"] for subscription in subscriptions] == [1]


def test_o2g_that_refuses_the_channel_for_a_while(live: LiveDoor) -> None:
    live.world.put("/faults", json={"not_ready": True}).raise_for_status()
    live.world.post("/channels", json={"fault": "cut"}).raise_for_status()
    live.until(lambda: not live.status.connected)
    live.world.delete("/faults").raise_for_status()
    live.until(lambda: live.status.connected)


def test_silence_is_not_taken_for_nothing_new(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until, silence=1.0) as hasty:  # far below O2G's keep-alive
        hasty.listen()
        hasty.missed_calls(ANNA)
        until(lambda: hasty.status.gaps >= 1)
        before = len(hasty.asked)
        hasty.missed_calls(ANNA)
        assert "GET /eventSummary" in hasty.asked[before:]


def test_a_keep_alive_proves_that_nothing_happened(until: Until) -> None:
    with own_simulator() as simulator, door_to(simulator, until) as door:
        door.listen()
        before = door.status.heard
        assert before is not None
        door.world.post("/clock", json={"seconds": 61}).raise_for_status()
        until(lambda: (door.status.heard or before) > before)
        assert door.status.events == {}
        assert door.status.gaps == 0


def test_closing_ends_the_subscription(simulator: RunningO2G, until: Until) -> None:
    with door_to(simulator, until) as door:
        door.listen()
        assert len(door.world.get("/subscriptions").json()["subscriptions"]) == 1
        door.o2g.close()
        assert door.world.get("/subscriptions").json()["subscriptions"] == []
        assert not door.status.connected


def test_without_agent_licences_for_all_everything_else_is_live(until: Until) -> None:
    with own_simulator("--licences", "ROXE_API_CONTACTCENTER_AGENT=3") as few, door_to(few, until) as door:
        door.listen()
        assert door.status.packages == WITHOUT_AGENTS
        assert door.status.refused is not None
        door.missed_calls(ANNA)
        assert door.asked_for(lambda: door.missed_calls(ANNA)) == []
        for _ in range(2):
            assert door.asked_for(lambda: door.o2g.agents.state(f"oxe{ELLA}", door.soon)) == ["GET /acd/agent/state"]
        assert door.o2g.supervisors.help_requests(f"oxe{DAVID}") is None


def test_without_licences_for_all_users_touchline_goes_on_and_says_so(until: Until) -> None:
    with own_simulator("--licences", "ROXE_API_TEL_ADVANCED=2") as few, door_to(few, until) as door:
        door.listen()
        assert door.status.packages == FREE
        assert "licence" in (door.status.refused or "")
        for _ in range(2):
            assert door.asked_for(lambda: door.missed_calls(ANNA)) == ["GET /eventSummary"]
        assert door.asked_for(lambda: door.o2g.users.by_number(ANNA, door.soon)) == []
        door.missed_calls(ELLA)
        with pytest.raises(NotAllowed):
            door.missed_calls("70005")


def test_a_restart_of_o2g_is_survived_and_what_was_known_has_its_age_meanwhile(until: Until) -> None:
    with own_simulator() as simulator, door_to(simulator, until) as door:
        door.listen()
        door.counters(ANNA, missedCallsNb=5)
        door.missed_calls(ANNA)
        door.world.post("/restart", json={"down_seconds": 3600}).raise_for_status()
        until(lambda: not door.status.connected)
        known = door.o2g.event_summary.known(f"oxe{ANNA}", door.soon)
        assert (known.value.missed_calls, known.live) == (5, False)
        with pytest.raises(O2GUnreachable):
            door.missed_calls(ANNA)
        assert door.o2g.users.by_number(ANNA, door.soon).first_name == "Anna"
        door.world.post("/clock", json={"seconds": 3601}).raise_for_status()
        until(lambda: door.status.connected)
        until(lambda: door.o2g.event_summary.known(f"oxe{ANNA}", door.soon).live)
        assert door.asked_for(lambda: door.missed_calls(ANNA)) == []


def test_a_node_whose_link_is_down_has_no_live_state(until: Until) -> None:
    with own_simulator() as simulator, door_to(simulator, until) as door:
        door.listen()
        user = door.o2g.users.by_number(ANNA, door.soon)
        door.missed_calls(ANNA)
        assert user.node is not None
        door.world.delete(f"/cti-links/{user.node}").raise_for_status()
        door.world.post("/clock", json={"seconds": 31}).raise_for_status()
        until(lambda: door.o2g.nodes.of(user.node) is Link.DOWN)
        for _ in range(2):
            assert "GET /eventSummary" in door.asked_for(lambda: _tolerantly(door, ANNA))
        door.world.put(f"/cti-links/{user.node}").raise_for_status()
        until(lambda: door.o2g.nodes.of(user.node) is Link.UP)
        door.missed_calls(ANNA)
        assert door.asked_for(lambda: door.missed_calls(ANNA)) == []


def test_a_link_that_was_down_before_events_came_is_known_to_be(until: Until) -> None:
    """O2G tells of changes only, and Touchline may start, or listen anew, in the middle of a repair."""
    with own_simulator() as simulator:
        with httpx.Client(base_url=simulator.control) as world:
            world.delete("/cti-links/1").raise_for_status()
            world.post("/clock", json={"seconds": 31}).raise_for_status()
        with door_to(simulator, until) as door, capture_logs() as logs:
            door.listen()
            until(lambda: door.o2g.nodes.of("1") is Link.DOWN)
            door.world.put("/cti-links/1").raise_for_status()
            until(lambda: door.o2g.nodes.of("1") is Link.UP)
        told = [line["event"] for line in logs if line["event"].startswith("o2g.node_")]
        assert told == ["o2g.node_down", "o2g.node_up"]


def test_a_node_whose_link_is_down_has_no_live_state_where_no_user_is_kept(until: Until) -> None:
    with own_simulator() as simulator, door_to(simulator, until, user_cache_seconds=0) as door:
        door.listen()
        user = door.o2g.users.by_number(ANNA, door.soon)
        door.missed_calls(ANNA)
        door.world.delete(f"/cti-links/{user.node}").raise_for_status()
        door.world.post("/clock", json={"seconds": 31}).raise_for_status()
        until(lambda: door.o2g.nodes.of(user.node) is Link.DOWN)
        for _ in range(2):
            assert "GET /eventSummary" in door.asked_for(lambda: _tolerantly(door, ANNA))


def test_links_that_o2g_does_not_tell_at_first_are_asked_for_again(until: Until) -> None:
    with own_simulator() as simulator:
        with httpx.Client(base_url=simulator.control) as world:
            world.delete("/cti-links/1").raise_for_status()
            world.post("/clock", json={"seconds": 31}).raise_for_status()
            fault = {"path": "/system/status", "status": 500, "times": 1}
            world.put("/faults", json={"errors": [fault]}).raise_for_status()
        with door_to(simulator, until) as door:
            door.listen()
            until(lambda: door.o2g.nodes.of("1") is Link.DOWN)
            assert door.asked.count("GET /system/status") == 2


def _tolerantly(door: LiveDoor, number: str) -> None:
    try:
        door.missed_calls(number)
    except O2GUnreachable:
        return


def test_calls_that_events_tell_of_are_those_that_o2g_shows(
    live: LiveDoor, simulator: RunningO2G, until: Until
) -> None:
    chance = random.Random(7)
    people = [str(70000 + n) for n in (0, 2, 3, 4, 5)]
    with door_to(simulator, until, mode=LiveMode.OFF) as asking:
        for number in people:
            telephony(live, number)
        for _ in range(60):
            _something_happens(live, asking, chance, people)
            for number in people:
                until(partial(_is_known, live, asking, number))
    assert live.status.events["OnCallModified"] > 20
    assert live.asked.count("GET /telephony/state") == len(people)  # once each, at first sight
    for call in live.world.get("/calls").json()["calls"]:
        live.world.delete(f"/calls/{call['callRef']}")


def _is_known(live: LiveDoor, asking: LiveDoor, number: str) -> bool:
    return telephony(live, number) == telephony(asking, number)


def telephony(door: LiveDoor, number: str) -> TelephonyState:
    """Give a user's calls in an order of their own: O2G promises none."""
    state = door.o2g.calls_in_progress.state(f"oxe{number}", door.soon)
    return replace(state, calls=tuple(sorted(state.calls, key=lambda call: call.call_ref)))


def _something_happens(live: LiveDoor, asking: LiveDoor, chance: random.Random, people: list[str]) -> None:
    """Place, answer, hold, join, hang up or end a call; what is not possible now is left."""
    calls = [call for call in live.world.get("/calls").json()["calls"] if call["state"] != "ended"]
    what = (
        chance.choice(("place", "answer", "answer", "use", "use", "use", "hangup", "end"))
        if len(calls) > 1
        else "place"
    )
    if what == "place":
        caller, callee = chance.sample(people, 2)
        live.world.post("/calls", json={"caller": caller, "callee": callee, "data": "ref 7"})
        return
    if what == "use":
        _use(asking, chance, chance.choice(people))
        return
    reference = chance.choice(calls)["callRef"]
    match what:
        case "answer":
            live.world.post(f"/calls/{reference}/answer")
        case "hangup":
            live.world.post(f"/calls/{reference}/hangup", json={"party": chance.choice(people)})
        case _:
            live.world.delete(f"/calls/{reference}")


def _use(asking: LiveDoor, chance: random.Random, number: str) -> None:
    """Have somebody do what O2G says can be done with the calls on the own set."""
    control, login = asking.o2g.call_control, f"oxe{number}"
    own = own_set(asking.o2g.users.by_number(number, asking.soon), number)
    calls = asking.o2g.calls_in_progress.state(login, asking.soon).calls
    possible: list[Callable[[], object]] = []
    for call in calls:
        legs = {ability for leg in call.legs for ability in leg.can or ()}
        if SetAbility.HOLD in legs:
            possible.append(partial(control.hold, call.call_ref, own, asking.soon))
        if SetAbility.RETRIEVE in legs:
            possible.append(partial(control.retrieve, call.call_ref, own, asking.soon))
        for held in calls:
            others = [{other.id for other in each.participants} for each in (call, held)]
            both = held.state is CallState.HELD and others[0].isdisjoint(others[1])
            for ability, do in ((CallAbility.MERGE, control.merge), (CallAbility.TRANSFER, control.transfer)):
                if both and ability in (call.can or ()):
                    possible.append(partial(do, call.call_ref, held.call_ref, login, asking.soon))
    if possible:
        chance.choice(possible)()


def test_every_package_has_its_events(live: LiveDoor) -> None:
    assert live.status.packages == tuple(Package)
    assert live.status.refused is None


@contextmanager
def stopped(simulator: RunningO2G) -> Iterator[None]:
    """Have an O2G hang: it takes connections up, keeps those that are open, and says nothing."""
    simulator.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        simulator.process.send_signal(signal.SIGCONT)


def give_up_on(door: LiveDoor) -> None:
    """Ask O2G until it is known not to answer."""
    for _ in range(2):
        with suppress(O2GUnreachable):
            door.o2g.communication_log.unacknowledged_missed(f"oxe{ANNA}", Deadline.after(1.1))


def known(door: LiveDoor) -> Known[EventSummary]:
    return door.o2g.event_summary.known(f"oxe{ANNA}", Deadline.after(3))


@contextmanager
def door_to_one_that_hangs(until: Until) -> Iterator[tuple[LiveDoor, ExitStack]]:
    """A door that knows of four missed calls, to an O2G that hangs until the stack is closed."""
    with own_simulator() as simulator, door_to(simulator, until) as door, ExitStack() as hanging:
        door.listen()
        door.counters(ANNA, missedCallsNb=4)
        until(lambda: known(door).value.missed_calls == 4)
        hanging.enter_context(stopped(simulator))
        give_up_on(door)
        yield door, hanging


def test_events_of_an_o2g_that_hangs_are_not_believed_and_come_again_with_it(until: Until) -> None:
    with door_to_one_that_hangs(until) as (door, hanging):
        assert (known(door).value.missed_calls, known(door).live) == (4, False)
        assert not door.status.connected
        hanging.close()
        until(lambda: door.status.connected)
        assert known(door).live
        assert door.asked_for(lambda: door.missed_calls(ANNA)) == []


def test_a_write_that_never_left_forgets_nothing(until: Until) -> None:
    with door_to_one_that_hangs(until) as (door, _):
        with pytest.raises(O2GUnreachable) as caught:
            door.o2g.routing.set_do_not_disturb(f"oxe{ANNA}", True, Deadline.after(1.1))
        assert caught.value.nothing_sent
        assert (known(door).value.missed_calls, known(door).live) == (4, False)


def test_after_a_failover_events_come_from_the_other_address_and_after_the_return_from_the_first(
    until: Until, authority: trustme.CA, ca: Path, tmp_path: Path
) -> None:
    proof = authority.issue_cert("127.0.0.1", "localhost")
    proof.private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    own = (tmp_path / "own.pem", tmp_path / "own.pem", ca)
    with ExitStack() as stack:
        first, other = (stack.enter_context(simulated_o2g(users=60, certificate=own)) for _ in range(2))
        door = stack.enter_context(door_to(first, until, other_url=other.url))
        world = stack.enter_context(httpx.Client(base_url=other.control))
        door.listen()
        door.counters(ANNA, missedCallsNb=4)
        until(lambda: known(door).value.missed_calls == 4)
        world.put(f"/users/{ANNA}/eventSummary", json={"missedCallsNb": 41}).raise_for_status()
        with stopped(first):
            give_up_on(door)
            assert known(door).value.missed_calls == 41
            until(lambda: door.o2g.state().other_address and door.status.connected)
            known(door)
            world.put(f"/users/{ANNA}/eventSummary", json={"missedCallsNb": 42}).raise_for_status()
            until(lambda: known(door).value.missed_calls == 42)
            assert door.asked_for(lambda: known(door)) == []

        def goes_back() -> bool:
            known(door)
            give_up_on(door)
            return not door.o2g.state().other_address

        until(goes_back)
        assert known(door).value.missed_calls == 4
        until(lambda: door.status.connected)
        door.counters(ANNA, missedCallsNb=5)
        until(lambda: known(door).value.missed_calls == 5)
