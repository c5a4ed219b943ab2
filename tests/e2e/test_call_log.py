"""The call log, as people use it: calls made in the simulated world show on both sides."""

import re

import httpx
import pytest

from prs.models import phone_models
from tests.house import PhoneOf, Simulator
from tests.phone import Phone

LONGEST_PAGE = max(model.list_items for model in phone_models().families)


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf, o2g: Simulator) -> Phone:
    """A user of each family of sets, who is in no call: a set that has two of them rings no more."""
    o2g.end_calls()
    return phone(request.param)


def waiting(user: Phone) -> int:
    found = re.match(r"(\d+) new", user.screen.note)
    return int(found[1]) if found else 0


def test_a_missed_call_shows_and_is_called_back(user: Phone, o2g: Simulator) -> None:
    user.open("call_log")
    before = waiting(user)
    o2g.missed_call("70017", user.number)
    user.open("call_log")
    assert waiting(user) == before + 1
    latest = user.screen.choices[0]
    one_line = user.number == "70001"  # which draws Latin letters only
    assert latest.label.startswith("Petrov" if one_line else "Петров")
    assert re.fullmatch(r"\d\d:\d\d", latest.detail)
    user.choose(latest.label)
    name = "Ivan Petrov" if one_line else "Иван Петров"
    assert user.screen.title == name
    assert "Missed call" in user.screen.lines
    assert "70017" in user.screen.lines
    user.press("Call")
    assert user.screen.lines[-2:] == (name, "70017")
    assert o2g.called_from(user.number)[-1] == "70017"


