"""Users for whom O2G had no licence left: how many, and whether closing other users' sessions may help."""

import threading
import time
from collections.abc import Callable

import structlog

from services.calls import Call

HOPELESS_SECONDS = 300.0

log = structlog.get_logger(__name__)


class Licences:
    """What O2G's refusals for lack of licences have taught; any thread may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing."""
        self._clock = clock
        self._lock = threading.Lock()
        self._refused = 0
        self._hopeless: dict[str, float] = {}  # services, and until when

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
            return self._hopeless.get(_service(call), 0.0) <= self._clock()

    def gave_up(self, call: Call, closed: int) -> None:
        """Take note of a call that was refused for good, after so many sessions were closed for it."""
        with self._lock:
            self._refused += 1
            if closed:
                self._hopeless[_service(call)] = self._clock() + HOPELESS_SECONDS
        log.warning("o2g.no_licence", operation=call.operation)


def _service(call: Call) -> str:
    return "/".join(call.operation.split("/")[1:3])
