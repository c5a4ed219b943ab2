"""The screens of forwarding."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, List, Popup, Screen, SoftKey, Text
from prs_apps.ages import retry, told
from prs_apps.application import Application, Manifest, Visit, action, screen
from prs_apps.directory.offering import from_directory
from prs_apps.forwarding.choices import CONDITIONS, DIVERSIONS, SENTENCES, TOGGLES, Diversion, Toggle
from prs_apps.forwarding.refused import NAMED, refused_by
from prs_apps.picking import Pick
from prs_apps.recent import recent_callers
from services.errors import BadParameter, NotAllowed, NotExpected, NotFound, NotSupported
from services.routing import (
    VOICEMAIL,
    Condition,
    Destination,
    DestinationKind,
    RemoteExtension,
    Route,
    RoutingOverview,
    RoutingState,
)

LONGEST_NUMBER = 40
# What O2G says of this change alone (L126); anything else concerns the whole screen, and ends on a page of its own.
OF_THE_CHANGE = (BadParameter, NotAllowed, NotExpected, NotFound, NotSupported)


class Forwarding(Application):
    """Where calls go."""

    manifest: ClassVar = Manifest("forwarding", N_("Forwarding"), order=30)

    @screen
    def home(self, visit: Visit, refused: str = "") -> Screen:
        """Say in a sentence where calls go, then what can be changed; what the user may not is not offered.

        `refused` is the name of the refusal of what leads here: it is told beside the state as it is.
        """
        refusal = NAMED.get(refused)
        notice = visit._(refusal.message) if refusal else ""
        known = self.house.o2g.routing.known_overview(visit.user.login, visit.deadline)
        overview = known.value
        items = [self._toggle(visit, t, t.value(overview.state)) for t in TOGGLES if t.allowed(overview.capabilities)]
        items += [
            self._diversion(visit, diversion, diversion.route(overview.state))
            for diversion in DIVERSIONS
            if diversion.allowed(overview.capabilities)
        ]
        sentence = " ".join(self._sentences(visit, overview.state))
        shown = [item for item in items if item is not None]
        return Screen(
            title=visit._("Forwarding"),
            body=(
                *((Text(notice),) if notice else ()),
                *told(visit, known),
                Text(sentence),
                *((List(tuple(shown)),) if shown else ()),
            ),
            keys=(*retry(visit, known, visit.link(self.home)), *self._shortcuts(visit, overview)),
            popup=Popup(notice) if notice and visit.model.rows == 1 else None,  # its one row shows the list
            status=refusal.status if refusal else 200,
        )

    @action
    def switch(self, visit: Visit, toggle: str, on: bool) -> Link:
        """Switch something on or off; the screen then shows what O2G reports."""
        chosen = next(t for t in TOGGLES if t.id == toggle)
        return self._change(visit, lambda: chosen.set(self.house.o2g.routing, visit.user.login, on, visit.deadline))

    @screen
    def divert(self, visit: Visit, diversion: str) -> Screen:
        """Offer when calls shall go elsewhere, or no longer."""
        chosen = _diversion(diversion)
        route = chosen.route(self.house.o2g.routing.state(visit.user.login, visit.deadline))
        items = [
            Item(visit._(CONDITIONS[condition]), link=visit.link(self.destination, diversion, condition.value))
            for condition in chosen.conditions
        ]
        off = (Item(visit._("Switch off"), link=visit.link(self.cancel, diversion)),) if route else ()
        return Screen(title=visit._(chosen.name), body=(List((*off, *items)),), back=visit.link(self.home))

    @screen
    def destination(self, visit: Visit, diversion: str, condition: str, notice: str = "") -> Screen:
        """Offer where to: voicemail, a number typed, somebody of the directory or of the last calls."""
        arguments = (("diversion", diversion), ("condition", condition))
        pick = Pick("forwarding", "send_to", arguments, asker="destination")
        items = []
        if visit.user.voicemail is not None:
            items.append(Item(visit._("Voicemail"), link=visit.link(self.send_to_voicemail, diversion, condition)))
        items += from_directory(visit, pick)
        items += recent_callers(visit, pick)
        form = Form(
            visit.link(self.typed, diversion, condition),
            (Input("number", visit._("Number"), kind=InputKind.DIGITS, longest=LONGEST_NUMBER, focus=True),),
        )
        return Screen(
            title=visit._(CONDITIONS[Condition(condition)]),
            body=(*((Text(notice),) if notice else ()), form, *((List(tuple(items)),) if items else ())),
            keys=(SoftKey(visit._("Set")),),
            back=visit.link(self.divert, diversion),
            status=400 if notice else 200,
        )

    @action
    def typed(self, visit: Visit, diversion: str, condition: str) -> Screen | Link:
        """Send calls to the number that was typed."""
        try:
            number = visit.fields.text("number", LONGEST_NUMBER)
            destination = Destination.to(number)
        except (TooLarge, BadParameter):
            return self.destination(visit, diversion, condition, visit._("Enter a number that can be called."))
        return self._set(visit, diversion, condition, destination)

    @action
    def send_to(self, visit: Visit, diversion: str, condition: str, number: str) -> Link:
        """Send calls to a number that was picked."""
        return self._set(visit, diversion, condition, Destination.to(number))

    @action
    def send_to_voicemail(self, visit: Visit, diversion: str, condition: str) -> Link:
        """Send calls to the user's voicemail."""
        return self._set(visit, diversion, condition, VOICEMAIL)

    @action
    def cancel(self, visit: Visit, diversion: str) -> Link:
        """Send calls elsewhere no longer."""
        routing, chosen = self.house.o2g.routing, _diversion(diversion)
        return self._change(visit, lambda: chosen.cancel(routing, visit.user.login, visit.deadline))

    def _set(self, visit: Visit, diversion: str, condition: str, destination: Destination) -> Link:
        routing, chosen, when = self.house.o2g.routing, _diversion(diversion), Condition(condition)
        return self._change(
            visit,
            lambda: chosen.set(routing, visit.user.login, when, destination, visit.deadline),
            destination.number,
        )

    def _change(self, visit: Visit, change: Callable[[], None], number: str = "") -> Link:
        """Change something, maybe to a number; the screen then shows what O2G reports, and why it refused."""
        try:
            change()
        except OF_THE_CHANGE as error:
            if isinstance(error, NotAllowed) and type(error) is not NotAllowed:
                raise  # O2G's login is wrong, or there is no licence: nothing can be shown either
            own = {visit.user.number, *(device.id for device in visit.user.devices)}
            return visit.link(self.home, refused=refused_by(error, number, own).name)
        return visit.link(self.home)

    def _toggle(self, visit: Visit, toggle: Toggle, value: bool | None) -> Item | None:
        if value is None:
            return None
        shown = visit._("on") if value else visit._("off")
        return Item(visit._(toggle.name), detail=shown, link=visit.link(self.switch, toggle.id, not value))

    def _diversion(self, visit: Visit, diversion: Diversion, route: Route | None) -> Item:
        shown = visit._("off") if route is None else self._where(visit, route.destination)
        return Item(visit._(diversion.name), detail=shown, link=visit.link(self.divert, diversion.id))

    def _where(self, visit: Visit, destination: Destination) -> str:
        if destination.kind is DestinationKind.VOICEMAIL:
            return visit._("voicemail")
        return destination.number or visit._("unknown")

    def _sentences(self, visit: Visit, state: RoutingState) -> Iterable[str]:
        if state.do_not_disturb:
            yield visit._("Do not disturb is on.")
        routes = [route for route in (state.forward, state.overflow) if route is not None]
        for route in routes:
            to_number, to_voicemail = SENTENCES[route.condition]
            if route.destination.kind is DestinationKind.VOICEMAIL:
                yield visit._(to_voicemail)
            elif route.destination.number:
                yield visit._(to_number, number=route.destination.number)
            else:
                yield visit._("Where forwarded calls go is not known here.")
        if not routes and not state.do_not_disturb:
            yield visit._("Calls ring on your set.")
        at_once = any(route.condition is Condition.IMMEDIATE for route in routes)
        if state.remote_extension is RemoteExtension.ON and not at_once and not state.do_not_disturb:
            yield visit._("Your mobile rings, too.")

    def _shortcuts(self, visit: Visit, overview: RoutingOverview) -> tuple[SoftKey, ...]:
        """Give the likely action a key of its own: away from what is set, as far as the user may."""
        state, may = overview.state, overview.capabilities
        if state.do_not_disturb and may.do_not_disturb:
            return (SoftKey(visit._("Disturb"), visit.link(self.switch, "do_not_disturb", False)),)
        if state.forward is not None and may.forward:
            return (SoftKey(visit._("No fwd"), visit.link(self.cancel, "forward")),)
        return ()


def _diversion(name: str) -> Diversion:
    return next(diversion for diversion in DIVERSIONS if diversion.id == name)