def test_a_missed_call_that_was_seen_counts_no_more(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call("70018", user.number)
    user.open("call_log")
    before = waiting(user)
    user.choose(user.screen.choices[0].label)
    user.press("Seen")
    assert waiting(user) == before - 1
    assert "Seen" not in [*user.choose(user.screen.choices[0].label).soft_key_labels]


def test_all_missed_calls_are_seen_at_once(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call("70018", user.number)
    o2g.missed_call("70017", user.number)
    user.open("call_log")
    user.press("Seen")
    assert waiting(user) == 0


def with_missed_calls_behind_a_page_of_placed_ones(user: Phone, o2g: Simulator, missed: int) -> None:
    """Have missed calls that nobody saw, none of them on the first page."""
    user.open("call_log")
    if user.screen.items:
        user.press("Delete")
        user.press("Delete")
    for _ in range(missed):
        o2g.missed_call("70018", user.number)
    for _ in range(LONGEST_PAGE):
        o2g.missed_call(user.number, "70017")
    user.open("call_log")


def keys_and_actions(user: Phone) -> set[str]:
    return {*user.screen.soft_key_labels, *(item.label for item in user.screen.actions)}


def test_placed_calls_offer_no_seen_key_as_missed_ones_are_not_among_them(user: Phone, o2g: Simulator) -> None:
    user.open("call_log")
    o2g.missed_call(user.number, "70017")
    o2g.missed_call("70018", user.number)
    for view in ("Out", "All", "Missed", "In"):
        user.press(view)
        assert waiting(user) > 0
        assert ("Seen" in keys_and_actions(user)) == (view != "Out")


def test_all_that_are_counted_are_asked_about_and_none_that_another_set_saw(user: Phone, o2g: Simulator) -> None:
    with_missed_calls_behind_a_page_of_placed_ones(user, o2g, 2)
    assert waiting(user) == 2
    user.press("Seen")
    assert user.screen.question == "Mark 2 missed calls as seen?"
    user.open("call_log")
    asking = next(entry.href for entry in (*user.screen.soft_keys, *user.screen.actions) if entry.label == "Seen")
    user.press("Seen")
    user.press("Seen")
    assert waiting(user) == 0
    user.get(asking)
    assert user.screen.question == ""
    assert user.screen.title == "Call log"


def test_a_call_is_deleted_after_a_question(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call("70019", user.number)
    o2g.missed_call("70017", user.number)
    user.open("call_log")
    label = user.screen.choices[0].label
    second = user.screen.choices[1].label
    user.choose(label)
    user.press("Delete")
    yes = user.screen.tree.find("{urn:touchline:noe:1}DialogBox/{urn:touchline:noe:1}Action")
    assert yes is not None
    answer = yes.get("href", "")
    user.get(answer)
    assert user.screen.choices[0].label == second
    user.get(answer)
    assert user.status == 409
    assert "Nothing was done twice." in user.screen.text


def test_views_show_their_kind_and_pages_follow_each_other(user: Phone) -> None:
    user.open("call_log")
    user.press("Missed")
    assert user.screen.title == "Missed calls"
    user.press("Out")
    assert user.screen.title == "Placed calls"
    user.press("All")
    seen = [item.href for item in user.screen.items]
    if "right" in user.screen.keys:
        user.right()
        assert user.screen.items
        assert user.left().title == "Call log"
        assert len(user.screen.items) == len(seen)


def test_nothing_is_fetched_that_is_not_shown(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    anna.open("call_log")
    before = o2g.requests("GET", "/comlog/records")
    anna.open("call_log")
    asked = o2g.requests("GET", "/comlog/records")[len(before) :]
    limits = sorted(int(httpx.QueryParams(r["query"])["limit"]) for r in asked)
    assert limits == [1, len(anna.screen.items)]


def test_deleting_all_leaves_an_empty_log_that_says_so(phone: PhoneOf, o2g: Simulator) -> None:
    ella = phone("70004")
    o2g.missed_call("70017", "70004")
    ella.open("call_log")
    ella.press("Delete")
    yes = ella.screen.tree.find("{urn:touchline:noe:1}DialogBox/{urn:touchline:noe:1}Action")
    assert yes is not None
    ella.get(yes.get("href", ""))
    assert ella.screen.items == ()
    assert ella.screen.text == "There are no calls."


def test_a_log_that_was_emptied_elsewhere_is_empty_and_begins_anew(phone: PhoneOf, o2g: Simulator) -> None:
    ella = phone("70004")
    o2g.missed_call("70017", "70004")
    o2g.forget_calls("70004")
    ella.open("call_log")
    assert (ella.screen.text, waiting(ella)) == ("There are no calls.", 0)
    o2g.missed_call("70017", "70004")
    ella.open("call_log")
    assert (len(ella.screen.choices), waiting(ella)) == (1, 1)


def alone_on_the_second_page(user: Phone, o2g: Simulator) -> None:
    """Begin a second page of missed calls, and turn to it."""
    user.open("call_log")
    if user.screen.items:
        user.press("Delete")
        user.press("Delete")
    while "right" not in user.screen.keys:
        o2g.missed_call("70018", user.number)
        user.open("call_log")
    user.right()
    assert len(user.screen.choices) == 1


def test_all_of_them_are_deleted_from_the_page_that_shows_the_newest(phone: PhoneOf, o2g: Simulator) -> None:
    small = phone("70002")
    o2g.end_calls()
    alone_on_the_second_page(small, o2g)
    assert not keys_and_actions(small) & {"Delete", "Seen"}
    small.left()
    small.press("Delete")
    small.press("Delete")
    assert small.screen.items == ()


def test_deleting_the_only_one_of_a_page_shows_the_page_before_in_two_steps(phone: PhoneOf, o2g: Simulator) -> None:
    small = phone("70002")
    o2g.end_calls()
    alone_on_the_second_page(small, o2g)
    small.choose(small.screen.choices[0].label)
    small.press("Delete")
    before = o2g.request_count("", "/comlog/records")
    small.press("Delete")
    asked = o2g.requests("", "/comlog/records")[before:]
    assert [r["method"] for r in asked] == ["DELETE", "GET", "GET"]
    assert small.screen.choices
    assert "left" not in small.screen.keys
    assert "right" not in small.screen.keys


def test_after_a_delete_the_page_before_one_that_another_set_emptied_is_shown_by_a_request_of_its_own(
    phone: PhoneOf, o2g: Simulator
) -> None:
    small, elsewhere = phone("70002"), phone("70002")
    o2g.end_calls()
    alone_on_the_second_page(small, o2g)
    o2g.missed_call("70018", small.number)
    small.open("call_log")
    small.right()
    first, second = (choice.href for choice in small.screen.choices)
    small.get(first)
    small.press("Delete")
    elsewhere.get(second)
    elsewhere.press("Delete")
    elsewhere.press("Delete")
    before = o2g.request_count("", "/comlog/records")
    small.press("Delete")
    assert [r["method"] for r in o2g.requests("", "/comlog/records")[before:]] == ["DELETE", "GET", "GET"]
    before = o2g.request_count("", "/comlog/records")
    small.settle()
    assert [r["method"] for r in o2g.requests("", "/comlog/records")[before:]] == ["GET", "GET"]
    assert small.screen.choices
    assert not {"left", "right"} & set(small.screen.keys)


def test_a_page_that_another_set_emptied_is_the_last_one_that_there_is(phone: PhoneOf, o2g: Simulator) -> None:
    small, elsewhere = phone("70002"), phone("70002")
    o2g.end_calls()
    alone_on_the_second_page(small, o2g)
    small.left()
    later = small.screen.keys["right"]
    elsewhere.open("call_log")
    elsewhere.press("Delete")
    elsewhere.press("Delete")
    o2g.missed_call("70018", small.number)
    before = o2g.request_count("", "/comlog/records")
    small.get(later)
    assert len(small.screen.choices) == 1
    assert "left" not in small.screen.keys
    asked = [httpx.QueryParams(r["query"]) for r in o2g.requests("", "/comlog/records")[before:]]
    assert sorted((query["offset"], query["limit"]) for query in asked) == [("0", "1"), ("0", "4"), ("4", "4")]


@pytest.mark.parametrize(("destination", "name"), [("Voicemail", "voicemail"), ("70015", "John Smith")])
def test_a_call_that_went_elsewhere_was_not_received_and_is_no_conference(
    phone: PhoneOf, o2g: Simulator, destination: str, name: str
) -> None:
    large = phone("70003")
    o2g.end_calls()
    large.open("forwarding")
    large.choose("Forward")
    large.choose("At once")
    if destination.isdigit():
        large.type_text("Number", destination)
        large.send()
    else:
        large.choose(destination)
    call = o2g.call("70018", large.number, answered=destination.isdigit())
    o2g.end_call(call)
    large.open("forwarding")
    large.press("No fwd")
    large.open("call_log")
    large.choose(large.screen.choices[0].label)
    assert large.screen.lines[1].startswith(f"Went to {name}, ")
    assert "Received call" not in large.screen.text
    assert "Conference" not in large.screen.text


def test_a_conference_tells_who_was_in_it(phone: PhoneOf, o2g: Simulator) -> None:
    large = phone("70003")
    o2g.end_calls()
    o2g.call("70015", large.number, answered=True)
    large.open("calls")
    large.press("Hold")
    o2g.call("70016", large.number, answered=True)
    large.open("calls")
    large.press("Confer.")
    o2g.end_calls()
    large.open("call_log")
    large.choose(large.screen.choices[0].label)
    assert "Conference with John Smith, John Smith" in large.screen.text


def test_a_call_that_was_passed_on_says_by_whom(phone: PhoneOf, o2g: Simulator) -> None:
    large = phone("70003")
    o2g.end_calls()
    o2g.call("70015", large.number, answered=True)
    large.open("calls")
    large.press("Hold")
    o2g.call(large.number, "70002", answered=True)
    large.open("calls")
    large.press("Transf.")
    o2g.end_calls()
    small = phone("70002")
    small.open("call_log")
    small.choose(small.screen.choices[0].label)
    assert "Transferred by 70003" in small.screen.text


def test_a_record_that_was_deleted_meanwhile_leads_back_to_the_list(user: Phone, o2g: Simulator) -> None:
    o2g.missed_call("70018", user.number)
    latest = user.open("call_log").choices[0].href
    user.press("Delete")
    user.press("Delete")
    user.get(latest)
    assert user.status == 404
    assert "This does not exist any more." in user.screen.text
    user.press("List")
    assert "There are no calls." in user.screen.lines


def test_the_voicemail_that_was_listened_to_is_named_in_the_log_and_is_no_recent_caller(
    user: Phone, o2g: Simulator
) -> None:
    o2g.missed_call("70018", user.number)
    user.open("voicemail")
    user.press("Listen")
    o2g.end_calls()
    number = o2g.called_from(user.number)[-1]
    user.open("call_log")
    assert user.screen.choices[0].label == "Voicemail"
    user.choose("Voicemail")
    assert user.screen.title == "Voicemail"
    assert number in user.screen.lines
    assert "Find" not in keys_and_actions(user)
    user.open("forwarding")
    user.choose("Forward")
    user.choose("At once")
    assert "70018" in offered(user)
    assert number not in offered(user)
    user.open("messages")
    user.press("Write")
    assert "70018" in offered(user)
    assert number not in offered(user)


def offered(user: Phone) -> set[str]:
    return {part for entry in user.screen.items for part in (entry.label, entry.detail)}
