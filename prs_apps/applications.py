"""The applications that a server offers: they follow the registry without a restart, and answer from memory.

A request never waits for the store: a thread of its own asks it every few seconds whether anything was changed. While
the store is gone, phones go on with what is known; a registered application that does not work here is left out and
reported, and harms no other.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

import structlog

from prs.models import PhoneModel
from prs_apps.application import Application, Visit
from prs_apps.making import CannotBeMade, Workshop
from prs_apps.menu import Menu
from prs_apps.offer import Offer
from prs_apps.operators import KnownOperators
from services.threads import started
from services.users import Device, User
from store.errors import AlreadyThere, ChangedMeanwhile, StoreGone
from store.registered import Kind, PrsEntry, RegisteredApplication, Who, in_range
from store.registry import Entry, Snapshot
from store.registry_copy import RegistryCopy
from store.registry_file import Change
from store.standing import RegistryState, Standing

LOOK_SECONDS = 2.0
BY_ITSELF = "touchline"
UNREADABLE = "this version cannot read how it is registered (another one, or a hand, wrote it): nobody gets it"
NEVER = -1

log = structlog.get_logger(__name__)


class Registered(Protocol):
    """Where applications are registered: `store.registry.Registry`."""

    def revision(self) -> int:
        """Tell how often anything was changed."""

    def everything(self) -> Snapshot:
        """Give all that is registered."""

    def apply(
        self, wanted: Sequence[RegisteredApplication], seen: int, *, removing: bool, by: str, now: datetime
    ) -> tuple[Change, ...]:
        """Register what is wanted."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a process knows of the registry at one moment; never changed, only replaced as a whole."""

    revision: int = NEVER
    since: datetime | None = None
    registered: Mapping[str, RegisteredApplication] = field(default_factory=dict)
    applications: Mapping[str, Application] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    standings: tuple[Standing, ...] = ()
    asks_for_operators: bool = False
    unreadable: tuple[str, ...] = ()


