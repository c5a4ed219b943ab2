"""CTI links, one to each node: O2G tells half a minute later that one is down, and at once that it is up (L101)."""

from collections.abc import Callable
from typing import Any

from simulators.o2g.clock import Clock, Timer

TOLD_AFTER = 30.0  # seconds (L101: 30 to 60)

Json = dict[str, Any]


class CtiLinks:
    """Which nodes can be reached."""

    def __init__(self, clock: Clock, publish: Callable[[Json], None]) -> None:
        """Take the clock and what hears of changes."""
        self._clock = clock
        self._publish = publish
        self._down: dict[str, Timer] = {}

    def is_up(self, node: str) -> bool:
        """Tell whether a node can be reached."""
        return node not in self._down

    def drop(self, node: str) -> None:
        """Lose the link to a node."""
        if node not in self._down:
            event = {"eventName": "OnCtiLinkDown", "nodeId": node}
            self._down[node] = self._clock.after(TOLD_AFTER, lambda: self._publish(event))

    def restore(self, node: str) -> None:
        """Have the link again; of one that was down too shortly to be told of, nothing is said."""
        timer = self._down.pop(node, None)
        if timer is None:
            return
        told = timer.cancelled  # the clock marks what has happened so
        timer.cancel()
        if told:
            self._publish({"eventName": "OnCtiLinkUp", "nodeId": node})
            self._publish({"eventName": "OnPbxLoaded", "nodeId": node})
