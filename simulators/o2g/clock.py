"""The time of the simulation: it can be moved forward, and whatever falls due then happens at once."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Timer:
    """Something that is going to happen, unless cancelled."""

    __slots__ = ("action", "cancelled", "due")

    def __init__(self, due: float, action: Callable[[], None]) -> None:
        self.due = due
        self.action = action
        self.cancelled = False

    def cancel(self) -> None:
        """Keeps it from happening; harmless when it has happened."""
        self.cancelled = True


class Clock:
    """Seconds of the simulation (`now`), its calendar (`today`), and a list of what is due when.

    A test moves it with `advance`, so that a session that lives for 30 minutes expires without anybody waiting.
    """

    def __init__(self, calendar: datetime | None = None) -> None:
        """Start; with a `calendar` the date and time of day stand still there, apart from what `advance` adds."""
        self._calendar = calendar
        self._ahead = 0.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Seconds since some moment of the past; never goes back."""
        return time.monotonic() + self._ahead

    def today(self) -> datetime:
        """Date and time, UTC."""
        return (self._calendar or datetime.now(UTC)) + timedelta(seconds=self._ahead)

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Lets `action` happen in so many seconds of the simulation."""
        timer = Timer(self.now() + seconds, action)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        if self._timers[0][2] is timer:
            self._set_alarm()
        return timer

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Lets `action` happen again and again."""

        def again() -> None:
            action()
            self.after(seconds, again)

        self.after(seconds, again)

    def advance(self, seconds: float) -> None:
        """Moves the time forward, stopping at each thing that falls due on the way, so that order is kept."""
        goal = self.now() + max(0.0, seconds)
        while self._timers and self._timers[0][0] <= goal:
            self._ahead += max(0.0, self._timers[0][0] - self.now())
            self._run_due()
        self._ahead += max(0.0, goal - self.now())
        self._run_due()

    def _run_due(self) -> None:
        while self._timers and self._timers[0][0] <= self.now():
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                timer.cancel()
                timer.action()
        self._set_alarm()

    def _set_alarm(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if self._timers:
            wait = max(0.0, self._timers[0][0] - self.now())
            self._alarm = asyncio.get_running_loop().call_later(wait, self._run_due)
