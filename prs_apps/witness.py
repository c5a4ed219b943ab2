"""Whoever looks on while pages are served: told of each, so that an administrator can be told."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sighting:
    """One page that was served to a phone.

    Attributes:
        screen: its name, such as `directory.results`.
        status: HTTP's.
        seconds: how long it took.
        server: address of the presentation server; empty where none was proven.
        model: name of the set's model.
        trouble: the code that the page shows when something went wrong; empty: nothing did.
        correlation: the reference that log and page show.
        body: the page, only where something went wrong; else empty.
    """

    screen: str
    status: int
    seconds: float
    server: str
    model: str
    trouble: str
    correlation: str
    body: bytes = field(repr=False)


class Witness(Protocol):
    """Looks on."""

    def see(self, sighting: Sighting) -> None:
        """Hear of a page that was served; must not take long."""


class Nobody:
    """Nobody looks on."""

    def see(self, sighting: Sighting) -> None:
        """Let it pass."""
