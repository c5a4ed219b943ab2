"""Forwarding, as people use it: after each change the screen shows what O2G reports."""

import pytest

from tests.house import PhoneOf, Simulator
from tests.phone import Phone


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    """A user of each family of sets, whose calls go nowhere else."""
    user = phone(request.param)
    user.open("forwarding")
    details = {item.label: item.detail for item in user.screen.items}
    if details["Do not disturb"] == "on":
        user.choose("Do not disturb")
    for name in ("Forward", "Overflow"):
        if details[name] != "off":
            user.choose(name)
            user.choose("Switch off")
    assert says(user) == "Calls ring on your set."
    return user


def says(user: Phone) -> str:
    """The sentence of the first screen, without the title that a set of one line adds."""
    return user.screen.text.removesuffix(" Forwarding")


def detail(user: Phone, label: str) -> str:
    return next(item.detail for item in user.screen.items if item.label == label)


def forward(user: Phone, number: str) -> None:
    user.open("forwarding")
    user.choose("Forward")
    user.choose("At once")
    user.type_text("Number", number)
    user.send()


def test_do_not_disturb_is_switched_on_and_off(user: Phone) -> None:
    user.choose("Do not disturb")
    assert says(user) == "Do not disturb is on."
    assert detail(user, "Do not disturb") == "on"
    user.press("Disturb")
    assert detail(user, "Do not disturb") == "off"


def test_calls_are_sent_to_voicemail_when_busy(user: Phone) -> None:
    user.choose("Forward")
    user.choose("When busy")
    user.choose("Voicemail")
    assert says(user) == "Calls go to voicemail when you are busy."
    assert detail(user, "Forward") == "voicemail"
    user.press("No fwd")
    assert says(user) == "Calls ring on your set."


def test_calls_are_sent_to_a_number_that_is_typed(user: Phone) -> None:
    user.choose("Forward")
    user.choose("At once")
    user.type_text("Number", "70015")
    user.send()
    assert says(user) == "Calls go to 70015."


def test_calls_are_sent_to_somebody_of_the_directory(user: Phone) -> None:
    user.choose("Overflow")
    user.choose("When nobody answers")
    user.choose("From the directory")
    if user.screen.form:
        user.type_text("Name", "lindqvist")
        user.type_text("First name", "greta")
        user.send()
    else:
        user.key("546378")  # lindqv
        user.settle()
        user.choose(next(label for label in user.screen.labels if label.startswith("Lindqvist G")))
    user.settle()
    user.press("Choose")
    assert says(user) == "Calls go to 70012 when you do not answer."


@pytest.mark.parametrize("typed", ["", "abc", "7" * 60, "<script>", "+", "12;34"])
def test_what_is_no_number_is_not_sent(phone: PhoneOf, o2g: Simulator, typed: str) -> None:
    anna = phone("70000")
    anna.open("forwarding")
    anna.choose("Forward")
    anna.choose("At once")
    before = o2g.request_count("POST", "/routing")
    anna.type_text("Number", typed)
    anna.send()
    assert anna.status == 400
    assert "Enter a number that can be called." in anna.screen.text
    assert o2g.request_count("POST", "/routing") == before


def test_a_forward_to_oneself_is_refused_in_plain_words(user: Phone) -> None:
    user.choose("Forward")
    user.choose("At once")
    user.type_text("Number", user.number)
    user.send()
    assert user.status == 403
    assert "This is your own number." in user.screen.text
    assert says(user).endswith("Calls ring on your set.")
    assert detail(user, "Forward") == "off"


def test_a_forward_that_leads_back_is_told_so(user: Phone, phone: PhoneOf) -> None:
    other = phone("70016")
    forward(other, user.number)
    forward(user, other.number)
    assert user.status == 400
    assert "Calls cannot go there, or would come back to you." in user.screen.text
    assert detail(user, "Forward") == "off"
    other.press("No fwd")
    assert detail(other, "Forward") == "off"


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        ("7", 400, "This number is incomplete."),
        ("4", 400, "This number is not known here."),
        ("60035", 403, "Calls may not go to this number."),  # a voicemail system's
    ],
)
def test_a_number_that_calls_cannot_go_to_is_told_from_the_others(
    user: Phone, number: str, status: int, words: str
) -> None:
    forward(user, number)
    assert user.status == status
    assert words in user.screen.text
    assert says(user).endswith("Calls ring on your set.")


