"""Searches that are left: nobody looks, so nobody wants them."""

from collections.abc import Callable
from typing import cast

from prs.language import languages
from prs_apps.directory.searches import UNSEEN_SECONDS, Searches
from services.deadline import Deadline
from services.directory import Directory, NameQuery, SearchProgress
from store.shared import InProcess


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class NeverReady:
    """A directory that takes for ever; it remembers whether its search is wanted."""

    wanted: Callable[[], bool]

    def search(
        self,
        login: str,
        query: NameQuery,
        deadline: Deadline,
        on_progress: Callable[[SearchProgress], None],
        wanted: Callable[[], bool],
    ) -> "NeverReady":
        self.wanted = wanted
        return self

    def wait(self, count: int, deadline: Deadline) -> SearchProgress:
        return self.progress()

    def progress(self) -> SearchProgress:
        return SearchProgress((), finished=False, timed_out=False, failed=None)


def test_a_search_is_wanted_while_somebody_looks_and_a_little_longer() -> None:
    clock, directory = Clock(), NeverReady()
    searches = Searches(cast("Directory", directory), InProcess(clock))
    name = searches.start("oxe70000", NameQuery(last_name="l"), languages().of("en"), Deadline.after(5))
    for _ in range(5):
        clock.now += UNSEEN_SECONDS - 1
        assert directory.wanted()
        searches.look(name, 1, Deadline.after(1))
    clock.now += UNSEEN_SECONDS + 1
    assert not directory.wanted()
