"""Touchline's session at O2G: opened when first needed, kept alive, opened again once for all when it is lost."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from services.calls import Call
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GError, O2GTimeout, O2GUnreachable, SessionLost, WrongCredentials
from services.login import OpenSession, log_in
from services.refusals import INVALID_SESSION, refusal
from services.wire import Answer, Wire

LOGIN_SECONDS = 10.0  # logging in goes on when the screen that needed it has given up: the next one has it
PAUSE_SECONDS = 1.0  # between two attempts to log in
CLOSE_SECONDS = 3.0
KEEP_ALIVE_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class O2GState:
    """How things stand with O2G, without asking it.

    Attributes:
        connected: whether a session is open, as far as is known.
        product_version: O2G's version, where it told.
        since: when the session was opened, UTC.
        session_ttl: its time to live in seconds, as O2G gave it.
        last_error: the last failure to log in or to keep the session, until the next success; holds no secret.
        credentials_refused: whether O2G refused login or password; nothing is asked of it any more then.
    """

    connected: bool
    product_version: str | None
    since: datetime | None
    session_ttl: int | None
    last_error: str | None
    credentials_refused: bool


class Session:
    """The one session of this process; any thread may call through it."""

    def __init__(self, endpoint: O2GEndpoint, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        """Make no request and start no thread: a process may still fork."""
        self._endpoint = endpoint
        self._wire = wire
        self._clock = clock
        self._lock = threading.Lock()
        self._open: OpenSession | None = None
        self._over = threading.Event()  # of the open session
        self._attempt: Future[OpenSession] | None = None
        self._count = 0
        self._served = 0  # the last session in which O2G did something
        self._unserved = 0  # sessions in a row in which it did nothing
        self._refused: WrongCredentials | None = None
        self._failed: O2GError | None = None
        self._not_before = 0.0
        self._closed = False

    def call(self, call: Call, deadline: Deadline, only_in: int | None = None) -> Answer:
        """Ask O2G.

        A request that O2G refuses because the session is gone was not done: it is sent once more in a new session,
        whether it reads or writes.

        Args:
            call: the operation.
            deadline: until when the answer must be here; logging in counts.
            only_in: the session (`Answer.session`) whose contexts the request is about; it is sent in no other.

        Raises:
            SessionLost: again refused in the new session, or the session `only_in` is no more.
            O2GError: every other failure, as `services.errors` tells.
        """
        session = self.opened(deadline)
        answer = self._in(session, call, deadline, only_in)
        if self._is_lost(session, answer, deadline):
            self._lose(session)
            session = self.opened(deadline)
            answer = self._in(session, call, deadline, only_in)
            if self._is_lost(session, answer, deadline):
                self._lose(session)
                raise refusal(answer.status, answer.body).as_(SessionLost)
        if not answer.good:
            raise refusal(answer.status, answer.body)
        self._served = session.count
        return answer

    def opened(self, deadline: Deadline) -> OpenSession:
        """Give the open session, opening one where there is none; threads that wait for it share one attempt.

        Raises:
            WrongCredentials: O2G refuses them, now or since before: then at once and without a request.
            O2GTimeout: not in time; the attempt goes on for those who come after.
            O2GError: the attempt failed; the next call after a short pause makes another.
        """
        with self._lock:
            if self._closed:
                raise O2GUnreachable("the connection to O2G is closed", can_retry=False)
            if self._open is not None:
                return self._open
            if self._refused is not None:
                raise self._refused.again()
            attempt = self._attempt
            if attempt is None:
                if self._failed is not None and self._clock() < self._not_before:
                    raise self._failed.again()
                attempt = self._attempt = Future()
                threading.Thread(target=self._log_in, args=(attempt,), name="o2g-login", daemon=True).start()
        try:
            return attempt.result(timeout=deadline.remaining())
        except TimeoutError:
            raise O2GTimeout("O2G took too long to log in") from None
        except O2GError as error:
            raise error.again() from None

    def state(self) -> O2GState:
        """Tell how things stand, without a request."""
        with self._lock:
            session = self._open
            error = self._refused or self._failed
            return O2GState(
                connected=session is not None,
                product_version=session.product_version if session else None,
                since=session.since if session else None,
                session_ttl=session.ttl if session else None,
                last_error=f"{type(error).__name__}: {error}" if error else None,
                credentials_refused=self._refused is not None,
            )

    def close(self) -> None:
        """Close the session at O2G (L25); every later call fails. Closing twice is closing once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            session, self._open = self._open, None
            attempt = self._attempt
            self._over.set()
        if attempt is not None and session is None:
            try:
                session = attempt.result(timeout=CLOSE_SECONDS)
            except (TimeoutError, O2GError):
                session = None
        if session is not None:
            self._end(session)

    def _log_in(self, attempt: Future[OpenSession]) -> None:
        try:
            session = log_in(self._endpoint, self._wire, self._count + 1, Deadline.after(LOGIN_SECONDS))
        except O2GError as error:
            self._note_failure(error)
            attempt.set_exception(error)
        except BaseException:
            self._note_failure(O2GUnreachable("logging in to O2G broke off"))
            attempt.set_exception(O2GUnreachable("logging in to O2G broke off"))
            raise
        else:
            self._note_success(session)
            attempt.set_result(session)

    def _note_failure(self, error: O2GError) -> None:
        with self._lock:
            self._attempt = None
            self._failed = error
            self._not_before = self._clock() + PAUSE_SECONDS
            if isinstance(error, WrongCredentials):
                self._refused = error
        if isinstance(error, WrongCredentials):
            log.error("o2g.credentials_refused", status=error.status, code=error.code, meaning="not tried again")
        else:
            log.warning("o2g.login_failed", error=type(error).__name__, reason=str(error))

    def _note_success(self, session: OpenSession) -> None:
        with self._lock:
            self._attempt = None
            self._failed = None
            self._count = session.count
            if self._closed:
                return  # close() waits for the attempt and ends the session
            self._open = session
            over = self._over = threading.Event()
        again = session.count > 1
        log.info("o2g.logged_in_again" if again else "o2g.logged_in", ttl=session.ttl, product=session.product_version)
        threading.Thread(target=self._keep, args=(session, over), name="o2g-keep-alive", daemon=True).start()

    def _in(self, session: OpenSession, call: Call, deadline: Deadline, only_in: int | None) -> Answer:
        if only_in is not None and only_in != session.count:
            raise SessionLost("O2G's session ended, and what was under way in it")
        content = call.body.wire() if call.body is not None else None
        answer = self._wire.send(
            call.operation,
            call.url(session.base),
            deadline,
            headers={"Cookie": session.cookies, "Accept": call.accept},
            content=content,
            once=call.once,
        )
        return replace(answer, session=session.count)

    def _is_lost(self, session: OpenSession, answer: Answer, deadline: Deadline) -> bool:
        """Tell whether a refusal means that the session is gone (A14). Where it may mean another thing, ask O2G."""
        if answer.good:
            return False
        code = refusal(answer.status, answer.body).code
        if code == INVALID_SESSION:
            return True
        if answer.status == 401 or (answer.status == 403 and code is None):
            return not self._keep_alive(session, deadline).good
        return False

    def _lose(self, session: OpenSession) -> None:
        """Forget a session that is gone; only the first thread that noticed does, and only that session."""
        with self._lock:
            if self._open is not session:
                return
            self._open = None
            self._over.set()
            self._unserved = 0 if self._served == session.count else self._unserved + 1
            if self._unserved > 1:
                # Nothing but logging in works: without a pause each call would do it again.
                self._failed = SessionLost("O2G ends sessions as soon as they are opened")
                self._not_before = self._clock() + PAUSE_SECONDS
        log.warning(
            "o2g.session_lost", open_seconds=int((datetime.now(session.since.tzinfo) - session.since).total_seconds())
        )

    def _keep(self, session: OpenSession, over: threading.Event) -> None:
        """Restart the session's timer before half of it has run (B8), and open a new one where it is lost."""
        rest = session.ttl * random.uniform(0.4, 0.5)  # noqa: S311  # spreads servers that started together
        wait = rest
        while not over.wait(wait):
            try:
                answer = self._keep_alive(session, Deadline.after(min(KEEP_ALIVE_SECONDS, rest)))
            except O2GError as error:
                log.warning("o2g.keep_alive_failed", error=type(error).__name__, reason=str(error))
                wait = rest / 5
                continue
            wait = rest
            if answer.status in (401, 403, 404):
                self._lose(session)
                self._open_again()

    def _open_again(self) -> None:
        try:
            self.opened(Deadline.after(LOGIN_SECONDS))
        except O2GError as error:  # logged where it happened; whoever needs the session tries again
            log.debug("o2g.not_open_again", error=type(error).__name__)

    def _keep_alive(self, session: OpenSession, deadline: Deadline) -> Answer:
        return self._in(session, Call("POST /sessions/keepalive"), deadline, None)

    def _end(self, session: OpenSession) -> None:
        try:
            answer = self._in(session, Call("DELETE /sessions"), Deadline.after(CLOSE_SECONDS), None)
        except O2GError as error:
            log.warning("o2g.session_left_open", error=type(error).__name__, ttl=session.ttl)
            return
        gone = answer.good or answer.status in (401, 403, 404, 500)  # A14: closed already
        log.info("o2g.closed" if gone else "o2g.session_left_open", status=answer.status)
