"""Desk sharing: somebody without a set of their own takes a shared one, and gives it back."""

from prs.errors import TooLarge
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, Screen, SoftKey, Text
from prs_apps.application import Visit, action, screen
from prs_apps.this_set.room import REFUSED, Room, popup, status
from services.errors import BadParameter, NotExpected, NotFound
from services.users import User

LONGEST_NUMBER = 40
LINE = "shared_set"


def on_shared_set(user: User) -> bool:
    """Tell whether somebody is on a shared set: no set has the user's own number. O2G does not say it otherwise."""
    return bool(user.devices) and all(device.id != user.number for device in user.devices)


class SharedSetRoom(Room):
    """Log on to a shared set and off."""

    @screen
    def shared_set(self, visit: Visit, said: str = "", notice: str = "") -> Screen:
        """Tell which set it is; without any, ask for the number of one."""
        if not visit.user.devices:
            return self._without(visit, said, notice)
        back = visit.link(self.home, LINE)
        title = visit._("Shared set")
        if not on_shared_set(visit.user):
            text = visit._("You have a set of your own. Shared sets are for those who have none.")
            return Screen(title=title, body=(Text(text),), back=back, popup=popup(visit, said), status=status(said))
        return Screen(
            title=title,
            body=(Text(visit._("You are logged on to set {number}.", number=visit.device.id)),),
            keys=(SoftKey(visit._("Log off"), visit.link(self.ask_log_off)), SoftKey(visit._("Done"), back)),
            back=back,
            popup=popup(visit, said),
            status=status(said),
        )

    @action
    def log_on(self, visit: Visit) -> Screen | Link:
        """Take the set whose number was typed."""
        try:
            number = visit.fields.text("number", LONGEST_NUMBER)
            self.house.o2g.desk_sharing.log_on(visit.user.login, number, visit.deadline)
        except (TooLarge, BadParameter, NotFound):
            return self.shared_set(visit, notice=visit._("There is no such shared set."))
        except NotExpected:
            return self.shared_set(visit, notice=visit._("Somebody else is logged on there."))
        return visit.link(self.shared_set, "on")

    @screen
    def ask_log_off(self, visit: Visit) -> Screen:
        """Ask before the set is given back: it is no longer the user's then."""
        return self._ask(
            visit._("Shared set"),
            visit._("Log off from set {number}?", number=visit.device.id),
            Item(visit._("Log off"), link=visit.link(self.log_off)),
            Item(visit._("Stay"), link=visit.link(self.shared_set)),
        )

    @action
    def log_off(self, visit: Visit) -> Link:
        """Give the set back."""
        try:
            self.house.o2g.desk_sharing.log_off(visit.user.login, visit.deadline)
        except NotExpected:
            return visit.link(self.shared_set, REFUSED)
        return visit.link(self.shared_set, "off")

    def _without(self, visit: Visit, said: str, notice: str) -> Screen:
        text = notice or visit._("You have no set. Enter the number of a shared one.")
        value = visit.device.id if visit.device.id.isdigit() else ""
        field = Input(
            "number", visit._("Set number"), value, InputKind.DIGITS, LONGEST_NUMBER, self._focused(visit, text)
        )
        return Screen(
            title=visit._("Shared set"),
            body=(Text(text), Form(visit.link(self.log_on), (field,))),
            keys=(SoftKey(visit._("Log on")),),
            popup=popup(visit, said),
            status=400 if notice else status(said),
        )
