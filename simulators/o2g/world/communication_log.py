"""The communication log: who called whom, and whether anybody answered; at most 100 records a user (L127)."""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Call, Diary, MediaState, Party, PartyKind, Side, Witness

MOST = 100  # records a user (L127)
REASONS = {
    "ABANDONED": "ABANDONED",
    "NOT_ANSWERED": "ABANDONED",
    "CLEARED": "NORMAL",
    "PARTICIPANT_LEFT": "NORMAL",
    "ALL_TRUNK_BUSY": "ALL_TRUNK_BUSY",
    "INVALID_NUMBER": "INVALID_NUMBER",
    "BUSY": "BUSY",
    "CONFERENCED": "CONFERENCED",
    "PICKED_UP": "PICKUP",
    "FORWARDED": "FORWARDED",
    "REDIRECTED": "REDIRECTED",
    "TRANSFERRED": "TRANSFERRED",
}
CAME_IN_BY = ("CONFERENCED", "PICKED_UP", "FORWARDED", "REDIRECTED", "TRANSFERRED")


@dataclass(slots=True, eq=False)
class LogRecord:
    """A call in a user's log.

    Attributes:
        id: unique among all users' records.
        com_ref: the call's reference.
        caller: the owner called; else it was called.
        answered: the owner (or who answered in its place) talked.
        others: who else took part.
        instead: who got the call that the owner was called with.
        missed, acknowledged: a call that rang in vain, and whether the owner has taken note of it.
    """

    id: int
    com_ref: str
    caller: bool
    answered: bool
    others: list[Party]
    began: datetime
    ended: datetime | None
    reason: str
    missed: bool
    acknowledged: bool
    talked: datetime | None = None
    called: Party | None = None
    instead: Party | None = None
    held_seconds: float = 0.0
    transferred_by: str | None = None
    data: str | None = None
    leg: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether it counts among the missed calls."""
        return self.missed and not self.acknowledged

    def with_party(self, text: str) -> bool:
        """Tell whether somebody of that login or number took part."""
        names = ((party.number, party.person.login if party.person is not None else "") for party in self.others)
        return any(text in name for name in names)


@dataclass(slots=True)
class LogChange:
    """What happened to a user's log: `kind` is O2G's event name; `ids` None means all records."""

    kind: str
    person: Person
    record: LogRecord | None = None
    ids: list[int] | None = None
    missed_by: int = 0


@dataclass(slots=True)
class _Log:
    records: list[LogRecord]
    numbers: Iterator[int] = field(default_factory=itertools.count)


class CommunicationLog(Diary):
    """Everybody's log; a user's is made up when first looked at. `listener` is told of each change,
    `counted` of each change of the missed calls."""

    def __init__(self, people: list[Person], seed: int, began: datetime, missed: Callable[[Person], int]) -> None:
        """Take who may have called whom, before which moment, and how many missed calls a user begins with."""
        self._people = people
        self._seed = seed
        self._before = began
        self._missed = missed
        self._logs: dict[str, _Log] = {}
        self.today: Callable[[], datetime] = lambda: began
        self.listener: Callable[[LogChange], None] = lambda change: None
        self.counted: Callable[[Person, str, int], None] = lambda person, counter, by: None

    # Reading.

    def of(self, person: Person) -> list[LogRecord]:
        """Give a user's records, newest first."""
        return list(reversed(self._log(person).records))

    # What users do.

    def acknowledge(self, person: Person, ids: Iterable[int], *, yes: bool) -> None:
        """Take note of missed calls, or take it back; other records and unknown ids stay as they are."""
        wanted = set(ids)
        self._set_acknowledged(person, [r for r in self._log(person).records if r.id in wanted], yes=yes)

    def delete(self, person: Person, doomed: list[LogRecord]) -> None:
        """Delete records; to delete none is no news."""
        log = self._log(person)
        if not doomed:
            return
        everything = len(doomed) == len(log.records)
        gone = {id(record) for record in doomed}
        log.records = [record for record in log.records if id(record) not in gone]
        missed = sum(record.waiting for record in doomed)
        ids = None if everything else [record.id for record in doomed]
        self._changed(LogChange("OnComRecordsDeleted", person, ids=ids, missed_by=-missed))

    # What the switchboard tells.

    def left(self, call: Call, side: Side, others: list[Party], cause: str, *, for_good: bool) -> None:
        """Write a record of a side's part, or bring it up to date."""
        person = side.party.person
        if person is None:
            return
        if side.log_id is None:
            record = self._record_of(call, side, others, cause)
            side.log_id = record.id
            self._finish(record, side, cause, for_good=for_good)
            self._add(person, record)
            return
        found = [record for record in self._log(person).records if record.id == side.log_id]
        for record in found:
            self._finish(record, side, cause, for_good=for_good)
            self._changed(LogChange("OnComRecordModified", person, record))

    def passed_over(self, call: Call, witness: Witness, caller: Party, answerer: Side) -> None:
        """Write a record for somebody whose call another got."""
        person = witness.party.person
        if person is None:
            return
        mailbox = answerer.party.kind is PartyKind.VOICEMAIL
        record = LogRecord(
            self._next_id(person),
            call.reference,
            caller=False,
            answered=answerer.talked is not None,
            others=[caller, answerer.party],
            began=witness.began,
            ended=self.today(),
            reason="VOICEMAIL" if mailbox else REASONS.get(witness.reason, "FORWARDED"),
            missed=witness.missed or mailbox,
            acknowledged=not (witness.missed or mailbox),
            talked=answerer.talked,
            called=witness.party,
            instead=answerer.party,
        )
        self._add(person, record)

    def talked(self, person: Person, other: Party) -> None:
        """Take note of all missed calls from somebody with whom the user now talks (L132)."""
        if person.login not in self._logs and self._missed(person) == 0:
            return
        missed = [record for record in self._log(person).records if record.waiting]
        self._set_acknowledged(person, [r for r in missed if any(p.number == other.number for p in r.others)], yes=True)

    def _record_of(self, call: Call, side: Side, others: list[Party], cause: str) -> LogRecord:
        person = side.party.person
        missed = not side.calls and side.talked is None and side.state is MediaState.RINGING_INCOMING
        named = {party.number: party for party in others}
        main = person.devices[0].id if person is not None and person.devices else None
        return LogRecord(
            self._next_id(person) if person is not None else 0,
            call.reference,
            caller=side.calls,
            answered=side.talked is not None,
            others=list(named.values()),
            began=side.began,
            ended=None,
            reason=_reason(side, cause),
            missed=missed,
            acknowledged=not missed,
            talked=side.talked,
            called=_called(call, side, others),
            data=call.data,
            leg=side.devices[0] if main is not None and main not in side.devices else None,
        )

    def _finish(self, record: LogRecord, side: Side, cause: str, *, for_good: bool) -> None:
        record.held_seconds, record.transferred_by = side.held_seconds, side.transferred_by
        record.reason = _reason(side, cause)
        if side.held_since is not None:
            record.held_seconds += (self.today() - side.held_since).total_seconds()
        if for_good:
            record.ended = self.today()

    def _set_acknowledged(self, person: Person, records: list[LogRecord], *, yes: bool) -> None:
        changed = [record for record in records if record.missed and record.acknowledged is not yes]
        for record in changed:
            record.acknowledged = yes
        if changed:
            kind = "OnComRecordsAck" if yes else "OnComRecordsUnAck"
            by = -len(changed) if yes else len(changed)
            self._changed(LogChange(kind, person, ids=[record.id for record in changed], missed_by=by))

    def _add(self, person: Person, record: LogRecord) -> None:
        log = self._log(person)
        log.records.append(record)
        self._changed(LogChange("OnComRecordCreated", person, record, missed_by=int(record.waiting)))
        if len(log.records) > MOST:
            self.delete(person, log.records[:-MOST])

    def _changed(self, change: LogChange) -> None:
        self.listener(change)
        if change.missed_by:
            self.counted(change.person, "missedCallsNb", change.missed_by)

    def _next_id(self, person: Person) -> int:
        return int(person.number) * 1_000_000 + next(self._log(person).numbers)

    def _log(self, person: Person) -> _Log:
        if person.login not in self._logs:
            log = _Log([])
            self._logs[person.login] = log
            log.numbers = itertools.count(1)
            log.records = _History(self._people, self._seed, self._before, person).records(
                self._missed(person), lambda: int(person.number) * 1_000_000 + next(log.numbers)
            )
        return self._logs[person.login]


