"""Calls in progress against the simulated O2G: what each operation makes of them, as O2G then tells it."""

from collections.abc import Iterator

import pytest

from services.call_control import Recording
from services.calls_in_progress import CallAbility, CallState, IdleAbility, RecordingState, SetAbility
from services.deadline import Deadline
from services.errors import NotFound, O2GError
from services.o2g import O2G
from services.own_set import OwnSet, own_set

ANNA, CLARA, DAVID, ELLA = "oxe70000", "oxe70002", "oxe70003", "oxe70004"


@pytest.fixture(autouse=True)
def nobody_calls(simulated: O2G, deadline: Deadline) -> Iterator[None]:
    yield
    for login in (ANNA, CLARA, DAVID, ELLA):
        for call in simulated.calls_in_progress.of(login, deadline):
            simulated.call_control.hang_up(call.call_ref, login, deadline)


def own(o2g: O2G, login: str, deadline: Deadline) -> OwnSet:
    number = login.removeprefix("oxe")
    return own_set(o2g.users.by_number(number, deadline), number)


def ring(o2g: O2G, caller: str, called: str, deadline: Deadline) -> str:
    """Let a user's set ring."""
    number = caller.removeprefix("oxe")
    reference = o2g.telephony.make_call(caller, number, called.removeprefix("oxe"), deadline)
    assert reference is not None
    return reference


def talk(o2g: O2G, caller: str, called: str, deadline: Deadline) -> str:
    """Let two users talk."""
    reference = ring(o2g, caller, called, deadline)
    o2g.call_control.answer(reference, own(o2g, called, deadline), deadline)
    return reference


def states(o2g: O2G, login: str, deadline: Deadline) -> dict[str, CallState]:
    return {call.call_ref: call.state for call in o2g.calls_in_progress.of(login, deadline)}


def test_a_call_is_answered_and_hung_up(simulated: O2G, deadline: Deadline) -> None:
    reference = ring(simulated, ANNA, CLARA, deadline)
    state = simulated.calls_in_progress.state(CLARA, deadline)
    (rings,) = state.calls
    assert (rings.call_ref, rings.state, rings.devices) == (reference, CallState.RINGING_INCOMING, ("70002",))
    assert [(party.first_name, party.number) for party in rings.parties] == [("Anna", "70000")]
    assert SetAbility.ANSWER in (rings.legs[0].can or ())
    assert CallAbility.REDIRECT in (rings.can or ())
    assert [own.device for own in state.sets] == ["70002"]
    simulated.call_control.answer(reference, own(simulated, CLARA, deadline), deadline)
    assert states(simulated, ANNA, deadline) == {reference: CallState.ACTIVE}
    simulated.call_control.hang_up(reference, CLARA, deadline)
    assert states(simulated, ANNA, deadline) == {}
    assert simulated.calls_in_progress.one(CLARA, reference, deadline) is None


def test_an_idle_set_can_call(simulated: O2G, deadline: Deadline) -> None:
    (idle,) = simulated.calls_in_progress.state(ANNA, deadline).sets
    assert IdleAbility.MAKE_CALL in idle.can


def test_a_call_that_ended_meanwhile(simulated: O2G, deadline: Deadline) -> None:
    reference = ring(simulated, ANNA, CLARA, deadline)
    simulated.call_control.end(reference, ANNA, deadline)
    with pytest.raises(O2GError):
        simulated.call_control.answer(reference, own(simulated, CLARA, deadline), deadline)


def test_hold_and_retrieve(simulated: O2G, deadline: Deadline) -> None:
    reference, annas = talk(simulated, ANNA, CLARA, deadline), own(simulated, ANNA, deadline)
    simulated.call_control.hold(reference, annas, deadline)
    (call,) = simulated.calls_in_progress.of(ANNA, deadline)
    assert call.state is CallState.HELD
    assert SetAbility.RETRIEVE in (call.legs[0].can or ())
    simulated.call_control.retrieve(reference, annas, deadline)
    assert states(simulated, ANNA, deadline) == {reference: CallState.ACTIVE}


