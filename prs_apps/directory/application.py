"""The screens of the directory."""

from collections.abc import Sequence
from typing import ClassVar

from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Form, Input, Item, List, Refresh, Screen, SoftKey, Text
from prs.text import width
from prs_apps.application import Application, House, Manifest, Visit, action, screen
from prs_apps.calling import call_and_tell
from prs_apps.directory.searches import Found, Searches
from prs_apps.directory.trail import Trail
from prs_apps.paging import Leaf, leaf
from prs_apps.people import full_name, listed_name
from prs_apps.picking import Pick
from services.deadline import Deadline
from services.directory import KeypadQuery, NameQuery, Person
from services.errors import O2GError
from services.users import DeviceKind

LONGEST_NAME = 40
MOST_DIGITS = 20
WHILE_SEARCHING_S = 1.0  # how often a page renews itself until O2G has finished
WAIT_FOR_PEOPLE_S = 1.2  # longer without a word, and a person presses again
KEPT_BACK_S = 0.3  # of a screen's time, to write the page
SETS_SECONDS = 1.0  # what telling a person's sets apart may cost
DELETE_DIGIT = "*"

KINDS = {
    DeviceKind.DESKPHONE: N_("Desk phone"),
    DeviceKind.DECT: N_("DECT phone"),
    DeviceKind.MOBILE: N_("Mobile"),
    DeviceKind.SOFTPHONE: N_("Softphone"),
    DeviceKind.UNKNOWN: N_("Phone"),
}


