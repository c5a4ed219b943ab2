"""One session at one address of O2G: opened when first needed, kept alive, opened again when it is lost, closed."""

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

import structlog

from services.board import Board
from services.calls import Call
from services.credentials import Credentials
from services.deadline import Deadline
from services.errors import (
    NoLicence,
    NotAllowed,
    O2GError,
    O2GTimeout,
    O2GUnreachable,
    SessionLost,
    WrongCredentials,
)
from services.healing import Healing, Healings
from services.line import Line
from services.login import OpenSession, log_in
from services.refusals import INVALID_SESSION, refusal
from services.rounds import Rounds
from services.threads import started
from services.wire import Answer, Sender

LOGIN_SECONDS = 10.0  # logging in goes on when the screen that needed it has given up: the next one has it
PAUSE_SECONDS = 1.0  # between two attempts to log in
CLOSE_SECONDS = 3.0
KEEP_ALIVE_SECONDS = 2.0
GONE_STATUSES = (401, 403, 404)
CLOSED_STATUSES = (*GONE_STATUSES, 500)  # A14: closed already

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose session: a user's, or one of the administrator's.

    Attributes:
        user: the login name; None: the administrator himself.
        lane: which of the administrator's sessions; 0 is the one for everything but searches.
    """

    user: str | None = None
    lane: int = 0

    @property
    def main(self) -> bool:
        """Whether this is the administrator's session that is always held open."""
        return self.user is None and self.lane == 0


@dataclass(frozen=True, slots=True)
class Bureau:
    """What all keepers of an address share; `board`: what the workers of the server share, where there are several."""

    line: Line
    credentials: Credentials
    rounds: Rounds
    healings: Healings
    numbers: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    board: Board | None = None


