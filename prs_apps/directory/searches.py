"""Searches of the directory that are under way or being leafed through.

O2G answers a search bit by bit and only once; what came is kept here, sorted for its reader, so that paging forwards
and back asks nothing of O2G again. Any worker can show what another one's search has found.
"""

import secrets
import threading
import time
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from prs.errors import N_, PhoneError
from prs.language import Language
from prs_apps.people import listed_name
from services.deadline import Deadline
from services.directory import Directory, KeypadQuery, NameQuery, Person, Search, SearchProgress
from store.shared import Shared

KEPT_SECONDS = 900  # a person who was called away by a call finds the list again
LONGEST_S = 60.0  # O2G frees a search after a minute (LIMITS L120): one that is older runs nowhere
UNSEEN_SECONDS = 20  # whom nobody has looked for so long has been left: pages of a search renew themselves each second
MOST = 100  # O2G gives no more people for one search (LIMITS L122)


class SearchBroken(PhoneError):
    """A search that another worker ran broke off; that worker's log tells why."""

    status, code = 502, "D1"
    message = N_("The directory broke off. Try again.")
    retry = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found so far, sorted for its reader.

    Attributes:
        people: in the order of the reader's language.
        finished: O2G has no more.
        timed_out: O2G gave up before it had looked everywhere.
        failed: O2G refused or broke off; `people` is what came before.
        began: when, in seconds since the epoch.
    """

    people: tuple[Person, ...] = ()
    finished: bool = False
    timed_out: bool = False
    failed: bool = False
    began: float = 0.0

    @property
    def too_many(self) -> bool:
        """There may be more people than O2G gives."""
        return len(self.people) >= MOST


_FOUND = TypeAdapter(Found)


class Searches:
    """The searches that this worker runs, and what all workers' searches have found."""

    def __init__(self, directory: Directory, shared: Shared) -> None:
        """Take O2G's directory and the place where results are kept."""
        self._directory = directory
        self._shared = shared
        self._lock = threading.Lock()
        self._running: dict[str, Search] = {}

    def start(self, login: str, query: NameQuery | KeypadQuery, language: Language, deadline: Deadline) -> str:
        """Start a search for a user and give the name under which its results are kept.

        Raises:
            O2GError: O2G did not take the search; SearchLimitReached if too many are under way.
        """
        name = secrets.token_urlsafe(9)

        def keep(progress: SearchProgress) -> None:
            people = tuple(language.sorted(progress.people, _names))
            failed = progress.failed is not None
            self._put(name, Found(people, progress.finished, progress.timed_out, failed, began))

        def wanted() -> bool:
            return self._shared.get(_seen(name)) is not None

        began = time.time()
        # Other workers are asked for this search as soon as its first page is out: it is known before it begins.
        self._put(name, Found(began=began))
        self._notice(name)
        search = self._directory.search(login, query, deadline, keep, wanted)
        with self._lock:
            self._running = {n: s for n, s in self._running.items() if not s.progress().finished}
            self._running[name] = search
        return name

    def look(self, name: str, count: int, deadline: Deadline) -> Found | None:
        """Show what a search has found, waiting until there are `count` people, it is finished or time is up.

        Returns:
            None if nothing is known of such a search (any more).

        Raises:
            O2GError: O2G broke the search off before anyone was found.
            SearchBroken: the same, in another worker's search.
        """
        with self._lock:
            search = self._running.get(name)
        self._notice(name)
        if search is not None:
            progress = search.wait(count, deadline)
            if progress.finished:
                with self._lock:
                    self._running.pop(name, None)
            if progress.failed is not None and not progress.people:
                raise progress.failed
        kept = self._shared.get(_key(name))
        if kept is None:
            return None
        found = _FOUND.validate_json(kept)
        if search is None and not found.finished and time.time() - found.began > LONGEST_S:
            found = replace(found, finished=True, timed_out=True)  # the worker that ran it is gone
        if found.failed and not found.people:
            raise SearchBroken
        return found

    def stop(self, name: str) -> None:
        """Stop a search whose results nobody waits for any more."""
        with self._lock:
            search = self._running.pop(name, None)
        if search is not None:
            search.stop()

    def _notice(self, name: str) -> None:
        """Note that somebody looks at a search: whichever worker runs it lets it go on."""
        self._shared.put(_seen(name), b"1", UNSEEN_SECONDS)

    def _put(self, name: str, found: Found) -> None:
        self._shared.put(_key(name), _FOUND.dump_json(found), KEPT_SECONDS)


def _key(name: str) -> str:
    return f"search:{name}"


def _seen(name: str) -> str:
    return f"search-seen:{name}"


def _names(person: Person) -> tuple[str, ...]:
    """Give what a person is sorted by: as listed, then the number, so that doubles keep their places."""
    return (
        person.last_name or person.first_name,
        listed_name(person.first_name, person.last_name),
        person.display_number,
    )
