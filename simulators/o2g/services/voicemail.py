"""Voicemail: mailboxes of the 4645, opened once in a session, then read, listened to and emptied."""

import re
from datetime import datetime

from pydantic import BaseModel

from simulators.o2g.events import summary_event
from simulators.o2g.o2g import O2G
from simulators.o2g.wire.answers import (
    NO_CONTENT,
    Answer,
    Json,
    bad_parameter,
    json_answer,
    not_allowed,
    not_expected,
    not_found,
)
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.mailboxes import Mailbox, Message
from simulators.o2g.world.melody import wav
from simulators.o2g.world.people import Person

SEPARATORS = re.compile(r"[,;]")  # the reference says commas, ALE's clients send semicolons (B32)
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
UNLIMITED = -1
CAPABILITIES = {
    "listMessages": True, "getMessages": True, "getRecord": True, "play": False, "pause": False, "hangup": False,
    "record": False, "resume": True, "cancel": False, "forward": False, "callback": False, "send": True, "events": True,
}  # fmt: skip


class Connect(BaseModel):
    """The password of a mailbox."""

    password: str | None = None


def tell_counters(o2g: O2G, person: Person) -> None:
    """Count a person's unread messages anew and tell it (OnEventSummaryUpdated)."""
    counters = o2g.world.counters(person)
    counters.numbers["voiceMessagesNb"] = o2g.world.mailboxes.unread(person)
    o2g.subscriptions.publish(summary_event(person, counters))


@operation("GET", "/messaging/mailboxes")
def mailboxes(request: Request) -> Answer:
    """List a user's mailboxes: one, or none where O2G cannot read the voice mail (L133)."""
    box = request.o2g.world.mailboxes.of(request.subject())
    found = [] if box is None else [{"id": box.id, "name": "Embedded", "capabilities": CAPABILITIES}]
    return json_answer({"mailboxes": found})


@operation("POST", "/messaging/mailboxes/{mailboxId}")
def connect(request: Request) -> Answer:
    """Open a mailbox for this session, with its password, or `withUserPwd` where that is the user's (L62, B49)."""
    box = _mailbox(request)
    if "withUserPwd" in request.query:
        password = box.owner.secret
    else:
        password = request.read(Connect).password or ""
        if not password:
            raise bad_parameter("password is missing")
    if not box.opens_with(password):
        raise not_allowed("the password is not the mailbox's")
    request.session.mailboxes.add(box.id)
    body = {"totalVoiceMsg": len(box.messages), "newVoiceMsg": box.unread, "storageUsage": box.storage}
    return json_answer(body)


@operation("GET", "/messaging/mailboxes/{mailboxId}/voicemails")
def voicemails(request: Request) -> Answer:
    """List messages, newest first; some of them by offset, limit and newOnly (L134)."""
    box = _opened(request)
    offset, limit = _integer(request, "offset", 0, 0), _integer(request, "limit", UNLIMITED, UNLIMITED)
    only_new = request.query.get("newOnly", "false").lower()
    if only_new not in ("true", "false"):
        raise bad_parameter("newOnly is true or false")
    found = [message for message in box.messages if message.unread or only_new == "false"]
    end = None if limit == UNLIMITED else offset + limit
    return json_answer({"voicemails": [_written(request.o2g, message) for message in found[offset:end]]})


@operation("DELETE", "/messaging/mailboxes/{mailboxId}/voicemails")
def delete_several(request: Request) -> Answer:
    """Delete the messages of `msgIds`, or all without it (L135)."""
    wanted = request.query.get("msgIds")
    ids = None if wanted is None else {message_id for message_id in SEPARATORS.split(wanted) if message_id}
    return _delete(request, ids)


@operation("DELETE", "/messaging/mailboxes/{mailboxId}/voicemails/{voicemailId}")
def delete_one(request: Request) -> Answer:
    """Delete a message; one that is not there need not be deleted."""
    return _delete(request, {request.values["voicemailId"]})


@operation("GET", "/messaging/mailboxes/{mailboxId}/voicemails/{voicemailId}")
def download(request: Request) -> Answer:
    """Give a message's sound, or a part of it; it counts as read then (B48)."""
    box = _opened(request)
    message = box.find(request.values["voicemailId"])
    if message is None:
        raise not_found("no such message")
    sound = wav(f"{box.id}/{message.id}", message.seconds)
    answer = _part(sound, request.headers.get("Range", ""))
    answer.content_type = "application/octet-stream"
    answer.headers |= {
        "Content-Disposition": f"attachment; filename=voicefile0_{message.id}.wav",
        "Accept-Ranges": "bytes",
    }
    if message.unread:
        message.unread = False
        tell_counters(request.o2g, box.owner)
    return answer


def _part(sound: bytes, wanted: str) -> Answer:
    """Give all of a sound, or the one range of bytes that is wanted; a range that is none is ignored (RFC 9110)."""
    found = RANGE.fullmatch(wanted.strip())
    if found is None or not any(found.groups()):
        return Answer(200, sound)
    first, last = found.groups()
    begin = int(first) if first else max(0, len(sound) - int(last))
    end = min(int(last) + 1, len(sound)) if first and last else len(sound)
    if begin >= end:
        raise bad_parameter(f"the range is not within the {len(sound)} bytes of the message")
    return Answer(206, sound[begin:end], headers={"Content-Range": f"bytes {begin}-{end - 1}/{len(sound)}"})


def _delete(request: Request, ids: set[str] | None) -> Answer:
    box = _opened(request)
    if box.delete(ids):
        tell_counters(request.o2g, box.owner)
    return NO_CONTENT


def _mailbox(request: Request) -> Mailbox:
    box = request.o2g.world.mailboxes.of(request.subject())
    if box is None or box.id != request.values["mailboxId"]:
        raise not_found("the user has no such mailbox")
    return box


def _opened(request: Request) -> Mailbox:
    box = _mailbox(request)
    if box.id not in request.session.mailboxes:
        raise not_expected("the mailbox has not been opened in this session")
    return box


def _integer(request: Request, name: str, default: int, least: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or int(text) < least:
        raise bad_parameter(f"{name} is a number from {least}")
    return int(text)


def _written(o2g: O2G, message: Message) -> Json:
    written: Json = {
        "voicemailId": message.id,
        "duration": message.seconds,
        "date": _date(message.date),
        "unread": message.unread,
        "highPriority": message.urgent,
    }
    if message.caller:
        written["from"] = _caller(message.caller, o2g.world.by_number.get(message.caller))
    return written


def _caller(number: str, person: Person | None) -> Json:
    if person is None:
        return {"id": {"phoneNumber": number}}
    name = f"{person.last_name} {person.first_name}".strip()
    return {
        "id": {"loginName": person.login, "phoneNumber": number},
        "firstName": person.first_name,
        "lastName": person.last_name,
        "displayName": name,
    }


def _date(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
