"""The house's one door to O2G."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self

import structlog

from services.agent import Agents
from services.board import Board
from services.call_control import CallControl
from services.callbacks import Callbacks
from services.calls_in_progress import CallsInProgress
from services.communication_log import CommunicationLog
from services.deadline import Deadline
from services.desk_sharing import DeskSharing
from services.directory import Directory
from services.endpoint import O2GEndpoint
from services.errors import NotAllowed, O2GError
from services.event_summary import EventSummaries
from services.hunting_groups import Hunting
from services.live.channel import Channel
from services.live.feed import SILENCE_SECONDS, Feed
from services.live.noting import NotingSession
from services.live.pauses import Pauses
from services.live.shelf import USERS
from services.live.snapshots import Snapshots
from services.live.state import LiveMode, LiveState
from services.live.webhook import WEBHOOK_PATH, Webhook
from services.mini_messages import MiniMessages
from services.phone_set import PhoneSet
from services.routing import Routing
from services.session import O2GState
from services.set_keys import SetKeys
from services.supervisor import Supervisors
from services.system import System
from services.telephony import Telephony
from services.threads import started
from services.users import Users
from services.voicemail import Voicemail
from services.wire import CallObservation, Observe
from settings import Settings

__all__ = ["O2G", "CallObservation", "LiveOptions", "O2GEndpoint", "O2GState"]

CLOSE_SECONDS = 2.0
LINKS_SECONDS = 5.0
FIRST_LINKS_SECONDS, LONGEST_LINKS_SECONDS = 1.0, 60.0  # between two questions after the links, while O2G fails

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How O2G tells of changes.

    Attributes:
        mode: by a channel that Touchline opens, by requests to Touchline, or not at all.
        silence_seconds: for how long nothing at all may come before events are taken for lost; O2G sends a keep-alive
            each minute (L92).
        users: of how many users each kind of state is kept.
        webhook_address: where O2G reaches Touchline for a webhook: an https address that the name of each subscription
            is added to.
    """

    mode: LiveMode = LiveMode.OFF
    silence_seconds: float = SILENCE_SECONDS
    users: int = USERS
    webhook_address: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take them from the settings named `live_…`."""
        address = settings.live_webhook_url or settings.public_url
        return cls(
            mode=LiveMode(settings.live_state),
            silence_seconds=settings.live_silence_seconds,
            users=settings.live_users,
            webhook_address=str(address).rstrip("/") + WEBHOOK_PATH,
        )


class O2G:
    """O2G as the phone applications use it: one session, one pool of connections, one module for each service.

    Attributes:
        users: users, their devices and language.
        directory: searches in the phone book.
        event_summary: counters of what waits for a user.
        telephony: making calls.
        calls_in_progress: calls, and what can be done with each.
        call_control: doing it.
        callbacks: requests to call back.
        mini_messages: short texts between sets.
        hunting: hunting groups.
        desk_sharing: users on shared sets.
        phone_set: lock, camp-on, associate, remote extension, PIN of a set.
        set_keys: keys of a set.
        agents: call-centre agents.
        supervisors: their supervisors.
        communication_log: the records of past calls.
        voicemail: mailboxes and voice messages.
        routing: do not disturb, forward, overflow, remote extension.
        nodes: O2G's links to the nodes of the OXE.
        system: O2G's own state: nodes, licences.
        live: what events keep true of all this, and how they come.
    """

    def __init__(
        self,
        endpoint: O2GEndpoint,
        *,
        user_cache_seconds: int = 600,
        clock: Callable[[], float] = time.monotonic,
        observe: Observe | None = None,
        live: LiveOptions = LiveOptions(),
        board: Board | None = None,
    ) -> None:
        """Furnish the door; no request is made and no thread started before the first call.

        Args:
            endpoint: which O2G, and as whom.
            user_cache_seconds: how long users and languages are kept (L154); 0: not at all.
            clock: seconds that never go back.
            observe: told of each request to O2G, in the thread that made it; must not take long.
            live: whether and how O2G tells of changes; by default it does not, and each read asks.
            board: what the workers of this server share, where there are several.

        Raises:
            OSError: the file of the certificate authority cannot be read, or holds no certificate.
        """
        self.live = LiveState(Feed(live.silence_seconds, clock), mode=live.mode, users=live.users)
        self._over = threading.Event()
        self._beginnings = 0  # of events after a gap
        self._session = NotingSession(endpoint, self.live, observe, clock, board)
        self.users = Users(self._session, user_cache_seconds, clock, self.live)
        self.nodes = self.live.feed.links
        self.directory = Directory(self._session)
        self.event_summary = EventSummaries(self._session, self.live)
        self.telephony = Telephony(self._session)
        self.calls_in_progress = CallsInProgress(self._session, self.live)
        self.call_control = CallControl(self._session)
        self.callbacks = Callbacks(self._session)
        self.mini_messages = MiniMessages(self._session)
        self.hunting = Hunting(self._session)
        self.desk_sharing = DeskSharing(self._session, self.users.forget_sets)
        self.phone_set = PhoneSet(self._session)
        self.set_keys = SetKeys(self._session)
        self.agents = Agents(self._session, user_cache_seconds, clock, self.live)
        self.supervisors = Supervisors(self._session, self.live)
        self.communication_log = CommunicationLog(self._session)
        self.voicemail = Voicemail(self._session, clock)
        self.routing = Routing(self._session, self.live)
        self.system = System(self._session)
        self.live.feed.tell(self._ask_links_soon, lambda: None)
        self.webhook: Webhook | None = None
        self._events: Channel | Webhook | None = None
        if live.mode is LiveMode.CHANNEL:
            self._events = Channel(self._session, self.live)
            self.live.feed.tell(Snapshots(self._session, self.live.feed).ask_soon, lambda: None)
        elif live.mode is LiveMode.WEBHOOK:
            self._events = self.webhook = Webhook(self._session, self.live, live.webhook_address)
        if self._events is not None:
            self.live.feed.on_want(self._events.begin)

    def _ask_links_soon(self) -> None:
        """Ask how the links to nodes stand, when events begin: those tell of changes only, and one may be down."""
        self._beginnings += 1
        started(partial(self._ask_links, self._beginnings), "o2g-links")

    def _ask_links(self, beginning: int) -> None:
        """Ask until O2G has told, or events have begun anew: then somebody else asks."""
        pauses = Pauses(FIRST_LINKS_SECONDS, LONGEST_LINKS_SECONDS)
        while beginning == self._beginnings:
            try:
                self.nodes.fill(self.system.links(Deadline.after(LINKS_SECONDS)))
            except O2GError as error:
                log.info("o2g.links_unknown", error=type(error).__name__)
                if isinstance(error, NotAllowed) or self._over.wait(pauses.next()):
                    return
            else:
                return

    def connect(self, deadline: Deadline) -> None:
        """Log in now, if that has not been done: what every call does when it must.

        Raises:
            O2GError: it did not succeed.
        """
        self._session.opened(deadline)

    def state(self) -> O2GState:
        """Tell how things stand with O2G, without asking it."""
        return self._session.state()

    def close(self) -> None:
        """End subscription, searches and sessions at O2G (L25), and every connection. Closing twice is closing once.

        A mini message that is on its way is awaited first, for up to 10 s: it would be lost with its connection.
        """
        self._over.set()
        self.mini_messages.finish()
        if self._events is not None:
            self._events.close()
        self.directory.stop_all(Deadline.after(CLOSE_SECONDS))
        self._session.close()