def enquiry(o2g: O2G, deadline: Deadline) -> tuple[str, str]:
    """Let Anna talk with David while Clara is held."""
    held = talk(o2g, ANNA, CLARA, deadline)
    o2g.call_control.hold(held, own(o2g, ANNA, deadline), deadline)
    return talk(o2g, ANNA, DAVID, deadline), held


def test_alternating_between_two(simulated: O2G, deadline: Deadline) -> None:
    active, held = enquiry(simulated, deadline)
    simulated.call_control.alternate(held, own(simulated, ANNA, deadline), deadline)
    assert states(simulated, ANNA, deadline) == {active: CallState.HELD, held: CallState.ACTIVE}


def test_giving_an_enquiry_up(simulated: O2G, deadline: Deadline) -> None:
    active, held = enquiry(simulated, deadline)
    simulated.call_control.reconnect(held, active, own(simulated, ANNA, deadline), deadline)
    assert states(simulated, ANNA, deadline) == {held: CallState.ACTIVE}


def test_a_transfer_connects_the_others(simulated: O2G, deadline: Deadline) -> None:
    active, held = enquiry(simulated, deadline)
    simulated.call_control.transfer(active, held, ANNA, deadline)
    assert states(simulated, ANNA, deadline) == {}
    (call,) = simulated.calls_in_progress.of(CLARA, deadline)
    assert [party.number for party in call.parties] == ["70003"]


def test_a_conference_and_one_is_sent_out(simulated: O2G, deadline: Deadline) -> None:
    active, held = enquiry(simulated, deadline)
    simulated.call_control.merge(active, held, ANNA, deadline)
    (call,) = simulated.calls_in_progress.of(ANNA, deadline)
    assert {party.number for party in call.parties} == {"70002", "70003"}
    (clara,) = (other for other in call.participants if other.party is not None and other.party.number == "70002")
    simulated.call_control.drop(call.call_ref, clara.id, ANNA, deadline)
    (call,) = simulated.calls_in_progress.of(ANNA, deadline)
    assert [party.number for party in call.parties] == ["70003"]


def test_a_blind_transfer(simulated: O2G, deadline: Deadline) -> None:
    reference = talk(simulated, ANNA, CLARA, deadline)
    simulated.call_control.blind_transfer(reference, "70003", CLARA, deadline)
    assert states(simulated, CLARA, deadline) == {}
    assert list(states(simulated, DAVID, deadline).values()) == [CallState.RINGING_INCOMING]


def test_a_redirected_call_rings_elsewhere(simulated: O2G, deadline: Deadline) -> None:
    reference = ring(simulated, ANNA, CLARA, deadline)
    simulated.call_control.redirect(reference, "70003", CLARA, deadline)
    assert states(simulated, CLARA, deadline) == {}
    assert list(states(simulated, DAVID, deadline).values()) == [CallState.RINGING_INCOMING]


def test_to_voicemail_from_either_end(simulated: O2G, deadline: Deadline) -> None:
    reference = ring(simulated, ANNA, CLARA, deadline)
    simulated.call_control.redirect_to_voicemail(reference, CLARA, deadline)
    assert states(simulated, CLARA, deadline) == {}
    for call_ref in states(simulated, ANNA, deadline):
        simulated.call_control.hang_up(call_ref, ANNA, deadline)
    reference = ring(simulated, ANNA, CLARA, deadline)
    simulated.call_control.overflow_to_voicemail(reference, ANNA, deadline)
    assert states(simulated, CLARA, deadline) == {}


def test_B26_a_parked_call_is_taken_at_another_set(simulated: O2G, deadline: Deadline) -> None:
    reference = talk(simulated, ANNA, CLARA, deadline)
    simulated.call_control.park(reference, CLARA, deadline, at="70003")
    assert states(simulated, CLARA, deadline) == {}
    simulated.call_control.unpark(own(simulated, CLARA, deadline), deadline, parked_at="70003")
    assert list(states(simulated, CLARA, deadline).values()) == [CallState.ACTIVE]


def test_a_colleagues_call_is_picked_up(simulated: O2G, deadline: Deadline) -> None:
    ring(simulated, ANNA, CLARA, deadline)
    simulated.call_control.pick_up(own(simulated, DAVID, deadline), deadline, ringing_at="70002")
    assert list(states(simulated, DAVID, deadline).values()) == [CallState.ACTIVE]
    assert states(simulated, CLARA, deadline) == {}


