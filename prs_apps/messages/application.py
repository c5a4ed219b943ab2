"""The screens of messages.

O2G erases a message by giving it, so reading moves it into the store: kept first, shown second, there until its user
deletes it. One press reads one message; the others stay in O2G.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

import structlog

from prs.dates import exactly_when, when
from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Dialog, Form, Input, InputKind, Item, List, Popup, Refresh, Screen, SoftKey, Text
from prs_apps.application import Application, House, Manifest, Visit, action, screen
from prs_apps.calling import call_and_tell
from prs_apps.directory.offering import from_directory
from prs_apps.messages.drafts import Drafts
from prs_apps.messages.reading import INTERRUPTED_AFTER, Reading
from prs_apps.messages.ready_made import TEXTS
from prs_apps.people import full_name
from prs_apps.picking import Pick
from prs_apps.recent import recent_callers
from services.errors import BadParameter, NotAllowed, NotFound, O2GError, O2GTimeout, WrongCredentials
from services.mini_messages import LONGEST, length
from services.numbers import dialable
from services.together import together
from store.errors import StoreGone
from store.messages import Interrupted, KeptMessage, KeptPage
from store.sealed import Sealed

LONGEST_NUMBER = 40
MOST_TYPED = 255  # of what was too long, as much is shown again as a field can hold
NAME_SECONDS = 1.0  # what a sender's name may cost; the message itself is here already
LOOK_AGAIN_SECONDS = 3.0
DONE = {"deleted": N_("Deleted"), "sent": N_("Sent"), "none": N_("No new message")}

log = structlog.get_logger(__name__)


class Messages(Application):
    """Text messages between desk phones (O2G's mini messages): read, kept, written."""

    manifest: ClassVar = Manifest(
        "messages", N_("Messages"), order=50, waiting=lambda summary: summary.new_text_messages
    )

    def __init__(self, house: House, sealed: Sealed) -> None:
        """Furnish it with a place for texts that could not be sent; `sealed` keeps them."""
        super().__init__(house)
        self._drafts = Drafts(sealed)

    @screen
    def home(self, visit: Visit, offset: int = 0, done: str = "") -> Screen:
        """List the messages, those that nobody has read first: before them how many wait in O2G, unread by anybody."""
        login, new, allowed = visit.user.login, *self._waiting(visit)
        try:
            while offset > 0 and not self.house.messages.page(login, offset, 1).messages:
                offset = max(0, offset - visit.model.list_items)  # the last of a page was deleted
            extra = tuple(self._extra(visit, new, allowed)) if offset == 0 else ()
            size = max(1, visit.model.list_items - len(extra))
            page = self.house.messages.page(login, offset, size)
        except StoreGone:
            return self._without_store(visit)
        items = (*extra, *(self._item(visit, message, offset) for message in page.messages))
        unread = (new or 0) + page.unopened
        earlier = max(0, offset - visit.model.list_items)
        return Screen(
            title=visit._("Messages"),
            note=visit._("{count} new", count=unread) if unread else "",
            body=(List(items),) if items else (Text(visit._("There are no messages.")),),
            keys=tuple(self._keys(visit, new, allowed, page)),
            earlier=visit.link(self.home, offset=earlier) if offset else None,
            later=visit.link(self.home, offset=offset + size) if offset + len(page.messages) < page.total else None,
            popup=Popup(visit._(DONE[done])) if done in DONE else None,
        )

    @action
    def read(self, visit: Visit) -> Screen | Link:
        """Read the newest message from O2G, which erases it there; without a store nothing is read."""
        try:
            reading = Reading(self.house.messages, visit.user.login, self.house.now)
        except StoreGone:
            return self._without_store(visit)
        mini_messages = self.house.o2g.mini_messages
        try:
            message = mini_messages.read_next(visit.user.login, reading.keep, visit.deadline, reading.nothing)
        except O2GTimeout:
            if reading.gave_none:
                raise
            return self._coming(visit)
        if message is None:
            return visit.link(self.home, done="none")
        if reading.kept is None:  # its commit was repeated: it is in the list
            return visit.link(self.home)
        return visit.link(self.message, reading.kept, 0, just_read=True)

    @screen
    def message(self, visit: Visit, message: int, offset: int, just_read: bool = False) -> Screen:
        """Show a message; the first key reads the next one, where there is one, else answers."""
        found = self.house.messages.open(visit.user.login, message)
        if found is None:
            return self._not_there(visit)
        name, (new, _) = together(
            lambda: self._name(visit, found), lambda: self._waiting(visit) if just_read else (0, True)
        )
        keys = [SoftKey(visit._("Next"), visit.link(self.read))] if new else []
        if found.sender:
            keys.append(SoftKey(visit._("Reply"), visit.link(self.text, found.sender, name)))
            keys.append(SoftKey(visit._("Call"), visit.link(self.call, found.sender, name, message, offset)))
        keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete, message, offset)))
        moment = found.sent or found.kept
        lines = (
            found.text if found.text.strip() else visit._("This message is empty."),
            found.sender if name else "",
            exactly_when(moment, visit.zone, visit.language),
        )
        return Screen(
            title=name or found.sender or visit._("Unknown sender"),
            note=visit._("{count} new", count=new) if new else "",
            body=tuple(Text(line) for line in lines if line),
            keys=tuple(keys),
            back=visit.link(self.home, offset=offset),
        )

    @action
    def call(self, visit: Visit, number: str, name: str, message: int, offset: int) -> Screen:
        """Call back."""
        return call_and_tell(visit, number, name, back=visit.link(self.message, message, offset))

    @screen
    def ask_delete(self, visit: Visit, message: int, offset: int) -> Screen:
        """Ask before a message is deleted."""
        return self._ask(
            visit,
            visit._("Delete this message?"),
            visit.link(self.delete, message, offset),
            visit.link(self.message, message, offset),
        )

    @action
    def delete(self, visit: Visit, message: int, offset: int) -> Link:
        """Delete a message; one that is no more is deleted, too."""
        self.house.messages.delete(visit.user.login, message)
        return visit.link(self.home, offset=offset, done="deleted")

    @screen
    def ask_delete_all(self, visit: Visit, up_to: int) -> Screen:
        """Ask before all messages that were read are deleted."""
        question = visit._("Delete all messages that you have read?")
        return self._ask(visit, question, visit.link(self.delete_all, up_to), visit.link(self.home))

    @action
    def delete_all(self, visit: Visit, up_to: int) -> Link:
        """Delete all that were read; what nobody has read stays, and so does what came after the question."""
        self.house.messages.delete_opened(visit.user.login, up_to)
        return visit.link(self.home, done="deleted")

    @screen
    def interrupted(self, visit: Visit, reading: int, began: str) -> Screen:
        """Say that a message may have been lost, and how."""
        story = visit._("The service stopped on {when} while it fetched a message. It may be lost.", when=began)
        advice = visit._("Ask whoever may have written to you.")
        return Screen(
            title=visit._("Message lost?"),
            body=(Text(story), Text(advice)),
            keys=(SoftKey(visit._("Done"), visit.link(self.forget_interrupted, reading)),),
            back=visit.link(self.home),
        )

    @action
    def forget_interrupted(self, visit: Visit, reading: int) -> Link:
        """Tell of a lost message no more, nor of those before."""
        for found in self._interrupted(visit):
            if found.id <= reading:
                self.house.messages.end(found.id)
        return visit.link(self.home)

    @screen
    def write(self, visit: Visit, notice: str = "", draft: str = "") -> Screen:
        """Ask to whom: a number that is typed, somebody of the directory or of the last calls.

        `draft` names a text that was typed already, and could not be sent to another number.
        """
        pick = Pick("messages", "text", (("draft", draft),) if draft else (), asker="write")
        items = (*from_directory(visit, pick), *recent_callers(visit, pick))
        number = Input("number", visit._("Number"), kind=InputKind.DIGITS, longest=LONGEST_NUMBER, focus=not notice)
        return Screen(
            title=visit._("Message to"),
            body=(
                *((Text(notice),) if notice else ()),
                Form(visit.link(self.addressed, draft), (number,)),
                *((List(items),) if items else ()),
            ),
            keys=(SoftKey(visit._("Next")),),
            back=visit.link(self.home),
            status=400 if notice else 200,
        )

    @screen
    def addressed(self, visit: Visit, draft: str = "") -> Screen | Link:
        """Lead on to the text for the number that was typed."""
        try:
            number = dialable(visit.fields.text("number", LONGEST_NUMBER))
        except (TooLarge, BadParameter):
            return self.write(visit, visit._("Enter a number that can be called."), draft)
        return visit.link(self.text, number, draft=draft)

    @screen
    def text(self, visit: Visit, number: str, name: str = "", draft: str = "") -> Screen:
        """Ask for the text."""
        return self._text(visit, number, name, self._drafts.text(visit.user.login, draft), draft=draft)

    @action
    def send(self, visit: Visit, number: str, name: str) -> Screen | Link:
        """Send what was typed; what cannot be sent is asked for again, with what is wrong."""
        typed = visit.fields.cut("text", MOST_TYPED)
        over = length(typed) - LONGEST
        if not typed:
            return self._text(visit, number, name, notice=visit._("Enter a text, or choose one."))
        if len(typed) == MOST_TYPED:
            return self._text(visit, number, name, typed, visit._("This is far too long."))
        if over > 0:
            notice = visit.ngettext("{count} character too many", "{count} characters too many", over)
            return self._text(visit, number, name, typed, notice)
        return self._send(visit, number, typed, keep=True)

    @screen
    def ask_send(self, visit: Visit, number: str, name: str, text: str) -> Screen:
        """Show a ready-made text as a whole before it is sent."""
        answers = (
            Item(visit._("Send"), link=visit.link(self.send_ready_made, number, text)),
            Item(visit._("Another"), link=visit.link(self.text, number, name)),
        )
        return Screen(
            title=visit._("Messages"),
            dialog=Dialog(name or number, visit._(TEXTS[text]), answers),
            back=visit.link(self.text, number, name),
        )

    @action
    def send_ready_made(self, visit: Visit, number: str, text: str) -> Screen | Link:
        """Send a ready-made text, in the sender's language: the reader's is not known."""
        return self._send(visit, number, visit._(TEXTS[text]))

    def _send(self, visit: Visit, number: str, text: str, *, keep: bool = False) -> Screen | Link:
        try:
            self.house.o2g.mini_messages.send(visit.user.login, number, text, visit.deadline)
        except (BadParameter, NotFound):
            draft = self._drafts.keep(visit.user.login, text) if keep else ""
            return self.write(visit, visit._("{number} cannot get messages.", number=number), draft)
        return visit.link(self.home, done="sent")

    def _text(self, visit: Visit, number: str, name: str, typed: str = "", notice: str = "", draft: str = "") -> Screen:
        ready_made = tuple(
            Item(visit._(text), link=visit.link(self.ask_send, number, name, key)) for key, text in TEXTS.items()
        )
        # Too much is shown as a whole again, so that its writer can shorten it.
        field = Input("text", visit._("Text"), value=typed, longest=max(LONGEST, len(typed)), focus=not notice)
        form = (Form(visit.link(self.send, number, name), (field,)),) if visit.model.letters else ()
        return Screen(
            title=name or number,
            body=(*((Text(notice),) if notice else ()), *form, List(ready_made)),
            keys=(SoftKey(visit._("Send")),) if form else (),
            back=visit.link(self.write, draft=draft),
            status=400 if notice else 200,
        )

    def _waiting(self, visit: Visit) -> tuple[int | None, bool]:
        """Tell how many messages wait in O2G (None: it does not say), and whether the user may read them."""
        try:
            return self.house.o2g.event_summary.of(visit.user.login, visit.deadline).new_text_messages, True
        except WrongCredentials:
            raise
        except NotAllowed:
            return None, False
        except O2GError as error:
            # What is kept can be read all the same.
            log.warning("counters_unknown", reason=error.type)
            return None, True

    def _extra(self, visit: Visit, new: int | None, allowed: bool) -> Iterable[Item]:
        if not allowed:
            yield Item(visit._("New ones: not allowed"))
        elif new:
            yield Item(visit._("Read new"), detail=str(new), link=visit.link(self.read), icon="message")
        elif new is None:
            yield Item(visit._("Read new"), detail=visit._("unknown"), link=visit.link(self.read), icon="message")
        for reading in self._interrupted(visit)[-1:]:  # one line for all: each press of Retry may have left one
            began = exactly_when(reading.begun, visit.zone, visit.language)
            link = visit.link(self.interrupted, reading.id, began)
            yield Item(visit._("Message lost?"), detail=self._when(visit, reading.begun), link=link, icon="warning")

    def _interrupted(self, visit: Visit) -> tuple[Interrupted, ...]:
        return self.house.messages.interrupted(visit.user.login, self.house.now() - INTERRUPTED_AFTER)

    def _keys(self, visit: Visit, new: int | None, allowed: bool, page: KeptPage) -> Iterable[SoftKey]:
        if allowed and new != 0 and visit.model.soft_keys:  # else the list's first line alone does it
            yield SoftKey(visit._("Read"), visit.link(self.read))
        if allowed:
            yield SoftKey(visit._("Write"), visit.link(self.write))
        if page.total > page.unopened:
            yield SoftKey(visit._("Delete"), visit.link(self.ask_delete_all, page.newest))

    def _item(self, visit: Visit, message: KeptMessage, offset: int) -> Item:
        return Item(
            message.sender_name or message.sender or visit._("Unknown sender"),
            detail=self._when(visit, message.sent or message.kept),
            icon="" if message.opened else "message",
            link=visit.link(self.message, message.id, offset),
        )

    def _when(self, visit: Visit, moment: datetime) -> str:
        return when(moment, self.house.now(), visit.zone, visit.language)

    def _name(self, visit: Visit, message: KeptMessage) -> str:
        """Find out whose number the sender's is, once; a name is no reason to keep a message back."""
        if message.sender_name or not message.sender:
            return message.sender_name
        try:
            sender = self.house.o2g.users.by_number(message.sender, visit.deadline.at_most(NAME_SECONDS))
            name = full_name(sender.first_name, sender.last_name)
            if name:
                self.house.messages.name_sender(visit.user.login, message.id, name)
        except O2GError:
            return ""
        except StoreGone:
            log.warning("name_not_kept")
        return name

    def _ask(self, visit: Visit, question: str, yes: Link, no: Link) -> Screen:
        answers = (Item(visit._("Delete"), link=yes), Item(visit._("Keep"), link=no))
        return Screen(title=visit._("Messages"), dialog=Dialog(visit._("Delete"), question, answers), back=no)

    def _without_store(self, visit: Visit) -> Screen:
        return Screen(
            title=visit._("Messages"),
            body=(
                Text(visit._("The messages kept here cannot be reached now.")),
                Text(visit._("New ones are not read, so that none is lost.")),
            ),
            keys=(SoftKey(visit._("Retry"), visit.link(self.home)), SoftKey(visit._("Write"), visit.link(self.write))),
            status=503,
        )

    def _coming(self, visit: Visit) -> Screen:
        home = visit.link(self.home)
        return Screen(
            title=visit._("Messages"),
            body=(Text(visit._("The message takes its time. It appears in the list when it comes.")),),
            keys=(SoftKey(visit._("List"), home),),
            back=home,
            refresh=Refresh(LOOK_AGAIN_SECONDS, home),
            status=504,
        )

    def _not_there(self, visit: Visit) -> Screen:
        home = visit.link(self.home)
        return Screen(
            title=visit._("Messages"),
            body=(Text(visit._("This message was deleted.")),),
            keys=(SoftKey(visit._("List"), home),),
            back=home,
            status=404,
        )