class Directory(Application):
    """Find a colleague and call them."""

    manifest: ClassVar = Manifest("directory", N_("Directory"), order=10)

    def __init__(self, house: House) -> None:
        """Furnish the directory with a place for its searches."""
        super().__init__(house)
        self._searches = Searches(house.o2g.directory, house.shared)

    @screen
    def home(self, visit: Visit, trail: str = "") -> Screen:
        """Ask for a name; on a set without letters, for its digits."""
        here = Trail.unpacked(trail)
        return self._form(visit, here) if visit.model.letters else self.keypad(visit, here.keyed("").packed())

    @screen
    def find(self, visit: Visit, trail: str = "") -> Screen | Link:
        """Lead on to the results for the name that was entered."""
        here = Trail.unpacked(trail)
        try:
            last_name = visit.fields.text("last_name", LONGEST_NAME)
            first_name = visit.fields.text("first_name", LONGEST_NAME)
        except TooLarge:
            entered = (visit.fields.cut("last_name", LONGEST_NAME), visit.fields.cut("first_name", LONGEST_NAME))
            notice = visit._("A name has {count} characters at most.", count=LONGEST_NAME)
            return self._form(visit, here.named(*entered), notice)
        if not last_name and not first_name:
            return self._form(visit, here, visit._("Enter a name or its first letters."))
        return visit.link(self.results, trail=here.named(last_name, first_name).packed())

    @screen
    def results(self, visit: Visit, trail: str) -> Screen:
        """Show who was found by name; a single person at once."""
        here = Trail.unpacked(trail)
        here, found = self._look(visit, here, NameQuery(last_name=here.last_name, first_name=here.first_name))
        if found.finished and len(found.people) == 1:
            return self._card(visit, here, found.people[0], back=self._change(visit, here))
        change = self._change(visit, here)
        keys = (SoftKey(visit._("Change"), change), SoftKey(visit._("Keypad"), self._keypad_link(visit, here)))
        if found.people:
            return self._list(visit, here, found, keys, back=change)
        if not found.finished:
            return self._searching(visit, here, back=change)
        if found.timed_out:
            return self._given_up(visit, here, keys, back=change)
        return Screen(
            title=visit._("Directory"),
            body=(Text(visit._("No one is found under “{name}”.", name=here.name)),),
            keys=keys,
            back=change,
        )

    @screen
    def keypad(self, visit: Visit, trail: str = "") -> Screen:
        """Narrow the list with each digit; the name's letters stand on the keys."""
        here = Trail.unpacked(trail)
        if visit.digits:
            here = here.keyed(_keyed(here.digits, visit.digits))
        if not here.digits:
            return self._keypad_help(visit, here)
        here, found = self._look(visit, here, KeypadQuery(digits=here.digits))
        keys = self._keypad_keys(visit, here)
        back = here.way_out()
        if found.people:
            return self._list(visit, here, found, keys, back=back)
        if not found.finished:
            return self._searching(visit, here, back=back)
        if found.timed_out:
            return self._given_up(visit, here, keys, back=back)
        return Screen(
            title=visit._("Keys {digits}", digits=here.digits),
            body=(Text(visit._("No one is found. * deletes a digit.")),),
            keys=keys,
            back=back,
            keypad=visit.link(self.keypad, trail=here.packed()),
        )

    @screen
    def card(self, visit: Visit, trail: str, number: str, login: str) -> Screen:
        """Show a person's numbers; the first key calls the first one."""
        here = Trail.unpacked(trail)
        found = self._searches.look(here.search, 1, visit.deadline)
        person = (
            next((p for p in found.people if (p.number, p.login or "") == (number, login)), None) if found else None
        )
        if person is None:
            # The list has been forgotten meanwhile: what was searched for is searched again.
            return self._list_screen(visit, here.forgetful())
        return self._card(visit, here, person, back=self._list_link(visit, here))

    @action
    def call(self, visit: Visit, trail: str, number: str, name: str) -> Screen:
        """Call a number from the user's own set."""
        return call_and_tell(visit, number, name, back=self._list_link(visit, Trail.unpacked(trail)))

    def _form(self, visit: Visit, here: Trail, notice: str = "") -> Screen:
        fields = (
            Input("last_name", visit._("Name"), value=here.last_name, longest=LONGEST_NAME, focus=True),
            Input("first_name", visit._("First name"), value=here.first_name, longest=LONGEST_NAME),
        )
        form = Form(visit.link(self.find, trail=here.packed()), fields)
        return Screen(
            title=visit._("Directory"),
            body=(Text(notice), form) if notice else (form,),
            keys=(SoftKey(visit._("Search")), SoftKey(visit._("Keypad"), self._keypad_link(visit, here))),
            back=here.way_out(),
            status=400 if notice else 200,
        )

    def _look(self, visit: Visit, here: Trail, query: NameQuery | KeypadQuery) -> tuple[Trail, Found]:
        """Look at the search of a trail, starting it if there is none or it has been forgotten."""
        enough = visit.model.list_items * (here.page + 1)
        found = self._searches.look(here.search, enough, self._patience(visit)) if here.search else None
        if found is None:
            until = visit.deadline.at_most(max(0.0, visit.deadline.remaining() - KEPT_BACK_S))
            name = self._searches.start(visit.user.login, query, visit.language, until)
            here = here.searching(name)
            found = self._searches.look(name, enough, self._patience(visit)) or Found()
        return here, found

    def _patience(self, visit: Visit) -> Deadline:
        """Tell until when a screen waits for people, before it shows that it is searching."""
        return visit.deadline.at_most(min(WAIT_FOR_PEOPLE_S, max(0.0, visit.deadline.remaining() - KEPT_BACK_S)))

    def _list(self, visit: Visit, here: Trail, found: Found, keys: Sequence[SoftKey], back: Link | None) -> Screen:
        part = leaf(found.people, here.page, visit.model.list_items)
        here = here.at(part.page)
        title = self._title(visit, found)
        items = [self._person(visit, here, person) for person in part.items]
        return Screen(
            title=title,
            note=self._note(here, part),
            body=(List(tuple(items)),),
            keys=tuple(keys),
            back=back,
            earlier=self._list_link(visit, here.at(part.page - 1)) if part.has_earlier else None,
            later=self._list_link(visit, here.at(part.page + 1)) if part.has_later else None,
            keypad=visit.link(self.keypad, trail=here.packed()) if here.digits else None,
            refresh=None if found.finished else Refresh(WHILE_SEARCHING_S, self._list_link(visit, here)),
        )

    def _title(self, visit: Visit, found: Found) -> str:
        count = len(found.people)
        if found.too_many:
            return visit._("{count}+: add letters", count=count)
        if not found.finished:
            return visit._("{count}, searching…", count=count)
        if found.timed_out or found.failed:
            return visit._("{count}, maybe not all", count=count)
        return visit.ngettext("{count} found", "{count} found", count)

    def _note(self, here: Trail, part: Leaf[Person]) -> str:
        pages = f"{part.page + 1}/{part.pages}" if part.pages > 1 else ""
        return " ".join(filter(None, (here.digits[-8:], pages)))

    def _person(self, visit: Visit, here: Trail, person: Person) -> Item:
        name = listed_name(person.first_name, person.last_name)
        link = visit.link(self.card, trail=here.packed(), number=person.number, login=person.login or "")
        return Item(name or person.display_number, detail=person.display_number if name else "", link=link)

    def _searching(self, visit: Visit, here: Trail, back: Link | None) -> Screen:
        return Screen(
            title=visit._("Searching…"),
            note=here.digits[-8:],
            body=(Text(visit._("The directory takes its time. The names appear here.")),),
            keys=(SoftKey(visit._("Stop"), visit.link(self.stop, trail=here.packed())),),
            back=back,
            keypad=visit.link(self.keypad, trail=here.packed()) if here.digits else None,
            refresh=Refresh(WHILE_SEARCHING_S, self._list_link(visit, here)),
        )

    def _given_up(self, visit: Visit, here: Trail, keys: Sequence[SoftKey], back: Link | None) -> Screen:
        again = SoftKey(visit._("Retry"), self._list_link(visit, here.forgetful()))
        return Screen(
            title=visit._("Directory"),
            body=(Text(visit._("The directory gave up before it had looked everywhere.")),),
            keys=(again, *keys),
            back=back,
            keypad=visit.link(self.keypad, trail=here.packed()) if here.digits else None,
        )

    @screen
    def stop(self, visit: Visit, trail: str) -> Screen:
        """Stop a search and ask for another name."""
        here = Trail.unpacked(trail)
        self._searches.stop(here.search)
        return self.home(visit, here.packed())

    def _card(self, visit: Visit, here: Trail, person: Person, back: Link) -> Screen:
        name = full_name(person.first_name, person.last_name)
        callable_from_here = bool(person.number) and person.number != visit.user.number
        packed = here.packed()

        def call(number: str) -> Link:
            if here.pick:
                return Pick.unpacked(here.pick).link(number)
            return visit.link(self.call, trail=packed, number=number, name=name or number)

        numbers = self._numbers(visit, person)
        if not callable_from_here:
            notice = visit._("This is you.") if person.number else visit._("No number is known.")
            items = tuple(Item(kind, detail=shown) for kind, shown, _ in numbers if shown)
            body = (Text(notice), List(items)) if items else (Text(notice),)
            return Screen(title=name or person.display_number, body=body, back=back)
        if visit.model.rows == 1:  # its one line tells whose number it is, rather than of which set
            numbers = [(name or kind, shown, dialled) for kind, shown, dialled in numbers]
        items = tuple(Item(kind, detail=shown, link=call(dialled)) for kind, shown, dialled in numbers)
        # A name that the first line cuts off stands below the numbers in full: what is pressed most stays on top.
        whole = (Text(name),) if width(name) > visit.model.columns else ()
        keys = (SoftKey(visit._("Choose") if here.pick else visit._("Call"), call(numbers[0][2])),)
        return Screen(title=name or person.display_number, body=(List(items), *whole), keys=keys, back=back)

    def _numbers(self, visit: Visit, person: Person) -> list[tuple[str, str, str]]:
        """Collect a person's numbers: what each is, how it is shown, how it is dialled. The directory's comes first."""
        kinds = self._sets(visit, person)
        first = kinds.pop(person.number, visit._("Number"))
        others = [(kind, number, number) for number, kind in kinds.items()]
        return [(first, person.display_number, person.number), *others]

    def _sets(self, visit: Visit, person: Person) -> dict[str, str]:
        """Find what a person's sets are, by their numbers; nothing for who is in the phone book only.

        They are no reason to keep the number back, which was found already.
        """
        if not person.number:
            return {}
        try:
            user = self.house.o2g.users.by_number(person.number, visit.deadline.at_most(SETS_SECONDS))
        except O2GError:
            return {}
        return {device.id: visit._(KINDS[device.kind]) for device in user.devices}

    def _keypad_help(self, visit: Visit, here: Trail) -> Screen:
        return Screen(
            title=visit._("Search by keypad"),
            body=(Text(visit._("Key the name: 2 for A, B, C; 3 for D, E, F. * deletes a digit.")),),
            keys=self._keypad_keys(visit, here),
            back=here.way_out(),
            keypad=self._keypad_link(visit, here),
        )

    def _keypad_keys(self, visit: Visit, here: Trail) -> tuple[SoftKey, ...]:
        keys = []
        if here.digits:
            shorter = here.keyed(here.digits[:-1])
            keys.append(SoftKey(visit._("Delete"), visit.link(self.keypad, trail=shorter.packed())))
        if visit.model.letters:
            keys.append(SoftKey(visit._("Letters"), visit.link(self.home, trail=here.named("", "").packed())))
        return tuple(keys)

    def _change(self, visit: Visit, here: Trail) -> Link:
        return visit.link(self.home, trail=here.forgetful().packed())

    def _keypad_link(self, visit: Visit, here: Trail) -> Link:
        return visit.link(self.keypad, trail=here.keyed("").packed())

    def _list_link(self, visit: Visit, here: Trail) -> Link:
        return visit.link(self.keypad if here.digits else self.results, trail=here.packed())

    def _list_screen(self, visit: Visit, here: Trail) -> Screen:
        return self.keypad(visit, here.packed()) if here.digits else self.results(visit, here.packed())


def _keyed(before: str, keyed: str) -> str:
    """Add what was keyed: digits narrow, `*` deletes the last one; `#` is no letter's key."""
    for key in keyed:
        if key == DELETE_DIGIT:
            before = before[:-1]
        elif key.isdigit():
            before = (before + key)[:MOST_DIGITS]
    return before
