"""Records of the communication log, for reads and events."""

from datetime import datetime
from typing import Any

from simulators.o2g.events.parties import described
from simulators.o2g.world.communication_log import LogChange, LogRecord
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Party

Json = dict[str, Any]


def moment(when: datetime) -> str:
    """Write date and time as O2G does: UTC with milliseconds (L129)."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def record_seen(record: LogRecord, owner: Person) -> Json:
    """Describe a record with the full identity of everybody (ComHistoryRecord)."""
    return _record(record, described(Party.of(owner.number, owner)))


def record_event(change: LogChange) -> Json:
    """Tell what happened to a user's log (OnComRecord…)."""
    event: Json = {"eventName": change.kind, "loginName": change.person.login}
    if change.record is not None:
        # In events the owner is identified by the login name only.
        event["record"] = _record(change.record, {"id": {"loginName": change.person.login}})
    elif change.ids is not None:
        event["recordIds"] = change.ids
    return event


def shortened(records: list[Json]) -> list[Json]:
    """Name everybody in full the first time only, then by number (`optimized`)."""
    named: set[str] = set()
    for record in records:
        for participant in record["participants"]:
            for key in ("identity", "initialCalled"):
                if key in participant:
                    number = participant[key]["id"]["phoneNumber"]
                    if number in named:
                        participant[key] = {"id": {"phoneNumber": number}}
                    named.add(number)
    return records


def _record(record: LogRecord, owner: Json) -> Json:
    told: Json = {
        "recordId": record.id,
        "comRef": record.com_ref,
        "acknowledged": record.acknowledged,
        "participants": _participants(record, owner),
        "beginDate": moment(record.began),
        "medias": ["AUDIO"],
    }
    if record.ended is not None:
        told["endDate"] = moment(record.ended)
    if record.talked is not None:
        told["convDate"] = moment(record.talked)
    if record.held_seconds:
        told["holdDuration"] = int(record.held_seconds)
    if record.transferred_by is not None:
        told["transferredBy"] = record.transferred_by
    if record.data is not None:
        told["associatedData"] = record.data
    return told


def _participants(record: LogRecord, owner: Json) -> list[Json]:
    part: Json = {"role": "CALLER" if record.caller else "CALLEE", "answered": record.answered, "anonymous": False}
    part["reason"] = record.reason
    if record.called is not None:
        part["initialCalled"] = described(record.called)
    if record.leg is not None:
        part["leg"] = record.leg
    if record.instead is None:
        told = [{**part, "identity": owner}]
    else:
        # Whoever lost a call does not take part in it: the record tells who got it.
        told = [{**part, "identity": described(record.instead)}]
    for party in record.others:
        if party is not record.instead:
            told.append({"identity": described(party), "anonymous": False, "reason": record.reason})
    return told
