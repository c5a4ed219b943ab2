"""Logging on in one of many groups."""

import pytest

from services.agent import AgentKind
from tests.prs_apps.agent.on_paper import CallCentreOnPaper

MANY = tuple(str(61001 + index) for index in range(9))


@pytest.mark.parametrize("kind", [AgentKind.AGENT, AgentKind.SUPERVISOR])
def test_the_key_log_on_means_the_first_of_all_groups_on_every_page(kind: AgentKind) -> None:
    centre, visit = CallCentreOnPaper(kind, MANY).visit()
    pages = [centre.log_on(visit, "70010", page=page) for page in range(3)]
    assert [page.keys[0].link for page in pages] == [visit.link(centre.begin, "70010", "", "61001")] * 3  # type: ignore[union-attr]
