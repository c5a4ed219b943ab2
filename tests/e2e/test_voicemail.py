"""Voicemail, as people use it: messages of the simulated world are listed, called for, deleted on both sides."""

import io
import itertools
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from simulators.demo.house import DemoHouse
from tests.house import PhoneOf, Simulator, prs_client
from tests.pages import NAMESPACE
from tests.phone import Phone

FAMILIES = ["70000", "70001", "70002", "70003"]
BOXES = "/messaging/mailboxes"


@pytest.fixture(params=FAMILIES)
def user(request: pytest.FixtureRequest, phone: PhoneOf, o2g: Simulator) -> Phone:
    """A user of each family of sets, who is in no call."""
    o2g.end_calls()
    return phone(request.param)


@pytest.fixture(scope="module")
def numbers(house: DemoHouse) -> Iterator[str]:
    """Users with a set and a mailbox whom no other test knows, each given once."""

    def found() -> Iterator[str]:
        with httpx.Client(base_url=house.o2g.control) as control:
            for number in map(str, itertools.count(70_300)):
                person = control.get(f"/people/{number}").raise_for_status().json()
                at_a_set = person["devices"] and person["devices"][0]["type"] == "DESKPHONE"
                reads_english = person["language"].startswith("en")
                if at_a_set and reads_english and control.get(f"/users/{number}/mailbox").is_success:
                    yield number

    return found()


@pytest.fixture
def somebody(numbers: Iterator[str], phone: PhoneOf) -> Phone:
    return phone(next(numbers))


def enter(user: Phone, o2g: Simulator, password: str = "") -> None:
    user.open("voicemail")
    user.type_text("Password", password or o2g.mailbox_password(user.number))
    user.send()


def ids(o2g: Simulator, user: Phone) -> list[str]:
    return [message["id"] for message in o2g.voice_messages(user.number)]


def empty(user: Phone, o2g: Simulator) -> None:
    """Delete everything, as the user does."""
    enter(user, o2g)
    while user.screen.choices:
        user.choose(user.screen.choices[0].label)
        user.press("Delete")
        user.choose("Delete")


def sound_of(user: Phone) -> str:
    box = user.screen.tree.find(f"{NAMESPACE}AudioBox")
    return "" if box is None else box.get("uri", "")


def listen_to(house: DemoHouse, user: Phone, address: str) -> httpx.Response:
    """Ask for a file as the presentation server does."""
    with prs_client(house) as prs:
        return prs.get(address, params={**httpx.URL(address).params, "number": user.number})


def test_the_mailbox_opens_with_its_password_and_shows_who_called(user: Phone, o2g: Simulator) -> None:
    left = o2g.leave_voice_message(user.number, "70017", 8, urgent=True)
    user.open("voicemail")
    assert [(field.label, field.kind, field.value) for field in user.screen.fields] == [("Password", "password", "")]
    enter(user, o2g)
    assert user.screen.title == "Voicemail"
    latest = user.screen.choices[0]
    assert latest.label.startswith(("! Петров", "! Petrov"))
    user.choose(latest.label)
    assert user.screen.lines[0] in ("70017", "Иван Петров", "Ivan Petrov") or "70017" in user.screen.lines
    box = user.screen.tree.find(f"{NAMESPACE}AudioBox")
    assert box is not None
    assert box.get("label") == "0:08, new, urgent"
    user.press("Delete")
    user.choose("Delete")
    assert left not in ids(o2g, user)
    assert user.status == 200


def test_a_message_is_heard_by_a_call_to_the_voicemail(user: Phone, o2g: Simulator) -> None:
    o2g.leave_voice_message(user.number, "70018", 3)
    enter(user, o2g)
    user.choose(user.screen.choices[0].label)
    message = user.screen.id
    user.press("Listen")
    assert user.screen.title == "Calling" or "Calling" in user.screen.text
    assert o2g.called_from(user.number)[-1] in user.screen.lines
    o2g.end_calls()
    assert user.back().id == message
    user.press("Call")
    assert o2g.called_from(user.number)[-1] == "70018"
    o2g.end_calls()
    user.back()
    user.press("Delete")
    user.choose("Delete")


def test_among_the_calls_the_voicemail_is_called_what_it_is(user: Phone, o2g: Simulator) -> None:
    o2g.leave_voice_message(user.number, "70018", 3)
    enter(user, o2g)
    user.choose(user.screen.choices[0].label)
    user.press("Listen")
    user.open("calls")
    o2g.end_calls()
    assert "Voicemail" in (user.screen.title, *user.screen.lines)


