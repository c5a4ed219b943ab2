"""Screens of the call centre that stay open: they follow what events tell, and ask O2G nothing for it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from services.o2g import O2G
from simulators.demo.house import DemoHouse, demo_house
from tests.e2e.any_set import says
from tests.e2e.call_centre import in_this_process
from tests.house import PhoneOf, Simulator
from tests.phone import Phone
from tests.polling import until

DAVID, ELLA, SALES = "70003", "70004", "61001"


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house of its own: operators change their state here."""
    with demo_house(users=100, settings={"TOUCHLINE_LIVE_STATE": "off"}) as running:
        yield running


def _is_followed(known: O2G, user: Phone, login: str) -> bool:
    return bool(user.open("agent")) and known.agents.is_followed(login)


def test_screens_that_stay_open_follow_the_operator_and_who_asks_for_help(
    house: DemoHouse, tmp_path: Path, o2g: Simulator
) -> None:
    for number in (DAVID, ELLA):
        o2g.set_agent(number, subState="READY", pgNumber=SALES)
    with in_this_process(house, tmp_path, "channel") as (phone, known):
        open_for_help, left_open, of_ella = phone(DAVID), phone(DAVID), phone(ELLA)
        for user, login in ((left_open, f"oxe{DAVID}"), (of_ella, f"oxe{ELLA}")):
            until(partial(_is_followed, known, user, login))
            user.open("agent")
        open_for_help.open("agent")
        open_for_help.press("Agents")
        ella = phone(ELLA)
        ella.open("agent")
        ella.press("Help")
        o2g.set_agent(ELLA, subState="WRAPUP", pgNumber=SALES)
        until(lambda: "You are in wrap-up." in says(renewed(of_ella)))
        assert "You have called for help." in says(of_ella)
        until(lambda: "1 agent asks for help." in says(renewed(left_open)))
        until(lambda: "Ella Novak" in renewed(open_for_help).screen.labels)

        def cost() -> int:
            before = o2g.request_count()
            for user in (open_for_help, left_open, of_ella):
                renewed(renewed(user))
            return o2g.request_count() - before

        until(lambda: cost() == 0)  # right after asking for help, what O2G says of Ella is read once more


def renewed(user: Phone) -> Phone:
    """Let the set renew its screen by itself."""
    assert user.screen.refresh
    user.get(user.screen.refresh)
    return user


def test_screens_do_not_renew_themselves_where_each_time_asks_O2G(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    david = phone(DAVID)
    david.open("agent")
    assert not david.screen.refresh
    david.press("Agents")
    assert not david.screen.refresh
