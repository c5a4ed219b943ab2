"""O2G's phone book: searches by name and by keypad, as many at once as O2G allows."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from services.deadline import Deadline
from services.endpoint import SEARCHES_IN_A_SESSION
from services.errors import O2GTimeout, SearchLimitReached
from services.people import LIMIT, KeypadQuery, NameQuery, Person, Query, SearchProgress
from services.search import OnProgress, Search
from services.session import Session

__all__ = ["LIMIT", "Directory", "KeypadQuery", "NameQuery", "Person", "Query", "Search", "SearchProgress"]

RETRY_SECONDS = 0.2  # before O2G is asked again for a place that another session holds


class Directory:
    """Starts searches and keeps them within O2G's limits.

    A user's own session has one search at a time. In the administrator's sessions there are five in each (L120): the
    first sessions are filled first, so that no more are open than are needed.
    """

    def __init__(self, session: Session, at_once: int = SEARCHES_IN_A_SESSION) -> None:
        """Ask through `session`; at most `at_once` searches run in each of its sessions for searches."""
        self._session = session
        self._at_once = at_once
        self._lanes = session.rules.for_searches
        self._most = session.rules.searches
        self._changed = threading.Condition()
        self._running: dict[str, Search] = {}

    def search(
        self,
        login: str,
        query: Query,
        deadline: Deadline,
        on_progress: OnProgress | None = None,
        wanted: Callable[[], bool] | None = None,
    ) -> Search:
        """Start a search for a user (POST /directory/search or /directory/searchbydtmf).

        O2G knows a search by session and login name: the same user's earlier search is stopped first. Where all places
        are taken, in this session or in all of O2G (L120), it waits for one.

        Args:
            login: the user for whom it is; the user's licence is taken (L121).
            query: whom to look for.
            deadline: until when it must have started.
            on_progress: called in the search's own thread whenever people came or it ended, before `Search.wait` shows
                the same; must not take long.
            wanted: asked in that thread before each look at O2G; the search ends once nobody wants it any more.

        Raises:
            BadParameter: O2G would refuse the query; it was not asked.
            SearchLimitReached: no place came free within the deadline.
            O2GTimeout: the earlier search could not be ended within the deadline, or O2G did not answer.
            NotAllowed: the user may not search, for lack of a licence.
            O2GError: O2G failed.
        """
        while True:
            search = Search(self._session, login, query, on_progress, wanted)
            self._take_place(login, search, deadline)
            try:
                search.begin(deadline, partial(self._free_place, login, search))
            except SearchLimitReached:
                if deadline.remaining() <= 2 * RETRY_SECONDS:
                    raise
                threading.Event().wait(RETRY_SECONDS)
            else:
                return search

    def running(self) -> int:
        """Tell how many searches are under way in this process."""
        with self._changed:
            return len(self._running)

    def stop_all(self, deadline: Deadline) -> None:
        """Stop every search and wait until O2G holds none any more."""
        with self._changed:
            running = tuple(self._running.values())
        for search in running:
            search.stop()
        for search in running:
            search.ended(deadline)

    def _take_place(self, login: str, search: Search, deadline: Deadline) -> None:
        with self._changed:
            while True:
                earlier = self._running.get(login)
                lane = self._free_lane()
                if earlier is None and lane is not None:
                    search.lane = lane
                    self._running[login] = search
                    return
                if earlier is not None:
                    earlier.stop()
                if not self._changed.wait(deadline.remaining()) and deadline.remaining() <= 0:
                    if earlier is not None:
                        raise O2GTimeout("the earlier search of this user did not end")
                    raise SearchLimitReached("every search is taken")

    def _free_lane(self) -> int | None:
        if len(self._running) >= self._most:
            return None
        taken = Counter(search.lane for search in self._running.values())
        return next((lane for lane in range(self._lanes) if taken[lane] < self._at_once), None)

    def _free_place(self, login: str, search: Search) -> None:
        with self._changed:
            if self._running.get(login) is search:
                del self._running[login]
            self._changed.notify_all()
