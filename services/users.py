"""O2G's users: who has a directory number, with which sets, in which language."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import structlog
from pydantic import AliasChoices, BeforeValidator, Field, ValidationError

from services.border import MaybeText, OpenEnum, Reading, Text, Writing, many, one, parse, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NotFound
from services.live.shelf import Event
from services.live.state import LiveState, text
from services.remembered import ENTRIES, Remembered
from services.session import Session

NUMBER = re.compile(r"[+]?[0-9A-D*#]{1,49}")  # L12
LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z0-9?]{1,8})*")

log = structlog.get_logger(__name__)


class DeviceKind(OpenEnum):
    """What a device is; UNKNOWN for a kind that the reference does not have."""

    DESKPHONE = "DESKPHONE"
    DECT = "DECT"
    MOBILE = "MOBILE"
    SOFTPHONE = "SOFTPHONE"
    UNKNOWN = "UNKNOWN"


class VoicemailKind(OpenEnum):
    """Which voice mail a mailbox is on; only a 4645 is served by O2G (L133)."""

    VM_4635 = "VM_4635"
    VM_4645 = "VM_4645"
    EXTERNAL = "EXTERNAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Device:
    """A user's set: `id` names it in calls, `station_type` is O2G's subType such as `NOE_C_Color_IP`."""

    id: str
    kind: DeviceKind
    station_type: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class VoicemailBox:
    """Where a user's voice messages are: the number to call, and the kind of voice mail."""

    number: str
    kind: VoicemailKind


@dataclass(frozen=True, slots=True)
class User:
    """A user of O2G: login name, directory number, names (may be empty), OXE node, devices, mailbox."""

    login: str
    number: str
    first_name: str
    last_name: str
    node: str | None
    devices: tuple[Device, ...]
    voicemail: VoicemailBox | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a login name is: what must be known of users whose records are not kept."""

    number: str
    node: str | None


class _Device(Reading):
    id: Annotated[Text, Field(min_length=1)]
    type: MaybeText = None
    sub_type: MaybeText = None
    label: MaybeText = None  # A18


class _Voicemail(Reading):
    number: Text
    type: MaybeText = Field(default=None, validation_alias=AliasChoices("type", "voicemailtype"))  # A19


class _User(Reading):
    login_name: Annotated[Text, Field(min_length=1)]
    company_phone: MaybeText = None
    first_name: MaybeText = None
    last_name: MaybeText = None
    node_id: MaybeText = None
    devices: Annotated[tuple[_Device, ...] | None, many(_Device)] = None
    voicemail: Annotated[_Voicemail | None, one(_Voicemail)] = None


class _Preferences(Reading):
    gui_language: MaybeText = None


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))


class _SupportedLanguages(Reading):
    supported_languages: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    supported_gui_languages: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()


class UserPreferences(Writing):
    """What of a user's preferences is changed."""

    gui_language: str


