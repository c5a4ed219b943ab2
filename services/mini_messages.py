"""Mini messages: short texts between sets. O2G erases one by giving it away (L69)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import Field

from services.border import MaybeText, Reading, Writing, parse
from services.calls import Call
from services.deadline import Deadline
from services.errors import (
    BadParameter,
    NotAllowed,
    NotExpected,
    NotFound,
    NotSupported,
    O2GError,
    O2GNotReady,
    O2GTimeout,
    SessionLost,
    UnreadableAnswer,
)
from services.moments import MaybeMoment
from services.numbers import dialable
from services.session import Session

LONGEST = 128  # characters (L114)
READING_SECONDS = 10.0  # a message that is on its way is waited for, whoever gave up

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MiniMessage:
    """A message that was read, and is no longer at O2G.

    Attributes:
        sender: number of who sent it; empty where O2G does not say.
        date: when it was sent, UTC; None where O2G does not say (B30).
        text: what it says; may be empty.
    """

    sender: str
    date: datetime | None
    text: str


Keep = Callable[[MiniMessage], None]
Nothing = Callable[[], None]

# Refusals after which a message that waited still waits. A server's problem is not one of them: it may come too late.
REFUSALS = (NotAllowed, NotExpected, NotSupported, BadParameter, NotFound, O2GNotReady, SessionLost)


class SendMiniMessage(Writing):
    """What is sent to whom."""

    recipient: str = Field(min_length=1)
    message: str = Field(min_length=1)


class _MiniMessage(Reading):
    sender: MaybeText = None
    date: MaybeMoment = None
    date_time: MaybeMoment = None
    message: MaybeText = None


def length(text: str) -> int:
    """Count characters as they count against `LONGEST`: in UTF-16, as O2G's Java does (an emoji is two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class MiniMessages:
    """Mini messages of users."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session
        self._under_way: set[threading.Thread] = set()

    def read_next(
        self, login: str, keep: Keep, deadline: Deadline, nothing: Nothing = lambda: None
    ) -> MiniMessage | None:
        """Read a user's newest message, which erases it at O2G (GET /telephony/miniMessages, last in first out).

        What O2G gave exists nowhere else. So it is handed to `keep` first, which must have stored it when it returns;
        and when the deadline ends before O2G answers, reading goes on for up to 10 s and `keep` still gets what comes.
        The request is never repeated when its connection breaks: that would erase another message.

        Args:
            login: the user.
            keep: stores a message. Called at most once, in a thread of its own, maybe after this returned.
            deadline: until when to wait.
            nothing: called instead of `keep`, in the same way, once it is certain that O2G gave no message. Neither
                is called where O2G may have given one that did not arrive.

        Returns:
            The message, stored; None: there is no more.

        Raises:
            O2GTimeout: not in time; the message, if there was one, may yet come to `keep`.
            O2GUnreachable: the connection broke; a message may be lost with it.
            UnreadableAnswer: O2G gave something that is no message.
            O2GError: O2G failed.
            Exception: whatever `keep` raised; the message is lost, and a line in the log says so.
        """
        try:
            deadline.check()
            self._session.opened(deadline, login)  # only then does anything that cannot be undone begin
        except O2GError:
            _tell(nothing)
            raise
        reading: Future[MiniMessage | None] = Future()
        thread = threading.Thread(target=self._read, args=(login, keep, nothing, reading), name="o2g-mini-message")
        self._under_way.add(thread)  # a set's add and discard are one step each
        try:
            thread.start()
        except RuntimeError:  # no thread is left: O2G was not asked
            self._under_way.discard(thread)
            _tell(nothing)
            raise
        try:
            return reading.result(timeout=deadline.remaining())
        except TimeoutError:
            if reading.done():
                raise
            log.warning("o2g.mini_message_awaited", meaning="it is stored when it comes")
            raise O2GTimeout("O2G took too long to give a message") from None

    def finish(self) -> None:
        """Wait, for up to 10 s, until every message that is on its way is kept; before the session is closed."""
        end = Deadline.after(READING_SECONDS)
        for thread in tuple(self._under_way):
            if thread.is_alive():  # else it has ended, or is about to be started for a request that has come too late
                thread.join(end.remaining())

    def send(self, login: str, recipient: str, text: str, deadline: Deadline) -> None:
        """Send a message to a number (POST /telephony/miniMessages). Never sent twice.

        Raises:
            BadParameter: the text is empty or longer than 128 characters (`length`), or this is no number; O2G was not
                asked.
            O2GTimeout: no answer: it may be sent or not.
            O2GError: O2G failed.
        """
        if not text.strip() or length(text) > LONGEST:
            raise BadParameter("a mini message has 1 to 128 characters")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadParameter("a mini message is no text") from None
        request = SendMiniMessage(recipient=dialable(recipient), message=text)
        self._session.call(Call("POST /telephony/miniMessages", query={"loginName": login}, body=request), deadline)

    def _read(self, login: str, keep: Keep, nothing: Nothing, reading: "Future[MiniMessage | None]") -> None:
        """Read and keep; runs to its end, whoever waits."""
        try:
            self._read_and_keep(login, keep, nothing, reading)
        finally:
            self._under_way.discard(threading.current_thread())

    def _read_and_keep(self, login: str, keep: Keep, nothing: Nothing, reading: "Future[MiniMessage | None]") -> None:
        try:
            message = self._ask(login)
        except O2GError as error:
            log.warning("o2g.mini_message_unread", error=type(error).__name__, reason=str(error))
            if error.nothing_sent or isinstance(error, REFUSALS):
                _tell(nothing)
            reading.set_exception(error.again())
            return
        try:
            if message is None:
                _tell(nothing)
            else:
                keep(message)
        except Exception as error:  # noqa: BLE001  # handed to who waits, and logged for when nobody does
            log.error("o2g.mini_message_lost", error=type(error).__name__, meaning="it could not be stored")
            reading.set_exception(error)
        else:
            reading.set_result(message)

    def _ask(self, login: str) -> MiniMessage | None:
        call = Call("GET /telephony/miniMessages", query={"loginName": login}, once=True)
        try:
            body = self._session.call(call, Deadline.after(READING_SECONDS)).body
        except NotFound:
            return None
        except O2GError as error:
            if error.status == 400:  # A50
                return None
            raise
        return _message(body)


def _tell(nothing: Nothing) -> None:
    """Tell that no message came; who cannot hear it has lost nothing."""
    try:
        nothing()
    except Exception as error:  # noqa: BLE001  # this thread's end is its boundary
        log.warning("o2g.mini_message_none_untold", error=type(error).__name__)


def _message(body: bytes) -> MiniMessage | None:
    value = parse(body) if body.strip() else None
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        raise UnreadableAnswer("O2G's answer is not a mini message")
    found = _MiniMessage.model_validate(value)
    if found.sender is None and found.message is None:
        raise UnreadableAnswer("O2G's answer is not a mini message")
    return MiniMessage(found.sender or "", found.date or found.date_time, found.message or "")