def test_the_new_ones_are_counted_and_the_storage_is_told(somebody: Phone, o2g: Simulator) -> None:
    empty(somebody, o2g)
    assert somebody.screen.lines == ("There are no messages.", *somebody.screen.lines[1:])
    assert "0 % storage used" in somebody.screen.text
    for _ in range(2):
        o2g.leave_voice_message(somebody.number, "70017", 60)
    enter(somebody, o2g)
    assert somebody.screen.note == "2 new"
    assert "20 % storage used" in somebody.screen.text
    for _ in range(7):
        o2g.leave_voice_message(somebody.number, "70017", 60)
    enter(somebody, o2g)
    assert "The mailbox is nearly full: 90 % used." in somebody.screen.text
    o2g.leave_voice_message(somebody.number, "70017", 60)
    enter(somebody, o2g)
    assert "The mailbox is full: nobody can leave a message." in somebody.screen.text


def test_pages_follow_each_other_and_nothing_is_fetched_that_is_not_shown(phone: PhoneOf, o2g: Simulator) -> None:
    small = phone("70002")
    for _ in range(6):
        o2g.leave_voice_message(small.number, "70018", 1)
    before = len(o2g.requests("GET", "/voicemails"))
    enter(small, o2g)
    first = [item.href for item in small.screen.choices]
    assert len(first) == 4
    small.right()
    assert len(small.screen.choices) == 4
    small.left()
    asked = [httpx.QueryParams(r["query"]) for r in o2g.requests("GET", "/voicemails")[before:]]
    assert [(query["offset"], query["limit"]) for query in asked] == [("0", "4"), ("4", "4"), ("0", "4")]
    for _ in range(6):
        small.choose(small.screen.choices[0].label)
        small.press("Delete")
        small.choose("Delete")


def test_deleting_the_only_one_of_a_page_leads_to_the_page_before(
    numbers: Iterator[str], phone: PhoneOf, o2g: Simulator
) -> None:
    user = phone(next(numbers))
    empty(user, o2g)
    o2g.leave_voice_message(user.number, "70017", 1)
    enter(user, o2g)
    while "right" not in user.screen.keys:
        o2g.leave_voice_message(user.number, "70017", 1)
        enter(user, o2g)
    user.right()
    assert len(user.screen.choices) == 1
    user.choose(user.screen.choices[0].label)
    user.press("Delete")
    user.choose("Delete")
    assert user.screen.choices
    assert "left" not in user.screen.keys


def test_what_was_heard_is_deleted_and_what_is_new_or_came_meanwhile_stays(
    somebody: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    empty(somebody, o2g)
    heard = [o2g.leave_voice_message(somebody.number, "70017", 2) for _ in range(2)]
    new = o2g.leave_voice_message(somebody.number, "70018", 2)
    enter(somebody, o2g)
    for place in (1, 2):
        somebody.get(somebody.screen.choices[place].href)
        assert listen_to(house, somebody, sound_of(somebody)).status_code == 200
        somebody.back()
    somebody.press("Delete")
    assert somebody.screen.question == "Delete the 2 messages that were heard?"
    meanwhile = o2g.leave_voice_message(somebody.number, "70018", 2)
    somebody.choose("Delete")
    assert ids(o2g, somebody) == [meanwhile, new]
    assert not set(heard) & set(ids(o2g, somebody))
    assert somebody.screen.note == "2 new"
    assert "Delete" not in [*somebody.screen.soft_key_labels, *(a.label for a in somebody.screen.actions)]


def test_the_phone_page_gets_the_sound_and_nobody_else(
    somebody: Phone, house: DemoHouse, o2g: Simulator, phone: PhoneOf
) -> None:
    o2g.leave_voice_message(somebody.number, "70017", 3)
    enter(somebody, o2g)
    somebody.get(somebody.screen.choices[0].href)
    address = sound_of(somebody)
    unread = o2g.voice_messages(somebody.number)[0]
    assert unread["unread"]  # a page alone hears nothing
    found = listen_to(house, somebody, address)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "audio/wav")
    assert found.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (found.headers["X-Content-Type-Options"], found.headers["Cache-Control"]) == ("nosniff", "no-store")
    with wave.open(io.BytesIO(found.content)) as sound:
        assert sound.getnframes() // sound.getframerate() == 3
    assert not o2g.voice_messages(somebody.number)[0]["unread"]
    with prs_client(house, secret="wrong") as stranger:
        refused = stranger.get(address, params={**httpx.URL(address).params, "number": somebody.number})
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/xml; charset=utf-8")
    assert listen_to(house, phone("70000"), address).status_code == 403  # a link of another's
    somebody.back()
    somebody.back()
    assert listen_to(house, somebody, address).status_code == 410  # the mailbox was left


