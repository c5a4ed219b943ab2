"""Moments as O2G writes them, at the border."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BeforeValidator

MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?(?:\d\d)?)?", re.ASCII | re.I
)


def moment(value: object) -> datetime | None:
    """Read a moment: a date alone, to the second or to any part of it (A11), UTC where it names no zone; else None."""
    found = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    day, time, fraction, zone = found.groups()
    try:
        if time is None:
            given = datetime.combine(date.fromisoformat(day), datetime.min.time())
        else:
            given = datetime.fromisoformat(f"{day}T{time}")
        given = given.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))
        if zone is None or zone.upper() == "Z":
            return given.replace(tzinfo=UTC)
        offset = datetime.strptime(zone.replace(":", "").ljust(5, "0"), "%z").tzinfo
        return given.replace(tzinfo=offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


MaybeMoment = Annotated[datetime | None, BeforeValidator(moment)]
