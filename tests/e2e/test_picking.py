"""Picking a number in the directory for another application, and turning back on the way."""

from collections.abc import Callable

import pytest

from tests.e2e.any_set import act
from tests.house import PhoneOf, Simulator
from tests.phone import Phone

SUPERVISOR = "70010"


def forward(user: Phone, _: Simulator) -> None:
    user.open("forwarding")
    user.choose("Forward")
    user.choose("When busy")


def message(user: Phone, _: Simulator) -> None:
    user.open("messages")
    user.press("Write")


def associate(user: Phone, _: Simulator) -> None:
    user.open("this_set")
    user.choose("Associate set")


def free_key(user: Phone, _: Simulator) -> None:
    user.open("this_set")
    user.choose("Programmed keys")
    user.press("Add")
    user.choose(user.screen.choices[0].label)


def transfer(user: Phone, o2g: Simulator) -> None:
    o2g.call("70015", user.number, answered=True)
    user.open("calls")
    act(user, "Send on", "Transfer to a number")


ASKERS: list[Callable[[Phone, Simulator], None]] = [forward, message, associate, free_key, transfer]


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, phone: PhoneOf, o2g: Simulator) -> Phone:
    """A user of each family of sets."""
    o2g.end_calls()
    return phone(request.param)


def told(user: Phone) -> tuple[object, ...]:
    shown = user.screen
    return shown.title, shown.lines, shown.labels, [(field.label, field.value) for field in shown.fields]


def to_the_directory(user: Phone) -> None:
    user.choose("From the directory")
    assert user.screen.title in ("Directory", "Search by keypad")


@pytest.mark.parametrize("ask", ASKERS, ids=lambda ask: ask.__name__)
def test_back_from_the_directory_leads_to_the_screen_that_asks_for_a_number(
    user: Phone, o2g: Simulator, ask: Callable[[Phone, Simulator], None]
) -> None:
    ask(user, o2g)
    before = told(user)
    to_the_directory(user)
    user.back()
    assert told(user) == before
    o2g.end_calls()


def test_back_leads_there_from_the_keypad_and_what_it_found_too(user: Phone, o2g: Simulator) -> None:
    forward(user, o2g)
    before = told(user)
    to_the_directory(user)
    if user.screen.fields:
        user.press("Keypad")
    user.key("546")  # lin
    user.settle()
    assert user.screen.items
    user.back()
    assert told(user) == before


def test_back_leads_there_step_by_step_from_a_name(phone: PhoneOf, o2g: Simulator) -> None:
    anna = phone("70000")
    message(anna, o2g)
    before = told(anna)
    to_the_directory(anna)
    anna.type_text("Name", "li")
    anna.send()
    anna.settle()
    anna.choose(anna.screen.items[0].label)
    for _ in ("list", "form", "who asks"):
        anna.back()
    assert told(anna) == before


def test_back_leads_to_the_key_with_the_number_that_it_has(phone: PhoneOf) -> None:
    david = phone("70003")
    david.open("this_set")
    david.choose("Programmed keys")
    david.choose(david.screen.labels[1])  # the first one is the administrator's
    before = told(david)
    assert david.screen.fields[0].value
    to_the_directory(david)
    david.back()
    assert told(david) == before


def test_back_leads_a_supervisor_to_the_choice_of_an_agent(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(SUPERVISOR, subState="READY")
    supervisor = phone(SUPERVISOR)
    supervisor.open("agent")
    act(supervisor, "Agents", "Help and listen")
    act(supervisor, "Other", "Another agent")
    before = told(supervisor)
    to_the_directory(supervisor)
    supervisor.back()
    assert told(supervisor) == before
    o2g.set_agent(SUPERVISOR, mainState="LOG_OFF")


def test_back_leads_to_the_menu_where_nobody_asks_for_a_number(user: Phone) -> None:
    user.open("directory")
    assert user.get(user.screen.keys["back"]).title == user.open().title
