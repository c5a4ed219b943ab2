"""The associate set: the one that calls may be sent to instead of this one."""

from prs.errors import TooLarge
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, List, Screen, SoftKey, Text
from prs_apps.application import Visit, action, screen
from prs_apps.directory.offering import from_directory
from prs_apps.picking import Pick
from prs_apps.recent import recent_callers
from prs_apps.this_set.room import Gap, Room, told
from services.errors import BadParameter
from services.together import together

LONGEST_NUMBER = 40
LINE = "associate"


class AssociateRoom(Room):
    """Name the associate set, or have none."""

    @screen
    def associate(self, visit: Visit, notice: str = "") -> Screen:
        """Tell which set it is; take a number typed, of the directory or of the last calls."""
        own, pick = self._own(visit), Pick(self.manifest.id, "associate_with", asker="associate")
        state, recent = together(
            lambda: told(lambda: self.house.o2g.phone_set.state(own, visit.deadline)),
            lambda: tuple(recent_callers(visit, pick)),
        )
        if isinstance(state, Gap):
            return self._not_there(visit, visit._("Associate set"), state)
        number = state.associate
        focus = self._focused(visit, notice)
        told_now = visit._("Your associate set is {number}.", number=number) if number else ""
        none = (Item(visit._("No associate set"), link=visit.link(self.no_associate)),) if number else ()
        offered = (*none, *from_directory(visit, pick), *recent)
        field = Input("number", visit._("Number"), kind=InputKind.DIGITS, longest=LONGEST_NUMBER, focus=focus)
        return Screen(
            title=visit._("Associate set"),
            body=(
                Text(notice or told_now or visit._("You have no associate set.")),
                Form(visit.link(self.associate_typed), (field,)),
                *((List(offered),) if focus and offered else ()),
            ),
            keys=(SoftKey(visit._("Set")),),
            back=visit.link(self.home, LINE),
            status=400 if notice else 200,
        )

    @action
    def associate_typed(self, visit: Visit) -> Screen | Link:
        """Take the number that was typed."""
        try:
            number = visit.fields.text("number", LONGEST_NUMBER)
        except TooLarge:
            number = ""
        return self._name(visit, number)

    @action
    def associate_with(self, visit: Visit, number: str) -> Screen | Link:
        """Take the number that was picked."""
        return self._name(visit, number)

    @action
    def no_associate(self, visit: Visit) -> Screen | Link:
        """Have no associate set any more."""
        return self._name(visit, None)

    def _name(self, visit: Visit, number: str | None) -> Screen | Link:
        try:
            self.house.o2g.phone_set.associate(self._own(visit), number, visit.deadline)
        except BadParameter:
            return self.associate(visit, visit._("Enter the number of another set."))
        return visit.link(self.home, LINE)
