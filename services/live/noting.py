"""The session of O2G's services: it tells the live state of whom something was changed."""

import time
from collections.abc import Callable

from services.board import Board
from services.calls import Call, changes
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GError
from services.live.state import LiveState
from services.session import Session
from services.wire import Answer, Observe

SNAPSHOT = "/snapshot"  # asks for events, changes nothing


class NotingSession(Session):
    """A session after whose writes nothing older is shown.

    The event that tells of a write comes when it comes. Until then, and for a moment more, what is kept of that user is
    not used, whichever service wrote.
    """

    def __init__(
        self,
        endpoint: O2GEndpoint,
        live: LiveState,
        observe: Observe | None = None,
        clock: Callable[[], float] = time.monotonic,
        board: Board | None = None,
    ) -> None:
        """Tell `live` of what is written; the rest as `Session`."""
        super().__init__(endpoint, observe, clock, board)
        self._live = live

    def call(self, call: Call, deadline: Deadline, only_in: int | None = None, lane: int = 0) -> Answer:
        """Ask O2G, as `Session.call`."""
        login = changed_by(call)
        if login is None:
            return super().call(call, deadline, only_in, lane)
        sent = True
        try:
            return super().call(call, deadline, only_in, lane)
        except O2GError as error:
            sent = not error.nothing_sent
            raise
        finally:
            if sent:
                self._live.wrote(login)  # also without an answer: it may be done


def changed_by(call: Call) -> str | None:
    """Tell whose state a call may change; None: nobody's, or it does not say whose."""
    if not (call.once or changes(call.operation)) or call.operation.endswith(SNAPSHOT):
        return None
    return call.own or call.query.get("loginName") or call.path.get("loginName")
