"""The log of a user's calls, kept by O2G: at most 100 records a user (L127), apart from the OXE's own (L131)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from services.border import MaybeCount, Reading, Writing, many, read
from services.call_records import CallRecord, RecordReading, record
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NotFound
from services.session import Session

MOST_RECORDS = 100  # L127


class CallLogFilter(StrEnum):
    """Which records.

    RECEIVED holds the missed ones, too: O2G has no filter for answered calls (A71: `unanswered=false` filters nothing).
    """

    ALL = "all"
    MISSED = "missed"
    RECEIVED = "received"
    PLACED = "placed"


ASKED = {
    CallLogFilter.ALL: {},
    CallLogFilter.MISSED: {"unanswered": "true", "role": "CALLEE"},
    CallLogFilter.RECEIVED: {"role": "CALLEE"},
    CallLogFilter.PLACED: {"role": "CALLER"},
}


@dataclass(frozen=True, slots=True)
class CallLogPage:
    """Some records in O2G's order, which in the reference's example is newest first.

    Attributes:
        records: at most as many as were asked for.
        offset: how many records come before them.
        total: how many there are with this filter; None where O2G does not say.
        more: whether there are, as far as can be told, records after these.
    """

    records: tuple[CallRecord, ...]
    offset: int
    total: int | None
    more: bool

    @property
    def just_after(self) -> datetime | None:
        """The moment after the newest of these records, by O2G's clock: as `before` it means all that was shown."""
        begun = [found.began for found in self.records if found.began is not None]
        return max(begun) + timedelta(milliseconds=1) if begun else None


class UpdateComRecordsRequest(Writing):
    """Which records are acknowledged: numbers, not texts (B31)."""

    record_ids: tuple[int, ...]


class _Page(Reading):
    com_history_records: Annotated[tuple[RecordReading, ...] | None, many(RecordReading)] = None
    total_count: MaybeCount = None


class CommunicationLog:
    """Call logs of users. Each operation takes a licence for advanced telephony of the user (L46)."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def page(
        self,
        login: str,
        which: CallLogFilter,
        offset: int,
        limit: int,
        deadline: Deadline,
        *,
        unacknowledged: bool = False,
    ) -> CallLogPage:
        """Show some of a user's records (GET /comlog/records).

        Args:
            login: the user.
            which: only these.
            offset: how many of them to leave out, from 0.
            limit: how many to give, 1 to 100; O2G's "0 is all" (L129) is not offered.
            deadline: until when O2G must have answered.
            unacknowledged: only those that wait for being acknowledged.

        Raises:
            BadParameter: offset or limit is out of range; O2G is not asked.
            NotAllowed: the user has no licence for it.
            O2GError: O2G failed.
        """
        if offset < 0 or not 1 <= limit <= MOST_RECORDS:
            raise BadParameter("this page of the call log cannot be")
        found = self._ask(login, which, offset, limit, deadline, unacknowledged, optimized=False)
        said = found.com_history_records or ()
        total = found.total_count
        return CallLogPage(
            records=tuple(record(one, login) for one in said[:limit] if one.tells_something),
            offset=offset,
            total=total,
            more=len(said) >= limit if total is None else offset + limit < total,
        )

    def unacknowledged_missed(self, login: str, deadline: Deadline) -> int | None:
        """Count a user's missed calls that nobody acknowledged (GET /comlog/records); None where O2G does not say.

        Raises:
            O2GError: O2G failed.
        """
        return self._ask(login, CallLogFilter.MISSED, 0, 1, deadline, True, optimized=True).total_count

    def record(self, login: str, record_id: int, deadline: Deadline) -> CallRecord:
        """Show one record (GET /comlog/records/{recordId}).

        Raises:
            NotFound: it was deleted, or a hundred newer ones pushed it out.
            O2GError: O2G failed.
        """
        call = Call("GET /comlog/records/{recordId}", {"recordId": str(record_id)}, {"loginName": login})
        found = read(RecordReading, self._session.call(call, deadline).body, "a record of the call log")
        if found.record_id not in (None, record_id):
            raise NotFound("O2G answered with another record")
        return record(found, login)

    def acknowledge(self, login: str, record_ids: Collection[int], deadline: Deadline) -> None:
        """Acknowledge missed calls (PUT /comlog/records); records that are no more do not matter.

        O2G alone learns of it, the OXE's own log does not (L131).

        Raises:
            BadParameter: no record is named; O2G is not asked.
            O2GError: O2G failed.
        """
        query = {"acknowledge": "true", "loginName": login}
        body = UpdateComRecordsRequest(record_ids=tuple(_named(record_ids)))
        self._session.call(Call("PUT /comlog/records", query=query, body=body), deadline)

    def waiting(self, login: str, deadline: Deadline, *, before: datetime | None = None) -> tuple[int, ...]:
        """Name the missed calls that nobody acknowledged, for `acknowledge` (GET /comlog/records).

        Args:
            login: the user.
            deadline: until when O2G must have answered.
            before: only those older than this moment (`CallLogPage.just_after`): what nobody saw yet stays.

        Raises:
            O2GError: O2G failed.
        """
        found = self._ask(login, CallLogFilter.MISSED, 0, MOST_RECORDS, deadline, True, optimized=True, before=before)
        return tuple(known.record_id for known in found.com_history_records or () if known.record_id is not None)

    def delete(self, login: str, record_ids: Collection[int], deadline: Deadline) -> None:
        """Delete records (DELETE /comlog/records); those that are no more do not matter (L128).

        Raises:
            BadParameter: no record is named, which O2G would take for all of them; it is not asked.
            O2GError: O2G failed.
        """
        query = {"recordIdList": ",".join(map(str, _named(record_ids))), "loginName": login}  # B32
        self._session.call(Call("DELETE /comlog/records", query=query), deadline)

    def delete_all(
        self,
        login: str,
        deadline: Deadline,
        *,
        which: CallLogFilter = CallLogFilter.ALL,
        before: datetime | None = None,
    ) -> None:
        """Delete all of a user's records, or all of a kind (DELETE /comlog/records).

        Args:
            login: the user.
            deadline: until when O2G must have answered.
            which: only these.
            before: only those older than this moment (`CallLogPage.just_after`): what nobody saw yet stays.

        Raises:
            BadParameter: `before` has no time zone; O2G is not asked.
            O2GError: O2G failed.
        """
        query = {**ASKED[which], **_older_than(before), "loginName": login}
        self._session.call(Call("DELETE /comlog/records", query=query), deadline)

    def _ask(
        self,
        login: str,
        which: CallLogFilter,
        offset: int,
        limit: int,
        deadline: Deadline,
        unacknowledged: bool,
        *,
        optimized: bool,
        before: datetime | None = None,
    ) -> _Page:
        query = {**ASKED[which], **_older_than(before), "offset": str(offset), "limit": str(limit), "loginName": login}
        if unacknowledged:
            query["unacknowledged"] = "true"
        if optimized:
            query["optimized"] = "true"  # who takes part is not wanted, so O2G need not repeat it
        answer = self._session.call(Call("GET /comlog/records", query=query), deadline)
        return read(_Page, answer.body, "a call log") if answer.body.strip() else _Page()


def _named(record_ids: Collection[int]) -> list[int]:
    named = list(dict.fromkeys(record_ids))
    if not named or min(named) < 0:
        raise BadParameter("no record of the call log is named")
    return named


def _older_than(before: datetime | None) -> dict[str, str]:
    if before is None:
        return {}
    if before.tzinfo is None:
        raise BadParameter("a moment without a time zone")
    written = before.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return {"beforeDate": f"{written}Z"}  # L129