def test_a_sound_that_cannot_be_given_says_why(somebody: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.leave_voice_message(somebody.number, "70017", 3)
    enter(somebody, o2g)
    somebody.get(somebody.screen.choices[0].href)
    address = sound_of(somebody)
    with o2g.failing(error={"path": BOXES, "method": "GET", "status": 400, "type": "NOT_SUPPORTED"}):
        assert listen_to(house, somebody, address).status_code == 501
    with prs_client(house) as prs:
        other = Phone(prs, somebody.number)
        enter(other, o2g)
        other.get(other.screen.choices[0].href)
        other.press("Delete")
        other.choose("Delete")
    assert listen_to(house, somebody, address).status_code == 404


@pytest.mark.parametrize("typed", ["", " ", "12 34", "1" * 33, "<script>", "１２３４", "12;34"])
def test_what_is_no_password_is_not_tried(somebody: Phone, o2g: Simulator, typed: str) -> None:
    before = o2g.request_count("POST", BOXES)
    enter(somebody, o2g, typed or " ")
    assert somebody.status == 400
    assert "Enter the password of your mailbox." in somebody.screen.text
    assert o2g.request_count("POST", BOXES) == before


def test_wrong_passwords_are_counted_over_all_sets_and_lock_the_mailbox(
    somebody: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    with prs_client(house) as prs:
        other = Phone(prs, somebody.number)
        enter(somebody, o2g, "0")
        assert (somebody.status, somebody.screen.text[:29]) == (403, "Wrong password. 2 tries left.")
        enter(other, o2g, "1")
        assert "Wrong password. 1 try left." in other.screen.text
        enter(somebody, o2g, "2")
        assert somebody.status == 429
        assert "Too many wrong passwords. The mailbox is locked until " in somebody.screen.text
        assert somebody.screen.fields == ()
        before = o2g.request_count("POST", BOXES)
        other.type_text("Password", o2g.mailbox_password(other.number))
        other.send()  # the form of before: right, but too late
        assert other.status == 429
        other.open("voicemail")
        assert other.status == 429
        assert o2g.request_count("POST", BOXES) == before


def test_a_right_password_lets_the_count_begin_anew(somebody: Phone, o2g: Simulator) -> None:
    for _ in range(2):
        for wrong in ("0", "1"):
            enter(somebody, o2g, wrong)
        assert "1 try left." in somebody.screen.text
        enter(somebody, o2g)
        assert somebody.screen.id == "voicemail.messages"


def test_many_guesses_at_the_same_moment_are_no_more_than_three(
    somebody: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    somebody.open("voicemail")
    before = o2g.request_count("POST", BOXES)
    forms = [somebody.open("voicemail").form for _ in range(8)]

    def guess(place: int) -> int:
        with prs_client(house) as prs:
            phone = Phone(prs, somebody.number)
            phone.post(forms[place], {"password": f"{place}"})
            return phone.status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(guess, range(8)))
    assert o2g.request_count("POST", BOXES) - before <= 3
    assert set(statuses) <= {403, 429}
    assert somebody.open("voicemail").fields == ()


def test_an_o2g_that_fails_takes_no_try(somebody: Phone, o2g: Simulator) -> None:
    for _ in range(4):
        somebody.open("voicemail")
        somebody.type_text("Password", "1234")
        with o2g.failing(error={"path": BOXES, "method": "POST", "status": 500}):
            somebody.send()
        assert somebody.status == 502
    enter(somebody, o2g)
    assert somebody.screen.id == "voicemail.messages"


def test_a_form_sent_twice_opens_once(somebody: Phone, o2g: Simulator) -> None:
    form = somebody.open("voicemail").form
    password = {"password": o2g.mailbox_password(somebody.number)}
    somebody.post(form, password)
    before = o2g.request_count()
    somebody.post(form, password)
    assert somebody.status == 409
    assert o2g.request_count() == before


def test_a_delete_confirmed_twice_deletes_once(somebody: Phone, o2g: Simulator) -> None:
    for _ in range(2):
        o2g.leave_voice_message(somebody.number, "70017", 1)
    enter(somebody, o2g)
    somebody.get(somebody.screen.choices[0].href)
    somebody.press("Delete")
    yes, no = (answer.href for answer in somebody.screen.answers)
    somebody.get(yes)
    before = o2g.request_count("DELETE", BOXES)
    somebody.get(yes)
    assert somebody.status == 409
    assert "Nothing was done twice." in somebody.screen.text
    assert o2g.request_count("DELETE", BOXES) == before
    somebody.get(no)  # Back after a delete: to the message that is gone
    assert somebody.status == 200
    assert "The messages have changed meanwhile." in somebody.screen.text
    somebody.press("Show")
    assert somebody.screen.id == "voicemail.messages"


def test_leaving_forgets_the_password(somebody: Phone, o2g: Simulator) -> None:
    o2g.leave_voice_message(somebody.number, "70017", 1)
    enter(somebody, o2g)
    message = somebody.screen.choices[0].href
    assert somebody.back().id == "menu.home"
    before = o2g.request_count("GET", "/voicemails")
    somebody.get(message)
    assert somebody.screen.fields
    assert "The mailbox was closed." in somebody.screen.text
    somebody.open("voicemail")
    assert somebody.screen.fields
    assert o2g.request_count("GET", "/voicemails") == before


def test_the_menu_key_and_back_ask_for_the_password_again(somebody: Phone, o2g: Simulator) -> None:
    enter(somebody, o2g)
    somebody.open()
    somebody.open("voicemail")
    assert somebody.screen.fields


def test_an_opening_is_worth_nothing_to_another(somebody: Phone, o2g: Simulator, phone: PhoneOf) -> None:
    enter(somebody, o2g)
    anna = phone("70000")
    anna.get(somebody.screen.keys["back"])
    assert anna.status == 403


def test_a_session_that_O2G_lost_is_opened_again_without_a_word(somebody: Phone, o2g: Simulator) -> None:
    for _ in range(2):
        o2g.leave_voice_message(somebody.number, "70017", 1)
    enter(somebody, o2g)
    listed = somebody.screen.choices[0].href
    o2g.lose_sessions()
    somebody.get(listed)
    assert (somebody.status, somebody.screen.id, somebody.screen.text) == (200, "voicemail.message", "Opening…")
    somebody.settle()
    assert (somebody.status, somebody.screen.id) == (200, "voicemail.message")
    somebody.press("Delete")
    o2g.lose_sessions()
    first = ids(o2g, somebody)[0]
    somebody.choose("Delete")
    somebody.settle()
    assert (somebody.status, somebody.screen.id) == (200, "voicemail.messages")
    assert first not in ids(o2g, somebody)
    o2g.lose_sessions()
    somebody.get(somebody.screen.choices[0].href)
    assert somebody.status == 200


def test_a_password_that_was_changed_meanwhile_is_asked_for_again(somebody: Phone, o2g: Simulator) -> None:
    o2g.leave_voice_message(somebody.number, "70017", 1)
    enter(somebody, o2g)
    o2g.set_mailbox_password(somebody.number, "998877")
    somebody.get(somebody.screen.choices[0].href)
    somebody.back()
    assert "The password is no longer right." in somebody.screen.text
    somebody.type_text("Password", "998877")
    somebody.send()
    assert somebody.screen.id == "voicemail.messages"
    o2g.set_mailbox_password(somebody.number, None)


def test_a_message_deleted_by_another_phone(somebody: Phone, house: DemoHouse, o2g: Simulator) -> None:
    for _ in range(2):
        o2g.leave_voice_message(somebody.number, "70017", 1)
    enter(somebody, o2g)
    chosen = somebody.screen.choices[0]
    with prs_client(house) as prs:
        other = Phone(prs, somebody.number)
        enter(other, o2g)
        other.get(other.screen.choices[0].href)
        other.press("Delete")
        other.choose("Delete")
    somebody.get(chosen.href)
    assert somebody.status == 200
    assert "The messages have changed meanwhile." in somebody.screen.text


def test_who_has_no_voicemail_is_not_offered_any(phone: PhoneOf, o2g: Simulator) -> None:
    without = phone("70023")
    without.open()
    assert "Voicemail" not in without.screen.labels
    without.open("voicemail")
    assert without.status == 200
    assert "You have no voicemail." in without.screen.text


def test_a_voicemail_that_O2G_cannot_read_is_called(phone: PhoneOf, o2g: Simulator) -> None:
    carlos = phone("70026")
    carlos.open()
    assert any(item.href.endswith("/phone/voicemail") for item in carlos.screen.items)
    carlos.open("voicemail")
    assert (carlos.status, carlos.screen.fields) == (200, ())
    carlos.get(carlos.screen.soft_keys[0].href)
    assert carlos.screen.id == "voicemail.listen"
    assert o2g.called_from("70026")[-1] in carlos.screen.lines
    o2g.end_calls()


def test_a_missing_licence_is_said_in_plain_words(somebody: Phone, o2g: Simulator) -> None:
    with o2g.failing(error={"path": BOXES, "method": "GET", "status": 403, "type": "NOT_ALLOWED"}):
        somebody.open("voicemail")
    assert somebody.status == 403
    assert "Messages on the display are not set up for you." in somebody.screen.text
    assert "Listen" in [*somebody.screen.soft_key_labels, *(a.label for a in somebody.screen.actions)]


@pytest.mark.parametrize(
    ("status", "type_", "shown"),
    [
        (400, "NOT_READY", 503),
        (403, "NOT_ALLOWED", 403),
        (404, "NOT_FOUND", 404),
        (400, "NOT_EXPECTED", 409),
        (400, "NOT_SUPPORTED", 501),
        (400, "BAD_PARAMETER", 400),
        (500, "SERVER_PROBLEM", 502),
    ],
)
def test_each_refusal_of_a_list_is_a_page_in_plain_words(
    somebody: Phone, o2g: Simulator, status: int, type_: str, shown: int
) -> None:
    enter(somebody, o2g)
    somebody.press("Listen")
    o2g.end_calls()
    fault = {"path": f"{BOXES}/", "method": "GET", "status": status, "type": type_, "times": 3}
    with o2g.failing(error=fault):
        somebody.back()
    assert somebody.status == shown
    if "Retry" in [*somebody.screen.soft_key_labels, *(action.label for action in somebody.screen.actions)]:
        somebody.press("Retry")
        assert somebody.screen.id == "voicemail.messages"


def test_hostile_names_are_only_names(somebody: Phone, o2g: Simulator) -> None:
    for caller in ("70009", "70010", "70011", "70021", "70028", ""):
        o2g.leave_voice_message(somebody.number, caller, 1)
    enter(somebody, o2g)
    for item in somebody.screen.choices[:6]:
        somebody.get(item.href)
        assert somebody.status == 200
        somebody.back()


def test_no_screen_asks_O2G_for_more_than_it_needs(somebody: Phone, o2g: Simulator) -> None:
    """Two calls in a row at most: in `messages` the two run side by side, after a delete behind it."""
    for _ in range(2):
        o2g.leave_voice_message(somebody.number, "70017", 1)
    somebody.open()
    calls: list[tuple[str, list[str]]] = []

    def seen(what: str) -> None:
        asked = o2g.requests()[seen_before[0] :]
        seen_before[0] += len(asked)
        calls.append((what, [f"{r['method']} {r['path'].rpartition('/')[2]}" for r in asked]))

    seen_before = [o2g.request_count()]
    somebody.open("voicemail")
    seen("home")
    password = o2g.mailbox_password(somebody.number)
    somebody.type_text("Password", password)
    somebody.send()
    seen("enter")
    somebody.get(somebody.screen.choices[0].href)
    seen("message")
    somebody.back()
    seen("messages")
    somebody.get(somebody.screen.choices[0].href)
    seen("message")
    somebody.press("Delete")
    seen("ask_delete")
    somebody.choose("Delete")
    seen("delete")
    box = calls[1][1][0].partition(" ")[2]
    assert [(what, sorted(asked)) for what, asked in calls] == [
        ("home", ["GET mailboxes"]),
        ("enter", ["GET voicemails", f"POST {box}"]),
        ("message", ["GET voicemails"]),
        ("messages", ["GET voicemails", f"POST {box}"]),
        ("message", ["GET voicemails"]),
        ("ask_delete", []),
        ("delete", ["DELETE voicemails", "GET voicemails", f"POST {box}"]),
    ]
