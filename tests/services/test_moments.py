"""Moments as O2G writes them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.moments import moment
from tests.services.test_border import ANYTHING

DAY = datetime(2023, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2018-12-07", datetime(2018, 12, 7, tzinfo=UTC)),
        ("2023-08-07T14:13:36Z", DAY.replace(hour=14, minute=13, second=36)),
        ("2023-08-07T14:13:36.5Z", DAY.replace(hour=14, minute=13, second=36, microsecond=500_000)),
        ("2023-08-07T14:13:36.123456789Z", DAY.replace(hour=14, minute=13, second=36, microsecond=123_456)),
        (" 2023-08-07 14:13 ", DAY.replace(hour=14, minute=13)),
        ("2023-08-07T16:13:00+02:00", DAY.replace(hour=14, minute=13)),
        ("2023-08-07T16:13:00+0200", DAY.replace(hour=14, minute=13)),
        ("2023-08-07T09:13:00-05", DAY.replace(hour=14, minute=13)),
        ("2023-02-30", None),
        ("2023-08-07T25:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("٢٠٢٣-08-07", None),
        ("", None),
        (1_700_000_000, None),
        (None, None),
    ],
)
def test_A11_dates_with_and_without_time(said: object, found: datetime | None) -> None:
    assert moment(said) == found


@given(ANYTHING | st.text("0123456789-:TZ+. "))
def test_whatever_is_said_is_a_moment_or_none(value: object) -> None:
    found = moment(value)
    assert found is None or found.tzinfo is UTC
