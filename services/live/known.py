"""What is known of O2G, and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Known(Generic[Value]):
    """A value of O2G's with its age.

    Attributes:
        value: what O2G said.
        as_of: when it was last known to be true, UTC.
        live: whether it is true now: kept up to date by events, or just read. False: O2G cannot be asked, and this is
            what it said last; a screen that shows it says how old it is.
    """

    value: Value
    as_of: datetime
    live: bool

    def age(self, now: datetime) -> timedelta:
        """Tell how old it is at `now` (UTC); never less than nothing, whatever the clock did."""
        return max(timedelta(0), now - self.as_of)
