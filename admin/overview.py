"""How everything stands, in words: what is wrong first. Nothing here changes anything; a failure hides nothing else."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from admin.phone_side import PhoneApplications
from admin.witnessing import ScreenTimes, ServerSeen, Trouble, Witness
from services.deadline import Deadline
from services.errors import NotAllowed, O2GError
from services.live.state import LiveMode, LiveStatus
from services.nodes import Link
from services.o2g import O2G, O2GState
from services.system import CtiLink, SystemStatus
from store.administrators import Administrators
from store.errors import StoreGone
from store.registry import Registry

ASK_SECONDS = 2.0
KEPT_SECONDS = 2.0  # O2G is asked no more often, however many look
FEW = 0.1  # of a licence's number: less than that is told
SLOW_SECONDS = 1.0
SHOWN_SCREENS, SHOWN_TROUBLES = 8, 10
LATELY = timedelta(minutes=15)


class State(Enum):
    """How something stands: a word and a sign, so that no colour has to say it."""

    GOOD = ("Good", "✓")
    NOTE = ("Look at this", "!")
    BAD = ("Wrong", "✕")
    UNKNOWN = ("Not known", "?")

    @property
    def word(self) -> str:
        """The word."""
        return self.value[0]

    @property
    def sign(self) -> str:
        """The sign."""
        return self.value[1]

    @property
    def css(self) -> str:
        """The name of its style."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that stands in some way: what it is; how, in a word or a figure; what that means, where it matters."""

    name: str
    state: State
    value: str
    meaning: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Facts that belong together."""

    id: str
    name: str
    facts: tuple[Fact, ...]

    @property
    def state(self) -> State:
        """The worst of its facts."""
        order = (State.BAD, State.NOTE, State.UNKNOWN, State.GOOD)
        return next((state for state in order if any(fact.state is state for fact in self.facts)), State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class View:
    """Everything at one moment."""

    at: datetime
    topics: tuple[Topic, ...]
    servers: tuple[ServerSeen, ...]
    slowest: tuple[ScreenTimes, ...]
    failed: tuple[Trouble, ...]
    refused: tuple[Trouble, ...]
    workers: int

    @property
    def wrong(self) -> tuple[tuple[Topic, Fact], ...]:
        """What is wrong or should be looked at, the worst first."""
        told = [(topic, fact) for topic in self.topics for fact in topic.facts]
        return tuple(one for state in (State.BAD, State.NOTE) for one in told if one[1].state is state)


@dataclass(slots=True)
class _Asked:
    """What O2G said of itself, and when it was asked."""

    at: datetime | None = None
    status: SystemStatus | None = None
    refused: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Overview:
    """Looks at everything."""

    def __init__(
        self,
        o2g: O2G,
        registry: Registry,
        accounts: Administrators,
        witness: Witness,
        phones: PhoneApplications,
        *,
        workers: int,
        now: Callable[[], datetime],
    ) -> None:
        """Take what there is to look at, how many processes there are beside this one, and the clock (UTC)."""
        self._o2g = o2g
        self._registry = registry
        self._accounts = accounts
        self.witness = witness
        self._phones = phones
        self._workers = workers
        self._now = now
        self._asked = _Asked()

    def look(self) -> View:
        """Look now. O2G is asked at most every 2 seconds, and for at most 2; whatever fails is told as such."""
        now = self._now()
        status, refused = self._system(now)
        state = self._o2g.state()  # after it was asked: it has logged in by then
        live = self._o2g.live.status()
        witness = self.witness
        topics = (
            Topic("o2g", "O2G", _o2g(state, status, refused)),
            Topic("nodes", "Nodes of the OXE", _nodes(status, self._o2g.nodes.all(), refused)),
            Topic("events", "Events from O2G", _events(live, now)),
            Topic("prs", "Presentation server", _servers(witness, now)),
            Topic("phones", "Phones", _phones(witness, now)),
            Topic("kept", "What is kept", self._kept()),
            Topic("work", "At work", _work(state, self._o2g.directory.running())),
            Topic("licences", "Licences", _licences(status, state, refused)),
        )
        return View(
            now,
            topics,
            witness.servers(),
            witness.slowest(SHOWN_SCREENS),
            witness.failed()[:SHOWN_TROUBLES],
            witness.refused()[:SHOWN_TROUBLES],
            self._workers,
        )

    def _system(self, now: datetime) -> tuple[SystemStatus | None, str]:
        """Ask O2G how it stands, or remember what it said a moment ago; one asks, others wait for it."""
        asked = self._asked
        with asked.lock:
            if asked.at is None or (now - asked.at).total_seconds() >= KEPT_SECONDS or now < asked.at:
                try:
                    asked.status, asked.refused = self._o2g.system.status(Deadline.after(ASK_SECONDS)), ""
                except NotAllowed:
                    asked.status, asked.refused = None, "O2G tells this to administrators only."
                except O2GError as error:
                    asked.status, asked.refused = None, f"O2G did not tell: {type(error).__name__}."
                asked.at = now
            return asked.status, asked.refused

    def _kept(self) -> tuple[Fact, ...]:
        factors: tuple[Fact, ...] = ()
        try:
            revision = self._registry.revision_to_change()
            database = Fact("Database", State.GOOD, "reachable")
            factors = _second_factors(self._accounts.under_old_keys())
        except StoreGone as error:
            revision = None
            meaning = f"{error}. Phones go on with what they know; nothing can be changed, and messages are not kept."
            database = Fact("Database", State.BAD, "gone, full or read-only", meaning)
        phones = self._phones.state()
        if phones.gone:
            known = Fact(
                "What phones know", State.NOTE, "may be old", "The registry cannot be read.", phones.known_since
            )
        elif revision is not None and phones.revision not in (revision, -1):
            known = Fact("What phones know", State.GOOD, "follows in a moment", "", phones.known_since)
        else:
            known = Fact("What phones know", State.GOOD, "up to date", "", phones.known_since)
        problems = [Fact("Application", State.NOTE, problem) for problem in phones.problems]
        return (database, *factors, known, *problems)


def _second_factors(old: int) -> tuple[Fact, ...]:
    if not old:
        return ()
    value = f"{old} {'is' if old == 1 else 'are'} under an old key"
    meaning = "Leave the old keys in link_keys until this is gone: it goes with a start, and when its owner signs in. "
    lost = (
        "Where that does not help, the key is gone already: the owner signs in with a recovery code, or has it removed."
    )
    return (Fact("Second factors", State.NOTE, value, meaning + lost),)


def _o2g(state: O2GState, status: SystemStatus | None, refused: str) -> tuple[Fact, ...]:
    if state.credentials_refused:
        minutes = round((state.login_again_seconds or 0) / 60)
        again = f"in {minutes} min" if minutes else "with the next screen"
        why = (
            f"O2G refuses o2g_login or o2g_password. They are tried again {again}, or when Touchline is started again."
        )
        login = Fact("Session", State.BAD, "refused", why)
    elif state.connected:
        login = Fact("Session", State.GOOD, "open", "", state.since)
    else:
        login = Fact("Session", State.BAD, "none", state.last_error or "O2G has not been asked yet.")
    version = (status.version if status else "") or state.product_version
    facts = [
        Fact("Reachable", State.GOOD, "answers")
        if state.connected and status is not None
        else Fact("Reachable", State.NOTE if state.connected else State.BAD, "does not tell how it stands", refused),
        login,
        Fact("Version", State.GOOD if version else State.UNKNOWN, version or "not told"),
    ]
    if state.other_address:
        facts.append(Fact("Address", State.NOTE, "the other one is used", "o2g_url does not answer."))
    return tuple(facts)


def _nodes(status: SystemStatus | None, heard: dict[str, Link], refused: str) -> tuple[Fact, ...]:
    """Tell of each node what O2G says now, else what its events have told."""
    if status is None:
        told = {Link.UP: State.GOOD, Link.DOWN: State.BAD, Link.UNKNOWN: State.UNKNOWN}
        facts = [Fact(f"Node {node}", told[link], f"link {link.value}") for node, link in sorted(heard.items())]
        return tuple(facts) or (Fact("Nodes", State.UNKNOWN, "not told", refused),)
    facts = []
    for node in status.nodes:
        name = f"Node {node.id}" + (f" ({node.name})" if node.name else "")
        users = "" if node.users is None else f", {node.users} users"
        match node.link:
            case CtiLink.DISCONNECTED:
                fact = Fact(
                    name, State.BAD, "link down", "Nobody of this node can call, forward or be called from here."
                )
            case CtiLink.UNKNOWN:
                fact = Fact(name, State.UNKNOWN, "link not known")
            case CtiLink.SECONDARY:
                fact = Fact(name, State.NOTE, f"link to the standby{users}", "The node's main side does not answer.")
            case CtiLink.MAIN:
                fact = Fact(name, State.GOOD, f"link up{users}")
        if node.loaded is False and fact.state is State.GOOD:
            fact = Fact(name, State.NOTE, "O2G still reads its users")
        facts.append(fact)
    return tuple(facts) or (Fact("Nodes", State.UNKNOWN, "O2G tells of none"),)


def _licences(status: SystemStatus | None, state: O2GState, refused: str) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for licence in status.licences if status else ():
        if licence.left is None or licence.total is None:
            facts.append(Fact(licence.name, State.UNKNOWN, "not told"))
            continue
        value = f"{licence.used} of {licence.total} used, {licence.left} left"
        scarce = licence.left <= licence.total * FEW and licence.total > 1
        standing = State.BAD if not licence.left and licence.total else State.NOTE if scarce else State.GOOD
        meaning = "Whoever comes next is refused." if standing is State.BAD else ""
        facts.append(
            Fact(licence.name, standing, value, meaning or (f"until {licence.expires}" if licence.expires else ""))
        )
    if status is not None and status.licence_state not in ("", "NORMAL"):
        facts.append(Fact("Licence server", State.BAD, status.licence_state))
    if not facts:
        facts.append(Fact("Licences", State.UNKNOWN, "not told", refused))
    count = state.licences_refused
    meaning = "Users who saw no screen for lack of a licence, since the start." if count else ""
    facts.append(Fact("Refused for lack of one", State.NOTE if count else State.GOOD, str(count), meaning))
    return tuple(facts)


def _events(live: LiveStatus, now: datetime) -> tuple[Fact, ...]:
    if live.mode is LiveMode.OFF:
        return (Fact("Events", State.GOOD, "switched off", "Each screen asks O2G (live_state)."),)
    if live.connected:
        come = Fact("They come", State.GOOD, f"without a gap for {span(now, live.since)}", "", live.since)
    elif live.heard is None:
        come = Fact("They come", State.UNKNOWN, "not yet", "The first phone that asks for something has them sent.")
    else:
        come = Fact("They come", State.BAD, "not now", "Screens ask O2G instead, and are slower.")
    facts = [come, Fact("Last heard", State.GOOD, span(now, live.heard, "ago"))]
    facts.append(Fact("Last event", State.GOOD, span(now, live.last_event, "ago")))
    facts.append(Fact("Gaps since the start", State.GOOD, str(live.gaps)))
    if live.refused:
        facts.append(Fact("O2G refuses", State.NOTE, "some or all events", live.refused))
    if live.malformed:
        facts.append(Fact("Not understood", State.NOTE, str(live.malformed)))
    return tuple(facts)


def _servers(witness: Witness, now: datetime) -> tuple[Fact, ...]:
    servers, unproven = witness.servers(), witness.unproven()
    facts = [
        Fact(
            one.address,
            State.GOOD,
            f"asked {span(now, one.at, 'ago')}",
            f"{one.count} page{'s' * (one.count != 1)}",
            one.at,
        )
        for one in servers
    ]
    if not facts:
        facts = [Fact("Seen", State.UNKNOWN, "not since the start", "No phone has asked for a page yet.")]
    if unproven is not None:
        lately = now - unproven.at < LATELY
        meaning = "Somebody asks for pages who does not prove to be the presentation server."
        value = f"{unproven.count}, the last {span(now, unproven.at, 'ago')}"
        facts.append(Fact("Not proven", State.NOTE if lately else State.GOOD, value, meaning))
    return tuple(facts)


def _phones(witness: Witness, now: datetime) -> tuple[Fact, ...]:
    failed = [one for one in witness.failed() if now - one.at < LATELY]
    refused = [one for one in witness.refused() if now - one.at < LATELY]
    slow = [one for one in witness.slowest(SHOWN_SCREENS) if one.median >= SLOW_SECONDS]
    minutes = int(LATELY.total_seconds() // 60)
    meaning = "Pages on which a phone said that something failed; see below." if failed else ""
    return (
        Fact(f"Failures in {minutes} minutes", State.BAD if failed else State.GOOD, str(len(failed)), meaning),
        Fact(f"Refusals in {minutes} minutes", State.GOOD, str(len(refused))),
        Fact("Slow screens", State.NOTE if slow else State.GOOD, ", ".join(one.screen for one in slow) or "none"),
    )


def _work(state: O2GState, searches: int) -> tuple[Fact, ...]:
    healed = ", ".join(f"{what.replace('_', ' ')} {count}" for what, count in state.healed.items() if count)
    return (
        Fact("Sessions at O2G", State.GOOD, f"{state.sessions + state.connected}"),
        Fact("Directory searches", State.GOOD, str(searches)),
        Fact("Healed by itself", State.GOOD, healed or "nothing had to"),
    )


def span(now: datetime, then: datetime | None, after: str = "") -> str:
    """Say how long ago something was, in the unit that a person would use; `never` for never."""
    if then is None:
        return "never"
    seconds = max(0, int((now - then).total_seconds()))
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'s' if count > 1 else ''} {after}".strip()
    return "just now" if after else "a moment"
