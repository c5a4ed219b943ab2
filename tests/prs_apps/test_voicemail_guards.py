"""What guards a mailbox: tries that are counted and run out, openings that are forgotten and are one holder's."""

from datetime import UTC, datetime, timedelta

import pytest

from prs.language import languages
from prs.models import phone_models
from prs_apps.application import House, Visit
from prs_apps.voicemail.open_boxes import OpenBox, OpenBoxes
from prs_apps.voicemail.rules import VoicemailRules
from prs_apps.voicemail.tries import Tries
from services.deadline import Deadline
from services.users import Device, DeviceKind, User
from store.sealed import Sealed
from store.shared import InProcess

RULES = VoicemailRules(asks=True, open_seconds=300, tries=3, lock_seconds=900)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets, for seconds and for the time of day."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared(clock: Clock) -> InProcess:
    return InProcess(clock.monotonic)


@pytest.fixture
def tries(clock: Clock, shared: InProcess) -> Tries:
    return Tries(shared, RULES, clock.now)


def visit(number: str = "70000", device: str = "70000") -> Visit:
    user = User("oxe" + number, number, "", "", None, (), None)
    model = phone_models().of("NOE_C_IP")
    house = House.__new__(House)  # nothing of it is asked
    desk = Device(device, DeviceKind.DESKPHONE, None, None)
    return Visit(user, desk, model, languages().default, Deadline.after(5), house)


def guess(tries: Tries, login: str = "anna", box: str = "b") -> int | None:
    left = tries.begin(login, box)
    if left == 0:
        tries.lock(login, box)
    return left


def test_the_third_wrong_one_locks_for_a_quarter_of_an_hour(tries: Tries, clock: Clock) -> None:
    assert [guess(tries) for _ in range(5)] == [2, 1, 0, None, None]
    assert tries.locked_until("anna", "b") == NOON + timedelta(minutes=15)
    assert guess(tries, login="bert") == 2
    assert guess(tries, box="c") == 2
    clock.seconds = 899
    assert guess(tries) is None
    clock.seconds = 900
    assert tries.locked_until("anna", "b") is None
    assert [guess(tries) for _ in range(4)] == [2, 1, 0, None]


def test_slow_guessing_is_counted_too(tries: Tries, clock: Clock) -> None:
    left = []
    for _ in range(3):
        left.append(guess(tries))
        clock.seconds += 890
    assert left == [2, 1, 0]


def test_a_lock_that_is_forgotten_too_early_is_set_again(tries: Tries, shared: InProcess) -> None:
    assert [guess(tries) for _ in range(3)] == [2, 1, 0]
    for n in range(20_001):  # what a process keeps is bounded
        shared.put(f"search:{n}", b"", 60)
    assert tries.locked_until("anna", "b") is None
    assert guess(tries) is None
    assert tries.locked_until("anna", "b") is not None


def test_a_try_is_taken_back_and_a_right_one_begins_anew(tries: Tries) -> None:
    assert guess(tries) == 2
    tries.take_back("anna", "b")
    assert guess(tries) == 2
    assert guess(tries) == 1
    tries.succeed("anna", "b")
    assert guess(tries) == 2


def test_an_opening_is_forgotten_where_nobody_touches_the_set(shared: InProcess, clock: Clock) -> None:
    boxes = OpenBoxes(Sealed(shared, ["k" * 32]), RULES.open_seconds)
    opening = boxes.begin(visit(), OpenBox("b", "1234", plays=True))
    for _ in range(3):
        clock.seconds += 299
        assert boxes.of(visit(), opening) == OpenBox("b", "1234", plays=True)
    clock.seconds += 300
    assert boxes.of(visit(), opening) is None


@pytest.mark.parametrize("other", [visit("70001", "70000"), visit("70000", "70014")], ids=["user", "set"])
def test_an_opening_is_of_one_user_at_one_set(shared: InProcess, other: Visit) -> None:
    boxes = OpenBoxes(Sealed(shared, ["k" * 32]), RULES.open_seconds)
    opening = boxes.begin(visit(), OpenBox("b", "1234", plays=True))
    assert boxes.of(other, opening) is None
    boxes.end(other, opening)
    assert boxes.of(visit(), opening) is not None
    boxes.end(visit(), opening)
    assert boxes.of(visit(), opening) is None
    assert boxes.of(visit(), "guessed") is None


def test_what_was_asked_about_is_kept_beside_the_opening(shared: InProcess) -> None:
    boxes = OpenBoxes(Sealed(shared, ["k" * 32]), RULES.open_seconds)
    opening = boxes.begin(visit(), OpenBox("b", None, plays=False))
    assert boxes.chosen(visit(), opening) == ()
    boxes.choose(visit(), opening, ("1", "2"))
    assert boxes.chosen(visit(), opening) == ("1", "2")
    assert boxes.of(visit(), opening) == OpenBox("b", None, plays=False)
    assert "1234" not in repr(OpenBox("b", "1234", plays=True))
