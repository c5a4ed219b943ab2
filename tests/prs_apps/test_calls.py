"""What is offered for a call and how long it has lasted: from what O2G says, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from prs.text import width
from prs_apps.calls.doings import BESIDE_CALLS, DOINGS, WITH_A_CALL
from prs_apps.calls.lengths import Length, Lengths
from prs_apps.calls.situations import Situation
from services.calls_in_progress import CallAbility, CallInProgress, CallState, Leg, Participant, SetAbility
from services.parties import Party, PartyKind
from store.shared import InProcess

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
OUTSIDER = Participant("p1", Party(number="0155501234", kind=PartyKind.EXTERNAL))
COLLEAGUE = Participant("p2", Party(number="70001", kind=PartyKind.USER))
EVERYTHING = frozenset(CallAbility)
TALKING = CallInProgress(
    "c1", CallState.ACTIVE, (Leg("70000", CallState.ACTIVE, frozenset(SetAbility)),), (COLLEAGUE,), EVERYTHING
)
HELD = replace(TALKING, call_ref="c2", state=CallState.HELD)
RINGING = replace(TALKING, state=CallState.RINGING_INCOMING)


def offered(call: CallInProgress, *others: CallInProgress) -> set[str]:
    return {doing.id for doing in WITH_A_CALL if doing.offered(Situation(call, others, "70000"))}


@pytest.mark.parametrize("call", [replace(TALKING, can=None, legs=()), replace(TALKING, can=frozenset(), legs=())])
def test_what_O2G_does_not_state_is_not_offered(call: CallInProgress) -> None:
    assert offered(call, HELD) == set()


def test_what_takes_two_calls_is_offered_with_two() -> None:
    both = {"transfer", "merge", "alternate"}
    assert not both & offered(TALKING)
    assert both <= offered(TALKING, HELD)
    assert "retrieve" in offered(HELD)
    assert {"alternate_here", "reconnect"} <= offered(HELD, TALKING)
    assert "retrieve" not in offered(HELD, TALKING)


def test_only_a_conference_loses_people_or_is_left() -> None:
    assert {"leave", "end"} & offered(TALKING) == set()
    conference = replace(TALKING, participants=(COLLEAGUE, OUTSIDER))
    assert {"leave", "end", "drop"} <= offered(conference)
    assert "hang_up" not in offered(conference)
    fixed = tuple(replace(other, droppable=False) for other in conference.participants)
    assert "drop" not in offered(replace(conference, participants=fixed))


@pytest.mark.parametrize(
    ("participant", "first_called", "parked"),
    [
        (OUTSIDER, Party(number="70000"), True),
        (OUTSIDER, None, True),
        (OUTSIDER, OUTSIDER.party, False),
        (COLLEAGUE, Party(number="70000"), False),
        (Participant("p3", None, anonymous=True), Party(number="70000"), True),
    ],
)
def test_L67_only_calls_from_outside_are_parked(
    participant: Participant, first_called: Party | None, parked: bool
) -> None:
    call = replace(TALKING, participants=(participant,), first_called=first_called)
    assert ("park" in offered(call)) is parked


def test_the_set_in_the_users_hands_is_chosen_if_it_can() -> None:
    able, unable = frozenset({SetAbility.ANSWER}), frozenset[SetAbility]()
    here, there = Leg("70000", CallState.RINGING_INCOMING, able), Leg("870000", CallState.RINGING_INCOMING, able)
    both = Situation(replace(RINGING, legs=(there, here)), (), "70000")
    assert both.set_for(SetAbility.ANSWER) == "70000"
    other = Situation(replace(RINGING, legs=(there, replace(here, can=unable))), (), "70000")
    assert other.set_for(SetAbility.ANSWER) == "870000"
    assert Situation(replace(RINGING, legs=(there,)), (), "70000").elsewhere == ("870000",)
    assert both.elsewhere == ()


def test_labels_fit_the_smallest_sets() -> None:
    assert {doing.id for doing in DOINGS.values() if width(doing.label) > 20 or width(doing.key) > 7} == set()
    assert len(DOINGS) == len(WITH_A_CALL) + len(BESIDE_CALLS) + 1


def test_a_call_that_was_seen_ringing_is_as_long_as_it_is() -> None:
    lengths = Lengths(InProcess())
    assert lengths.of("oxe1", RINGING, NOON) is None
    assert lengths.of("oxe1", TALKING, NOON + timedelta(seconds=5)) == Length(0, exact=True)
    assert lengths.of("oxe1", TALKING, NOON + timedelta(minutes=3)) == Length(2, exact=True)
    assert lengths.of("oxe2", TALKING, NOON + timedelta(minutes=3)) == Length(0, exact=False)


def test_a_call_that_nobody_saw_ringing_may_be_longer() -> None:
    lengths = Lengths(InProcess())
    lengths.of("oxe1", RINGING, NOON)
    assert lengths.of("oxe1", TALKING, NOON + timedelta(minutes=10)) == Length(0, exact=False)
    assert lengths.of("oxe1", TALKING, NOON + timedelta(minutes=22)) == Length(12, exact=False)


@pytest.mark.parametrize(
    ("length", "said"),
    [(Length(0, True), "<1"), (Length(0, False), ""), (Length(12, True), "12"), (Length(12, False), ">12")],
)
def test_a_length_says_what_is_known(length: Length, said: str) -> None:
    assert length.said() == said
