"""Requests to call back, as people use them."""

from collections.abc import Iterator

import pytest

from tests.house import PhoneOf, Simulator
from tests.phone import Phone

FRIEND, FRIEND_NAME = "70015", "Smith John"


@pytest.fixture(autouse=True)
def nobody_calls(o2g: Simulator) -> Iterator[None]:
    o2g.end_calls()
    yield
    o2g.end_calls()


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    """A user of each family of sets, whom nobody asks to call back."""
    user = phone(request.param)
    user.open("calls")
    user.choose("Callbacks")
    if user.screen.choices:
        user.press("Delete")
        user.press("Delete")
    return user


def asks(user: Phone, o2g: Simulator, *others: str) -> None:
    """Let others ask the user, who looks at the list."""
    for other in others or (FRIEND,):
        o2g.ask_callback(user.number, other)
    user.open("calls")
    user.choose("Callbacks")


def test_nobody_asks(user: Phone) -> None:
    assert "Nobody asks to be called back." in user.screen.text
    user.open("calls")
    assert next(entry.detail for entry in user.screen.items if entry.label == "Callbacks") == ""


def test_who_asks_is_counted_and_listed_and_called(user: Phone, o2g: Simulator) -> None:
    asks(user, o2g)
    user.back()
    assert next(entry.detail for entry in user.screen.items if entry.label == "Callbacks") == "1"
    user.choose("Callbacks")
    user.choose(FRIEND_NAME)
    assert FRIEND in user.screen.lines
    user.press("Call")
    assert o2g.called_from(user.number)[-1] == FRIEND
    user.back()
    assert FRIEND in user.screen.lines


def test_a_request_is_deleted_after_a_question_and_once(user: Phone, o2g: Simulator) -> None:
    asks(user, o2g)
    user.choose(FRIEND_NAME)
    user.press("Delete")
    assert user.screen.question == "Delete the request of John Smith?"
    yes = user.screen.answers[0].href
    user.press("Keep")
    user.get(yes)
    assert user.screen.choices == ()
    before = o2g.request_count("DELETE", "/incomingCallbacks")
    user.get(yes)
    assert user.status == 409
    assert "Nothing was done twice." in user.screen.text
    assert o2g.request_count("DELETE", "/incomingCallbacks") == before


def test_back_after_a_request_was_deleted_leads_to_the_list(user: Phone, o2g: Simulator) -> None:
    asks(user, o2g)
    user.choose(FRIEND_NAME)
    card = user.screen.keys["back"]
    user.press("Delete")
    user.press("Delete")
    user.get(card)
    assert user.screen.choices == ()


def test_a_request_that_was_deleted_meanwhile(user: Phone, o2g: Simulator, phone: PhoneOf) -> None:
    asks(user, o2g)
    user.choose(FRIEND_NAME)
    user.press("Delete")
    elsewhere = phone(user.number)
    elsewhere.open("calls")
    elsewhere.choose("Callbacks")
    elsewhere.press("Delete")
    elsewhere.press("Delete")
    user.press("Delete")
    assert user.status == 200
    assert "Nobody asks to be called back." in user.screen.text
    popup = user.screen.tree.find("{urn:touchline:noe:1}PopupBox")
    assert popup is not None
    assert popup.get("label", "").startswith("It was deleted")


def test_all_requests_are_deleted_after_a_question(user: Phone, o2g: Simulator) -> None:
    asks(user, o2g, "70015", "70016", "70018")
    user.press("Delete")
    user.press("Keep")
    assert user.screen.choices
    user.press("Delete")
    user.press("Delete")
    assert user.screen.choices == ()


def test_many_requests_come_in_pages(user: Phone, o2g: Simulator) -> None:
    asked = {str(number) for number in range(70030, 70045)}
    asks(user, o2g, *sorted(asked))
    seen = {entry.detail for entry in user.screen.choices}
    while "right" in user.screen.keys:
        user.right()
        seen |= {entry.detail for entry in user.screen.choices}
    assert seen == asked
    user.press("Delete")
    user.press("Delete")


def test_somebody_is_asked_by_a_number_that_is_typed(user: Phone, phone: PhoneOf) -> None:
    user.press("Ask")
    user.type_text("Number", "70004")
    user.send()
    assert user.screen.title == "Callbacks"
    ella = phone("70004")
    ella.open("calls")
    ella.choose("Callbacks")
    assert user.number in {entry.detail for entry in ella.screen.choices}
    ella.press("Delete")
    ella.press("Delete")


def test_somebody_of_the_directory_is_asked(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("calls")
    anna.choose("Callbacks")
    anna.press("Ask")
    anna.choose("From the directory")
    anna.type_text("Name", "novak")
    anna.type_text("First name", "ella")
    anna.send()
    anna.settle()
    before = o2g.request_count("POST", "/outgoingCallbacks")
    anna.press("Choose")
    assert anna.screen.title == "Callbacks"
    assert o2g.request_count("POST", "/outgoingCallbacks") == before + 1


@pytest.mark.parametrize("number", ["", "abc", "7" * 60, "<script>"])
def test_what_is_no_number_is_not_asked(phone: PhoneOf, o2g: Simulator, number: str) -> None:
    anna = phone("70000")
    anna.open("calls")
    anna.choose("Callbacks")
    anna.press("Ask")
    before = o2g.request_count("POST", "/outgoingCallbacks")
    anna.type_text("Number", number)
    anna.send()
    assert anna.status == 400
    assert "Enter a number that can be called." in anna.screen.text
    assert o2g.request_count("POST", "/outgoingCallbacks") == before


def test_who_is_outside_cannot_be_asked_and_nobody_during_a_call(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("calls")
    anna.choose("Callbacks")
    anna.press("Ask")
    anna.type_text("Number", "0155501234")
    anna.send()
    assert "This number cannot be reached." in anna.screen.text
    o2g.call(FRIEND, anna.number, answered=True)
    anna.type_text("Number", FRIEND)
    anna.send()
    assert "This is possible only while you are in no call." in anna.screen.text
    assert anna.back().title == "Callbacks"


def test_the_calls_are_shown_when_O2G_does_not_tell_the_requests(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("calls")
    fault = {"path": "/telephony/incomingCallbacks", "method": "GET", "status": 500, "type": "SERVER_PROBLEM"}
    with o2g.failing(errors=[fault]):
        anna.open("calls")
    assert "No call in progress." in anna.screen.text
    assert next(entry.detail for entry in anna.screen.items if entry.label == "Callbacks") == "unknown"


def test_names_that_are_hostile_harm_nothing(user: Phone, o2g: Simulator) -> None:
    hostile = ("70009", "70010", "70011", "70023", "70024")
    asks(user, o2g, *hostile)
    for _ in hostile:
        user.choose(user.screen.choices[0].label)
        user.press("Delete")
        assert user.status == 200
        user.press("Delete")
    assert user.screen.choices == ()


def test_what_each_screen_asks_of_O2G(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("calls")
    asks(anna, o2g)
    before = o2g.request_count()
    anna.choose(FRIEND_NAME)
    anna.press("Delete")
    assert o2g.request_count() == before
    anna.press("Delete")
    asked = [(r["method"], r["path"].rpartition("/telephony/")[2].partition("/")[0]) for r in o2g.requests()[before:]]
    assert asked == [("DELETE", "incomingCallbacks"), ("GET", "incomingCallbacks")]