class Users:
    """O2G's users, each remembered for a while."""

    def __init__(
        self,
        session: Session,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        live: LiveState | None = None,
    ) -> None:
        """Ask through `session`; keep answers for `seconds`, and users for as long as events tell of their changes.

        Of a language no event tells that can be subscribed to (A25).
        """
        self._session = session
        live = live or LiveState()
        self._feed = live.feed
        self._users: Remembered[User] = Remembered(seconds, clock, feed=live.feed)
        self._languages: Remembered[str | None] = Remembered(seconds, clock)
        self._places: OrderedDict[str, _Place] = OrderedDict()  # by login name, also of those who are not remembered
        self._lock = threading.Lock()
        live.feed.nodes_from(self._node_of)
        for name in ("OnUserInfoChanged", "OnUserCreated", "OnUserDeleted", "OnPreferencesChanged"):
            live.hear(name, self._hear)

    def by_number(self, number: str, deadline: Deadline) -> User:
        """Find the user of a directory number (GET /users, then GET /users/{loginName} for the devices).

        Raises:
            BadParameter: this is no directory number; O2G is not asked.
            NotFound: nobody has it.
            O2GError: O2G failed.
        """
        if not NUMBER.fullmatch(number):
            raise BadParameter("this is no directory number")
        self._feed.want()
        return self._users.get(number, lambda: self._ask(number, deadline), deadline)

    def language(self, login: str, deadline: Deadline) -> str | None:
        """Tell a user's language (GET /users/{loginName}/preferences), such as `en-gb` (A23); None: O2G does not say.

        No screen waits for one that it was told before: where its time is over it serves once more, renewed behind.

        Raises:
            O2GError: O2G failed.
        """
        return self._languages.soon(login, lambda until: self._ask_language(login, until), deadline)

    def set_language(self, login: str, language: str, deadline: Deadline) -> None:
        """Set a user's language (POST /users/{loginName}/preferences); `language` asks anew afterwards.

        Args:
            login: the user.
            language: a code as `supported_languages` gives it, such as `en-gb`.
            deadline: until when O2G must have answered; the language may be set even if it did not.

        Raises:
            BadParameter: this is no code; O2G is not asked, or refused it (`details`: PreferencesDetails).
            O2GError: O2G failed.
        """
        language = _code(language) or ""
        if not language:
            raise BadParameter("this is no language")
        body = UserPreferences(gui_language=language)
        try:
            self._session.call(Call("POST /users/{loginName}/preferences", {"loginName": login}, body=body), deadline)
        finally:
            self._languages.forget_key(login)

    def supported_languages(self, login: str, deadline: Deadline) -> tuple[str, ...]:
        """List the languages that a user may choose (GET /users/{loginName}/preferences/supportedLanguages).

        O2G's own list for its languages where it gives one, else the other list of its answer, in O2G's order.

        Raises:
            O2GError: O2G failed.
        """
        call = Call("GET /users/{loginName}/preferences/supportedLanguages", {"loginName": login})
        found = read(_SupportedLanguages, self._session.call(call, deadline).body, "a list of languages")
        given = found.supported_gui_languages or found.supported_languages
        return tuple(dict.fromkeys(code for one_of in given if (code := _code(one_of)) is not None))

    def forget(self, login: str) -> None:
        """Ask O2G anew the next time that this user is wanted."""
        self.forget_sets(login)
        self._languages.forget_key(login)

    def forget_sets(self, login: str) -> None:
        """Ask O2G anew which sets a user has; the language is not theirs and stays remembered."""
        number = self._number_of(login)
        if number is not None:
            self._users.forget_key(number)
        else:
            self._users.overtake()

    def _hear(self, event: Event) -> None:
        """Take what an event tells of a user who is remembered: the whole record, or that the old one is not true."""
        told = event.get("user")
        record = told if isinstance(told, dict) else {}
        login = text(event, "loginName") or text(record, "loginName")
        number, before = text(record, "companyPhone"), self._number_of(login)
        if number and number != before:
            self._users.forget_key(number)  # another's until now, or nobody's
        if before is None:
            if not number:
                self._users.overtake()
            return
        found = _told(record) if number == before else None
        if found is not None and found.devices is not None:
            self._note_place(login, _Place(before, found.node_id))
            self._users.replace(before, _user(found, before))
        else:
            self._users.forget_key(before)
        self._languages.forget_key(login)

    def _number_of(self, login: str) -> str | None:
        place = self._places.get(login)
        return None if place is None else place.number

    def _node_of(self, login: str) -> str | None:
        place = self._places.get(login)
        return None if place is None else place.node

    def _note_place(self, login: str, place: _Place) -> None:
        with self._lock:
            self._places[login] = place
            self._places.move_to_end(login)
            while len(self._places) > ENTRIES:
                self._places.popitem(last=False)

    def _ask(self, number: str, deadline: Deadline) -> User:
        answer = self._session.call(Call("GET /users", query={"companyPhone": number}), deadline)
        if not answer.body.strip() or parse(answer.body) is None:
            raise NotFound("O2G knows nobody with this number", status=answer.status)
        found = read(_User, answer.body, "a user")
        if found.company_phone is not None and found.company_phone != number:
            # Whose screen it is depends on this answer: another person's must never be shown.
            log.warning("o2g.other_user_answered")
            raise NotFound("O2G answered with another user", status=answer.status)
        if found.devices is None:
            call = Call("GET /users/{loginName}", path={"loginName": found.login_name})
            full = read(_User, self._session.call(call, deadline).body, "a user")
            found = full.model_copy(update={"login_name": found.login_name})
        self._note_place(found.login_name, _Place(number, found.node_id))
        return _user(found, number)

    def _ask_language(self, login: str, deadline: Deadline) -> str | None:
        call = Call("GET /users/{loginName}/preferences", path={"loginName": login})
        try:
            answer = self._session.call(call, deadline)
        except NotFound:
            return None
        if not answer.body.strip():
            return None
        return _code(read(_Preferences, answer.body, "a user's preferences").gui_language or "")


def _told(record: Event) -> _User | None:
    """Read the user of an event; None: it cannot be understood."""
    try:
        return _User.model_validate(record)
    except ValidationError:
        return None


def _code(given: str) -> str | None:
    """Write a language's code in one way (A23); None: it is none."""
    code = given.strip().lower().replace("_", "-")
    return code if LANGUAGE.fullmatch(code) else None


def _user(found: _User, number: str) -> User:
    mailbox = found.voicemail
    return User(
        login=found.login_name,
        number=number,
        first_name=found.first_name or "",
        last_name=found.last_name or "",
        node=found.node_id,
        devices=tuple(
            Device(
                id=device.id,
                kind=DeviceKind(device.type or ""),
                station_type=device.sub_type,
                label=device.label,
            )
            for device in found.devices or ()
        ),
        voicemail=VoicemailBox(mailbox.number, VoicemailKind(mailbox.type or "")) if mailbox is not None else None,
    )
