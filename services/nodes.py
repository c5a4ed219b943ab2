"""O2G's links to the nodes of the OXE: up, down, or not known."""

import threading
from collections.abc import Mapping
from enum import StrEnum

import structlog

MOST_NODES = 1000  # an O2G has 100 at most (L155)

log = structlog.get_logger(__name__)


class Link(StrEnum):
    """How O2G's link to a node stands, as far as events have told."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class NodeLinks:
    """What is known of each node's link; whoever hears O2G's events tells it (OnCtiLinkDown, OnCtiLinkUp, L101).

    Any thread may use it. Nodes are named as `User.node` names them.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self._lock = threading.Lock()
        self._links: dict[str, Link] = {}

    def down(self, node: str) -> None:
        """Hear that O2G has lost a node."""
        self._hear(node, Link.DOWN)

    def up(self, node: str) -> None:
        """Hear that O2G has a node again."""
        self._hear(node, Link.UP)

    def forget(self) -> None:
        """Know nothing any more: events may have been missed."""
        with self._lock:
            self._links.clear()

    def fill(self, links: Mapping[str, Link]) -> None:
        """Take what O2G said when asked; of what events have told since `forget` they know better."""
        for node, link in links.items():
            self._hear(node, link, asked=True)

    def of(self, node: str | None) -> Link:
        """Tell how a node's link stands; UNKNOWN where no event has told, or for a user of no known node."""
        with self._lock:
            return self._links.get(node or "", Link.UNKNOWN)

    def all(self) -> dict[str, Link]:
        """Give every node that an event has told of, with its link."""
        with self._lock:
            return dict(self._links)

    def _hear(self, node: str, link: Link, *, asked: bool = False) -> None:
        with self._lock:
            before = self._links.get(node)
            if (before is None and len(self._links) >= MOST_NODES) or (asked and before is not None):
                return
            self._links[node] = link
        if link is not before and Link.DOWN in (link, before):
            log.warning(f"o2g.node_{link}", node=node[:64])