class _History:
    """A believable past: working days of the last month, colleagues and people outside, some calls in vain."""

    def __init__(self, people: list[Person], seed: int, before: datetime, person: Person) -> None:
        self._people = people
        self._before = before
        self._person = person
        self._chance = random.Random(f"{seed}/{person.number}/log")

    def records(self, missed: int, next_id: Callable[[], int]) -> list[LogRecord]:
        count = max(missed, int(self._chance.triangular(0, MOST, 20)))
        latest = set(self._chance.sample(range(min(count, missed + 4)), missed)) if missed else set()
        hours = sorted((self._chance.uniform(0.2, 720.0) for _ in range(count)), reverse=True)
        made = [self._record(hour, count - 1 - index in latest) for index, hour in enumerate(hours)]
        for record in made:
            record.id = next_id()
        return made

    def _record(self, hours_ago: float, unseen: bool) -> LogRecord:
        chance = self._chance
        caller = not unseen and chance.random() < 0.5
        answered = not unseen and chance.random() < 0.75
        began = self._before - timedelta(hours=hours_ago)
        rang = timedelta(seconds=chance.randint(3, 28))
        talked = began + rang if answered else None
        ended = began + rang + timedelta(seconds=chance.randint(10, 900) if answered else 0)
        missed = not caller and not answered
        reason = "NORMAL" if answered else "ABANDONED" if missed else chance.choice(("ABANDONED", "BUSY"))
        return LogRecord(
            0, f"{chance.getrandbits(64):016x}", caller, answered, [self._somebody()], began, ended, reason,
            missed=missed, acknowledged=not unseen, talked=talked,
        )  # fmt: skip

    def _somebody(self) -> Party:
        chance = self._chance
        other = chance.choice(self._people)
        if other is self._person or chance.random() < 0.3:
            return Party.of(f"00{chance.randint(10**8, 10**9 - 1)}", None)
        return Party.of(other.number, other)


def _reason(side: Side, cause: str) -> str:
    """Tell how the side came into the call, where not by ringing; else how it ended."""
    if cause in ("CLEARED", "PARTICIPANT_LEFT") and side.reason in CAME_IN_BY:
        return REASONS[side.reason]
    return REASONS.get(cause, "UNKNOWN")


def _called(call: Call, side: Side, others: list[Party]) -> Party | None:
    """Tell who was called first, where somebody else than who takes part."""
    if not side.calls:
        return side.called
    if call.wanted is None or any(party.number == call.wanted.number for party in others):
        return None
    return call.wanted
