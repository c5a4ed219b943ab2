"""The pages of the audit trail: who changed what, and when; searched, leafed through, and saved as a table."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from admin.desk import Desk
from store.audit import AuditEntry

ON_A_PAGE = 50
AT_ONCE = 500  # entries that an export reads at a time
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate
COLUMNS = ("when (UTC)", "who", "what", "on", "value", "before", "after")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: as typed, and as the trail is asked."""

    subject: str
    by: str
    since: date | None
    until: date | None

    def entries(self, desk: Desk, limit: int, before: int | None) -> tuple[AuditEntry, ...]:
        """Find entries before one, the newest first; days begin and end in the zone that times are shown in."""
        return desk.trail.page(
            limit,
            before=before,
            subject=self.subject,
            by=self.by,
            since=_begin(self.since, desk),
            until=None if self.until is None else _begin(self.until + timedelta(days=1), desk),
        )


def add_audit_pages(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""

    @doors.get("/audit")
    def audit() -> str:
        search = _search()
        found = search.entries(desk, ON_A_PAGE + 1, _before())
        shown = found[:ON_A_PAGE]
        older = shown[-1].id if len(found) > ON_A_PAGE else None
        query = {name: value for name, value in request.args.items() if name != "before" and value}
        return render_template(
            "admin/audit.html", search=search, entries=shown, older=older, query=query, paged=_before() is not None
        )

    @doors.get("/audit/export")
    def audit_export() -> AnyResponse:
        search = _search()
        first = search.entries(desk, AT_ONCE, None)  # before the answer begins: a store that is gone is still told
        disposition = {"Content-Disposition": 'attachment; filename="touchline-audit.csv"'}
        return Response(_table(desk, search, first), content_type="text/csv; charset=utf-8", headers=disposition)


def _search() -> Search:
    def text(name: str) -> str:
        return request.args.get(name, "").strip()[:100]

    return Search(text("subject"), text("by"), _day(text("since")), _day(text("until")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _begin(day: date | None, desk: Desk) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), desk.zone)


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _table(desk: Desk, search: Search, entries: tuple[AuditEntry, ...]) -> Iterator[str]:
    yield _line(COLUMNS)
    while entries:
        for entry in entries:
            head = (entry.at.isoformat(), entry.by, entry.action, entry.subject)
            for change in entry.changes:
                yield _line((*head, change.name, change.old or "", change.new or ""))
            if not entry.changes:
                yield _line((*head, "", "", ""))
        entries = search.entries(desk, AT_ONCE, entries[-1].id)


def _line(values: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(f"'{value}" if value.startswith(FORMULA) else value for value in values)
    return written.getvalue()