def test_L118_a_recording(simulated: O2G, deadline: Deadline) -> None:
    reference = talk(simulated, ANNA, CLARA, deadline)

    def recording() -> RecordingState | None:
        (call,) = simulated.calls_in_progress.of(ANNA, deadline)
        return call.recording

    assert recording() is None
    for action, becomes in (
        (Recording.START, RecordingState.RECORDING),
        (Recording.PAUSE, RecordingState.PAUSED),
        (Recording.RESUME, RecordingState.RECORDING),
        (Recording.STOP, None),
    ):
        simulated.call_control.record(reference, action, ANNA, deadline)
        assert recording() is becomes


def test_account_information(simulated: O2G, deadline: Deadline) -> None:
    reference = talk(simulated, ANNA, CLARA, deadline)
    simulated.call_control.send_account_info(reference, own(simulated, ANNA, deadline), "0042", deadline)
    (call,) = simulated.calls_in_progress.of(ANNA, deadline)
    assert call.account_info == "0042"


def test_L113_a_set_of_another_user(simulated: O2G, deadline: Deadline) -> None:
    reference = ring(simulated, ANNA, CLARA, deadline)
    with pytest.raises(O2GError):
        simulated.call_control.answer(reference, own(simulated, DAVID, deadline), deadline)


def test_callbacks_are_asked_for_listed_and_deleted(simulated: O2G, deadline: Deadline) -> None:
    simulated.callbacks.delete_all(CLARA, deadline)
    simulated.callbacks.ask(ANNA, "70002", deadline)
    reference = ring(simulated, DAVID, CLARA, deadline)
    simulated.call_control.ask_call_back(reference, DAVID, deadline)
    asked = simulated.callbacks.of(CLARA, deadline)
    assert {one.party.number for one in asked if one.party is not None} == {"70000", "70003"}
    simulated.callbacks.delete(CLARA, asked[0].id, deadline)
    assert simulated.callbacks.of(CLARA, deadline) == asked[1:]
    with pytest.raises(NotFound):
        simulated.callbacks.delete(CLARA, asked[0].id, deadline)
    simulated.callbacks.delete_all(CLARA, deadline)
    assert simulated.callbacks.of(CLARA, deadline) == ()


def test_L69_mini_messages_newest_first_and_once(simulated: O2G, deadline: Deadline) -> None:
    kept: list[str] = []
    while simulated.mini_messages.read_next(CLARA, lambda _: None, deadline) is not None:
        pass
    for text in ("first", "second & <third> é 🔬"):
        simulated.mini_messages.send(ANNA, "70002", text, deadline)
    while (message := simulated.mini_messages.read_next(CLARA, lambda it: kept.append(it.text), deadline)) is not None:
        assert message.sender == "70000"
        assert message.date is not None
    assert kept == ["second & <third> é 🔬", "first"]


def test_L68_hunting_groups(simulated: O2G, deadline: Deadline) -> None:
    hunting = simulated.hunting
    groups = hunting.groups(ELLA, deadline)
    if groups.current is not None:
        hunting.leave(ELLA, groups.current, deadline)
    number = groups.numbers[0]
    hunting.join(ELLA, number, deadline)
    hunting.join(ELLA, number, deadline)
    assert hunting.groups(ELLA, deadline).current == number
    for on in (True, False):
        (hunting.log_on if on else hunting.log_off)(ELLA, deadline)
        assert hunting.logged_on(ELLA, deadline) is on
    hunting.leave(ELLA, number, deadline)
    assert hunting.groups(ELLA, deadline).current is None
    with pytest.raises(NotFound):
        hunting.join(ELLA, "99999", deadline)


def test_desk_sharing(simulated: O2G, deadline: Deadline) -> None:
    deviceless = simulated.users.by_number("70012", deadline)
    assert deviceless.devices == ()
    simulated.desk_sharing.log_on(deviceless.login, "61901", deadline)
    assert [device.id for device in simulated.users.by_number("70012", deadline).devices] == ["61901"]
    simulated.desk_sharing.log_off(deviceless.login, deadline)
    assert simulated.users.by_number("70012", deadline).devices == ()
