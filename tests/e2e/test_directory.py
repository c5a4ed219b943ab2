"""The directory, as people use it at their phones: over HTTPS, against the O2G simulator."""

import pytest

from tests.house import PhoneOf, Simulator
from tests.phone import Phone

ONE_LINE, SMALL, LARGE, LARGE_COLOUR = "70001", "70002", "70003", "70000"
FAMILIES = pytest.mark.parametrize("number", [ONE_LINE, SMALL, LARGE, LARGE_COLOUR])


def search(phone: Phone, name: str = "", first_name: str = "") -> Phone:
    phone.open("directory")
    if name:
        phone.type_text("Name", name)
    if first_name:
        phone.type_text("First name", first_name)
    phone.press("Search")
    return phone


def test_the_menu_opens_with_what_waits(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_counters("70000", missedCallsNb=3, voiceMessagesNb=0, callBackRequestsNb=None)
    screen = phone("70000").open()
    assert screen.title == "Anna Müller"
    assert screen.note == "70000"
    assert screen.labels[0] == "Directory"
    shown = {item.label: item.detail for item in screen.items}
    assert (shown["Call log"], shown["Voicemail"], shown["Calls"]) == ("3", "", "unknown")


def test_a_colleague_is_found_and_called(phone: PhoneOf, o2g: Simulator) -> None:
    anna = search(phone("70000"), "smith", "john")
    assert anna.screen.title == "2 found"
    anna.choose(anna.screen.labels[0])
    assert anna.screen.title == "John Smith"
    number = anna.screen.items[0].detail
    assert anna.screen.soft_key_labels[0] == "Call"
    anna.press("Call")
    assert anna.status == 200
    assert (anna.screen.title, anna.screen.lines) == ("Calling", ("John Smith", number))
    assert number in o2g.called_from("70000")


def test_back_leads_the_way_one_came(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "smith", "john")
    anna.choose(anna.screen.labels[0])
    assert anna.back().title == "2 found"
    assert anna.back().id == "directory.home"
    assert {field.label: field.value for field in anna.screen.fields} == {"Name": "smith", "First name": "john"}
    assert anna.back().id == "menu.home"


def test_paging_asks_nothing_of_o2g(phone: PhoneOf, o2g: Simulator) -> None:
    anna = search(phone("70000"), "m")
    anna.settle()
    first = anna.screen.labels
    before = o2g.request_count()
    second = anna.right().labels
    assert second
    assert not set(second) & set(first)
    assert anna.left().labels == first
    assert o2g.request_count() == before


def test_every_page_together_is_everyone_found_once_and_in_order(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "mu")
    anna.settle()
    seen = [*anna.screen.items]
    while "right" in anna.screen.keys:
        seen += anna.right().items
    assert anna.screen.title == f"{len(seen)} found"
    assert len({item.detail for item in seen}) == len(seen)


@FAMILIES
def test_the_keypad_narrows_with_each_digit(phone: PhoneOf, number: str) -> None:
    user = phone(number)
    user.open("directory")
    if "Keypad" in user.screen.soft_key_labels:
        user.press("Keypad")
    assert user.screen.id in ("directory.keypad", "directory.home")
    user.key("6")
    user.settle()
    wide = user.screen
    assert wide.items
    user.key("85")
    user.settle()
    assert user.screen.note.startswith("685")
    assert user.screen.items
    user.key("*")
    user.settle()
    assert user.screen.note.startswith("68")
    assert user.press("Delete").note.startswith("6")


def test_a_set_without_letters_searches_by_keypad_at_once(phone: PhoneOf) -> None:
    screen = phone(ONE_LINE).open("directory")
    assert screen.title == "Search by keypad"
    assert screen.keypad
    assert not screen.form


def test_no_match_says_so_and_leads_on(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "xqzwv")
    anna.settle()
    assert anna.screen.text == "No one is found under “xqzwv”."
    assert anna.press("Change").id == "directory.home"


def test_too_many_matches_say_so(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "s")
    anna.settle()
    assert anna.screen.title == "100+: add letters"


def test_ones_own_card_offers_no_call(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "müller", "anna")
    anna.settle()
    if (anna.screen.id == "directory.results" and anna.screen.note != "") or anna.screen.title.endswith("found"):
        anna.choose(next(i.label for i in anna.screen.items if i.detail == "70000"))
    assert anna.screen.text == "This is you."
    assert "Call" not in anna.screen.soft_key_labels
    assert all(not item.href for item in anna.screen.items)


def test_a_card_shows_the_number_that_was_found_although_nothing_more_can_be_asked(
    phone: PhoneOf, o2g: Simulator
) -> None:
    anna = search(phone("70000"), "smith", "john")
    anna.settle()
    with o2g.failing(errors=[{"path": "/users", "status": 500, "times": 100}]):
        anna.choose(anna.screen.labels[0])
    assert (anna.status, anna.screen.title) == (200, "John Smith")
    assert anna.screen.soft_key_labels[0] == "Call"


def test_accents_and_case_do_not_matter(phone: PhoneOf) -> None:
    anna = search(phone("70000"), "MULLER")
    anna.settle()
    assert any(label.startswith("Müller") for label in anna.screen.labels)


def test_pressing_call_twice_calls_once(phone: PhoneOf, o2g: Simulator) -> None:
    anna = search(phone("70000"), "smith", "john")
    anna.choose(anna.screen.labels[0])
    call = next(key.href for key in anna.screen.soft_keys if key.label == "Call")
    anna.get(call)
    before = o2g.request_count("POST", "/telephony")
    anna.get(call)
    assert anna.status == 409
    assert anna.screen.text.startswith("This was pressed already. Nothing was done twice.")
    assert o2g.request_count("POST", "/telephony") == before


@pytest.mark.parametrize("term", ["   ", "", "\t"])
def test_a_search_for_nothing_asks_for_letters(phone: PhoneOf, term: str) -> None:
    anna = phone("70000")
    anna.open("directory")
    anna.post(anna.screen.form, {"last_name": term, "first_name": ""})
    assert anna.status == 400
    assert "Enter a name or its first letters." in anna.screen.text
    assert anna.screen.form


@pytest.mark.parametrize(
    "term", ["a&b+c#d", "<script>", "💥", "\x00\x07", "שלום", "محمد", "]]>", "%00", "' OR 1=1 --", "..", "{0}", "_x_"]
)
def test_a_strange_name_is_searched_for_and_not_found_or_found(phone: PhoneOf, term: str) -> None:
    anna = phone("70000")
    anna.open("directory")
    anna.post(anna.screen.form, {"last_name": term, "first_name": ""})
    assert anna.status in (200, 400)
    anna.settle()
    assert anna.screen.id.startswith("directory.")


def test_a_search_term_of_10_kb_is_refused_in_words(phone: PhoneOf) -> None:
    anna = phone("70000")
    anna.open("directory")
    form = anna.screen.form
    anna.post(form, {"last_name": "x" * 10_240, "first_name": ""})
    assert anna.status == 413
    assert "too long" in anna.screen.text
    anna.open("directory")
    anna.post(form, {"last_name": "x" * 41, "first_name": ""})
    assert anna.status == 400
    assert "40 characters at most" in anna.screen.text
