"""The call log, as people use it: calls made in the simulated world show on both sides."""

import re

import httpx
import pytest

from tests.house import PhoneOf, Simulator
from tests.phone import Phone


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