@pytest.mark.parametrize(
    ("status", "type_", "shown", "words"),
    [
        (403, "NOT_ALLOWED", 403, "does not allow this"),
        (404, "NOT_FOUND", 404, "does not exist any more"),
        (403, "NOT_EXPECTED", 409, "not possible right now"),
        (403, "NOT_SUPPORTED", 501, "cannot do this"),
        (400, "BAD_PARAMETER", 400, "does not accept this"),
    ],
)
def test_each_refusal_of_a_change_is_told_beside_the_true_state(
    user: Phone, o2g: Simulator, status: int, type_: str, shown: int, words: str
) -> None:
    for path, toggle in (("/routing/dnd", True), ("/routing/overflowroute", False)):
        with o2g.failing(error={"path": path, "method": "POST", "status": status, "type": type_}):
            if toggle:
                user.choose("Do not disturb")
            else:
                user.choose("Overflow")
                user.choose("When busy")
                user.choose("Voicemail")
        assert user.status == shown
        assert words in user.screen.text
        assert says(user).endswith("Calls ring on your set.")
        assert {detail(user, name) for name in ("Do not disturb", "Overflow")} == {"off"}


def test_what_was_refused_and_is_pressed_again_is_not_called_done_and_its_state_is_one_key_away(
    user: Phone, o2g: Simulator
) -> None:
    toggle = next(item.href for item in user.screen.items if item.label == "Do not disturb")
    with o2g.failing(error={"path": "/routing/dnd", "method": "POST", "status": 403, "type": "NOT_ALLOWED"}):
        user.get(toggle)
    assert user.status == 403
    before = o2g.request_count("POST", "/routing")
    user.get(toggle)
    assert user.status == 409
    assert "This was pressed already. Nothing was done twice." in user.screen.text
    assert o2g.request_count("POST", "/routing") == before
    user.press("Show")
    assert user.status == 200
    assert user.screen.title == "Forwarding"
    assert detail(user, "Do not disturb") == "off"


def test_what_a_user_may_not_is_not_offered(phone: PhoneOf, o2g: Simulator) -> None:
    anna, paula = phone("70000"), phone("70014")
    anna.open("forwarding")
    assert [item.label for item in anna.screen.items] == ["Do not disturb", "Forward", "Overflow"]
    paula.open("forwarding")
    mobile = paula.screen.items[1]
    before = mobile.detail
    paula.choose(mobile.label)
    assert next(item.detail for item in paula.screen.items if item.label == mobile.label) != before
    paula.choose(mobile.label)
    o2g.set_rights("70005", overflow=False, forward=False, dnd=False)
    barred = phone("70005")
    barred.open("forwarding")
    assert barred.screen.items == ()


@pytest.mark.parametrize(
    ("set_first", "sentence", "key"),
    [
        (("Do not disturb",), "Do not disturb is on.", "Disturb"),
        (("Forward", "At once", "Voicemail"), "Calls go to voicemail.", "No fwd"),
    ],
)
def test_a_user_whose_right_was_taken_away_gets_no_key_for_what_is_set(
    phone: PhoneOf, o2g: Simulator, set_first: tuple[str, ...], sentence: str, key: str
) -> None:
    barred = phone("70004")
    barred.open("forwarding")
    for label in set_first:
        barred.choose(label)
    assert key in barred.screen.soft_key_labels
    o2g.set_rights("70004", overflow=False, forward=False, dnd=False)
    try:
        barred.open("forwarding")
        assert says(barred) == sentence
        assert barred.screen.items == ()
        assert barred.screen.soft_keys == ()
    finally:
        o2g.set_rights("70004", overflow=True, forward=True, dnd=True)
    barred.open("forwarding")
    barred.press(key)
    assert says(barred) == "Calls ring on your set."


def test_setting_twice_sets_once(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("forwarding")
    toggle = next(item.href for item in anna.screen.items if item.label == "Do not disturb")
    anna.get(toggle)
    before = o2g.request_count("POST", "/routing")
    anna.get(toggle)
    assert anna.status == 409
    assert o2g.request_count("POST", "/routing") == before
    anna.open("forwarding")
    if detail(anna, "Do not disturb") == "on":
        anna.choose("Do not disturb")
