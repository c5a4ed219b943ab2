"""The keys of the set: which are in use, what they call, and the free ones."""

from prs.errors import TooLarge
from prs.legible import legible
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, List, Screen, SoftKey, Text
from prs.text import clean
from prs_apps.application import Visit, action, screen
from prs_apps.directory.offering import from_directory
from prs_apps.paging import leaf
from prs_apps.picking import Pick
from prs_apps.this_set.key_kinds import KINDS, KeyKind, in_use
from prs_apps.this_set.room import Gap, Room, popup, status, told
from services.errors import BadParameter, NotExpected, NotFound
from services.set_keys import SetKey

LONGEST_NUMBER = 40
LONGEST_LABEL = 40
NOWHERE = -1


class KeysRoom(Room):
    """Programme keys."""

    @screen
    def keys(
        self, visit: Visit, kind: str, free: bool = False, page: int = 0, at: int = NOWHERE, said: str = ""
    ) -> Screen:
        """List the keys in use, or the free ones; `at` is the position of the one to stand on."""
        chosen = KINDS[kind]
        found = told(lambda: chosen.read(self.house.o2g.set_keys, self._own(visit), visit.deadline))
        if isinstance(found, Gap):
            return self._not_there(visit, visit._(chosen.title), found)
        keys = chosen.free(found) if free else in_use(found)
        size = visit.model.list_items
        place = next((index for index, key in enumerate(keys) if key.position == at), page * size)
        shown = leaf(keys, place // size, size)
        items = tuple(self._line(visit, chosen, key, shown.page) for key in shown.items)
        nothing = visit._("No key is free.") if free else visit._("No key is programmed.")
        return Screen(
            title=visit._(chosen.title),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=(List(items, active=place % size),) if items else (Text(nothing),),
            keys=self._view_keys(visit, kind, free, offer_free=bool(chosen.free(found))),
            back=visit.link(self.home, kind),
            earlier=visit.link(self.keys, kind, free=free, page=shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.keys, kind, free=free, page=shown.page + 1) if shown.has_later else None,
            popup=popup(visit, said),
            status=status(said),
        )

    @screen
    def key(
        self, visit: Visit, kind: str, position: int, page: int, mnemonic: str, number: str, notice: str = ""
    ) -> Screen:
        """Take what a key shall call, and its label where the set has letters."""
        pick = Pick(
            self.manifest.id,
            "key",
            (("kind", kind), ("position", position), ("page", page), ("mnemonic", mnemonic)),
            asker="key",
            more=(("number", number),),
        )
        focus = self._focused(visit, notice)
        fields = [Input("number", visit._("Number"), number, InputKind.DIGITS, LONGEST_NUMBER, focus)]
        if visit.model.letters:
            fields.append(Input("label", visit._("Label"), mnemonic, InputKind.TEXT, LONGEST_LABEL))
        directory = from_directory(visit, pick)
        keys = [SoftKey(visit._("Save"))]
        if number or mnemonic:
            erase = visit.link(self.ask_erase, kind, position, page, mnemonic, number)
            keys.append(SoftKey(visit._("Erase"), erase))
        return Screen(
            title=visit._("Key {position}", position=position),
            body=(
                *((Text(notice),) if notice else ()),
                Form(visit.link(self.set_key, kind, position, page, mnemonic, number), tuple(fields)),
                *((List(directory),) if focus and directory else ()),
            ),
            keys=tuple(keys),
            back=visit.link(self.keys, kind, free=not number, page=page),
            status=400 if notice else 200,
        )

    @screen
    def locked_key(self, visit: Visit, kind: str, position: int, page: int, mnemonic: str, number: str) -> Screen:
        """Show a key that only the administrator changes."""
        lines = (mnemonic, number, visit._("Your administrator keeps this key."))
        return Screen(
            title=visit._("Key {position}", position=position),
            body=tuple(Text(line) for line in lines if line),
            back=visit.link(self.keys, kind, page=page),
        )

    @action
    def set_key(self, visit: Visit, kind: str, position: int, page: int, mnemonic: str, number: str) -> Screen | Link:
        """Programme a key; without letters on the set, its label stays as long as its number does."""
        wanted, label = visit.fields.cut("number", LONGEST_NUMBER), visit.fields.cut("label", LONGEST_LABEL)
        if not visit.model.letters:
            label = mnemonic if wanted == number else ""
        elif label == clean(legible(mnemonic, visit.model.scripts)[:LONGEST_LABEL]):
            label = clean(mnemonic)  # what the set spells in its own letters was not changed
        try:
            key = SetKey(position, visit.fields.text("number", LONGEST_NUMBER), label, locked=False)
            KINDS[kind].set(self.house.o2g.set_keys, self._own(visit), key, visit.deadline)
        except (TooLarge, BadParameter):
            notice = visit._("Enter a number that can be called.")
            return self.key(visit, kind, position, page, label, wanted, notice)
        except NotExpected:
            return visit.link(self.keys, kind, at=position, said="locked")
        except NotFound:
            return visit.link(self.keys, kind, said="gone")
        return visit.link(self.keys, kind, at=position, said="changed")

    @screen
    def ask_erase(self, visit: Visit, kind: str, position: int, page: int, mnemonic: str, number: str) -> Screen:
        """Ask before a key is erased."""
        return self._ask(
            visit._("Erase"),
            visit._("Erase key {position}, {name}?", position=position, name=mnemonic or number),
            Item(visit._("Erase"), link=visit.link(self.erase, kind, position, page)),
            Item(visit._("Keep"), link=visit.link(self.key, kind, position, page, mnemonic, number)),
        )

    @action
    def erase(self, visit: Visit, kind: str, position: int, page: int) -> Link:
        """Free a key."""
        try:
            KINDS[kind].erase(self.house.o2g.set_keys, self._own(visit), position, visit.deadline)
        except NotExpected:
            return visit.link(self.keys, kind, at=position, said="locked")
        except NotFound:
            return visit.link(self.keys, kind, page=page, said="gone")
        return visit.link(self.keys, kind, page=page, said="erased")

    def _line(self, visit: Visit, kind: KeyKind, key: SetKey, page: int) -> Item:
        view = self.locked_key if key.locked else self.key
        mnemonic, number = key.mnemonic[:LONGEST_LABEL], key.number[:LONGEST_NUMBER]  # O2G's text goes into a link
        link = visit.link(view, kind.id, key.position, page, mnemonic=mnemonic, number=number)
        label = mnemonic or number
        if not label:
            return Item(visit._("Key {position}", position=key.position), link=link)
        return Item(label, detail=visit._("key {position}", position=key.position), link=link)

    def _view_keys(self, visit: Visit, kind: str, free: bool, *, offer_free: bool) -> tuple[SoftKey, ...]:
        if free:
            return (SoftKey(visit._("In use"), visit.link(self.keys, kind)),)
        return (SoftKey(visit._("Add"), visit.link(self.keys, kind, free=True)),) if offer_free else ()