class Keeper:
    """Keeps the session of one account at one address; any thread may use it."""

    def __init__(self, bureau: Bureau, account: Account) -> None:
        """Make no request."""
        self.account = account
        self.line = bureau.line
        self._bureau = bureau
        self._clock = bureau.clock
        self._lock = threading.Lock()
        self._open: OpenSession | None = None
        self._attempt: Future[OpenSession] | None = None
        self._outages = 0  # of the line when that began
        self._opened = 0  # how many sessions it has opened
        self._served = 0  # the last session in which O2G did something
        self._unserved = 0  # sessions in a row in which it did nothing
        self._failed: O2GError | None = None
        self._not_before = 0.0
        self._closed = False
        self._abandoned = False  # closed while an attempt to log in went on for longer than anybody waits
        self._inside = 0
        self._used = self._clock()

    @property
    def session(self) -> OpenSession | None:
        """The open session, as far as is known."""
        return self._open

    @property
    def failure(self) -> O2GError | None:
        """Why the last attempt to log in failed; None after one that succeeded."""
        return self._failed

    @property
    def served(self) -> bool:
        """Whether O2G has done something in the open session: one in which it only refused holds no licence."""
        session = self._open
        return session is not None and self._served == session.count

    @property
    def busy(self) -> bool:
        """Whether a call is under way in it."""
        return self._inside > 0

    def idle_seconds(self) -> float:
        """Tell for how long nobody has used it."""
        return self._clock() - self._used

    def enter(self) -> None:
        """Count a call that begins; `Keepers` sees to it that the session is not closed before it ends."""
        with self._lock:
            self._inside += 1

    def leave(self) -> None:
        """Count its end."""
        with self._lock:
            self._inside -= 1
            self._used = self._clock()

    def opened(self, deadline: Deadline) -> OpenSession:
        """Give the open session, opening one where there is none; threads that wait for it share one attempt.

        Raises:
            WrongCredentials: O2G refuses them, now or a while ago: then at once and without a request.
            O2GTimeout: not in time; the attempt goes on for those who come after.
            O2GError: the attempt failed; the next call after a short pause makes another.
        """
        attempt = self._begun()
        if isinstance(attempt, OpenSession):
            return attempt
        since, patience = self.line.check(), deadline.remaining()
        try:
            return attempt.result(timeout=patience)
        except TimeoutError:
            error = O2GTimeout("O2G took too long to log in")
            self.line.note_failure(since, patience, deadline, error)
            raise error from None
        except O2GError as error:
            raise error.again() from None

    def ask(self, session: OpenSession, call: Call, deadline: Deadline) -> Answer:
        """Send a call in the session; give whatever O2G answers."""
        answer = self._sent(call, session, self.line, deadline)
        if answer.good:
            self._served = session.count
        return replace(answer, session=session.count)

    def is_lost(self, session: OpenSession, answer: Answer, deadline: Deadline) -> bool:
        """Tell whether a refusal means that the session is gone (A14). Where it may mean another thing, ask O2G."""
        if answer.good:
            return False
        code = refusal(answer.status, answer.body).code
        if code == INVALID_SESSION:
            return True
        if answer.status == 401 or (answer.status == 403 and code is None):
            return not self._kept_alive(session, self.line, deadline).good
        return False

    def lose(self, session: OpenSession) -> None:
        """Forget a session that is gone; only the first thread that noticed does, and only that session."""
        with self._lock:
            if self._open is not session:
                return
            self._open = None
            self._unserved = 0 if self._served == session.count else self._unserved + 1
            if self._unserved > 1:
                # Nothing but logging in works: without a pause each call would do it again.
                self._failed = SessionLost("O2G ends sessions as soon as they are opened")
                self._not_before = self._clock() + PAUSE_SECONDS
        log.warning("o2g.session_lost", open_seconds=int(time.monotonic() - session.opened))

    def make_sure(self, deadline: Deadline) -> None:
        """Have a session that O2G knows, asking past the guard of an address that is about to be used again.

        Several threads may want it at once: they share one attempt.

        Raises:
            O2GError: it cannot be had.
        """
        session = self._open
        if session is not None:
            answer = self._kept_alive(session, self.line.unguarded, deadline)
            if answer.good:
                return
            if answer.status not in GONE_STATUSES:
                raise refusal(answer.status, answer.body)
            self.lose(session)
        with self._lock:
            attempt = self._current() or self._begin(self.line.unguarded)
        if isinstance(attempt, OpenSession):  # somebody else has opened it meanwhile
            return
        try:
            attempt.result(timeout=deadline.remaining())
        except TimeoutError:
            raise O2GTimeout("O2G took too long to log in") from None
        except O2GError as error:
            raise error.again() from None

    def release(self, deadline: Deadline) -> None:
        """Close the session at O2G unless a call is under way in it; it may be opened again."""
        with self._lock:
            if self._inside or self._open is None:
                return
            session, self._open = self._open, None
        self._end(session, deadline)

    def close(self, deadline: Deadline) -> bool:
        """Close the session at O2G (L25); every later call fails. Closing twice is closing once.

        Returns:
            Whether none is left open there.
        """
        with self._lock:
            if self._closed:
                return True
            self._closed = True
            session, self._open = self._open, None
            attempt = self._attempt
        if attempt is not None and session is None:
            try:
                session = attempt.result(timeout=deadline.remaining())
            except TimeoutError:
                self._abandoned = True  # then the attempt ends what it opens
            except O2GError:
                return True  # none was opened
        return session is None or self._end(session, deadline)

    def _begun(self) -> OpenSession | Future[OpenSession]:
        with self._lock:
            current = self._current()
            if current is not None:
                return current
            if self._failed is not None and self._clock() < self._not_before:
                raise self._failed.again()
            return self._begin(self.line)

    def _current(self) -> OpenSession | Future[OpenSession] | None:
        """Give the open session, else the attempt that is under way, else None; with the lock held.

        Raises:
            O2GUnreachable: it is closed for good.
        """
        if self._closed:
            raise O2GUnreachable("the connection to O2G is closed", can_retry=False)
        if self._open is not None:
            return self._open
        return self._attempt if self._outages == self.line.outages else None

    def _begin(self, sender: Sender) -> Future[OpenSession]:
        """Begin an attempt, in the place of one that an outage has overtaken; with the lock held."""
        self._bureau.credentials.check(self.line.name)
        attempt: Future[OpenSession] = Future()
        if started(partial(self._log_in, attempt, sender), "o2g-login") is None:
            raise O2GUnreachable("nothing is left to log in to O2G with", nothing_sent=True)
        self._attempt, self._outages = attempt, self.line.outages
        return attempt

    def _log_in(self, attempt: Future[OpenSession], sender: Sender) -> None:
        count = self._bureau.numbers()
        try:
            self._bureau.credentials.await_turn(self.line.name)
            deadline = Deadline.after(LOGIN_SECONDS)
            session = log_in(self.line.endpoint, sender, count, deadline, self.account.user)
        except O2GError as error:
            self._note_failure(attempt, error)
            attempt.set_exception(error)
        except BaseException:
            self._note_failure(attempt, O2GUnreachable("logging in to O2G broke off"))
            attempt.set_exception(O2GUnreachable("logging in to O2G broke off"))
            raise
        else:
            overtaken = not self._note_success(attempt, session)
            attempt.set_result(session)
            if self._abandoned or overtaken:
                self._end(session, Deadline.after(CLOSE_SECONDS))

    def _note_failure(self, attempt: Future[OpenSession], error: O2GError) -> None:
        if isinstance(error, WrongCredentials):
            self._bureau.credentials.refused(self.line.name, error)
        else:
            self._bureau.credentials.neither(self.line.name)
        with self._lock:
            if self._attempt is not attempt:
                return  # another one goes on
            self._attempt = None
            self._failed = error
            self._not_before = self._clock() + PAUSE_SECONDS
        if isinstance(error, WrongCredentials):
            return  # it has been told
        if self.account.user is not None and isinstance(error, NotAllowed) and not isinstance(error, NoLicence):
            log.error("o2g.may_not_supervise", meaning="the administrator's login may open no session for a user")
        else:
            log.warning("o2g.login_failed", error=type(error).__name__, reason=str(error))

    def _note_success(self, attempt: Future[OpenSession], session: OpenSession) -> bool:
        """Take the session up; False: another attempt has taken the place of this one."""
        self._bureau.credentials.taken(self.line.name)
        with self._lock:
            if self._attempt is not attempt:
                return False
            self._attempt = None
            self._failed = None
            self._opened += 1
            if self._closed:
                return True  # close() waits for the attempt and ends the session
            self._open = session
            again = self._opened > 1
        if again:
            self._bureau.healings.happened(Healing.LOGGED_IN_AGAIN, ttl=session.ttl, product=session.product_version)
        elif self.account.main:
            log.info("o2g.logged_in", ttl=session.ttl, product=session.product_version)
        rest = session.ttl * random.uniform(0.4, 0.5)  # noqa: S311  # spreads servers that started together
        self._bureau.rounds.after(rest, lambda: self._keep(session, rest))
        return True

    def _keep(self, session: OpenSession, rest: float) -> None:
        """Restart the session's timer before half of it has run (B8), and open the main session where it is lost."""
        if self._open is not session:
            return
        wait = rest
        if (idle := self.idle_seconds()) < rest:  # each request restarts O2G's timer, too (L21)
            self._bureau.rounds.after(rest - idle, lambda: self._keep(session, rest))
            return
        try:
            answer = self._kept_alive(session, self.line, Deadline.after(KEEP_ALIVE_SECONDS))
        except O2GError as error:
            log.warning("o2g.keep_alive_failed", error=type(error).__name__, reason=str(error))
            wait = rest / 5
        else:
            if answer.status in GONE_STATUSES:
                self.lose(session)
                if self.account.main:
                    self._open_again()
                return
        self._bureau.rounds.after(wait, lambda: self._keep(session, rest))

    def _kept_alive(self, session: OpenSession, sender: Sender, deadline: Deadline) -> Answer:
        return self._sent(Call("POST /sessions/keepalive"), session, sender, deadline)

    def _sent(self, call: Call, session: OpenSession, sender: Sender, deadline: Deadline) -> Answer:
        return sender.send(
            call.operation,
            call.url(session.base),
            deadline,
            headers={"Cookie": session.cookies, "Accept": call.accept},
            content=call.body.wire() if call.body is not None else None,
        )

    def _open_again(self) -> None:
        try:
            self._begun()
        except O2GError as error:  # logged where it happened; whoever needs the session tries again
            log.debug("o2g.not_open_again", error=type(error).__name__)

    def _end(self, session: OpenSession, deadline: Deadline) -> bool:
        try:
            answer = self._sent(Call("DELETE /sessions"), session, self.line, deadline)
        except O2GError as error:
            self._tell_left(session, error=type(error).__name__)
            return False
        if not (answer.good or answer.status in CLOSED_STATUSES):
            self._tell_left(session, status=answer.status)
            return False
        if self.account.main:
            log.info("o2g.closed", status=answer.status)
        else:
            log.debug("o2g.closed_unused", status=answer.status)
        return True

    def _tell_left(self, session: OpenSession, **why: str | int) -> None:
        """Log it; of those beside the main session, which may be many, `Keepers` tells how many they are."""
        log.log(
            logging.WARNING if self.account.main else logging.DEBUG, "o2g.session_left_open", ttl=session.ttl, **why
        )
