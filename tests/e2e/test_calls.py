"""Calls in progress, as people use them: what O2G says can be done is offered, and what became of it is shown."""

from collections.abc import Iterator

import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.e2e.any_set import act, says
from tests.house import PhoneOf, Simulator, prs_client
from tests.phone import Phone

CALLER, THIRD, OUTSIDE = "70017", "70018", "0155501234"
CALLER_NAME, THIRD_NAME = "Иван Петров", "Ελένη Παπαδοπούλου"
ONE_LINE = "70001"
BESIDE = ["Callbacks", "Pick up a call", "Take a parked call"]


@pytest.fixture(autouse=True)
def nobody_calls(o2g: Simulator) -> Iterator[None]:
    o2g.end_calls()
    yield
    o2g.end_calls()


@pytest.fixture(params=["70000", ONE_LINE, "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    """A user of each family of sets."""
    return phone(request.param)


@pytest.fixture
def anna(phone: PhoneOf) -> Phone:
    return phone("70000")


def offers(user: Phone) -> set[str]:
    """What can be done from here, by whatever label."""
    return {*user.screen.soft_key_labels, *(entry.label for entry in (*user.screen.choices, *user.screen.actions))}


def states(o2g: Simulator, number: str) -> list[str]:
    """The state of each of somebody's calls."""
    return [str(call["sides"][number]) for call in o2g.calls() if number in call["sides"]]


def typed(user: Phone, number: str) -> None:
    user.type_text("Number", number)
    user.send()


def talking(user: Phone, o2g: Simulator) -> str:
    """Let somebody call the user, who has answered and looks at the call."""
    call = o2g.call(CALLER, user.number, answered=True)
    user.open("calls")
    return call


def test_without_a_call_it_says_so_and_offers_what_there_is(user: Phone) -> None:
    user.open("calls")
    assert "No call in progress." in says(user)
    assert [entry.label for entry in user.screen.choices] == BESIDE


def test_the_only_call_is_shown_at_once_and_answered(user: Phone, o2g: Simulator) -> None:
    o2g.call(CALLER, user.number)
    user.open("calls")
    assert "Rings here" in says(user)
    assert CALLER in says(user)
    act(user, "Answer", "Answer")
    assert "Talking, <1 min" in says(user)
    assert states(o2g, user.number) == ["ACTIVE"]


def test_a_call_is_held_taken_back_and_hung_up(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    act(user, "Hold", "Put on hold")
    assert "On hold" in says(user)
    assert not {"Hold", "Put on hold"} & offers(user)
    act(user, "Unhold", "Take off hold")
    assert "Talking" in says(user)
    act(user, "Hang up", "Hang up")
    assert "No call in progress." in says(user)
    assert states(o2g, user.number) == []


def test_several_calls_are_listed_and_the_likely_things_with_them(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    o2g.call(user.number, THIRD, answered=True)
    user.open("calls")
    assert user.screen.note == "2"
    assert [entry.detail for entry in user.screen.choices] == ["talking", "on hold"]
    user.press("Transf.")
    assert "No call in progress." in says(user)
    assert states(o2g, CALLER) == states(o2g, THIRD) == ["ACTIVE"]


def test_who_is_talked_with_changes(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    o2g.call(user.number, THIRD, answered=True)
    user.open("calls")
    user.press("Swap")
    assert CALLER in says(user)
    assert "Talking" in says(user)
    user.back()
    user.choose(user.screen.choices[1].label)
    assert THIRD in says(user)
    assert "On hold" in says(user)
    act(user, "Swap", "Swap calls")
    assert THIRD in says(user)
    assert "Talking" in says(user)


def test_an_enquiry_is_given_up_for_the_held_call(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    o2g.call(user.number, THIRD)
    user.open("calls")
    user.choose(user.screen.choices[1].label)
    act(user, "Return", "End other, take this")
    assert CALLER in says(user)
    assert states(o2g, user.number) == ["ACTIVE"]
    assert states(o2g, THIRD) == []


def test_a_conference_loses_somebody_after_a_question_and_ends_for_all(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    o2g.call(user.number, THIRD, answered=True)
    user.open("calls")
    user.press("Confer.")
    assert user.screen.title == "Conference"
    act(user, "End all", "End for all")
    user.press("Keep")
    act(user, "Remove", "Remove somebody")
    user.choose(user.screen.choices[0].label)
    assert user.screen.question.endswith("from the conference?")
    user.press("Remove")
    assert states(o2g, THIRD) == []
    assert states(o2g, user.number) == states(o2g, CALLER) == ["ACTIVE"]


def test_a_conference_is_ended_for_all_or_left_alone(anna: Phone, o2g: Simulator) -> None:
    for key, left in (("End all", []), ("Leave", ["ACTIVE"])):
        o2g.end_calls()
        talking(anna, o2g)
        o2g.call(anna.number, THIRD, answered=True)
        anna.open("calls")
        anna.press("Confer.")
        anna.press(key)
        if anna.screen.answers:
            anna.press(key)
        assert states(o2g, CALLER) == states(o2g, THIRD) == left
        assert states(o2g, anna.number) == []


def test_of_several_held_calls_one_is_chosen(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    o2g.call(user.number, OUTSIDE, answered=True)
    o2g.call(user.number, THIRD, answered=True)
    user.open("calls")
    user.press("Transf.")
    assert user.screen.title == "Transfer"
    assert len(user.screen.choices) == 2
    user.choose(OUTSIDE)
    assert CALLER in says(user)
    assert states(o2g, OUTSIDE) == states(o2g, THIRD) == ["ACTIVE"]
    assert states(o2g, user.number) == ["HELD"]


def test_a_call_is_transferred_to_a_number_that_is_typed(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    act(user, "Send on", "Transfer to a number")
    typed(user, THIRD)
    assert "No call in progress." in says(user)
    assert states(o2g, THIRD) == ["RINGING_INCOMING"]


def test_a_ringing_call_is_sent_to_somebody_of_the_directory(anna: Phone, o2g: Simulator) -> None:
    o2g.call(CALLER, anna.number)
    anna.open("calls")
    anna.press("Send on")
    anna.choose("From the directory")
    anna.type_text("Name", "lindqvist")
    anna.type_text("First name", "greta")
    anna.send()
    anna.settle()
    anna.press("Choose")
    assert "No call in progress." in says(anna)
    assert states(o2g, "70012") != []


def test_a_ringing_call_is_sent_to_who_called_last(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call(THIRD, user.number)
    o2g.call(CALLER, user.number)
    user.open("calls")
    act(user, "Send on", "Send to a number")
    user.choose(next(entry.label for entry in user.screen.choices if entry.detail == THIRD))
    assert states(o2g, THIRD) == ["RINGING_INCOMING"]


def test_a_ringing_call_goes_to_voicemail(user: Phone, o2g: Simulator) -> None:
    o2g.call(CALLER, user.number)
    user.open("calls")
    act(user, "Mailbox", "To my voicemail")
    assert "No call in progress." in says(user)
    assert states(o2g, CALLER) == ["ACTIVE"]


def test_who_does_not_answer_is_asked_to_call_back(user: Phone, o2g: Simulator, phone: PhoneOf) -> None:
    o2g.call(user.number, "70004")
    user.open("calls")
    assert "Calling" in says(user)
    act(user, "Callbk", "Ask for a callback")
    assert states(o2g, user.number) == []
    ella = phone("70004")
    ella.open("calls")
    ella.choose("Callbacks")
    while user.number not in {entry.detail for entry in ella.screen.choices}:
        ella.right()
    ella.choose(next(entry.label for entry in ella.screen.choices if entry.detail == user.number))
    ella.press("Delete")
    ella.press("Delete")


def test_who_does_not_answer_gets_it_in_their_voicemail(user: Phone, o2g: Simulator) -> None:
    o2g.call(user.number, THIRD)
    user.open("calls")
    act(user, "Mailbox", "To their voicemail")
    assert states(o2g, user.number) == ["ACTIVE"]
    assert states(o2g, THIRD) == []


def test_a_recording_starts_pauses_goes_on_and_stops(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    act(user, "Record", "Record the call")
    assert "Is being recorded" in says(user)
    act(user, "Pause", "Pause recording")
    assert "Recording is paused" in says(user)
    act(user, "Go on", "Resume recording")
    assert "Is being recorded" in says(user)
    act(user, "Stop", "Stop recording")
    assert not {"Is being recorded", "Recording is paused"} & set(user.screen.lines)


def test_a_call_from_outside_is_parked_here_and_taken_back(user: Phone, o2g: Simulator) -> None:
    o2g.call(OUTSIDE, user.number, answered=True)
    user.open("calls")
    act(user, "Park", "Park the call")
    user.choose("At this set")
    assert states(o2g, user.number) == []
    assert user.screen.choices[0].label == "Parked call here"
    user.choose("Parked call here")
    assert states(o2g, user.number) == ["ACTIVE"]


def test_a_call_that_is_parked_at_another_set_is_taken(user: Phone, o2g: Simulator) -> None:
    o2g.call(OUTSIDE, user.number, answered=True)
    user.open("calls")
    act(user, "Park", "Park the call")
    typed(user, "70013")
    user.open("calls")
    user.choose("Take a parked call")
    typed(user, "70013")
    assert OUTSIDE in (user.screen.title, *user.screen.lines)
    assert states(o2g, user.number) == ["ACTIVE"]


def test_L67_what_O2G_would_lose_track_of_is_not_parked(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    assert not {"Park", "Park the call"} & offers(user)
    o2g.end_calls()
    o2g.call(user.number, OUTSIDE, answered=True)
    user.open("calls")
    assert "Hang up" in offers(user)
    assert not {"Park", "Park the call"} & offers(user)


def test_a_colleagues_call_is_picked_up(user: Phone, o2g: Simulator) -> None:
    o2g.call(CALLER, "70013")
    user.open("calls")
    user.choose("Pick up a call")
    typed(user, "70013")
    assert CALLER in says(user)
    assert states(o2g, user.number) == ["ACTIVE"]


def test_a_call_is_picked_up_beside_another(anna: Phone, o2g: Simulator) -> None:
    talking(anna, o2g)
    o2g.call(THIRD, "70013")
    anna.press("More")
    anna.choose("Pick up a call")
    typed(anna, "70013")
    assert [entry.detail for entry in anna.screen.choices] == ["talking", "on hold"]


@pytest.mark.parametrize("what", ["Pick up a call", "Take a parked call"])
def test_nothing_to_pick_up_or_to_take(user: Phone, what: str) -> None:
    user.open("calls")
    user.choose(what)
    without = user.screen.choices[0].label
    typed(user, "70013")
    words = {"Pick up a call": "No call rings there.", "Take a parked call": "No call is parked there."}[what]
    assert words in says(user)
    user.choose(without)
    assert words in says(user)
    assert [entry.label for entry in user.back().choices] == BESIDE


def test_an_account_code_is_sent_and_shown(user: Phone, o2g: Simulator) -> None:
    talking(user, o2g)
    act(user, "Code", "Account code")
    user.type_text("Code", "12a")
    user.send()
    assert user.status == 400
    assert "Enter a code of digits." in says(user)
    user.type_text("Code", "0042")
    user.send()
    assert "Account code 0042" in says(user)


@pytest.mark.parametrize("number", ["", "abc", "7" * 60, "<script>", "+", "12;34"])
def test_what_is_no_number_is_not_sent(anna: Phone, o2g: Simulator, number: str) -> None:
    o2g.call(CALLER, anna.number)
    anna.open("calls")
    anna.press("Send on")
    typed(anna, number)
    assert anna.status == 400
    assert "Enter a number that can be called." in says(anna)
    assert states(o2g, anna.number) == ["RINGING_INCOMING"]


def test_a_number_that_nobody_has(anna: Phone, o2g: Simulator) -> None:
    o2g.call(CALLER, anna.number)
    anna.open("calls")
    anna.press("Send on")
    typed(anna, "79999")
    assert anna.status == 400
    assert "This number cannot be reached." in says(anna)
    assert states(o2g, anna.number) == ["RINGING_INCOMING"]


def test_a_call_that_ended_meanwhile(user: Phone, o2g: Simulator) -> None:
    call = talking(user, o2g)
    o2g.end_call(call)
    act(user, "Hold", "Put on hold")
    assert user.status == 409
    assert "The call has ended." in says(user)
    assert "No call in progress." in says(user)


def test_a_screen_that_renews_itself_tells_that_the_call_ended(anna: Phone, o2g: Simulator) -> None:
    first = talking(anna, o2g)
    o2g.call(anna.number, THIRD, answered=True)
    anna.open("calls")
    anna.choose(next(entry.label for entry in anna.screen.choices if entry.detail == "on hold"))
    o2g.end_call(first)
    anna.get(anna.screen.refresh)
    assert anna.status == 200
    assert "The call has ended." in says(anna)
    assert THIRD in says(anna)


def test_a_call_that_somebody_else_answered_meanwhile(anna: Phone, phone: PhoneOf, o2g: Simulator) -> None:
    o2g.call(CALLER, anna.number)
    anna.open("calls")
    david = phone("70003")
    david.open("calls")
    david.choose("Pick up a call")
    typed(david, anna.number)
    anna.press("Answer")
    assert "The call has ended." in says(anna)


def test_what_is_not_possible_any_more_shows_the_call_as_it_is(anna: Phone, o2g: Simulator) -> None:
    call = o2g.call(CALLER, anna.number)
    anna.open("calls")
    o2g.answer(call)
    anna.press("Mailbox")
    assert anna.status == 409
    assert "This is not possible any more." in says(anna)
    assert "Talking" in says(anna)


@pytest.mark.parametrize(
    ("error_type", "words"),
    [
        ("CALL_REFERENCE_NOT_FOUND", "The call has ended."),
        ("LEG_NOT_FOUND", "The call has ended."),
        ("BAD_PARAMETER_VALUE", "This is not possible any more."),
        ("INCOMPATIBLE_WITH_STATE", "This is not possible any more."),
        ("CALL_SERVER_ERROR", "This is not possible any more."),
        ("SERVICE_UNAVAILABLE", "There is no voicemail for this."),
        ("MAX_RESOURCES_EXCEEDED", "There is no room for one more."),
        ("UNAUTHORIZED", "The telephone system does not allow this."),
        ("SERVICE_NOT_PROVIDED", "The telephone system does not allow this."),
    ],
)
def test_each_refusal_of_telephony_is_told_beside_the_call(
    anna: Phone, o2g: Simulator, error_type: str, words: str
) -> None:
    talking(anna, o2g)
    o2g.refuse_telephony(error_type)
    anna.press("Record")
    assert anna.status == 409
    assert words in says(anna)
    assert "Talking" in says(anna)
    assert states(o2g, anna.number) == ["ACTIVE"]


def test_O2G_that_starts_or_fails_says_so_on_a_page(anna: Phone, o2g: Simulator) -> None:
    for error_type in ("INITIALIZATION", "REQUEST_TIMEOUT"):
        talking(anna, o2g)
        o2g.refuse_telephony(error_type)
        anna.press("Hold")
        assert anna.screen.title == "Not possible"
        anna.open("calls")
        assert "Talking" in says(anna)
        o2g.end_calls()


def test_hanging_up_twice_hangs_up_once(anna: Phone, o2g: Simulator) -> None:
    talking(anna, o2g)
    key = next(key for key in anna.screen.soft_keys if key.label == "Hang up").href
    anna.get(key)
    before = o2g.request_count("POST", "/dropme")
    anna.get(key)
    assert anna.status == 409
    assert "Nothing was done twice." in says(anna)
    assert o2g.request_count("POST", "/dropme") == before


def test_ending_a_conference_twice_ends_it_once(anna: Phone, o2g: Simulator) -> None:
    talking(anna, o2g)
    o2g.call(anna.number, THIRD, answered=True)
    anna.open("calls")
    anna.press("Confer.")
    anna.press("End all")
    yes = anna.screen.answers[0].href
    anna.get(yes)
    before = o2g.request_count("DELETE", "/telephony/calls")
    anna.get(yes)
    assert anna.status == 409
    assert o2g.request_count("DELETE", "/telephony/calls") == before


def test_what_needs_a_voicemail_is_not_offered_without_one(phone: PhoneOf, o2g: Simulator) -> None:
    voiceless = phone("70023")
    o2g.call(CALLER, voiceless.number)
    voiceless.open("calls")
    assert not {"Mailbox", "To my voicemail"} & offers(voiceless)
    act(voiceless, "Answer", "Answer")
    assert not {"Record", "Record the call"} & offers(voiceless)
    assert {"Hold", "Put on hold"} & offers(voiceless)


def test_a_call_on_another_of_the_users_sets_is_held_there(phone: PhoneOf, o2g: Simulator) -> None:
    """O2G lets a set hold only what it has; the user stands at the other one."""
    o2g.call(CALLER, "70014", answered=True)
    paula = phone("70014", "870014")
    paula.open("calls")
    assert paula.screen.soft_keys == ()
    assert any("70014" in line for line in paula.screen.lines)
    paula.choose(paula.screen.choices[0].label)
    assert states(o2g, "70014") == ["HELD"]


def test_names_that_are_hostile_harm_nothing(anna: Phone, o2g: Simulator) -> None:
    for number in ("70009", "70010", "70011", "70023"):
        o2g.call(number, anna.number)
        anna.open("calls")
        assert "Rings here" in says(anna)
        anna.press("Answer")
        o2g.call(anna.number, THIRD, answered=True)
        anna.open("calls")
        anna.press("Confer.")
        anna.press("Remove")
        anna.choose(anna.screen.choices[-1].label)
        anna.press("Remove")
        assert anna.status == 200
        o2g.end_calls()


def test_a_call_that_is_long_is_told_in_minutes_as_far_as_it_is_known(anna: Phone, o2g: Simulator) -> None:
    talking(anna, o2g)  # nobody looked while it rang: it may have lasted for hours
    assert "Talking" in anna.screen.lines
    assert "<1 min" not in says(anna)


def test_the_screen_renews_itself_ever_later_and_at_last_tells_of_when_it_is(anna: Phone, o2g: Simulator) -> None:
    talking(anna, o2g)
    seconds: list[float] = []
    while anna.screen.refresh:
        timer = anna.screen.tree.find("{urn:touchline:noe:1}IdleTimer")
        assert timer is not None
        seconds.append(float(timer.get("seconds", "0")))
        assert len(seconds) < 30
        anna.get(anna.screen.refresh)
    assert seconds == sorted(seconds)
    assert sum(seconds) < 300
    assert anna.screen.note
    anna.press("Refresh")
    assert anna.screen.refresh
    assert not anna.screen.note


def test_what_each_screen_asks_of_O2G(anna: Phone, o2g: Simulator) -> None:
    """The user and the language are known from the first screen on."""

    def asked() -> list[str]:
        new = [f"{r['method']} {r['path'].rpartition('/')[2]}" for r in o2g.requests()[len(before) :]]
        return sorted(new)

    anna.open("calls")
    before = o2g.requests()
    anna.open("calls")
    assert asked() == ["GET incomingCallbacks", "GET state"]
    talking(anna, o2g)
    before = o2g.requests()
    anna.get(anna.screen.refresh)
    assert asked() == ["GET state"]
    before = o2g.requests()
    anna.press("Hold")
    assert asked() == ["GET incomingCallbacks", "GET state", "POST hold"]
    before = o2g.requests()
    anna.press("More")
    assert asked() == []
    anna.back()
    before = o2g.requests()
    anna.press("Unhold")
    anna.press("Send on")
    assert asked() == ["GET incomingCallbacks", "GET records", "GET state", "POST retrieve"]


@pytest.fixture(scope="module")
def licensed_for_one() -> Iterator[DemoHouse]:
    """A house whose O2G has an advanced telephony licence for one user only."""
    with demo_house(users=60, o2g_options=("--licences", "ROXE_API_TEL_ADVANCED=1")) as running:
        yield running


def test_a_user_without_a_licence_is_told_in_plain_words(licensed_for_one: DemoHouse) -> None:
    with prs_client(licensed_for_one) as prs:
        Phone(prs, "70000").open("calls")
        ben = Phone(prs, "70002")
        ben.open("calls")
        assert ben.status == 403
        assert ben.screen.title == "Not possible"
        assert "No licence is free for you." in ben.screen.text
