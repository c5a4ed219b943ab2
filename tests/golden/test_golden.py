"""Every page that an application shows in its walk is the one that is kept, and costs O2G what is written down."""

import pytest
from lxml import etree

from tests.golden import calls, pages
from tests.golden.asides import asides_house, passed_by
from tests.golden.house import READINGS, golden_house, language_of
from tests.prs_apps.shipped import shipped
from tests.walks import WALKS, users_of


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("application", WALKS)
def test_pages_are_as_they_were(application: str, reading: str) -> None:
    faults, visits = [], []
    with golden_house() as house:
        for family, number in users_of(application).items():
            language = language_of(family, reading)
            walker = house.walk(WALKS[application], number, family, language)
            kept = pages.read(pages.file_of(application, family, language))
            faults += [f"{family}{line}" for line in pages.differences(kept, pages.gathered(walker.seen))]
            visits += house.recorder.visits
    assert faults == [], "read the difference, then `make golden`"
    cost_what_is_written_down(application, visits)


def test_what_the_walks_pass_by_costs_what_is_written_down() -> None:
    with asides_house() as house:
        for application in WALKS:
            cost_what_is_written_down(application, passed_by(house, application))


@pytest.mark.parametrize("application", WALKS)
def test_each_screen_is_written_down(application: str) -> None:
    views = {f"{application}.{view}" for view in shipped()[application]._views}
    assert views == {screen.screen for screen in calls.kept(application)}


def cost_what_is_written_down(application: str, visits: list[calls.Visited]) -> None:
    known = {screen.screen: screen for screen in calls.kept(application)}
    for screen in calls.summed(visits, application):
        assert set(screen.operations) <= set(known[screen.screen].operations), screen
        assert screen.in_a_row <= calls.MOST_IN_A_ROW, screen
    for visit in visits:
        assert visit.twice == (), f"{visit.screen} asks the same twice"


def test_a_difference_is_found() -> None:
    kept = etree.fromstring('<walk><screen name="home"><Page><Line>Anna</Line></Page></screen></walk>')
    for changed in ("<Line>Ella</Line>", '<Line x="1">Anna</Line>', "<Item>Anna</Item>", ""):
        found = etree.fromstring(f'<walk><screen name="home"><Page>{changed}</Page></screen></walk>')
        assert pages.differences(kept, found)
    assert pages.differences(kept, kept) == []


def test_calls_side_by_side_are_not_in_a_row() -> None:
    assert calls.visited("/phone/", [("a", 0, 2), ("b", 0.1, 1), ("c", 2.1, 3)]).in_a_row == 2
    assert calls.visited("/phone/menu", []).in_a_row == 0


def test_reading_the_same_twice_is_found() -> None:
    read = ["/comlog/records?limit=1", "/comlog/records?limit=8", "/comlog/records?limit=1"]
    assert calls.visited("/phone/call_log", [], read).twice == ("/comlog/records?limit=1",)
