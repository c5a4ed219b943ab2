"""The communication log: read, acknowledged, deleted (L127 to L131)."""

import re
from datetime import UTC, datetime

from pydantic import BaseModel

from simulators.o2g.events import record_seen, shortened
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.communication_log import LogRecord

SEPARATORS = re.compile(r"[,;]")  # (B32)
DATE = "%Y-%m-%dT%H:%M:%S.%fZ"
ROLES = ("CALLER", "CALLEE")


class UpdateRecords(BaseModel):
    """Which records; numbers, or texts as ALE's clients send them (B31)."""

    recordIds: list[int] | None = None


@operation("GET", "/comlog/records")
def records(request: Request) -> Answer:
    """List a user's records, newest first."""
    person = request.subject()
    found = _selected(request, request.o2g.world.log.of(person))
    if "recordIdList" in request.query:
        return json_answer({"comHistoryRecords": [record_seen(one, person) for one in found], "totalCount": len(found)})
    offset, limit = _number(request, "offset"), _number(request, "limit")
    shown = found[offset : offset + limit] if limit else found[offset:]
    told = [record_seen(record, person) for record in shown]
    if _flag(request, "optimized"):
        told = shortened(told)
    return json_answer({"comHistoryRecords": told, "offset": offset, "limit": limit, "totalCount": len(found)})


@operation("PUT", "/comlog/records")
def acknowledge(request: Request) -> Answer:
    """Acknowledge missed calls, or take it back."""
    person = request.subject()
    if "acknowledge" not in request.query:
        raise bad_parameter("acknowledge is missing: true or false")
    yes = _flag(request, "acknowledge")
    request.o2g.world.log.acknowledge(person, request.read(UpdateRecords).recordIds or [], yes=yes)
    return NO_CONTENT


@operation("DELETE", "/comlog/records")
def delete_records(request: Request) -> Answer:
    """Delete all records, or those that are selected; unknown ids are no error (L128)."""
    person = request.subject()
    log = request.o2g.world.log
    log.delete(person, _selected(request, log.of(person)))
    return NO_CONTENT


@operation("GET", "/comlog/records/recordIds")
def record_ids(request: Request) -> Answer:
    """List the ids of a user's records."""
    return json_answer({"recordIds": [record.id for record in request.o2g.world.log.of(request.subject())]})


@operation("GET", "/comlog/records/{recordId}")
def show_record(request: Request) -> Answer:
    """Show a record."""
    return json_answer(record_seen(_record(request), request.subject()))


@operation("DELETE", "/comlog/records/{recordId}")
def delete_record(request: Request) -> Answer:
    """Delete a record."""
    request.o2g.world.log.delete(request.subject(), [_record(request)])
    return NO_CONTENT


def _record(request: Request) -> LogRecord:
    wanted = request.values["recordId"]
    for record in request.o2g.world.log.of(request.subject()):
        if str(record.id) == wanted:
            return record
    raise not_found("the user has no such record")


def _selected(request: Request, found: list[LogRecord]) -> list[LogRecord]:
    """Select by what the query asks; a list of ids overrides all the rest (L128)."""
    query = request.query
    if "recordIdList" in query:
        ids = {part.strip() for part in SEPARATORS.split(query["recordIdList"])}
        return [record for record in found if str(record.id) in ids]
    role = query.get("role")
    if role is not None and role.upper() not in ROLES:
        raise bad_parameter("role is CALLER or CALLEE")
    missed, waiting = _flag(request, "unanswered"), _flag(request, "unacknowledged")
    after, before = _date(request, "afterDate"), _date(request, "beforeDate")
    reference, party = query.get("comRef", query.get("comref")), query.get("remotePartyId")
    return [
        record
        for record in found
        if (not missed or record.missed)
        and (not waiting or record.waiting)
        and (after is None or record.began >= after)
        and (before is None or record.began < before)
        and (role is None or record.caller is (role.upper() == "CALLER"))
        and (reference is None or record.com_ref == reference)
        and (party is None or record.with_party(party))
    ]


def _flag(request: Request, name: str) -> bool:
    text = request.query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise bad_parameter(f"{name} is true or false")
    return text == "true"


def _number(request: Request, name: str) -> int:
    text = request.query.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_parameter(f"{name} is a number from 0")
    return int(text)


def _date(request: Request, name: str) -> datetime | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return datetime.strptime(text, DATE).replace(tzinfo=UTC)
    except ValueError as error:
        raise bad_parameter(f"{name} is written yyyy-MM-ddTHH:mm:ss.SSSZ") from error
