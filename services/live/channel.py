"""The event channel: one stream of lines from O2G, kept open by a thread of its own."""

import socket
import threading
import time
from collections.abc import Callable

import httpx
import structlog

from services.errors import O2GError
from services.live.lines import Lines
from services.live.pauses import Pauses
from services.live.state import LiveState
from services.live.subscription import Subscription, SubscriptionRefused, subscribe, unsubscribe
from services.names import NamedTransport, Names
from services.session import Session
from services.threads import started
from services.wire import trust

CONNECT_SECONDS = 5.0
REFUSED_SECONDS = 300.0  # until a refused subscription is asked for again: somebody may have bought licences
STEADY_SECONDS = 5.0  # a channel that was open for so long was no failure
CLOSE_SECONDS = 4.0
WATCH_SECONDS = 1.0  # between looks whether the channel is still that of the O2G which is asked
REOPEN_SECONDS = 60.0  # O2G ends a subscription whose channel was closed for so long (L93)
# A peer that is gone without a word is noticed after some 25 s rather than at the end of the silence that is believed.
ALIVE_OPTIONS = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
]

log = structlog.get_logger(__name__)


class ChannelRefused(O2GError):
    """O2G does not open the channel: the subscription is gone, or O2G is not ready."""


class Channel:
    """Listens from the first call of `begin` on, until it is closed."""

    def __init__(
        self,
        session: Session,
        live: LiveState,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make no connection and start no thread: a process may still fork."""
        self._session = session
        self._live = live
        self._feed = live.feed
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None
        self._followed: Subscription | None = None  # whose channel that is; None once it was cut here
        self._left = 0.0  # when a channel was last open, or could have been
        self._pauses = Pauses()
        self._said: str | None = None
        self._gap = True  # whether events may be missed between this round and the next

    def begin(self) -> None:
        """Listen from now on."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = started(self._run, "o2g-events")

    def close(self) -> None:
        """End channel and subscription. Closing twice is closing once."""
        self._stopped.set()
        with self._lock:
            thread, line = self._thread, self._socket
        if line is not None:
            _cut(line)
        if thread is not None:
            thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        held: Subscription | None = None
        made = self._client_at_last()
        if made is None:
            return
        while not self._stopped.is_set() and started(self._watch, "o2g-events-watch") is None:
            self._stopped.wait(self._pauses.next())
        self._pauses.reset()
        with made as client:
            while not self._stopped.is_set():
                held, pause = self._round(client, held)
                self._feed.closed(missed=self._gap)
                self._stopped.wait(pause)
        if held is not None:
            unsubscribe(self._session, held)

    def _client_at_last(self) -> httpx.Client | None:
        """Make the client, as soon as the certificates that it trusts can be read; None if the channel ends before."""
        while not self._stopped.is_set():
            try:
                return self._client()
            except OSError as error:
                self._note("broken", error)
                self._stopped.wait(self._pauses.next())
        return None

    def _round(self, client: httpx.Client, held: Subscription | None) -> tuple[Subscription | None, float]:
        """Subscribe where that is needed, and listen until the channel ends.

        Returns:
            The subscription that goes on, and the seconds to wait before the next round.
        """
        held = self._still(held)
        if held is not None and not self._session.serves(held.session):
            self._gap = True
            return held, WATCH_SECONDS  # O2G does not answer at the moment
        missed = held is None or self._gap
        try:
            if held is None:
                held = subscribe(self._session)
                self._left = self._clock()
                self._live.refused(held.refused)
            self._gap = True
            began = self._clock()
            self._follow(client, held, missed=missed)
        except ChannelRefused as refusal:
            self._note("refused", refusal)
            if held is not None and not self._stopped.is_set():
                unsubscribe(self._session, held)  # a real server has one a session (A35)
            return None, self._pauses.next()
        except SubscriptionRefused as refusal:
            self._live.refused(str(refusal))
            self._note("subscription_refused", refusal)
            return None, REFUSED_SECONDS
        except O2GError as error:
            self._note("unreachable", error)
            return None, self._pauses.next()
        except httpx.HTTPError as error:
            self._note("broken", error)
            return held, self._pauses.next()
        except Exception:
            # The last boundary of this thread: state must not look live because the thread is dead.
            log.exception("live.failed")
            return None, self._pauses.next()
        # Where O2G ended it in order, all that it sent has come, and the rest waits for the next channel (L91, L94).
        self._gap = self._followed is None
        return held, 0.0 if self._clock() - began >= STEADY_SECONDS else self._pauses.next()

    def _still(self, held: Subscription | None) -> Subscription | None:
        """Give the subscription where its channel may be opened once more; else one from the O2G in use is wanted."""
        if held is None:
            return None
        if self._session.is_main(held.session) and self._clock() - self._left < REOPEN_SECONDS:
            return held
        unsubscribe(self._session, held)
        self._gap = True
        return None

    def _watch(self) -> None:
        """Cut a channel whose O2G does not answer, or is not the one that is asked: its events are not believed."""
        while not self._stopped.wait(WATCH_SECONDS):
            with self._lock:
                line, followed = self._socket, self._followed
                if line is None or followed is None or self._session.serves(followed.session):
                    continue
                self._followed = None
            _cut(line)

    def _follow(self, client: httpx.Client, held: Subscription, *, missed: bool) -> None:
        """Read the channel until O2G ends it.

        Raises:
            ChannelRefused: O2G does not open it.
            httpx.HTTPError: it broke, or was silent for too long.
        """
        channel = held.channel
        if channel is None:
            raise ChannelRefused("the subscription has no channel")
        with client.stream("POST", channel) as response:  # as ALE's own clients do (B17)
            if response.status_code != httpx.codes.OK:
                raise ChannelRefused("O2G does not open the event channel", status=response.status_code)
            self._hold(response, held)
            try:
                self._listen(response, held, missed=missed)
            finally:
                self._left = self._clock()

    def _listen(self, response: httpx.Response, held: Subscription, *, missed: bool) -> None:
        lines = Lines()
        began, opened = self._clock(), False
        for piece in response.iter_bytes():
            self._feed.heard()
            for line in lines.of(piece):
                if not opened:
                    opened = True
                    self._opened(held, missed=missed)
                self._live.take(line)
            for _ in range(lines.too_long):
                self._live.complain("too long")
            lines.too_long = 0
            if self._clock() - began >= STEADY_SECONDS:
                self._pauses.reset()

    def _opened(self, held: Subscription, *, missed: bool) -> None:
        self._feed.opened(held.packages, missed=missed, holds=lambda: self._session.serves(held.session))
        if self._said != "open":
            self._said = "open"
            log.info("live.open", packages=[package.value for package in held.packages], refused=held.refused)

    def _hold(self, response: httpx.Response, held: Subscription) -> None:
        """Keep the connection at hand, so that closing ends a read that waits."""
        line = response.extensions["network_stream"].get_extra_info("socket")
        with self._lock:
            self._socket, self._followed = line if isinstance(line, socket.socket) else None, held
            if self._stopped.is_set() and self._socket is not None:
                _cut(self._socket)

    def _note(self, what: str, error: Exception) -> None:
        """Log a failure once, until the channel is open again or fails in another way."""
        if what != self._said and not self._stopped.is_set():
            self._said = what
            log.warning(f"live.{what}", error=type(error).__name__, meaning="screens ask O2G meanwhile")

    def _client(self) -> httpx.Client:
        patience = httpx.Timeout(CONNECT_SECONDS, read=self._feed.silence)
        transport = NamedTransport(
            Names(remembering=True),
            trust(self._session.endpoint()),
            httpx.Limits(max_keepalive_connections=0),
            ALIVE_OPTIONS,
        )
        return httpx.Client(
            transport=transport, timeout=patience, trust_env=False, headers={"User-Agent": "Touchline", "Accept": "*/*"}
        )


def _cut(line: socket.socket) -> None:
    """End a connection under a thread that reads from it."""
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # the plain one: TLS's own would pull its state from the reader
    except OSError:
        return  # it is gone already
