"""The first screen: each thing of the set with its state, and what leads on from there."""

from collections.abc import Iterable
from typing import ClassVar

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Screen, SoftKey
from prs_apps.application import Manifest, Visit, action, screen
from prs_apps.this_set import associate, hunting, language, pin, shared_set
from prs_apps.this_set.associate import AssociateRoom
from prs_apps.this_set.hunting import HuntingRoom
from prs_apps.this_set.key_kinds import KINDS, in_use
from prs_apps.this_set.keys import KeysRoom
from prs_apps.this_set.language import LanguageRoom
from prs_apps.this_set.overview import Mobile, Overview, overview
from prs_apps.this_set.pin import PinRoom
from prs_apps.this_set.room import REFUSED, Gap, popup, status
from prs_apps.this_set.shared_set import SharedSetRoom, on_shared_set
from prs_apps.this_set.switches import SWITCHES, Switch
from services.errors import NotExpected, NotFound, NotSupported
from services.own_set import own_set
from services.phone_set import SetState

Line = tuple[str, Item]
CANNOT = (NotExpected, NotFound, NotSupported)


class ThisSet(AssociateRoom, KeysRoom, PinRoom, HuntingRoom, LanguageRoom, SharedSetRoom):
    """The user's own set. What O2G refuses for this user and set is not listed."""

    manifest: ClassVar = Manifest("this_set", N_("This set"), order=80, without_set=True)

    @screen
    def home(self, visit: Visit, at: str = "", said: str = "") -> Screen:
        """List each thing with its state; whoever has no set at the moment is asked for a shared one."""
        if not visit.user.devices:
            return self.shared_set(visit)
        seen = overview(visit)
        lines = list(self._lines(visit, seen))
        names = [name for name, _ in lines]
        return Screen(
            title=visit._("This set"),
            note=visit.device.id,
            body=(List(tuple(item for _, item in lines), names.index(at) if at in names else 0),),
            keys=tuple(self._shortcuts(visit, seen)),
            popup=popup(visit, said),
            status=status(said),
        )

    @action
    def switch(self, visit: Visit, switch: str, on: bool) -> Link:
        """Switch something of the set on or off."""
        chosen = next(one for one in SWITCHES if one.id == switch)
        try:
            chosen.set(self.house.o2g.phone_set, self._own(visit), on, visit.deadline)
        except CANNOT:
            return visit.link(self.home, switch, REFUSED)
        return visit.link(self.home, switch)

    @action
    def switch_mobile(self, visit: Visit, device: str, on: bool) -> Link:
        """Let a remote extension ring, or not."""
        phone_set = self.house.o2g.phone_set
        try:
            phone_set.activate_remote_extension(own_set(visit.user, device), on, visit.deadline)
        except CANNOT:
            return visit.link(self.home, device, REFUSED)
        return visit.link(self.home, device)

    def _lines(self, visit: Visit, seen: Overview) -> Iterable[Line]:
        if isinstance(seen.state, SetState):
            yield from self._of_state(visit, seen.state)
        elif seen.state is Gap.UNKNOWN:
            yield from ((switch.id, Item(visit._(switch.name), detail=visit._("unknown"))) for switch in SWITCHES)
        for mobile in seen.mobiles:
            yield from self._of_mobile(visit, mobile, alone=len(seen.mobiles) == 1)
        yield from self._of_hunting(visit, seen)
        there = False
        for kind, keys in ((KINDS["keys"], seen.keys), (KINDS["soft_keys"], seen.soft_keys)):
            if keys is Gap.UNKNOWN:
                yield kind.id, Item(visit._(kind.title), detail=visit._("unknown"))
            elif not isinstance(keys, Gap) and (keys or there):
                # O2G lists only the soft keys that are in use; a set that has programmable keys has those, too.
                there = True
                count = str(len(in_use(keys)))
                yield kind.id, Item(visit._(kind.title), detail=count, link=visit.link(self.keys, kind.id))
        if seen.state is not Gap.ABSENT:  # the same right and licence; a secret is not read before it is wanted
            yield pin.LINE, Item(visit._("PIN"), link=visit.link(self.pin))
        if on_shared_set(visit.user):
            link = visit.link(self.shared_set)
            yield shared_set.LINE, Item(visit._("Shared set"), detail=visit.device.id, link=link)
        reads = self.house.languages.of(self.house.o2g.users.language(visit.user.login, visit.deadline))
        name = visit.language.name_of(reads)
        yield language.LINE, Item(visit._("Language"), detail=name, link=visit.link(self.language))

    def _of_state(self, visit: Visit, state: SetState) -> Iterable[Line]:
        for switch in SWITCHES:
            value = switch.value(state)
            if value is not None:
                yield switch.id, self._switch(visit, switch, value)
        number = state.associate or visit._("none")
        yield (
            associate.LINE,
            Item(visit._("Associate set"), detail=number, link=visit.link(self.associate)),
        )

    def _switch(self, visit: Visit, switch: Switch, value: bool) -> Item:
        link = visit.link(self.switch, switch.id, not value)
        return Item(visit._(switch.name), detail=visit._("yes") if value else visit._("no"), link=link)

    def _of_mobile(self, visit: Visit, mobile: Mobile, *, alone: bool) -> Iterable[Line]:
        if mobile.active is Gap.ABSENT:
            return
        name = visit._("Mobile rings, too") if alone else mobile.device.label or mobile.device.id
        if not isinstance(mobile.active, bool):
            yield mobile.device.id, Item(name, detail=visit._("unknown"))
            return
        link = visit.link(self.switch_mobile, mobile.device.id, not mobile.active)
        yield mobile.device.id, Item(name, detail=visit._("yes") if mobile.active else visit._("no"), link=link)

    def _of_hunting(self, visit: Visit, seen: Overview) -> Iterable[Line]:
        title, link = visit._("Group calls"), visit.link(self.hunting)
        if seen.groups is Gap.UNKNOWN:
            yield hunting.LINE, Item(title, detail=visit._("unknown"), link=link)
        elif not isinstance(seen.groups, Gap) and (seen.groups.current or seen.groups.numbers):
            words = {True: visit._("on"), False: visit._("off")}
            state = words[seen.logged_on] if isinstance(seen.logged_on, bool) else ""
            detail = f"{seen.groups.current} {state}".strip() if seen.groups.current else visit._("none")
            yield hunting.LINE, Item(title, detail=detail, link=link)

    def _shortcuts(self, visit: Visit, seen: Overview) -> Iterable[SoftKey]:
        """Give the likely actions keys of their own: the lock, and the calls of the user's hunting group."""
        if isinstance(seen.state, SetState) and seen.state.locked is not None:
            locked = seen.state.locked
            yield SoftKey(visit._("Unlock") if locked else visit._("Lock"), visit.link(self.switch, "lock", not locked))
        member = not isinstance(seen.groups, Gap) and seen.groups.current
        if member and isinstance(seen.logged_on, bool):
            on = seen.logged_on
            yield SoftKey(visit._("Grp off") if on else visit._("Grp on"), visit.link(self.hunt, not on))
