"""After a gap, O2G is asked to tell the state of everybody as events, so that who was seen before need not be read."""

import structlog

from services.calls import Call
from services.deadline import Deadline
from services.errors import O2GError
from services.live.feed import Feed
from services.live.packages import Package
from services.session import Session
from services.threads import started

ASK_SECONDS = 10.0  # for O2G to acknowledge; it tells later
SELDOM_SECONDS = (
    120.0  # the largest O2G takes 75 s to tell all (L160): a channel that breaks often must not keep it at that
)
SNAPSHOTS = {
    Package.ROUTING: "POST /routing/state/snapshot",
    Package.TELEPHONY: "POST /telephony/state/snapshot",
    Package.AGENT: "POST /acd/agent/state/snapshot",
}

log = structlog.get_logger(__name__)


class Snapshots:
    """Asks for snapshots of everybody (L64, A53) when events come again after they did not.

    Until they have come, and for what has none (counters, users), each value is read when it is next wanted.
    """

    def __init__(self, session: Session, feed: Feed) -> None:
        """Args: the administrator's session; how events come."""
        self._session = session
        self._feed = feed
        self._asked: float | None = None

    def ask_soon(self) -> None:
        """Ask in a thread of its own, since events are read in this one; not at the first beginning, when nobody is
        known, and not soon again."""
        now = self._feed.clock()
        if self._feed.generation <= 1 or (self._asked is not None and now - self._asked < SELDOM_SECONDS):
            return
        if started(self._ask, "o2g-snapshots") is not None:
            self._asked = now

    def _ask(self) -> None:
        for package, operation in SNAPSHOTS.items():
            if not self._feed.live(package):
                continue
            try:
                self._session.call(Call(operation), Deadline.after(ASK_SECONDS))
            except O2GError as error:
                log.info("live.no_snapshot", package=package.value, error=type(error).__name__)