class Applications(Mapping[str, Application]):
    """The applications by their ids, the menu among them; who may use which; in which order menus offer them."""

    def __init__(
        self,
        workshop: Workshop,
        registry: Registered,
        operators: KnownOperators,
        now: Callable[[], datetime],
        guests: Sequence[str] = (),
        copy: RegistryCopy | None = None,
    ) -> None:
        """Take what makes applications, where they are registered, who tells of operators, and the clock (UTC).

        `guests` are the numbers and ranges of guests, since O2G does not tell them; none: it is not known who is one.
        `copy` is what was last known, for a start at which the store is gone; where nothing was, or until something is
        known, built-in applications are everybody's.
        """
        self.workshop = workshop
        self._registry = registry
        self._operators = operators
        self._now = now
        self._guests = guests
        self._copy = copy
        self._menu: Menu | None = None
        self._gone = False
        self._looking = threading.Lock()
        self._stopped = threading.Event()
        self._beginning = threading.Lock()
        self._follower: tuple[int, threading.Thread] | None = None
        self._known = self._learnt(Snapshot(NEVER, ()), None)

    def open_with(self, menu: Menu) -> None:
        """Take the menu, which needs to know of the applications and is one of them."""
        self._menu = menu

    def __getitem__(self, id: str) -> Application:
        """Give an application; a broken one is not there."""
        self._follow()
        if self._menu is not None and id == self._menu.manifest.id:
            return self._menu
        return self._known.applications[id]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids."""
        own = () if self._menu is None else (self._menu.manifest.id,)
        return iter((*own, *self._known.applications))

    def values(self) -> ValuesView[Application]:
        """Give them as they are known at one moment: one that is removed meanwhile is still among them."""
        self._follow()
        own = {} if self._menu is None else {self._menu.manifest.id: self._menu}
        return {**own, **self._known.applications}.values()

    def __len__(self) -> int:
        """Count them."""
        return len(self._known.applications) + (self._menu is not None)

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:  # noqa: ARG002
        """Tell whether this user, on a set of this model, may use an application; one that is switched off, nobody."""
        registered = self._known.registered.get(application)
        return registered is not None and registered.admits(self.who(user, model))

    def to(self, visit: Visit) -> tuple[Offer, ...]:
        """List what this user, on this set, may open from a menu, in the administrator's order."""
        known, who = self._known, self.who(visit.user, visit.model)
        return tuple(offer for offer in known.offers if known.registered[offer.id].admits(who))

    def entry(self, identifier: str) -> tuple[Offer, PrsEntry] | None:
        """Find the application that the presentation server knows under an identifier; None: none that is on."""
        known = self._known
        for offer in known.offers:
            registered = known.registered[offer.id]
            if registered.enabled and registered.entry is not None and registered.entry.identifier == identifier:
                return offer, registered.entry
        return None

    def state(self) -> RegistryState:
        """Tell what phones know of the registry."""
        known = self._known
        gone = ("the store cannot be reached: phones go on with what is known",) if self._gone else ()
        broken = tuple(f"{one.id}: {one.reason}" for one in known.standings if not one.works)
        unreadable = tuple(f"{id}: {UNREADABLE}" for id in known.unreadable)
        return RegistryState(known.since, self._gone, known.revision, (*gone, *unreadable, *broken))

    def standings(self) -> tuple[Standing, ...]:
        """Tell how each registered application stands here, in the order of menus."""
        return self._known.standings

    def built_in(self) -> tuple[str, ...]:
        """Name the built-in applications."""
        return tuple(application.manifest.id for application in self.workshop.built_in)

    def packages(self) -> tuple[str, ...]:
        """Name the packages that could be registered."""
        return self.workshop.packages.names()

    def check(self, registered: RegisteredApplication) -> tuple[str, ...]:
        """Tell what is wrong with a registration here; empty: nothing."""
        return self.workshop.check(registered)

    def look(self) -> None:
        """Ask the store whether anything was changed, and follow it; a store that is gone is told of once."""
        with self._looking:
            try:
                if self._registry.revision() != self._known.revision:
                    self._known = self._learnt(self._with_built_in(), self._now())
                    log.info("registry_followed", revision=self._known.revision)
                    if self._copy is not None:
                        self._copy.keep(self._known.registered.values())
            except StoreGone as error:
                if not self._gone:
                    log.error("registry_gone", error=type(error).__name__, revision=self._known.revision)
                    self._recall()
                self._gone = True
            else:
                self._gone = False

    def _recall(self) -> None:
        """Go by what was known before this start, where the store has not been seen since."""
        if self._copy is None or self._known.revision != NEVER:
            return
        now = self._now()
        entries = tuple(Entry(application, 0, now, BY_ITSELF) for application in self._copy.read())
        if entries:
            self._known = self._learnt(Snapshot(NEVER, entries), None)
            log.warning("registry_recalled", applications=len(entries))

    def stop(self) -> None:
        """Follow the registry no more."""
        self._stopped.set()

    def _follow(self) -> None:
        """Have a thread of this very process look from time to time: a fork's parent keeps its threads to itself."""
        if self._follower is not None and self._follower[0] == os.getpid():
            return
        with self._beginning:
            if self._follower is None or self._follower[0] != os.getpid():
                thread = started(self._look_often, "registry")
                self._follower = None if thread is None else (os.getpid(), thread)

    def _look_often(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
                self._operators.refresh(wanted=self._known.asks_for_operators)
            except Exception:
                # Whatever it was, phones go on with what is known, and the next look may go well.
                log.exception("registry_not_followed")
            self._stopped.wait(LOOK_SECONDS)

    def _with_built_in(self) -> Snapshot:
        """Read what is registered, after registering the built-in applications that are not yet."""
        found = self._registry.everything()
        there = {*(entry.application.id for entry in found.entries), *found.unreadable}
        missing = [_by_itself(own) for own in self.workshop.built_in if own.manifest.id not in there]
        if not missing:
            return found
        try:
            self._registry.apply(missing, found.revision, removing=False, by=BY_ITSELF, now=self._now())
        except (ChangedMeanwhile, AlreadyThere):
            pass  # another worker did it, or did something else: the next look sees it
        except StoreGone:
            return found  # it can be read and not written: they are everybody's without being registered
        return self._registry.everything()

    def _learnt(self, snapshot: Snapshot, since: datetime | None) -> _Known:
        registered = {own.manifest.id: _by_itself(own) for own in self.workshop.built_in}
        registered |= {one.id: one for one in snapshot.applications}
        for id in snapshot.unreadable:
            log.error("registration_unreadable", application=id)
            if id in registered:  # for whom it is cannot be read: for nobody, then, rather than for everybody
                registered[id] = registered[id].model_copy(update={"enabled": False})
        applications: dict[str, Application] = {}
        offers: list[Offer] = []
        standings: list[Standing] = []
        for one in registered.values():
            try:
                application = self._same_or_new(one)
            except CannotBeMade as error:
                log.warning("application_does_not_work", application=one.id, reason=str(error))
                name = dict(one.names).get("en", one.id)
                standings.append(Standing(one.id, one.kind, False, str(error), name, one.order or 0))
                continue
            applications[one.id] = application
            offer = _offer(one, application)
            offers.append(offer)
            name = dict(offer.names).get("en", application.manifest.name)
            standings.append(Standing(one.id, one.kind, True, "", name, offer.order))
        return _Known(
            snapshot.revision,
            since,
            MappingProxyType(registered),
            MappingProxyType(applications),
            tuple(sorted(offers, key=lambda offer: (offer.order, offer.id))),
            tuple(sorted(standings, key=lambda standing: (standing.order, standing.id))),
            any(rule.agent is not None for one in registered.values() for rule in one.audience),
            snapshot.unreadable,
        )

    def _same_or_new(self, registered: RegisteredApplication) -> Application:
        """Keep an application whose making would give the same: it may remember things."""
        known: _Known | None = getattr(self, "_known", None)
        before = known.registered.get(registered.id) if known else None
        if known is not None and before is not None and registered.id in known.applications:
            made_of = ("kind", "package", "external", "parameters", "names")
            if all(getattr(before, part) == getattr(registered, part) for part in made_of):
                return known.applications[registered.id]
        return self.workshop.make(registered)

    def who(self, user: User, model: PhoneModel) -> Who:
        """Tell what rules ask about a user on a set of this model, from memory."""
        guest = any(in_range(user.number, numbers) for numbers in self._guests) if self._guests else None
        agent = self._operators.has(user.login)
        return Who(user.login, user.number, user.node, model.family, agent=agent, guest=guest)


def _by_itself(application: Application) -> RegisteredApplication:
    return RegisteredApplication(id=application.manifest.id, kind=Kind.BUILT_IN)


def _offer(registered: RegisteredApplication, application: Application) -> Offer:
    manifest = application.manifest
    names = dict(manifest.names) | dict(registered.names)
    order = manifest.order if registered.order is None else registered.order
    return Offer(application, order, MappingProxyType(names), (registered.icon or manifest.icon).strip("_"))
