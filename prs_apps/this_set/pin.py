"""The PIN of the set, for private calls: a secret, asked for twice, never shown and never in a link."""

from dataclasses import dataclass

from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, Screen, SoftKey, Text
from prs_apps.application import Visit, action, screen
from prs_apps.laying_out import laid_out
from prs_apps.this_set.room import Gap, Room, popup, told
from services.errors import BadParameter
from services.phone_set import Pin, PinControl

LONGEST_PIN = 32
LONGEST_GROUP = 5
LINE = "pin"
NO_GROUP = -1


@dataclass(frozen=True, slots=True)
class Control:
    """Where a PIN may be used: how it is told, and how it is offered."""

    control: PinControl
    sentence: str
    choice: str


CONTROLS = (
    Control(PinControl.OWN_SET, N_("Works on this set only."), N_("On this set only")),
    Control(PinControl.ANY_SET, N_("Works from any set."), N_("From any set")),
    Control(PinControl.UNIVERSAL, N_("Works on all sets."), N_("On all sets")),
    Control(PinControl.GROUP, N_("Works in a group of sets."), N_("In a group of sets")),
)
SECRET_CODE = {"yes": True, "no": False}  # what O2G says of the set's secret code goes along, as it was


class PinRoom(Room):
    """Set the PIN, and where it may be used."""

    @screen
    def pin(self, visit: Visit, said: str = "") -> Screen:
        """Tell where the PIN works, and offer a new one, for there or elsewhere."""
        pin = told(lambda: self.house.o2g.phone_set.pin(self._own(visit), visit.deadline))
        if isinstance(pin, Gap):
            return self._not_there(visit, visit._("PIN"), pin)
        now = next((control for control in CONTROLS if control.control is pin.control), None)
        sentence = visit._(now.sentence) if now else visit._("Where it works is not known.")
        group = NO_GROUP if pin.group is None else pin.group
        code = next((word for word, value in SECRET_CODE.items() if value is pin.with_secret_code), "")
        items = [Item(visit._("New PIN"), link=self._new(visit, now, group, code))]
        items += [
            Item(visit._(control.choice), link=self._new(visit, control, group, code))
            for control in CONTROLS
            if control is not now
        ]
        return Screen(
            title=visit._("PIN"),
            body=laid_out((Text(sentence if pin.number else visit._("You have no PIN.")),), items, visit.model),
            back=visit.link(self.home, LINE),
            popup=popup(visit, said),
        )

    @screen
    def new_pin(self, visit: Visit, control: str, group: int, code: str, notice: str = "") -> Screen:
        """Ask for a PIN twice, masked; where it belongs to a group of sets, for the group's number."""
        focus = self._focused(visit, notice)
        fields = [
            Input("pin", visit._("New PIN"), kind=InputKind.PASSWORD, longest=LONGEST_PIN, focus=focus),
            Input("again", visit._("Once more"), kind=InputKind.PASSWORD, longest=LONGEST_PIN),
        ]
        if control == PinControl.GROUP:
            value = "" if group == NO_GROUP else str(group)
            fields.append(Input("group", visit._("Group"), value, InputKind.DIGITS, LONGEST_GROUP))
        return Screen(
            title=visit._("New PIN"),
            body=(
                *((Text(notice),) if notice else ()),
                Form(visit.link(self.set_pin, control, group, code), tuple(fields)),
            ),
            keys=(SoftKey(visit._("Save")),),
            back=visit.link(self.pin),
            status=400 if notice else 200,
        )

    @action
    def set_pin(self, visit: Visit, control: str, group: int, code: str) -> Screen | Link:
        """Set the PIN that was typed twice, whole: what O2G said of it before goes along."""
        try:
            pin, again = (visit.fields.text(name, LONGEST_PIN) for name in ("pin", "again"))
            typed_group = visit.fields.text("group", LONGEST_GROUP)
        except TooLarge:
            return self.new_pin(visit, control, group, code, visit._("This is too long for a PIN."))
        if pin != again:
            return self.new_pin(visit, control, group, code, visit._("They differ. Type both again."))
        if control == PinControl.GROUP:
            if not (typed_group.isascii() and typed_group.isdigit()):
                return self.new_pin(visit, control, group, code, visit._("Enter the number of the group."))
            group = int(typed_group)
        wanted = Pin(
            pin,
            with_secret_code=SECRET_CODE.get(code),
            control=PinControl(control) if control else None,
            group=None if group == NO_GROUP else group,
        )
        try:
            self.house.o2g.phone_set.set_pin(self._own(visit), wanted, visit.deadline)
        except BadParameter:
            notice = visit._("This PIN is not accepted. It needs digits, as many as usual.")
            return self.new_pin(visit, control, group, code, notice)
        return visit.link(self.pin, "changed")

    def _new(self, visit: Visit, control: Control | None, group: int, code: str) -> Link:
        return visit.link(self.new_pin, control.control.value if control else "", group, code)
