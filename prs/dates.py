"""Dates and durations as a person reads them on a set: short, in their zone and language."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time

from prs.errors import N_
from prs.language import Language

YESTERDAY = N_("yesterday")
A_WEEK = 6  # days for which the weekday says enough


def zone(name: str) -> tzinfo:
    """Find a time zone by its IANA name.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is none of that name.
    """
    return ZoneInfo(name)


def when(moment: datetime, now: datetime, where: tzinfo, language: Language) -> str:
    """Tell when something was: "14:05" today, "yesterday", "Mon 3" within the week, "3 Nov", or with its year.

    Args:
        moment, now: with their zones.
        where: the reader's zone, which decides what "today" is.
        language: the reader's.
    """
    here, today = moment.astimezone(where), now.astimezone(where).date()
    days = (today - here.date()).days
    if days == 0:
        return str(format_time(here, "short", locale=language.locale))
    if days == 1:
        return language.translate(YESTERDAY)
    if 1 < days <= A_WEEK:
        return str(format_skeleton("Ed", here, locale=language.locale))
    if here.year == today.year:
        return str(format_skeleton("MMMd", here, locale=language.locale))
    return str(format_date(here, "short", locale=language.locale))


def exactly_when(moment: datetime, where: tzinfo, language: Language) -> str:
    """Tell day and time in full, for a screen about one thing: "Tue 3 Nov, 14:05"."""
    here = moment.astimezone(where)
    day = format_skeleton("MMMEd", here, locale=language.locale)
    return f"{day} {format_time(here, 'short', locale=language.locale)}"


def time_of_day(moment: datetime, where: tzinfo, language: Language) -> str:
    """Tell the time alone: "14:05"."""
    return str(format_time(moment.astimezone(where), "short", locale=language.locale))


def next_minute(moment: datetime) -> datetime:
    """Give the first whole minute by which a moment is past: what is said to last until then has ended then."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(minutes=1)


def how_long(duration: timedelta) -> str:
    """Tell a duration as a call's is shown: "2:05", "1:02:05"; a negative one is none."""
    seconds = max(0, round(duration.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
