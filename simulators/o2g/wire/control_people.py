"""The control interface's part about one person: record, rights, mailbox; the world changes and O2G tells of it."""

from collections.abc import Iterable

from aiohttp import web
from pydantic import Field

from simulators.o2g.o2g import O2G
from simulators.o2g.services.routing import tell_routing
from simulators.o2g.services.voicemail import tell_counters
from simulators.o2g.user_records import subscriber_changed, user_changed
from simulators.o2g.wire.control_desk import Strict, told
from simulators.o2g.world.mailboxes import LONGEST, Mailbox
from simulators.o2g.world.people import Person, languages


class RecordWanted(Strict):
    """What the OXE's administrator changes of a subscriber; what is not named stays."""

    firstName: str | None = None
    lastName: str | None = None
    externalLogin: str | None = None
    language: str | None = None  # one of O2G's codes


class RightsWanted(Strict):
    """What a person may do with the own routing; what is not named stays."""

    forward: bool | None = None
    overflow: bool | None = None
    dnd: bool | None = None


class MessageWanted(Strict):
    """A voice message to leave; without a caller the number is hidden."""

    caller: str = ""
    seconds: int = Field(default=4, ge=1, le=LONGEST)
    urgent: bool = False


class MailboxWanted(Strict):
    """The password of a mailbox; null for that of its user."""

    password: str | None


def people_routes(o2g: O2G) -> Iterable[web.RouteDef]:
    """Give the routes of this part, to add to the control interface."""
    desk = _Desk(o2g)
    return [
        web.put("/simulator/users/{number}", desk.change_record),
        web.put("/simulator/users/{number}/rights", desk.change_rights),
        web.get("/simulator/users/{number}/mailbox", desk.show_mailbox),
        web.put("/simulator/users/{number}/mailbox", desk.change_mailbox),
        web.post("/simulator/users/{number}/mailbox/messages", desk.leave_message),
    ]


class _Desk:
    def __init__(self, o2g: O2G) -> None:
        self._o2g = o2g

    async def change_record(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = RecordWanted.model_validate_json(await request.read() or b"{}")
        person.first_name = person.first_name if wanted.firstName is None else wanted.firstName
        person.last_name = person.last_name if wanted.lastName is None else wanted.lastName
        if wanted.language is not None:
            if wanted.language not in languages():
                return told({"error": f"language: one of {', '.join(languages())}"}, 400)
            person.language = wanted.language
        if wanted.externalLogin is not None:
            person.external_login = wanted.externalLogin or None
        self._o2g.world.phone_book.renew()
        self._o2g.subscriptions.publish(user_changed(person))
        self._o2g.subscriptions.publish(subscriber_changed(person))
        return told({})

    async def change_rights(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = RightsWanted.model_validate_json(await request.read() or b"{}")
        routing = self._o2g.world.routing.of(person)
        routing.may_forward = routing.may_forward if wanted.forward is None else wanted.forward
        routing.may_overflow = routing.may_overflow if wanted.overflow is None else wanted.overflow
        routing.may_not_disturb = routing.may_not_disturb if wanted.dnd is None else wanted.dnd
        tell_routing(self._o2g, person)
        return told({})

    async def show_mailbox(self, request: web.Request) -> web.Response:
        box = self._mailbox(self._person(request))
        password = box.owner.secret if box.password is None else box.password
        found = [{"id": message.id, "unread": message.unread} for message in box.messages]
        return told({"id": box.id, "password": password, "messages": found})

    async def change_mailbox(self, request: web.Request) -> web.Response:
        box = self._mailbox(self._person(request))
        box.password = MailboxWanted.model_validate_json(await request.read() or b"{}").password
        return told({})

    async def leave_message(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = MessageWanted.model_validate_json(await request.read() or b"{}")
        self._mailbox(person)
        left = self._o2g.world.mailboxes.deposit(person, wanted.caller, wanted.seconds, urgent=wanted.urgent)
        if left is None:
            return told({"error": "the mailbox is full"}, 409)
        tell_counters(self._o2g, person)
        return told({"voicemailId": left.id}, 201)

    def _person(self, request: web.Request) -> Person:
        person = self._o2g.world.by_number.get(request.match_info["number"])
        if person is None:
            raise KeyError("directory number")
        return person

    def _mailbox(self, person: Person) -> Mailbox:
        box = self._o2g.world.mailboxes.of(person)
        if box is None:
            raise KeyError("mailbox")
        return box
