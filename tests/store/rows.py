"""Rows for tests that need any."""

from datetime import UTC, datetime

from store.tables import MessageReadingRow

A_MOMENT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def begun_reading(login: str = "oxe70000") -> MessageReadingRow:
    return MessageReadingRow(login=login, begun=A_MOMENT)
