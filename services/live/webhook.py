"""Events that O2G posts to Touchline, each in a request of its own (L97).

Anybody could post. What is believed is what comes over TLS to an address that only O2G was told, with the name of the
subscription. No keep-alive comes this way, and events come one after the other: that the way is open, and nothing waits
long in it, is proven by asking for an event, again and again.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote

import structlog

from services.calls import Call
from services.deadline import Deadline
from services.errors import NotFound, O2GError, SessionLost
from services.live.lines import LONGEST_LINE
from services.live.packages import Package
from services.live.pauses import Pauses
from services.live.shelf import Event
from services.live.state import LiveState, text
from services.live.subscription import Subscription, SubscriptionRefused, subscribe, unsubscribe
from services.session import Session
from services.threads import started

WEBHOOK_PATH = "/o2g/events/"
PROOF = "OnRoutingStateChanged"
PROOF_SECONDS = 3.0  # for an event that was asked for to come
PROVEN_SECONDS = 10.0  # until the next one is asked for
WATCH_SECONDS = 1.0  # between looks whether the session is still the same
WITNESS_SECONDS = 0.2  # between looks whether anybody was wanted yet
REFUSED_SECONDS = 300.0
CLOSE_SECONDS = 4.0

log = structlog.get_logger(__name__)


class NotProven(O2GError):
    """An event that was asked for did not come."""


class Webhook:
    """Has events posted to Touchline from the first call of `begin` on, until it is closed."""

    def __init__(
        self,
        session: Session,
        live: LiveState,
        address: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start no thread. O2G is told `address`, which ends with a slash, with an unguessable name added."""
        self._session = session
        self._live = live
        self._feed = live.feed
        self._address = address
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._awaited = ""  # the login about whom an event was asked for
        self._came = threading.Event()
        self._secret = secrets.token_urlsafe(32)
        self._held: Subscription | None = None
        self._taking = threading.Lock()
        live.hear(PROOF, self._hear)

    def begin(self) -> None:
        """Have events posted from now on."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = started(self._run, "o2g-webhook")

    def close(self) -> None:
        """End the subscription. Closing twice is closing once."""
        self._stopped.set()
        self._came.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(CLOSE_SECONDS)

    def proves(self, name: str, cookie: str) -> bool:
        """Tell whether what is posted to the address that ends with `name` comes from O2G.

        Args:
            name: the end of the address.
            cookie: the whole Cookie header, which is the subscription's name, percent-encoded.
        """
        held = self._held
        named = hmac.compare_digest(name.encode(), self._secret.encode())
        known = held is not None and hmac.compare_digest(unquote(cookie).strip().encode(), held.id.encode())
        return named and known

    def accept(self, name: str, cookie: str, body: bytes) -> bool:
        """Take what was posted, one event as JSON; False: it does not come from O2G, as `proves` tells."""
        if not self.proves(name, cookie):
            return False
        if len(body) > LONGEST_LINE:
            self.miss()
            return True
        with self._taking:  # one by one, as they come
            self._feed.heard()
            self._live.take(body)
        return True

    def miss(self) -> None:
        """Take note of an event that is too long to be taken, from whom `proves` believes."""
        self._live.complain("too long")

    def _hear(self, event: Event) -> None:
        if text(event, "loginName") == self._awaited:
            self._came.set()

    def _run(self) -> None:
        pauses = Pauses()
        while not self._stopped.is_set():
            pause = pauses.next()
            try:
                self._watch(pauses)
            except SubscriptionRefused as refusal:
                self._live.refused(str(refusal))
                pause = REFUSED_SECONDS
            except O2GError as error:
                log.warning("live.webhook_lost", error=type(error).__name__, meaning="screens ask O2G meanwhile")
            except Exception:
                # The last boundary of this thread: state must not look live because the thread is dead.
                log.exception("live.failed")
            self._feed.closed(missed=True)
            held, self._held = self._held, None
            if held is not None:
                unsubscribe(self._session, held)
            self._stopped.wait(pause)

    def _watch(self, pauses: Pauses) -> None:
        """Subscribe under a new name, and prove that events come for as long as they do.

        Raises:
            NotProven: they do not.
            O2GError: O2G failed.
        """
        self._secret = secrets.token_urlsafe(32)
        held = self._held = subscribe(self._session, self._address + self._secret)
        self._live.refused(held.refused)
        if Package.ROUTING not in held.packages:
            self._live.refused(f"{held.refused}: without routing events a webhook cannot be proven")
            raise SubscriptionRefused("a webhook cannot be proven without routing events")
        self._prove(held)
        self._feed.opened(held.packages, missed=True, holds=lambda: self._session.serves(held.session))
        log.info("live.open", packages=[package.value for package in held.packages], refused=held.refused)
        pauses.reset()
        proven, often = self._clock(), min(PROVEN_SECONDS, self._feed.silence / 2)
        while not self._stopped.wait(WATCH_SECONDS):
            if self._session.opened(Deadline.after(PROOF_SECONDS)).count != held.session:
                raise SessionLost("the subscription ended with its session")
            if self._clock() - proven >= often:
                if not self._feed.witness:  # its node is down, and nobody else was wanted: nothing is believed unproven
                    raise NotProven("nobody is there about whom an event could be asked for")
                self._prove(held)
                proven = self._clock()

    def _prove(self, held: Subscription) -> None:
        """Ask for an event about somebody whose state was wanted, and wait for it to come (L64).

        One about somebody else proves nothing: it may have waited at O2G for long, as what happens now does behind it.

        Raises:
            NotProven: it did not come.
            SessionLost: the session is gone, and the subscription with it.
        """
        while not (login := self._feed.witness):
            if self._stopped.wait(WITNESS_SECONDS):
                return
        self._awaited = login
        self._came.clear()
        call = Call("POST /routing/state/snapshot", query={"loginName": login})
        only_in = None if self._session.rules.per_user else held.session  # else it is sent in the user's own session
        try:
            self._session.call(call, Deadline.after(PROOF_SECONDS), only_in)
        except NotFound:
            self._feed.dismiss(login)  # a user that O2G does not know any more
            raise
        if not self._came.wait(PROOF_SECONDS):
            self._feed.dismiss(login)  # of whom O2G may have nothing to tell
            raise NotProven("O2G's events do not reach Touchline in time")
