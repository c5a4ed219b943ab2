"""What waits for a user: missed calls, messages, callback requests."""

from dataclasses import dataclass

from services.border import MaybeCount, MaybeFlag, Reading, read
from services.calls import Call
from services.deadline import Deadline
from services.live.known import Known
from services.live.packages import Package
from services.live.shelf import Event, Shelf
from services.live.state import LiveState
from services.session import Session


@dataclass(frozen=True, slots=True)
class EventSummary:
    """Counters, each from 0 on; None where O2G does not know, which is not 0 (L132, B33).

    `waiting` tells whether the user's own rules want a light for any of it.
    """

    missed_calls: int | None
    voice_messages: int | None
    callback_requests: int | None
    fax: int | None
    new_text_messages: int | None
    old_text_messages: int | None
    waiting: bool | None


class _Summary(Reading):
    missed_calls_nb: MaybeCount = None
    voice_messages_nb: MaybeCount = None
    call_back_requests_nb: MaybeCount = None
    fax_nb: MaybeCount = None
    new_text_nb: MaybeCount = None
    old_text_nb: MaybeCount = None
    event_waiting: MaybeFlag = None


class EventSummaries:
    """Event summaries, as they are now."""

    def __init__(self, session: Session, live: LiveState | None = None) -> None:
        """Ask through `session` what `live` does not know."""
        self._session = session
        self._kept: Shelf[EventSummary] = (live or LiveState()).shelf(
            "event_summary", Package.EVENT_SUMMARY, {"OnEventSummaryUpdated": lambda _, event: _told(event)}
        )

    def of(self, login: str, deadline: Deadline) -> EventSummary:
        """Tell a user's counters: live, else asked for (GET /eventSummary).

        Raises:
            NotAllowed: the user has no licence for it (L46).
            O2GError: O2G failed.
        """
        return self._kept.get(login, lambda: self._ask(login, deadline))

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        """Tell the same with its age, and while O2G does not answer what is known of before.

        Raises:
            O2GError: O2G failed, and nothing is known.
        """
        return self._kept.known(login, lambda: self._ask(login, deadline))

    def _ask(self, login: str, deadline: Deadline) -> EventSummary:
        answer = self._session.call(Call("GET /eventSummary", query={"loginName": login}), deadline)
        return _summary(read(_Summary, answer.body, "an event summary") if answer.body.strip() else _Summary())


def _told(event: Event) -> EventSummary:
    """Give the summary of an event, which is a whole one: what it leaves out is unknown (L132)."""
    return _summary(_Summary.model_validate(event.get("eventSummary")))


def _summary(found: _Summary) -> EventSummary:
    return EventSummary(
        missed_calls=found.missed_calls_nb,
        voice_messages=found.voice_messages_nb,
        callback_requests=found.call_back_requests_nb,
        fax=found.fax_nb,
        new_text_messages=found.new_text_nb,
        old_text_messages=found.old_text_nb,
        waiting=found.event_waiting,
    )
