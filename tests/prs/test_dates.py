from datetime import UTC, datetime, timedelta

import pytest

from prs.dates import exactly_when, how_long, next_minute, time_of_day, when, zone
from prs.language import languages

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # a Saturday, 14:00 in Paris
PARIS = zone("Europe/Paris")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 21, 12, 5, tzinfo=UTC), "13:05"),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "00:30"),  # today in Paris
        (datetime(2026, 11, 20, 12, 5, tzinfo=UTC), "yesterday"),
        (datetime(2026, 11, 17, 9, 0, tzinfo=UTC), "Tue 17"),
        (datetime(2026, 11, 14, 9, 0, tzinfo=UTC), "14 Nov"),
        (datetime(2025, 3, 3, 1, 0, tzinfo=UTC), "03/03/2025"),
    ],
)
def test_the_further_back_the_less_is_said(moment: datetime, shown: str) -> None:
    assert when(moment, NOW, PARIS, languages().of("en")) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [("fr", "hier"), ("de-at", "gestern"), ("br", "ontem"), ("zh", "昨天"), ("en-us", "yesterday")],
)
def test_days_have_names_in_the_readers_language(code: str, shown: str) -> None:
    assert when(NOW - timedelta(days=1), NOW, PARIS, languages().of(code)) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [("en-us", "Sat, Nov 21 2:00\u202fPM"), ("en-gb", "Sat 21 Nov 14:00"), ("fr-ch", "sam. 21 nov. 14:00")],
)
def test_a_region_writes_dates_its_own_way(code: str, shown: str) -> None:
    assert exactly_when(NOW, PARIS, languages().of(code)).replace(",", "") == shown.replace(",", "")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (5, "0:05"), (125, "2:05"), (3725, "1:02:05"), (-9, "0:00")]
)
def test_a_duration_reads_like_a_clock(seconds: int, shown: str) -> None:
    assert how_long(timedelta(seconds=seconds)) == shown


def test_the_time_alone() -> None:
    assert [time_of_day(NOW, PARIS, languages().of(code)) for code in ("en-gb", "en-us")] == ["14:00", "2:00\u202fPM"]


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (0.001, 1), (1, 1), (59.999, 1), (60, 1), (60.5, 2)])
def test_a_minute_that_has_begun_is_a_whole_one_for_what_lasts_until_then(seconds: float, minutes: int) -> None:
    assert next_minute(NOW + timedelta(seconds=seconds)) == NOW + timedelta(minutes=minutes)


def test_the_clock_of_summer_is_kept() -> None:
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert when(july, july, PARIS, languages().of("en")) == "14:00"
