"""One directory search, which runs on by itself until O2G has given everybody."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from queue import SimpleQueue

import structlog

from services.border import read
from services.calls import Call
from services.deadline import Deadline
from services.errors import NotFound, O2GBusy, O2GError, SearchLimitReached, SessionLost
from services.people import LIMIT, KeypadQuery, Portion, Query, SearchProgress, request
from services.session import Session
from services.threads import started
from services.wire import Answer

FIRST_LOOK_SECONDS = 0.05
WAITS_SECONDS = (0.1, 0.2, 0.5)  # the reference's 500 ms (L123) is an example for its loop; see `Search`
LOOK_SECONDS = 6.0  # for one answer
LONGEST_SECONDS = 55.0  # O2G gives a search up itself, or frees it after a minute (L120)
DELETE_SECONDS = 8.0
DELETE_ANSWER_SECONDS = 3.0  # for one try
DELETE_PAUSES_SECONDS = (0.0, 0.5, 2.0)  # deleting what is deleted harms nothing; a place left taken harms others
LIMIT_STATUSES = (400, 403, 500, 503)  # every refusal that the reference gives for a search
LIMIT_WORDS = ("limit", "max", "concurrent", "simultaneous", "too many", "exceed", "running")

OnProgress = Callable[[SearchProgress], None]

log = structlog.get_logger(__name__)


class Search:
    """A search under way: it asks O2G for portions in a thread of its own, and deletes itself at O2G at its end.

    It looks for the first portion 50 ms after the start. While O2G has nothing yet (NOK) it waits 100, then 200, then
    500 ms: the reference recommends "500 ms for example", which would make every first page half a second late, and is
    where the waits end. After a portion (OK) it asks on at once. Where O2G's session is lost on the way, with it the
    search, the search starts once more in the new one, leaving out whom it has already found.
    """

    def __init__(
        self,
        session: Session,
        login: str,
        query: Query,
        on_progress: OnProgress | None,
        wanted: Callable[[], bool] | None = None,
    ) -> None:
        """Prepare a search for a user; `begin` starts it.

        Raises:
            BadParameter: O2G would refuse the query.
        """
        self.lane = 0  # in which of the administrator's sessions it runs
        self._session = session
        self._login = login
        self._begin = Call(
            "POST /directory/searchbydtmf" if isinstance(query, KeypadQuery) else "POST /directory/search",
            query={"loginName": login},
            body=request(query),
        )
        self._on_progress = on_progress
        self._wanted = wanted
        self._changed = threading.Condition()
        self._progress = SearchProgress((), finished=False, timed_out=False, failed=None)
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._in_session = 0
        self._restarted = False

    def wait(self, count: int, deadline: Deadline) -> SearchProgress:
        """Wait until `count` people are there, the search is over, or the deadline is; give what there is then.

        What it gives has been told to `on_progress` before.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._progress.finished or len(self._progress.people) >= count, deadline.remaining()
            )
            return self._progress

    def progress(self) -> SearchProgress:
        """Give what there is now."""
        with self._changed:
            return self._progress

    def stop(self) -> None:
        """Nobody waits any more: have it deleted at O2G soon. It finishes with those found until then."""
        self._stopped.set()

    def ended(self, deadline: Deadline) -> bool:
        """Wait until O2G holds nothing of this search any more; False if it still may when the deadline is over."""
        return self._ended.wait(deadline.remaining())

    def begin(self, deadline: Deadline, at_end: Callable[[], None]) -> None:
        """Start it at O2G and go on in a thread.

        Args:
            deadline: until when O2G must have started it.
            at_end: called once, when O2G holds nothing of it any more; also where it could not be started.

        Raises:
            SearchLimitReached: O2G has as many searches as it takes.
            O2GError: O2G failed.
        """
        todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        if started(partial(self._do, todo, at_end), "o2g-search") is None:  # before O2G holds anything of it
            no_thread = O2GBusy("nothing is left to follow a search with")
            self._show(replace(self._progress, finished=True, failed=no_thread))
            self._end(at_end)
            raise no_thread
        try:
            self._start_at_o2g(deadline)
        except O2GError as error:
            self._show(replace(self._progress, finished=True, failed=error))
            # Where no answer came the search may run at O2G all the same.
            if error.status is None and not error.nothing_sent:
                todo.put(self._delete)
            else:
                todo.put(None)
                self._end(at_end)
            raise
        except BaseException:
            todo.put(None)
            self._end(at_end)
            raise
        todo.put(self._run)

    def _start_at_o2g(self, deadline: Deadline) -> None:
        try:
            self._in_session = self._call(self._begin, deadline).session
        except O2GError as error:
            if error.status in LIMIT_STATUSES and _is_about_searches(error):
                raise error.as_(SearchLimitReached) from None
            raise

    def _call(self, call: Call, deadline: Deadline, only_in: int | None = None) -> Answer:
        return self._session.call(call, deadline, only_in, self.lane)

    def _do(self, todo: "SimpleQueue[Callable[[], None] | None]", at_end: Callable[[], None]) -> None:
        """Wait for what is to be done, which may be nothing, and do it."""
        work = todo.get()
        if work is None:
            return
        try:
            work()
        finally:
            self._end(at_end)

    def _end(self, at_end: Callable[[], None]) -> None:
        self._ended.set()
        at_end()

    def _run(self) -> None:
        try:
            last = self._look(Deadline.after(LONGEST_SECONDS))
            self._tell_and_show(replace(last, finished=True))
        except O2GError as error:
            log.warning("o2g.search_failed", error=type(error).__name__, reason=str(error))
            self._tell_and_show(replace(self._progress, finished=True, failed=error))
        except BaseException:
            self._show(replace(self._progress, finished=True, failed=O2GError("a search broke off")))
            raise
        finally:
            self._delete()

    def _look(self, end: Deadline) -> SearchProgress:
        """Ask for portions until O2G says that it was the last, nobody waits any more, or it takes too long."""
        waits = iter(WAITS_SECONDS)
        pause = FIRST_LOOK_SECONDS
        while not self._stopped.wait(pause) and end.remaining() > 0 and self._is_wanted():
            portion = self._portion(end)
            found = self._with(portion)
            if portion.result_code in ("FINISH", "TIMEOUT") or len(found.people) == LIMIT:
                return replace(found, timed_out=portion.result_code == "TIMEOUT")
            if found != self._progress:
                self._tell_and_show(found)
                waits = iter(WAITS_SECONDS)
                pause = 0.0
            else:
                pause = next(waits, WAITS_SECONDS[-1])
        return replace(self._progress, timed_out=True)

    def _is_wanted(self) -> bool:
        return self._wanted is None or self._wanted()

    def _portion(self, end: Deadline) -> Portion:
        look = Call("GET /directory/search", query={"loginName": self._login})
        try:
            answer = self._call(look, end.at_most(LOOK_SECONDS), self._in_session)
        except SessionLost:
            if self._restarted:
                raise
            self._restarted = True
            self._start_at_o2g(end.at_most(LOOK_SECONDS))
            return Portion()
        return read(Portion, answer.body, "a portion of a search") if answer.body.strip() else Portion()

    def _with(self, portion: Portion) -> SearchProgress:
        people = dict.fromkeys((*self._progress.people, *portion.people()))
        return replace(self._progress, people=tuple(people)[:LIMIT])

    def _tell_and_show(self, progress: SearchProgress) -> None:
        """Tell the listener first: whoever is then woken finds what the listener has done with it."""
        if self._on_progress is not None:
            try:
                self._on_progress(progress)
            except Exception:
                # A listener at fault must not keep the search from being deleted at O2G.
                log.exception("o2g.search_listener_failed")
        self._show(progress)

    def _show(self, progress: SearchProgress) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()

    def _delete(self) -> None:
        delete = Call("DELETE /directory/search", query={"loginName": self._login})
        failure: O2GError | None = None
        end = Deadline.after(DELETE_SECONDS)
        for pause in DELETE_PAUSES_SECONDS:
            time.sleep(pause)
            try:
                self._call(delete, end.at_most(DELETE_ANSWER_SECONDS), self._in_session or None)
            except (SessionLost, NotFound):
                return  # it went with the session (L28), or O2G has ended it
            except O2GError as error:
                failure = error
            else:
                return
        log.warning("o2g.search_left_behind", error=type(failure).__name__, freed_after_seconds=60)


def _is_about_searches(error: O2GError) -> bool:
    """Recognise O2G's refusal of one search too many, for which the reference gives no code of its own."""
    said = f"{error.help_message} {error.inner_message}".lower()
    return "search" in said and any(word in said for word in LIMIT_WORDS)
