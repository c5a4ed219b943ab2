"""Voice messages: a mailbox must be opened before anything is done in it, in the same session (L62)."""

import hashlib
import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import Field

from services.border import MaybeCount, MaybeFlag, MaybeText, Reading, Text, Writing, many, one, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, NotExpected, SessionLost, WrongPassword
from services.moments import MaybeMoment
from services.parties import Party, PartyInfo, party
from services.recordings import LARGEST_RECORDING, Recording, recording
from services.session import Session
from services.together import together
from services.wire import Answer

OPEN_SECONDS = 300.0  # how long `opened` trusts that a mailbox is open, from its last use on
MOST_OPEN = 10_000
MOST_DELETED = 200  # in one request, whose address grows with each
MESSAGE_ID = re.compile(r"[^\s,;\x00-\x1f]{1,128}")  # O2G separates ids by commas (B32)
PASSWORD = re.compile(r"[0-9A-Za-z*#]{1,32}", re.ASCII)
LICENCE = re.compile(r"licen[cs]e", re.I)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox: `id` opens it; whether it can list and give its messages, None where O2G does not say (A83)."""

    id: str
    name: str
    lists_messages: bool | None
    gives_messages: bool | None


@dataclass(frozen=True, slots=True)
class MailboxInfo:
    """What was in a mailbox when it was opened; None where O2G does not say.

    `storage` is the part in use, in percent; at 100 nobody can leave a message (L134).
    """

    messages: int | None
    new: int | None
    storage: int | None


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """A voice message.

    Attributes:
        id: what deleting and downloading take.
        sender: who left it; None where O2G does not say.
        left: when, UTC; None where O2G does not say.
        seconds: its length.
        new: whether it was not yet heard.
        urgent: whether its sender marked it so.
    """

    id: str
    sender: Party | None
    left: datetime | None
    seconds: int | None
    new: bool | None
    urgent: bool | None


class ConnectRequest(Writing):
    """What opens a mailbox."""

    password: str = Field(repr=False)


class _Capabilities(Reading):
    list_messages: MaybeFlag = None
    get_messages: MaybeFlag = None


class _Mailbox(Reading):
    id: Annotated[Text, Field(min_length=1)]
    name: MaybeText = None
    capabilities: Annotated[_Capabilities | None, one(_Capabilities)] = None


class _Mailboxes(Reading):
    mailboxes: Annotated[tuple[_Mailbox, ...] | None, many(_Mailbox)] = None


class _Info(Reading):
    total_voice_msg: MaybeCount = None
    new_voice_msg: MaybeCount = None
    storage_usage: MaybeCount = None  # -1 is unknown


class _Message(Reading):
    voicemail_id: Annotated[Text, Field(min_length=1)]
    sender: Annotated[PartyInfo | None, one(PartyInfo)] = Field(default=None, alias="from")
    duration: MaybeCount = None
    date: MaybeMoment = None
    unread: MaybeFlag = None
    high_priority: MaybeFlag = None


class _Messages(Reading):
    voicemails: Annotated[tuple[_Message, ...] | None, many(_Message)] = None


class OpenMailbox:
    """A mailbox that O2G opened, in the session in which it did; made by `Voicemail` only.

    Every operation raises SessionLost once that session is gone: the mailbox must then be opened again.

    Attributes:
        login: whose it is.
        mailbox: its id.
        info: what was in it when it was opened.
        closed: whether O2G said that it is not open (any more).
    """

    def __init__(
        self, session: Session, count: int, login: str, mailbox: str, info: MailboxInfo, screen: Deadline
    ) -> None:
        """Note where it is open, in the session of this `count`, and for which screen it was opened."""
        self._session = session
        self._screen = screen
        self.session_count = count
        self.login = login
        self.mailbox = mailbox
        self.info = info
        self.closed = False

    def was_opened_for(self, deadline: Deadline) -> bool:
        """Tell whether the screen of this deadline opened it: it has cost it a request, and `info` is of then."""
        return self._screen is deadline

    def messages(
        self, offset: int, limit: int, deadline: Deadline, *, new_only: bool = False
    ) -> tuple[VoiceMessage, ...]:
        """List some of the messages (GET /messaging/mailboxes/{mailboxId}/voicemails), in O2G's order.

        Args:
            offset: how many to leave out, from 0.
            limit: how many to give, from 1; fewer that come are all that there are.
            deadline: until when O2G must have answered.
            new_only: only those not yet heard.

        Raises:
            BadParameter: offset or limit is out of range; O2G is not asked.
            SessionLost: the mailbox is open no longer.
            O2GError: O2G failed.
        """
        if offset < 0 or limit < 1:
            raise BadParameter("this page of messages cannot be")
        return self._messages({"offset": str(offset), "limit": str(limit)}, new_only, deadline)[:limit]

    def delete(self, message_ids: Collection[str], deadline: Deadline) -> None:
        """Delete messages (DELETE /messaging/mailboxes/{mailboxId}/voicemails); those that are no more do not matter.

        Raises:
            BadParameter: no message is named, which O2G would take for all of them (L135), or a name cannot be one.
            SessionLost: the mailbox is open no longer.
            O2GError: O2G failed.
        """
        named = list(dict.fromkeys(message_ids))
        if not named or not all(MESSAGE_ID.fullmatch(name) for name in named):
            raise BadParameter("no voice message is named")
        shares = [named[start : start + MOST_DELETED] for start in range(0, len(named), MOST_DELETED)]
        together(*(partial(self._delete, {"msgIds": ",".join(share)}, deadline) for share in shares))  # B32

    def heard(self, deadline: Deadline) -> tuple[str, ...]:
        """Name every message of which O2G says that it was heard, for `delete`; asks for all of them.

        Raises:
            SessionLost: the mailbox is open no longer.
            O2GError: O2G failed.
        """
        everything = self._messages({"offset": "0"}, False, deadline)
        return tuple(found.id for found in everything if found.new is False and MESSAGE_ID.fullmatch(found.id))

    def delete_all(self, deadline: Deadline) -> None:
        """Delete every message (DELETE /messaging/mailboxes/{mailboxId}/voicemails), new ones, too (A85).

        Raises:
            SessionLost: the mailbox is open no longer.
            O2GError: O2G failed.
        """
        self._delete({}, deadline)

    def download(self, message_id: str, deadline: Deadline, *, largest: int = LARGEST_RECORDING) -> Recording:
        """Fetch a message's sound (GET /messaging/mailboxes/{mailboxId}/voicemails/{voicemailId}).

        O2G counts the message as heard from then on (B48).

        Args:
            message_id: which.
            deadline: until when all of it must be here.
            largest: bytes; the most that is taken, at most 8 MiB: 17 minutes of a telephone's sound.

        Raises:
            NotFound: it was deleted meanwhile.
            UnreadableAnswer: it is larger, or nothing.
            SessionLost: the mailbox is open no longer.
            O2GError: O2G failed.
        """
        call = Call(
            "GET /messaging/mailboxes/{mailboxId}/voicemails/{voicemailId}",
            {"mailboxId": self.mailbox, "voicemailId": message_id},
            {"loginName": self.login},
            accept="audio/*, application/octet-stream, */*;q=0.5",  # A84
        )
        return recording(self._ask(call, deadline), largest)

    def _messages(self, which: dict[str, str], new_only: bool, deadline: Deadline) -> tuple[VoiceMessage, ...]:
        query = {**which, "loginName": self.login} | ({"newOnly": "true"} if new_only else {})
        call = Call("GET /messaging/mailboxes/{mailboxId}/voicemails", {"mailboxId": self.mailbox}, query)
        body = self._ask(call, deadline).body
        if not body.strip():
            return ()
        return tuple(_message(found) for found in read(_Messages, body, "a list of messages").voicemails or ())

    def _delete(self, which: dict[str, str], deadline: Deadline) -> None:
        query = {**which, "loginName": self.login}
        call = Call("DELETE /messaging/mailboxes/{mailboxId}/voicemails", {"mailboxId": self.mailbox}, query)
        self._ask(call, deadline)

    def _ask(self, call: Call, deadline: Deadline) -> Answer:
        try:
            return self._session.call(call, deadline, self.session_count)
        except (NotExpected, SessionLost):
            self.closed = True
            raise


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    password: bytes = field(repr=False)
    mailbox: OpenMailbox


class Voicemail:
    """Mailboxes of users, on a 4645 of their own node only (L133); each operation takes a user's messaging licence."""

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask through `session`."""
        self._session = session
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def mailboxes(self, login: str, deadline: Deadline) -> tuple[Mailbox, ...]:
        """List a user's mailboxes (GET /messaging/mailboxes); none where the user has none that O2G serves.

        Raises:
            NotAllowed: the user has no licence for it.
            O2GError: O2G failed.
        """
        answer = self._session.call(Call("GET /messaging/mailboxes", query={"loginName": login}), deadline)
        if not answer.body.strip():
            return ()
        return tuple(_mailbox(found) for found in read(_Mailboxes, answer.body, "a list of mailboxes").mailboxes or ())

    def open(self, login: str, mailbox: str, password: str | None, deadline: Deadline) -> OpenMailbox:
        """Open a mailbox (POST /messaging/mailboxes/{mailboxId}).

        Who calls this counts wrong passwords: a mailbox's are a few digits.

        Args:
            login: the user.
            mailbox: `Mailbox.id` of the user's own.
            password: the mailbox's; None: the user's own, where the OXE's administrator made them equal.
            deadline: until when O2G must have answered.

        Raises:
            WrongPassword: O2G refuses it, or, with None, does not find the two equal.
            BadParameter: this cannot be a password; O2G is not asked.
            NotAllowed: the user has no licence for it.
            NotFound: there is no such mailbox.
            O2GError: O2G failed.
        """
        if password is not None and not PASSWORD.fullmatch(password):
            raise BadParameter("this cannot be a mailbox's password")
        call = Call(
            "POST /messaging/mailboxes/{mailboxId}",
            {"mailboxId": mailbox},
            {"loginName": login},
            body=None if password is None else ConnectRequest(password=password),
            flags=("withUserPwd",) if password is None else (),  # B49
        )
        try:
            answer = self._session.call(call, deadline)
        except (NotAllowed, BadParameter) as refused:
            self._forget(login, mailbox)
            if refused.status is None or LICENCE.search(refused.help_message + refused.inner_message):
                raise
            raise refused.as_(WrongPassword) from None
        found = read(_Info, answer.body, "a mailbox") if answer.body.strip() else _Info()
        info = MailboxInfo(found.total_voice_msg, found.new_voice_msg, found.storage_usage)
        opened = OpenMailbox(self._session, answer.session, login, mailbox, info, deadline)
        self._keep(opened, password)
        return opened

    def opened(self, login: str, mailbox: str, password: str | None, deadline: Deadline) -> OpenMailbox:
        """Give a mailbox that was opened with this password and used in the last five minutes, in this session; else
        open it.

        Saves a request where others follow, such as deleting what a list has shown. `info` is then of the moment when
        it was opened. Raises what `open` raises.
        """
        return self._trusted(login, mailbox, password, deadline) or self.open(login, mailbox, password, deadline)

    def look(
        self, login: str, mailbox: str, password: str | None, offset: int, limit: int, deadline: Deadline
    ) -> tuple[OpenMailbox, tuple[VoiceMessage, ...]]:
        """Tell what is in a mailbox now, and some of its messages: in one step where it is open, else in two.

        O2G tells the numbers and the storage only when a mailbox is opened, so it is opened again, beside the list;
        not where this screen has just opened it.

        Raises: what `open` and `OpenMailbox.messages` raise.
        """
        trusted = self._trusted(login, mailbox, password, deadline)
        if trusted is None or trusted.was_opened_for(deadline):
            opened = trusted or self.open(login, mailbox, password, deadline)
            return opened, opened.messages(offset, limit, deadline)

        def listed() -> tuple[VoiceMessage, ...] | None:
            try:
                return trusted.messages(offset, limit, deadline)
            except (NotExpected, SessionLost):
                return None  # it was open no longer; it is now

        opened, messages = together(lambda: self.open(login, mailbox, password, deadline), listed)
        return opened, opened.messages(offset, limit, deadline) if messages is None else messages

    def _trusted(self, login: str, mailbox: str, password: str | None, deadline: Deadline) -> OpenMailbox | None:
        count = self._session.opened(deadline, login).count
        with self._lock:
            kept = self._kept.get((login, mailbox))
        if (
            kept is None
            or kept.until <= self._clock()
            or kept.mailbox.session_count != count
            or kept.mailbox.closed
            or not hmac.compare_digest(kept.password, self._digest(password))
        ):
            return None
        self._keep(kept.mailbox, password)
        return kept.mailbox

    def _keep(self, opened: OpenMailbox, password: str | None) -> None:
        kept = _Kept(self._clock() + OPEN_SECONDS, self._digest(password), opened)
        with self._lock:
            self._kept[(opened.login, opened.mailbox)] = kept
            self._kept.move_to_end((opened.login, opened.mailbox))
            while len(self._kept) > MOST_OPEN:
                self._kept.popitem(last=False)

    def _forget(self, login: str, mailbox: str) -> None:
        with self._lock:
            self._kept.pop((login, mailbox), None)

    def _digest(self, password: str | None) -> bytes:
        """Give what tells passwords apart without keeping them; the key is of this process and never leaves it."""
        said = b"user" if password is None else b"mailbox:" + password.encode()
        return hashlib.blake2b(said, key=self._key, digest_size=32).digest()


def _mailbox(found: _Mailbox) -> Mailbox:
    can = found.capabilities or _Capabilities()
    return Mailbox(found.id, found.name or "", can.list_messages, can.get_messages)


def _message(found: _Message) -> VoiceMessage:
    sender = party(found.sender)
    return VoiceMessage(
        id=found.voicemail_id,
        sender=sender if sender != Party() else None,
        left=found.date,
        seconds=found.duration,
        new=found.unread,
        urgent=found.high_priority,
    )
