"""Users for whom O2G had no licence left: how many, and whether closing other users' sessions may help."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.calls import Call

FIRST_HOPELESS_SECONDS = 10.0  # a licence that came free may have gone to somebody else
HOPELESS_SECONDS = 300.0  # at most; each time in vain is twice as long as the one before

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Hopeless:
    seconds: float
    until: float


class Licences:
    """What O2G's refusals for lack of licences have taught; any thread may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing."""
        self._clock = clock
        self._lock = threading.Lock()
        self._refused = 0
        self._hopeless: dict[str, _Hopeless] = {}  # by service

    @property
    def refused(self) -> int:
        """How many requests were refused in the end."""
        return self._refused

    def may_help(self, call: Call) -> bool:
        """Tell whether it is worth closing others' sessions for this call.

        It is not where it has not helped lately, for a call of the same service: the licence may be one that O2G has
        none of at all, such as an agent's.
        """
        with self._lock:
            hopeless = self._hopeless.get(_service(call))
            return hopeless is None or hopeless.until <= self._clock()

    def helped(self, call: Call) -> None:
        """Take note of a call that got a licence after others' sessions were closed for it."""
        with self._lock:
            self._hopeless.pop(_service(call), None)

    def gave_up(self, call: Call, closed: int) -> None:
        """Take note of a call that was refused for good, after so many sessions were closed for it."""
        with self._lock:
            self._refused += 1
            if closed:
                self._note_in_vain(_service(call))
        log.warning("o2g.no_licence", operation=call.operation)

    def _note_in_vain(self, service: str) -> None:
        now, before = self._clock(), self._hopeless.get(service)
        if before is not None and before.until > now:
            return  # begun before that was known
        seconds = FIRST_HOPELESS_SECONDS if before is None else min(HOPELESS_SECONDS, before.seconds * 2)
        self._hopeless[service] = _Hopeless(seconds, now + seconds)


def _service(call: Call) -> str:
    return "/".join(call.operation.split("/")[1:3])
