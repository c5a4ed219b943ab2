"""Subscriptions and their event channels (L60, L90 to L99)."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from simulators.o2g.clock import Clock, Timer
from simulators.o2g.rules.faults import ChannelFault
from simulators.o2g.rules.sessions import Session

QUEUED = 10_000  # events kept for a channel that is not open; the oldest go first
REOPEN_SECONDS = 60.0  # (L93)
KEEP_ALIVE_SECONDS = 60.0  # (L92)
DEFAULT_TIMEOUT_MINUTES = 10

Event = dict[str, Any]

PACKAGES: dict[str, tuple[str, ...]] = {
    "telephony": (
        "OnCallCreated", "OnCallModified", "OnCallRemoved", "OnUserStateModified", "OnDeviceStateModified",
        "OnTelephonyState", "OnDynamicStateChanged",
    ),
    "eventsummary": ("OnEventSummaryUpdated",),
    "unifiedcomlog": (
        "OnComRecordCreated", "OnComRecordModified", "OnComRecordsDeleted", "OnComRecordsAck", "OnComRecordsUnAck",
    ),
    "user": ("OnUserInfoChanged",),
    "usermanagement": ("OnUserCreated", "OnUserDeleted", "OnUserInfoChanged"),
    "routingmanagement": ("OnRoutingStateChanged",),
    "agent": ("OnAgentStateChanged", "OnSupervisorHelpRequested", "OnSupervisorHelpCancelled", "OnAgentSkillChanged"),
    "rsi": ("OnRouteRequest", "OnRouteEnd", "OnToneGeneratedStart", "OnToneGeneratedStop", "OnDigitCollected"),
    "pilot": ("OnPilotCallCreated", "OnPilotCallQueued", "OnPilotCallRemoved"),
    "system": ("OnLicenseExpiration", "OnPbxLoaded", "OnCtiLinkDown", "OnCtiLinkUp", "OnServerStart"),
    "pbxmanagement": ("OnPbxObjectInstanceCreated", "OnPbxObjectInstanceModified", "OnPbxObjectInstanceDeleted"),
    "rti": (
        "OnAgentRtiChanged", "OnPilotRtiChanged", "OnPGAgentRtiChanged", "OnQueueRtiChanged", "OnPGOtherRtiChanged",
    ),
    "acdstats": ("OnAcdStatsProgress",),
}  # fmt: skip
# Who comes and goes is told to administrators, whomever they named; so they need not name anybody (B21).
ABOUT_OTHERS = frozenset({"OnUserCreated", "OnUserDeleted"})
ABOUT_NOBODY = frozenset(PACKAGES["system"] + PACKAGES["pbxmanagement"] + PACKAGES["usermanagement"])  # (L96)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which events, of whom; `everybody` where no user or `*` is named."""

    events: frozenset[str]
    logins: frozenset[str]
    everybody: bool

    def takes(self, name: str, login: str | None) -> bool:
        """Tell whether an event is selected."""
        named = self.everybody or login is None or login in self.logins or name in ABOUT_OTHERS
        return name in self.events and named


def events_of(name: str) -> tuple[str, ...]:
    """Give the events of a package, or the event of that name; none where there is no such thing."""
    package = PACKAGES.get(name.lower())
    if package is not None:
        return package
    known = {event for events in PACKAGES.values() for event in events}
    return (name,) if name in known else ()


@dataclass(slots=True, eq=False)
class Subscription:
    """What a session wants to hear, and the events that wait for its channel."""

    id: str
    session: Session
    selectors: tuple[Selector, ...]
    timeout_minutes: int
    webhook: str | None
    queue: deque[bytes] = field(default_factory=lambda: deque(maxlen=QUEUED))
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    channels: int = 0
    closed: bool = False
    expiry: Timer | None = None
    faults: deque[ChannelFault] = field(default_factory=deque)
    sent: int = 0

    def push(self, line: bytes) -> None:
        """Queue a line for the channel."""
        self.queue.append(line)
        self.waiting.set()

    def fail(self, fault: ChannelFault) -> None:
        """Let the channel fail so, once."""
        self.faults.append(fault)
        self.waiting.set()


class Subscriptions:
    """Every subscription of one O2G."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        """Start with none; `seed` makes their names repeatable."""
        self._clock = clock
        self._chance = random.Random(seed ^ 0x5AB5)
        self._by_id: dict[str, Subscription] = {}
        self.on_removed: list[Callable[[Subscription], None]] = []

    def prepare(
        self, session: Session, selectors: Iterable[Selector], timeout_minutes: int | None, webhook: str | None
    ) -> Subscription:
        """Make a subscription that is not accepted yet."""
        timeout = DEFAULT_TIMEOUT_MINUTES if timeout_minutes is None else timeout_minutes
        return Subscription(f"{self._chance.getrandbits(128):032x}", session, tuple(selectors), timeout, webhook)

    def accept(self, made: Subscription) -> Subscription:
        """Accept a subscription."""
        self._by_id[made.id] = made
        self.left_alone(made)
        return made

    def find(self, subscription_id: str) -> Subscription | None:
        """Give a live subscription."""
        return self._by_id.get(subscription_id)

    def of(self, session: Session) -> list[Subscription]:
        """Give a session's subscriptions."""
        return [subscription for subscription in self._by_id.values() if subscription.session is session]

    def remove(self, subscription: Subscription) -> None:
        """Close a subscription: its channel ends, its queue is dropped (L99)."""
        self._by_id.pop(subscription.id, None)
        subscription.closed = True
        subscription.queue.clear()
        subscription.waiting.set()
        if subscription.expiry is not None:
            subscription.expiry.cancel()
        for removed in self.on_removed:
            removed(subscription)

    def forget(self, session: Session) -> None:
        """Close a session's subscriptions with it (L28, B22)."""
        for subscription in self.of(session):
            self.remove(subscription)

    def publish(self, event: Event) -> None:
        """Hand an event to whoever wants it."""
        name, login = event["eventName"], event.get("loginName")
        wanting = [s for s in self._by_id.values() if any(selector.takes(name, login) for selector in s.selectors)]
        if not wanting:
            return
        line = orjson.dumps(event) + b"\n"
        for subscription in wanting:
            subscription.push(line)

    def opened(self, subscription: Subscription) -> None:
        """A channel was opened: the subscription stays while it is open."""
        subscription.channels += 1
        if subscription.expiry is not None:
            subscription.expiry.cancel()

    def left_alone(self, subscription: Subscription) -> None:
        """No channel is open: unless one is (re)opened within a minute, the subscription ends (L93)."""
        if subscription.webhook is None and not subscription.closed:
            subscription.expiry = self._clock.after(REOPEN_SECONDS, lambda: self.remove(subscription))

    def __iter__(self) -> Iterator[Subscription]:
        return iter(list(self._by_id.values()))
