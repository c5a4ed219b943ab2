"""One address of O2G, and what guards it: a breaker for it alone, and the crowd of all requests."""

import time
from collections.abc import Callable, Mapping

import httpx
import structlog

from services.addresses import root
from services.breaker import Breaker
from services.calls import changes
from services.crowd import Crowd
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GError, O2GTimeout, O2GUnreachable
from services.healing import Healing, Healings
from services.refusals import refusal
from services.rounds import Rounds
from services.wire import Answer, Wire

ENOUGH_SECONDS = 1.0  # with less than that left, an answer that does not come says nothing of O2G
PROBE_LIMIT_SECONDS = 3.5  # an O2G that is there, but slow, is found
OLD_CONNECTIONS_SECONDS = 60.0  # until even a long download in one of them is over
GATEWAY_STATUSES = (502, 504)  # a reverse proxy has no O2G behind it
UNREADY_STATUSES = (*GATEWAY_STATUSES, 503)

log = structlog.get_logger(__name__)


class Line:
    """Sends requests to one address: none while it is known to be dead, and only so many at once."""

    def __init__(
        self, name: str, endpoint: O2GEndpoint, wire: Wire, crowd: Crowd, rounds: Rounds, healings: Healings
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            name: `first` or `other`, for the log.
            endpoint: the one address.
            wire: of this address alone.
            crowd: the places for requests, of all addresses together.
            rounds: where old connections are closed in the end.
            healings: told when the address answers again.
        """
        self.name = name
        self.endpoint = endpoint
        self.paired = False  # whether there is another address to go to
        self.ready: Callable[[Deadline], None] | None = None  # more to be asked of it before it is used again
        self.unguarded = wire
        self._wire = wire
        self._crowd = crowd
        self._rounds = rounds
        self._healings = healings
        self._breaker = Breaker(self._probe, self._gone, self._back)
        self._gone_since = 0.0
        self.outages = 0  # so far: what began before the last one may hang in a connection to a host that is no more

    @property
    def up(self) -> bool:
        """Whether requests are let through."""
        return not self._breaker.open

    @property
    def failure(self) -> O2GError | None:
        """For which failure they are not."""
        return self._breaker.failure

    def want(self) -> float:
        """Have it asked now whether it answers again, where requests are not let through; for `up_within`."""
        return self._breaker.want()

    def up_within(self, seconds: float, since: float) -> bool:
        """Wait a moment for what that gives; tell whether requests are let through."""
        return self._breaker.closed_within(seconds, since)

    def check(self) -> int:
        """Go on only while requests are let through; gives what `note_failure` wants to know of the beginning.

        Raises:
            O2GError: the failure for which they are not.
        """
        return self._breaker.admit()

    def note_failure(self, since: int, patience: float, deadline: Deadline, error: O2GError) -> None:
        """Take note that O2G did not answer although it was given so many seconds."""
        if patience >= ENOUGH_SECONDS or not isinstance(error, O2GTimeout):
            self._breaker.failed(since, deadline.errand, error)

    def send(
        self,
        operation: str,
        url: httpx.URL,
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """Send one request, once, as `Wire.send` does, when it is its turn.

        Raises:
            O2GBusy: its turn did not come.
            O2GUnreachable: as `Wire.send` raises it, or at once where the address is known to be dead.
            UnreadableAnswer: an answer of no end.
        """
        self._breaker.admit()
        with self._crowd.place(deadline):
            return self._send(operation, url, deadline, headers, content)

    def close(self) -> None:
        """Probe no more, and close every connection."""
        self._breaker.close()
        self._wire.close()

    def _send(
        self, operation: str, url: httpx.URL, deadline: Deadline, headers: Mapping[str, str], content: bytes | None
    ) -> Answer:
        since = self._breaker.admit()  # it may have been found dead meanwhile
        patience = deadline.remaining()
        writes = changes(operation)
        try:
            answer = self._wire.send(operation, url, deadline, headers=headers, content=content)
        except O2GUnreachable as error:
            if writes and not error.nothing_sent:
                deadline.note_write()
            self.note_failure(since, patience, deadline, error)
            raise
        if writes and (answer.good or answer.status in GATEWAY_STATUSES):
            deadline.note_write()
        if answer.status in (UNREADY_STATUSES if self.paired else GATEWAY_STATUSES):
            self._breaker.failed(since, deadline.errand, refusal(answer.status, answer.body))
        else:
            self._breaker.answered()
        return answer

    def _gone(self, error: O2GError) -> None:
        self._gone_since = time.monotonic()
        self.outages += 1
        log.warning("o2g.unreachable", address=self.name, error=type(error).__name__, reason=str(error))
        self._rounds.after(OLD_CONNECTIONS_SECONDS, self._wire.renew())

    def _probe(self) -> bool:
        """Ask for the root, which needs no session (L1), over a new connection."""
        deadline = Deadline.after(PROBE_LIMIT_SECONDS)
        try:
            answer = self._wire.send("GET /api/rest", root(self.endpoint), deadline, headers={})
            if answer.status in (UNREADY_STATUSES if self.paired else GATEWAY_STATUSES):
                return False
            if self.ready is not None:
                self.ready(deadline)
        except O2GError as error:
            log.debug("o2g.not_there_yet", address=self.name, error=type(error).__name__)
            return False
        return True

    def _back(self) -> None:
        seconds = round(time.monotonic() - self._gone_since, 1)
        self._healings.happened(Healing.REACHABLE_AGAIN, address=self.name, seconds=seconds)
