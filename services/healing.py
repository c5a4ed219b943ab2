"""What healed by itself, counted; each has one line in the log beside."""

import threading
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import structlog

log = structlog.get_logger(__name__)


class Healing(StrEnum):
    """What healed. The values are names of events in the log, after `o2g.`, and labels of the metric."""

    LOGGED_IN_AGAIN = "logged_in_again"  # a session that was lost, such as by a restart of O2G
    REACHABLE_AGAIN = "reachable_again"  # an address that did not answer
    OTHER_ADDRESS = "other_address"  # the other address took over
    FIRST_ADDRESS = "first_address"  # the first one is used again


class Healings:
    """Counts what healed since the start."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self._counts: Counter[Healing] = Counter()

    def happened(self, what: Healing, **details: object) -> None:
        """Count it, and write its line; `details` hold no name, number, address or secret."""
        with self._lock:
            self._counts[what] += 1
        log.info(f"o2g.{what}", **details)

    def figures(self) -> Mapping[str, int]:
        """Give how often each healing happened, also those that never did."""
        with self._lock:
            return {what.value: self._counts[what] for what in Healing}
