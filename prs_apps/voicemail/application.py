"""The screens of voicemail: into a mailbox, what is in it, one message, what can be done with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, TypeVar

from prs.dates import next_minute, time_of_day
from prs.errors import N_, LinkExpired, TooLarge
from prs.files import File
from prs.links import Link
from prs.screens import Dialog, Form, Input, InputKind, Item, List, Popup, Refresh, Screen, SoftKey, Sound, Text
from prs_apps.application import HOME, MENU, Application, House, Manifest, Visit, action, file, screen
from prs_apps.calling import call_and_tell
from prs_apps.voicemail.mailbox import OpenedAgain, VisitedMailbox
from prs_apps.voicemail.open_boxes import OpenBox, OpenBoxes
from prs_apps.voicemail.rules import VoicemailRules
from prs_apps.voicemail.telling import kind_of, left_at, listed, name_of, number_of, storage_of, warning_of
from prs_apps.voicemail.tries import Tries
from services.errors import NotAllowed, O2GError, WrongCredentials, WrongPassword
from services.voicemail import MESSAGE_ID, PASSWORD, Mailbox, MailboxInfo, OpenMailbox, VoiceMessage
from store.sealed import Sealed

LONGEST_PASSWORD = 32
LONGEST_ID = 128
MOST_BOXES = 60  # a user has one, rarely a few; a page holds no more
AT_ONCE = 0.2  # seconds until a screen that only tells what goes on is replaced

NOT_YOURS = N_("You have no voicemail.")
UNREADABLE = N_("Your messages are not shown here. Listen calls the voicemail.")
UNLICENSED = N_("Messages on the display are not set up for you. Listen calls the voicemail.")
NOTICES = {"closed": N_("The mailbox was closed."), "changed": N_("The password is no longer right.")}
DONE = {"deleted": N_("Deleted"), "none": N_("No message was heard yet.")}

T = TypeVar("T")


class VoicemailBoxes(Application):
    """The user's mailboxes."""

    manifest: ClassVar = Manifest(
        "voicemail", N_("Voicemail"), order=40, waiting=lambda summary: summary.voice_messages
    )

    def __init__(self, house: House, sealed: Sealed, rules: VoicemailRules) -> None:
        """Args: the house; where passwords lie while a mailbox is open; how mailboxes are guarded."""
        super().__init__(house)
        self._rules = rules
        self._boxes = OpenBoxes(sealed, rules.open_seconds)
        self._tries = Tries(house.shared, rules, house.now)

    def offered(self, visit: Visit) -> bool:
        """Offer it to those who have a voicemail; one that O2G cannot read can be called."""
        return visit.user.voicemail is not None

    @screen
    def home(self, visit: Visit, notice: str = "") -> Screen:
        """Lead into the mailbox, or let the user choose one of several."""
        if visit.user.voicemail is None:
            return self._instead(visit, NOT_YOURS)
        try:
            boxes = self.house.o2g.voicemail.mailboxes(visit.user.login, visit.deadline)
        except WrongCredentials:
            raise
        except NotAllowed:
            return replace(self._instead(visit, UNLICENSED), status=403)
        readable = [box for box in boxes if box.lists_messages is not False and len(box.id) <= LONGEST_ID]
        if not readable:
            return self._instead(visit, UNREADABLE)
        if len(readable) == 1:
            return self._into(visit, readable[0], notice)
        items = tuple(
            Item(box.name or box.id, link=visit.link(self.door, box.id, box.gives_messages is not False))
            for box in readable[:MOST_BOXES]
        )
        return Screen(
            title=visit._("Mailboxes"),
            body=(*((Text(visit._(NOTICES[notice])),) if notice else ()), List(items)),
            keys=self._listen(visit),
        )

    @screen
    def door(self, visit: Visit, box: str, plays: bool) -> Screen | Link:
        """Ask for a mailbox's password, or open it with the user's own."""
        if self._rules.asks:
            return self._ask(visit, box, plays)
        try:
            self.house.o2g.voicemail.open(visit.user.login, box, None, visit.deadline)
        except WrongPassword:
            return self._ask(visit, box, plays)
        return visit.link(self.messages, self._boxes.begin(visit, OpenBox(box, None, plays)))

    @action
    def enter(self, visit: Visit, box: str, plays: bool) -> Screen | Link:
        """Open a mailbox with the password that was typed."""
        login = visit.user.login
        try:
            password = visit.fields.text("password", LONGEST_PASSWORD)
        except TooLarge:
            password = ""
        if not PASSWORD.fullmatch(password):
            return self._ask(visit, box, plays, visit._("Enter the password of your mailbox."), 400)
        left = self._tries.begin(login, box)
        if left is None:
            return self._ask(visit, box, plays)
        try:
            self.house.o2g.voicemail.open(login, box, password, visit.deadline)
        except WrongPassword:
            if left == 0:
                self._tries.lock(login, box)
            wrong = visit.ngettext("Wrong password. {count} try left.", "Wrong password. {count} tries left.", left)
            return self._ask(visit, box, plays, wrong, 403)
        except O2GError as error:
            self._tries.take_back(login, box)
            if isinstance(error, NotAllowed) and not isinstance(error, WrongCredentials):
                return replace(self._instead(visit, UNLICENSED), status=403)
            raise
        self._tries.succeed(login, box)
        return visit.link(self.messages, self._boxes.begin(visit, OpenBox(box, password, plays)))

    @screen
    def leave(self, visit: Visit, opening: str) -> Link:
        """Close a mailbox on this set: its password is forgotten. Back leads here, as often as it is pressed."""
        self._boxes.end(visit, opening)
        return Link(MENU, HOME)

    def _into(self, visit: Visit, box: Mailbox, notice: str) -> Screen:
        plays = box.gives_messages is not False
        if self._rules.asks:
            return self._ask(visit, box.id, plays, visit._(NOTICES.get(notice, "")))
        # A request of its own opens it: three in a row would let the user wait too long for a screen.
        return self._opening(visit, visit.link(self.door, box.id, plays))

    def _opening(self, visit: Visit, then: Link) -> Screen:
        return Screen(visit._("Voicemail"), (Text(visit._("Opening…")),), refresh=Refresh(AT_ONCE, then))

    def _ask(self, visit: Visit, box: str, plays: bool, notice: str = "", status: int = 200) -> Screen:
        """Ask for the password; after too many wrong ones say until when nobody is asked."""
        until = self._tries.locked_until(visit.user.login, box)
        if until is not None:
            moment = time_of_day(next_minute(until), visit.zone, visit.language)
            locked = visit._("Too many wrong passwords. The mailbox is locked until {time}.", time=moment)
            return Screen(visit._("Voicemail"), (Text(locked),), keys=self._listen(visit), status=429)
        told_first = visit.model.rows == 1 and bool(notice)  # nobody looks above the line that a set of one line shows
        password = Input(
            "password", visit._("Password"), kind=InputKind.PASSWORD, longest=LONGEST_PASSWORD, focus=not told_first
        )
        form = Form(visit.link(self.enter, box, plays), (password,))
        return Screen(
            title=visit._("Voicemail"),
            body=(*((Text(notice),) if notice else ()), form),
            keys=(SoftKey(visit._("Open")), *self._listen(visit)),
            status=status,
        )

    def _instead(self, visit: Visit, why: str) -> Screen:
        return Screen(title=visit._("Voicemail"), body=(Text(visit._(why)),), keys=self._listen(visit))

    @screen
    def messages(self, visit: Visit, opening: str, offset: int = 0, done: str = "") -> Screen:
        """List messages as O2G gives them, the newest first, and how much room is left."""

        def show(mailbox: VisitedMailbox) -> Screen:
            size = visit.model.list_items
            info, found = mailbox.look(offset, size)
            alone = len(found) == 1
            items = tuple(
                self._item(visit, message, visit.link(self.message, opening, message.id, offset + place, alone))
                for place, message in enumerate(found)
            )
            nothing = visit._("There are no more messages.") if offset else visit._("There are no messages.")
            warning, storage = warning_of(visit, info), storage_of(visit, info)
            more = len(found) == size if info.messages is None else offset + size < info.messages
            return Screen(
                title=visit._("Voicemail"),
                note=visit._("{count} new", count=info.new) if info.new else "",
                body=(
                    *((Text(warning),) if warning else ()),
                    List(items) if items else Text(nothing),
                    *((Text(storage),) if storage else ()),
                ),
                keys=self._keys(visit, opening, info, bool(items)),
                back=visit.link(self.leave, opening),
                earlier=visit.link(self.messages, opening, max(0, offset - size)) if offset else None,
                later=visit.link(self.messages, opening, offset + size) if more else None,
                popup=Popup(visit._(DONE[done])) if done in DONE else None,
            )

        return self._inside(visit, opening, show, visit.link(self.messages, opening, offset, done))

    @screen
    def message(self, visit: Visit, opening: str, message: str, index: int, alone: bool) -> Screen:
        """Tell of one message; the first key lets the user hear it."""

        def show(mailbox: VisitedMailbox) -> Screen:
            found = mailbox.do(lambda opened: opened.messages(index, 1, visit.deadline))
            if not found or found[0].id != message:
                return self._moved(visit, opening, index)
            return self._message(visit, mailbox.box, opening, found[0], index, alone)

        return self._inside(visit, opening, show, visit.link(self.message, opening, message, index, alone))

    @file
    def sound(self, visit: Visit, opening: str, message: str) -> File:
        """Give a message's sound to what can play it; O2G counts the message as heard then.

        Raises:
            LinkExpired: the mailbox was closed meanwhile.
            NotFound: the message was deleted meanwhile.
        """
        box = self._boxes.of(visit, opening)
        if box is None:
            raise LinkExpired
        mailbox = VisitedMailbox(visit, box)
        recording = mailbox.fetch(lambda opened: opened.download(message, visit.deadline))
        return File(recording.content, recording.media_type, recording.name or "message.wav")

    @action
    def listen(self, visit: Visit, opening: str = "", message: str = "", index: int = 0, alone: bool = False) -> Screen:
        """Call the voicemail from this set: it plays the messages."""
        voicemail = visit.user.voicemail
        if voicemail is None:
            return self._instead(visit, NOT_YOURS)
        back = visit.link(self.home)
        if opening:
            back = visit.link(self.messages, opening)
        if message:
            back = visit.link(self.message, opening, message, index, alone)
        called = call_and_tell(visit, voicemail.number, visit._("Voicemail"), back)
        return replace(called, body=(*called.body, Text(visit._("It says which keys to press."))))

    @action
    def call(self, visit: Visit, number: str, name: str, opening: str, message: str, index: int, alone: bool) -> Screen:
        """Call back who left the message."""
        return call_and_tell(visit, number, name, visit.link(self.message, opening, message, index, alone))

    @screen
    def ask_delete(self, visit: Visit, opening: str, message: str, index: int, alone: bool) -> Screen:
        """Ask before a message is deleted."""
        return self._confirm(
            visit,
            visit._("Delete this message?"),
            visit.link(self.delete, opening, message, self._page(visit, index, alone)),
            visit.link(self.message, opening, message, index, alone),
        )

    @action
    def delete(self, visit: Visit, opening: str, message: str, offset: int) -> Screen | Link:
        """Delete a message."""
        return self._delete(visit, opening, (message,), offset, visit.link(self.delete, opening, message, offset))

    @screen
    def ask_delete_heard(self, visit: Visit, opening: str) -> Screen | Link:
        """Ask before every message that was heard is deleted; the answer is about those that were heard by now."""

        def show(mailbox: VisitedMailbox) -> Screen | Link:
            heard = mailbox.do(lambda opened: opened.heard(visit.deadline))
            if not heard:
                return visit.link(self.messages, opening, done="none")
            self._boxes.choose(visit, opening, heard)
            question = visit.ngettext(
                "Delete the {count} message that was heard?", "Delete the {count} messages that were heard?", len(heard)
            )
            yes, no = visit.link(self.delete_heard, opening), visit.link(self.messages, opening)
            return self._confirm(visit, question, yes, no)

        return self._inside(visit, opening, show, visit.link(self.ask_delete_heard, opening))

    @action
    def delete_heard(self, visit: Visit, opening: str) -> Screen | Link:
        """Delete the messages that the user was asked about; new ones stay."""
        chosen = self._boxes.chosen(visit, opening)
        return self._delete(visit, opening, chosen, 0, visit.link(self.delete_heard, opening))

    def _inside(self, visit: Visit, opening: str, show: Callable[[VisitedMailbox], T], again: Link) -> T | Screen:
        """Show something of an open mailbox; where it is open no longer, the way in: at once, not by one more link,
        since what an action leads to leads no further. `again` leads to the same, where it had to be opened anew."""
        box = self._boxes.of(visit, opening)
        if box is None:
            return self.home(visit, "closed")
        try:
            return show(VisitedMailbox(visit, box))
        except OpenedAgain:
            return self._opening(visit, again)
        except WrongPassword:
            self._boxes.end(visit, opening)
            return self.home(visit, "changed")

    def _delete(self, visit: Visit, opening: str, messages: tuple[str, ...], offset: int, again: Link) -> Screen | Link:
        def erase(opened: OpenMailbox) -> OpenMailbox:
            if messages:
                opened.delete(messages, visit.deadline)
            return opened

        def show(mailbox: VisitedMailbox) -> Screen | Link:
            then = visit.link(self.messages, opening, offset, "deleted" if messages else "")
            if not mailbox.do(erase).was_opened_for(visit.deadline):
                return then
            # Opening it again and deleting were two requests already: the list is the next screen's.
            return Screen(visit._("Voicemail"), (Text(visit._("Deleted")),), refresh=Refresh(AT_ONCE, then))

        return self._inside(visit, opening, show, again)

    def _message(
        self, visit: Visit, box: OpenBox, opening: str, message: VoiceMessage, index: int, alone: bool
    ) -> Screen:
        name, number, kind = name_of(visit, message), number_of(message), kind_of(visit, message)
        here = (opening, message.id, index, alone)
        keys = [SoftKey(visit._("Listen"), visit.link(self.listen, *here))]
        if number:
            keys.append(SoftKey(visit._("Call"), visit.link(self.call, number, name, *here)))
        keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete, *here)))
        sound = Sound(visit.link(self.sound, opening, message.id), kind) if box.plays else Text(kind)
        lines = (left_at(visit, message), number if number != name else "")
        hint = visit._("Hear it with Listen.")
        return Screen(
            title=name,
            body=(sound, *(Text(line) for line in lines if line), Text(hint)),
            keys=tuple(keys),
            back=visit.link(self.messages, opening, self._page(visit, index)),
        )

    def _moved(self, visit: Visit, opening: str, index: int) -> Screen:
        """Say that the list is not any more what the user chose from: another set deleted, or a message came."""
        there = visit.link(self.messages, opening, self._page(visit, index))
        return Screen(
            title=visit._("Voicemail"),
            body=(Text(visit._("The messages have changed meanwhile.")),),
            keys=(SoftKey(visit._("Show"), there),),
            back=there,
        )

    def _item(self, visit: Visit, message: VoiceMessage, link: Link) -> Item:
        label, detail, icon = listed(visit, message)
        return Item(label, detail, link if MESSAGE_ID.fullmatch(message.id) else None, icon)

    def _keys(self, visit: Visit, opening: str, info: MailboxInfo, any_here: bool) -> tuple[SoftKey, ...]:
        keys = list(self._listen(visit, opening))
        all_new = info.new is not None and info.new == info.messages
        if any_here and not all_new:
            keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete_heard, opening)))
        return (*keys, SoftKey(visit._("Close"), visit.link(self.leave, opening)))

    def _listen(self, visit: Visit, opening: str = "") -> tuple[SoftKey, ...]:
        if visit.user.voicemail is None:
            return ()
        return (SoftKey(visit._("Listen"), visit.link(self.listen, opening)),)

    def _confirm(self, visit: Visit, question: str, yes: Link, no: Link) -> Screen:
        answers = (Item(visit._("Delete"), link=yes), Item(visit._("Keep"), link=no))
        return Screen(title=visit._("Voicemail"), dialog=Dialog(visit._("Delete"), question, answers), back=no)

    def _page(self, visit: Visit, index: int, alone: bool = False) -> int:
        """Give the offset of the page that a message is on, or, where it was alone there, of the one before."""
        size = visit.model.list_items
        return max(0, index // size - alone) * size
