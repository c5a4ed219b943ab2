"""Hunting groups: which one the user is in, whether its calls ring, joining and leaving."""

from collections.abc import Callable

from prs.links import Link
from prs.screens import Item, Screen, SoftKey, Text
from prs_apps.application import Visit, action, screen
from prs_apps.laying_out import laid_out
from prs_apps.paging import leaf
from prs_apps.this_set.room import REFUSED, Gap, Room, popup, status, told
from services.errors import NotExpected, NotFound
from services.numbers import DIALABLE
from services.together import together

LINE = "hunting"
LONGEST_NUMBER = 49  # L12


class HuntingRoom(Room):
    """Be in a hunting group, and take its calls or not."""

    @screen
    def hunting(self, visit: Visit, page: int = 0, said: str = "") -> Screen:
        """Tell the user's group and whether its calls ring, then the groups that can be joined."""
        login, hunting = visit.user.login, self.house.o2g.hunting
        groups, logged_on = together(
            lambda: told(lambda: hunting.groups(login, visit.deadline)),
            lambda: told(lambda: hunting.logged_on(login, visit.deadline)),
        )
        if isinstance(groups, Gap):
            return self._not_there(visit, visit._("Hunting group"), groups)
        current = (groups.current or "")[:LONGEST_NUMBER]
        on = logged_on if isinstance(logged_on, bool) else None
        shown = leaf(groups.numbers, page, visit.model.list_items)
        items = tuple(self._group(visit, number, current) for number in shown.items)
        return Screen(
            title=visit._("Hunting group"),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=laid_out((Text(_sentence(visit, current, on)),), items, visit.model),
            keys=self._member_keys(visit, current, on) if DIALABLE.fullmatch(current) else (),
            back=visit.link(self.home, LINE),
            earlier=visit.link(self.hunting, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.hunting, shown.page + 1) if shown.has_later else None,
            popup=popup(visit, said),
            status=status(said),
        )

    @action
    def hunt(self, visit: Visit, on: bool) -> Link:
        """Take the group's calls from now on, or no longer."""
        hunting = self.house.o2g.hunting
        change = hunting.log_on if on else hunting.log_off
        return self._changed(visit, lambda: change(visit.user.login, visit.deadline), "on" if on else "off")

    @screen
    def ask_join(self, visit: Visit, number: str, current: str) -> Screen:
        """Ask before one group is left for another: a user is in one at a time."""
        return self._ask(
            visit._("Hunting group"),
            visit._("Leave {current} and join {number}?", current=current, number=number),
            Item(visit._("Join"), link=visit.link(self.join, number)),
            Item(visit._("Stay"), link=visit.link(self.hunting)),
        )

    @action
    def join(self, visit: Visit, number: str) -> Link:
        """Become a member of a group."""
        join = self.house.o2g.hunting.join
        return self._changed(visit, lambda: join(visit.user.login, number, visit.deadline), "joined")

    @screen
    def ask_leave(self, visit: Visit, number: str) -> Screen:
        """Ask before a group is left."""
        return self._ask(
            visit._("Hunting group"),
            visit._("Leave group {number}?", number=number),
            Item(visit._("Leave"), link=visit.link(self.leave, number)),
            Item(visit._("Stay"), link=visit.link(self.hunting)),
        )

    @action
    def leave(self, visit: Visit, number: str) -> Link:
        """Be a member no longer."""
        leave = self.house.o2g.hunting.leave
        return self._changed(visit, lambda: leave(visit.user.login, number, visit.deadline), "left")

    def _changed(self, visit: Visit, change: Callable[[], None], said: str) -> Link:
        try:
            change()
        except NotFound:
            return visit.link(self.hunting, said="gone")
        except NotExpected:
            return visit.link(self.hunting, said=REFUSED)
        return visit.link(self.hunting, said=said)

    def _group(self, visit: Visit, number: str, current: str) -> Item:
        if number == current:
            return Item(number, detail=visit._("yours"))
        if not DIALABLE.fullmatch(number):
            return Item(number)  # no number of a group, whatever it is: it goes into no link
        link = visit.link(self.ask_join, number, current) if current else visit.link(self.join, number)
        return Item(number, link=link)

    def _member_keys(self, visit: Visit, current: str, on: bool | None) -> tuple[SoftKey, ...]:
        log_on = SoftKey(visit._("Log on"), visit.link(self.hunt, True))
        log_off = SoftKey(visit._("Log off"), visit.link(self.hunt, False))
        logging = {True: (log_off,), False: (log_on,), None: (log_on, log_off)}[on]
        return (*logging, SoftKey(visit._("Leave"), visit.link(self.ask_leave, current)))


def _sentence(visit: Visit, current: str, on: bool | None) -> str:
    if not current:
        return visit._("You are in no group.")
    if on is None:
        return visit._("You are in group {number}.", number=current)
    if on:
        return visit._("Group {number} rings here.", number=current)
    return visit._("Group {number} does not ring here.", number=current)
