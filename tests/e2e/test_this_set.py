"""This set, as people use it: after each change the screen shows what O2G reports."""

from collections.abc import Iterator

import pytest

from prs.language import languages
from simulators.demo.house import DemoHouse, demo_house
from tests.house import PhoneOf, Simulator
from tests.pages import Shown
from tests.phone import Phone

PROGRAMMING = "/users/oxe{number}/devices"
HUNTING = "/telephony/huntingGroup"
LANGUAGES = "/users/oxe{number}/preferences"
SHARING = "/telephony/deskSharing"


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house of its own: sets, groups and languages change here."""
    with demo_house(users=100) as running:
        yield running


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    """A user of each family of sets."""
    user = phone(request.param)
    user.open("this_set")
    return user


def detail(user: Phone, label: str) -> str:
    return next(item.detail for item in user.screen.items if item.label == label)


def says(user: Phone) -> str:
    """What the screen says, whether above the list or, on a set of one row, in it."""
    return " ".join((user.screen.text, *user.screen.labels))


def popup(shown: Shown) -> str:
    box = shown.tree.find("{urn:touchline:noe:1}PopupBox")
    return "" if box is None else box.get("label", "")


def answers(shown: Shown) -> dict[str, str]:
    return {answer.label: answer.href for answer in shown.answers}


# What is on or off


def test_the_set_is_locked_and_unlocked(user: Phone) -> None:
    user.press("Lock")
    assert detail(user, "Locked") == "yes"
    user.choose("Locked")
    assert detail(user, "Locked") == "no"


def test_callers_may_wait_or_not(user: Phone) -> None:
    before = detail(user, "Callers may wait")
    user.choose("Callers may wait")
    assert {before, detail(user, "Callers may wait")} == {"yes", "no"}
    chosen = user.screen.tree.find("{urn:touchline:noe:1}ListBox")
    assert chosen is not None
    assert user.screen.labels[int(chosen.get("active", "0"))] == "Callers may wait"
    user.choose("Callers may wait")
    assert detail(user, "Callers may wait") == before


def test_the_mobile_rings_or_not(phone: PhoneOf) -> None:
    paula = phone("70014")
    paula.open("this_set")
    label = languages().of("it").translate("Mobile rings, too")
    before = detail(paula, label)
    paula.choose(label)
    assert detail(paula, label) != before
    paula.choose(label)
    assert detail(paula, label) == before


def test_switching_twice_switches_once(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("this_set")
    toggle = next(item.href for item in anna.screen.items if item.label == "Locked")
    anna.get(toggle)
    anna.get(toggle)
    assert anna.status == 409
    assert o2g.requests("PUT", "/70000/lock")[-1]["query"].endswith("true")
    anna.open("this_set")
    anna.press("Unlock")


# The associate set


def test_the_associate_set_is_typed_picked_and_taken_away(user: Phone) -> None:
    user.choose("Associate set")
    user.type_text("Number", "70015")
    user.send()
    assert detail(user, "Associate set") == "70015"
    user.choose("Associate set")
    assert "Your associate set is 70015." in user.screen.text
    user.choose("No associate set")
    assert detail(user, "Associate set") == "none"
    user.choose("Associate set")
    user.choose("From the directory")
    if user.screen.form:
        user.type_text("Name", "lindqvist")
        user.send()
    else:
        user.key("546378")  # lindqv
        user.settle()
        user.choose(next(label for label in user.screen.labels if label.startswith("Lindqvist G")))
    user.settle()
    user.press("Choose")
    assert detail(user, "Associate set") == "70012"


@pytest.mark.parametrize("typed", ["", "abc", "7" * 60, "<script>", "+", "12;34"])
def test_what_is_no_number_is_no_associate(phone: PhoneOf, o2g: Simulator, typed: str) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Associate set")
    before = o2g.request_count("PUT", "/associate")
    anna.type_text("Number", typed)
    anna.send()
    assert anna.status == 400
    assert "Enter the number of another set." in anna.screen.text
    assert o2g.request_count("PUT", "/associate") == before


def test_a_set_is_not_its_own_associate(user: Phone) -> None:
    user.choose("Associate set")
    user.type_text("Number", user.number)
    user.send()
    assert user.status == 400
    user.open("this_set")
    assert detail(user, "Associate set") != user.number


# Keys


@pytest.mark.parametrize("kind", ["Programmed keys", "Soft keys"])
def test_a_key_is_set_changed_and_erased_after_a_question(user: Phone, o2g: Simulator, kind: str) -> None:
    before = int(detail(user, kind))
    letters = user.number != "70001"
    user.choose(kind)
    user.press("Add")
    position = user.screen.choices[0].label
    user.choose(position)
    assert user.screen.title == position
    user.type_text("Number", "70019")
    if letters:
        user.type_text("Label", "Yael & co")
    user.send()
    label = "Yael & co" if letters else "70019"
    assert popup(user.screen) == "Changed"
    assert detail(user, label) == position.lower()
    user.choose(label)
    user.type_text("Number", "70018")
    user.send()
    label = label if letters else "70018"
    user.choose(label)
    assert user.screen.fields[0].value == "70018"
    user.press("Erase")
    assert label in user.screen.question
    user.press("Keep")
    user.press("Erase")
    erased = o2g.request_count("DELETE", "eys/")
    yes = answers(user.screen)["Erase"]
    user.get(yes)
    assert label not in user.screen.labels
    user.get(yes)
    assert user.status == 409
    assert "Nothing was done twice." in user.screen.text
    assert o2g.request_count("DELETE", "eys/") == erased + 1
    user.open("this_set")
    assert int(detail(user, kind)) == before


@pytest.mark.parametrize("typed", ["", "abc", "7" * 60, "<b>", "12;34"])
def test_a_key_calls_only_what_can_be_called(phone: PhoneOf, o2g: Simulator, typed: str) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Programmed keys")
    anna.press("Add")
    anna.choose("Key 3")
    before = o2g.request_count("PUT", "/programmeableKeys")
    anna.type_text("Number", typed)
    anna.type_text("Label", "Somebody")
    anna.send()
    assert anna.status == 400
    assert "Enter a number that can be called." in anna.screen.text
    assert {field.label: field.value for field in anna.screen.fields}["Label"] == "Somebody"
    assert o2g.request_count("PUT", "/programmeableKeys") == before


@pytest.mark.parametrize("label", ["<b>&\"'", "{{ 7*7 }}", "a" * 300, "\u202eevil", "Иван 王", "%s {0}"])
@pytest.mark.parametrize("number", ["70000", "70002", "70003"])
def test_a_label_is_text_and_nothing_else(phone: PhoneOf, number: str, label: str) -> None:
    user = phone(number)
    user.open("this_set")
    user.choose("Programmed keys")
    user.press("Add")
    position = user.screen.choices[-1].label
    user.choose(position)
    user.type_text("Number", "70019")
    user.type_text("Label", label)
    user.send()
    assert user.status == 200
    shown = next(item for item in user.screen.items if item.detail == position.lower())
    user.choose(shown.label)
    user.press("Erase")
    user.press("Erase")
    assert popup(user.screen) == "Erased"


def test_a_key_calls_somebody_of_the_directory(phone: PhoneOf) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Programmed keys")
    anna.press("Add")
    anna.choose("Key 5")
    anna.choose("From the directory")
    anna.type_text("Name", "lindqvist")
    anna.send()
    anna.settle()
    anna.press("Choose")
    assert anna.screen.title == "Key 5"
    assert anna.screen.fields[0].value == "70012"
    anna.type_text("Label", "Greta")
    anna.send()
    anna.choose("Greta")
    anna.press("Erase")
    anna.press("Erase")


def test_free_keys_are_leafed_through(user: Phone) -> None:
    user.choose("Programmed keys")
    user.press("Add")
    first = user.screen.labels
    user.right()
    assert user.screen.labels != first
    assert user.left().labels == first
    user.press("In use")
    assert "Add" in (*user.screen.soft_key_labels, *(action.label for action in user.screen.actions))


@pytest.mark.parametrize(
    ("status", "type_", "said"),
    [(403, "NOT_EXPECTED", "This key is locked"), (404, "NOT_FOUND", "It is gone already")],
)
def test_a_key_that_was_locked_or_taken_away_meanwhile(
    phone: PhoneOf, o2g: Simulator, status: int, type_: str, said: str
) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Programmed keys")
    anna.press("Add")
    anna.choose("Key 4")
    anna.type_text("Number", "70019")
    fault = {"path": PROGRAMMING.format(number="70000"), "method": "PUT", "status": status, "type": type_, "times": 1}
    with o2g.failing(error=fault):
        anna.send()
    assert anna.status == 409
    assert popup(anna.screen) == said
    assert "key 4" not in {item.detail for item in anna.screen.items}


# The PIN


def test_a_pin_is_typed_twice_and_masked(user: Phone, o2g: Simulator) -> None:
    user.choose("PIN")
    user.choose("On all sets")
    assert {field.kind for field in user.screen.fields} == {"password"}
    before = o2g.request_count("PUT", "/pin")
    user.type_text("New PIN", "1357")
    user.type_text("Once more", "1357")
    user.send()
    assert user.status == 200
    assert "Works on all sets." in says(user)
    assert o2g.request_count("PUT", "/pin") == before + 1
    user.choose("In a group of sets")
    user.type_text("New PIN", "1357")
    user.type_text("Once more", "1357")
    user.type_text("Group", "7")
    user.send()
    assert "Works in a group of sets." in says(user)
    user.choose("New PIN")
    assert [field.value for field in user.screen.fields] == ["", "", "7"]
    user.open("this_set")
    user.choose("PIN")
    user.choose("On this set only")
    user.type_text("New PIN", "2468")
    user.type_text("Once more", "2468")
    user.send()
    assert "Works on this set only." in says(user)


@pytest.mark.parametrize(
    ("pin", "again", "group", "notice"),
    [
        ("1357", "1358", "1", "They differ."),
        ("", "", "1", "This PIN is not accepted."),
        ("13x7", "13x7", "1", "This PIN is not accepted."),
        ("13579", "13579", "1", "This PIN is not accepted."),
        ("1" * 40, "1" * 40, "1", "This is too long for a PIN."),
        ("1357", "1357", "", "Enter the number of the group."),
        ("1357", "1357", "٣", "Enter the number of the group."),
    ],
)
def test_a_pin_that_cannot_be_one_is_asked_for_again(
    phone: PhoneOf, pin: str, again: str, group: str, notice: str
) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("PIN")
    anna.choose("In a group of sets")
    anna.type_text("New PIN", pin)
    anna.type_text("Once more", again)
    anna.type_text("Group", group)
    anna.send()
    assert anna.status == 400
    assert notice in anna.screen.text
    assert [field.value for field in anna.screen.fields if field.kind == "password"] == ["", ""]


# Hunting groups


def test_a_group_is_joined_and_left_and_its_calls_ring_or_not(user: Phone, o2g: Simulator) -> None:
    user.choose("Group calls")
    member = "You are in no group." not in says(user)
    if not member:
        user.choose("10003")
    assert "Group 10003 rings here." in says(user)
    user.press("Log off")
    assert "Group 10003 does not ring here." in says(user)
    user.press("Log on")
    user.choose("10001")
    assert "Leave 10003 and join 10001?" in user.screen.question
    user.press("Join")
    assert "Group 10001 rings here." in says(user)
    user.open("this_set")
    assert detail(user, "Group calls") == "10001 on"
    user.press("Grp off")
    assert "Group 10001 does not ring here." in says(user)
    user.press("Leave")
    yes = answers(user.screen)["Leave"]
    before = o2g.request_count("DELETE", "/huntingGroupMember")
    user.get(yes)
    assert "You are in no group." in says(user)
    user.get(yes)
    assert user.status == 409
    assert o2g.request_count("DELETE", "/huntingGroupMember") == before + 1
    if member:
        user.open("this_set")
        user.choose("Group calls")
        user.choose("10003")


def test_who_left_the_group_meanwhile_is_told_so(phone: PhoneOf) -> None:
    anna, elsewhere = phone("70000"), phone("70000")
    for one in (anna, elsewhere):
        one.open("this_set")
        one.choose("Group calls")
    elsewhere.press("Leave")
    elsewhere.press("Leave")
    anna.press("Log off")
    assert anna.status == 409
    assert popup(anna.screen) == "Not possible"
    assert "You are in no group." in anna.screen.text
    anna.choose("10003")


def test_a_group_that_is_gone_is_said_to_be(phone: PhoneOf, o2g: Simulator) -> None:
    clara = phone("70002")
    clara.open("this_set")
    clara.choose("Group calls")
    fault = {"path": HUNTING + "Member", "status": 404, "type": "NOT_FOUND", "times": 1}
    with o2g.failing(error=fault):
        clara.choose("10002")
    assert clara.status == 409
    assert popup(clara.screen) == "It is gone already"
    assert "You are in no group." in clara.screen.text


# The language


def choose_language(user: Phone, name: str, region: str) -> None:
    user.choose(name)
    if region in user.screen.labels:
        user.choose(region)


def test_the_very_answer_is_in_the_new_language(user: Phone, o2g: Simulator) -> None:
    french = languages().of("fr")
    user.choose("Language")
    before = o2g.requests()
    choose_language(user, "Français", "Suisse")
    asked = [(r["method"], r["path"].rpartition("/")[2]) for r in o2g.requests()[len(before) :]]
    assert asked == [("POST", "preferences"), ("GET", "preferences")]
    assert user.screen.language == "fr"
    assert "Français" in user.screen.text
    user.open()
    assert french.translate("Directory") in user.screen.labels
    user.open("this_set")
    user.choose(french.translate("Language"))
    choose_language(user, "English", "United Kingdom")
    assert user.screen.language == "en"
    user.press("Done")
    assert detail(user, "Language") == "English"


def test_a_language_is_offered_where_the_set_draws_it(user: Phone) -> None:
    user.choose("Language")
    assert ("العربية" in user.screen.labels) == (user.number == "70000")
    assert {"Deutsch", "English", "Português"} <= set(user.screen.labels)
    assert not {"Svenska", "Gaeilge"} & set(user.screen.labels)


def test_arabic_is_written_from_right_to_left_at_once(phone: PhoneOf) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Language")
    choose_language(anna, "العربية", "مصر")
    assert (anna.screen.language, anna.screen.direction) == ("ar", "rtl")
    anna.open("this_set")
    anna.choose(languages().of("ar").translate("Language"))
    choose_language(anna, "English", "United Kingdom")
    assert (anna.screen.language, anna.screen.direction) == ("en", "ltr")


def test_a_language_that_is_not_supported_any_more_changes_nothing(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("this_set")
    anna.choose("Language")
    path = LANGUAGES.format(number="70000")
    fault = {"path": path, "method": "POST", "status": 400, "type": "BAD_PARAMETER", "times": 1}
    with o2g.failing(error=fault):
        choose_language(anna, "Français", "Suisse")
    assert anna.status == 409
    assert (anna.screen.language, popup(anna.screen)) == ("en", "Not possible")
    assert detail(anna, "English") == "chosen"


# Shared sets


def test_who_has_no_set_logs_on_to_a_shared_one_and_off(phone: PhoneOf, o2g: Simulator) -> None:
    greta = phone("70012")
    greta.open()
    assert greta.status == 404
    assert "No desk phone belongs to this number." in greta.screen.text
    greta.press("Log on")
    assert "You have no set." in greta.screen.text
    greta.type_text("Set number", "61901")
    before = o2g.requests()
    greta.send()
    assert "You are logged on to set 61901." in greta.screen.text
    asked = [(r["method"], r["path"].rpartition("/")[2]) for r in o2g.requests()[len(before) :]]
    assert asked == [("POST", "deskSharing"), ("GET", "users")]
    greta.press("Done")
    assert detail(greta, languages().of("sv").translate("Shared set")) == "61901"
    greta.choose("Shared set")
    greta.press("Log off")
    assert "Log off from set 61901?" in greta.screen.question
    yes = answers(greta.screen)["Log off"]
    off = o2g.request_count("DELETE", SHARING)
    greta.get(yes)
    assert greta.status == 200
    assert "You have no set." in greta.screen.text
    greta.get(yes)
    assert greta.status in (403, 409)
    assert o2g.request_count("DELETE", SHARING) == off + 1


@pytest.mark.parametrize("typed", ["", "abc", "99999", "9" * 60, "70000"])
def test_what_is_no_shared_set_is_said_to_be_none(phone: PhoneOf, typed: str) -> None:
    greta = phone("70012")
    greta.open("this_set")
    greta.type_text("Set number", typed)
    greta.send()
    assert greta.status == 400
    assert "There is no such shared set." in greta.screen.text


def test_a_shared_set_that_somebody_else_has(phone: PhoneOf, o2g: Simulator) -> None:
    greta = phone("70012")
    greta.open("this_set")
    greta.type_text("Set number", "61902")
    with o2g.failing(error={"path": SHARING, "status": 403, "type": "NOT_EXPECTED", "times": 1}):
        greta.send()
    assert greta.status == 400
    assert "Somebody else is logged on there." in greta.screen.text


def test_who_has_no_set_gets_nothing_else(phone: PhoneOf) -> None:
    greta = phone("70012")
    for application in ("directory", "call_log", "forwarding"):
        greta.open(application)
        assert greta.status == 404
    assert "Shared set" not in phone("70000").open("this_set").labels


# What is not there


def test_an_analog_set_has_no_keys(phone: PhoneOf) -> None:
    lobby = phone("70023")
    lobby.open("this_set")
    assert lobby.status == 200
    assert not {"Programmed keys", "Soft keys", "Mobile rings, too"} & set(lobby.screen.labels)


@pytest.mark.parametrize(
    ("status", "type_"),
    [(403, "NOT_ALLOWED"), (404, "NOT_FOUND"), (403, "NOT_EXPECTED"), (403, "NOT_SUPPORTED"), (400, "BAD_PARAMETER")],
)
def test_what_o2g_refuses_is_not_listed(user: Phone, o2g: Simulator, status: int, type_: str) -> None:
    refused = [
        {"path": path, "method": "GET", "status": status, "type": type_, "times": 50}
        for path in (PROGRAMMING.format(number=user.number), HUNTING)
    ]
    user.choose("PIN")
    again = user.screen.keys["back"]
    with o2g.failing(errors=refused):
        user.get(again)
        assert user.status == 200
        assert user.screen.choices[0].label == "Language"
    user.open("this_set")
    pin = next(item.href for item in user.screen.items if item.label == "PIN")
    with o2g.failing(errors=refused):
        user.get(pin)
    assert user.status == 404
    assert "This is not there for you or your set." in user.screen.text


def test_what_o2g_cannot_tell_is_unknown(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    path = PROGRAMMING.format(number="70000")
    fault = {"path": path, "method": "GET", "status": 500, "type": "SERVER_PROBLEM", "times": 50}
    with o2g.failing(error=fault):
        anna.open("this_set")
    assert anna.status == 200
    assert {detail(anna, name) for name in ("Locked", "Programmed keys", "Soft keys")} == {"unknown"}
    assert detail(anna, "Group calls").startswith("10003")


@pytest.mark.parametrize("type_", ["NOT_EXPECTED", "NOT_SUPPORTED"])
def test_a_switch_that_is_refused_shows_the_true_state(user: Phone, o2g: Simulator, type_: str) -> None:
    path = PROGRAMMING.format(number=user.number)
    with o2g.failing(error={"path": path, "method": "PUT", "status": 403, "type": type_, "times": 1}):
        user.press("Lock")
    assert user.status == 409
    assert popup(user.screen) == "Not possible"
    assert detail(user, "Locked") == "no"


def test_without_the_licence_a_change_is_not_allowed(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("this_set")
    path = PROGRAMMING.format(number="70000")
    with o2g.failing(error={"path": path, "method": "PUT", "status": 403, "type": "NOT_ALLOWED", "times": 1}):
        anna.press("Lock")
    assert anna.status == 403
    assert "The telephone system does not allow this." in anna.screen.text


# What it costs O2G


def test_no_screen_asks_more_than_it_shows(phone: PhoneOf, o2g: Simulator) -> None:
    david = phone("70003")

    def asked(do: str, *what: str) -> list[str]:
        before = o2g.request_count()
        getattr(david, do)(*what)
        return sorted(f"{r['method']} {r['path'].rpartition('/')[2]}" for r in o2g.requests()[before:])

    david.open()
    home = ["dynamicState", "huntingGroupLogOn", "huntingGroups", "programmeableKeys", "softKeys"]
    assert asked("open", "this_set") == [f"GET {read}" for read in home]
    assert asked("press", "Lock") == [*(f"GET {read}" for read in home), "PUT lock"]
    assert asked("press", "Unlock") == [*(f"GET {read}" for read in home), "PUT lock"]
    assert asked("choose", "Associate set") == ["GET dynamicState", "GET records"]
    david.back()
    assert asked("choose", "Programmed keys") == ["GET programmeableKeys"]
    assert asked("press", "Add") == ["GET programmeableKeys"]
    assert asked("choose", david.screen.choices[0].label) == []
    david.open("this_set")
    assert asked("choose", "Group calls") == ["GET huntingGroupLogOn", "GET huntingGroups"]
    david.back()
    assert asked("choose", "PIN") == ["GET pin"]
    assert asked("choose", "New PIN") == []
    david.open("this_set")
    assert asked("choose", "Language") == ["GET supportedLanguages"]
    assert asked("choose", "English") == []
