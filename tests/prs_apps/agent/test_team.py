"""Who asks a supervisor for help, as the screen of all agents lists them."""

import pytest

from prs.screens import Item, List, Screen
from services.deadline import Deadline
from services.errors import NotAllowed, NotFound, O2GError, O2GTimeout, O2GUnreachable, ServerProblem
from services.supervisor import HelpRequest
from services.users import User
from tests.prs_apps.agent.on_paper import NOON, CallCentreOnPaper, someone

ELLA, DIEGO = "70004", "70005"


def asking(*numbers: str) -> tuple[HelpRequest, ...]:
    return tuple(HelpRequest(number, NOON) for number in numbers)


def listed(shown: Screen) -> list[str]:
    items: tuple[Item, ...] = next((widget.items for widget in shown.body if isinstance(widget, List)), ())
    return [item.label for item in items]


@pytest.mark.parametrize("refusal", [NotFound, NotAllowed, O2GTimeout, O2GUnreachable, ServerProblem])
def test_an_agent_whose_name_cannot_be_had_is_listed_by_number(refusal: type[O2GError]) -> None:
    def who(number: str, deadline: Deadline) -> User:
        assert deadline.remaining() <= 1
        if number == ELLA:
            raise refusal
        return someone(number)

    centre, visit = CallCentreOnPaper(helps=asking(ELLA, DIEGO), who=who).visit()
    shown = centre.team(visit)
    assert isinstance(shown, Screen)
    assert shown.status == 200
    assert listed(shown)[:2] == [ELLA, f"Agent {DIEGO}"]


def test_who_asks_for_help_beyond_a_page_stands_on_the_next_ones() -> None:
    numbers = [str(70020 + index) for index in range(9)]
    centre, visit = CallCentreOnPaper(helps=asking(*numbers)).visit()
    pages = []
    page: Screen | None = centre.team(visit)  # type: ignore[assignment]
    while page is not None:
        pages.append(page)
        arguments = dict(page.later.arguments) if page.later else {}
        page = centre.team(visit, page=int(arguments["page"])) if arguments else None  # type: ignore[assignment]
    named = [label for page in pages for label in listed(page) if label.startswith("Agent ")]
    assert named == [f"Agent {number}" for number in numbers]
    assert [page.note for page in pages] == ["1/3", "2/3", "3/3"]
    assert pages[1].earlier == visit.link(centre.team, page=0)
