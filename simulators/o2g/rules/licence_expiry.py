"""When the licence file expires, and the days around it on which its administrators are told (L52)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from simulators.o2g.clock import Clock

DAYS_BEFORE = 30
DAYS_AFTER = 20
YEARS_VALID = 2  # where the options name no date
TIME_OF_DAY = time(0, 1, tzinfo=UTC)  # our reading: O2G does not say when; a minute past the date's change, UTC


def default_expiry(today: date) -> date:
    """Give the date of a file of which the options say nothing: the end of the second year from now."""
    return date(today.year + YEARS_VALID, 12, 31)


def expiry_event(expires: date, today: date) -> dict[str, Any] | None:
    """Make the day's OnLicenseExpiration, None on a day without one.

    `nbDays` is above 0 before the expiration, below 0 after it, and 0 on the day itself (our reading; L52 names both
    ends of the period and leaves no day out).
    """
    days = (expires - today).days
    if not -DAYS_AFTER <= days <= DAYS_BEFORE:
        return None
    if days > 0:
        message = f"The license will expire in {days} days"
    elif days == 0:
        message = "The license expires today"
    else:
        message = f"The license has expired since {-days} days"
    return {"eventName": "OnLicenseExpiration", "message": message, "nbDays": days}


def tell_daily(clock: Clock, expires: date, publish: Callable[[dict[str, Any]], object]) -> None:
    """Publish the day's event, if there is one, each day from tomorrow on."""

    def tell() -> None:
        event = expiry_event(expires, clock.today().date())
        if event is not None:
            publish(event)
        wait()

    def wait() -> None:
        # Always tomorrow's: a clock that wakes a moment early or late neither doubles a day nor leaves one out.
        now = clock.today()
        clock.after((datetime.combine(now.date() + timedelta(days=1), TIME_OF_DAY) - now).total_seconds(), tell)

    wait()
