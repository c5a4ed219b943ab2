"""How many screens a user and a presentation server get in a while.

The menu is counted by itself: whoever has asked for too many screens of one kind still gets the other, and no flood of
screens takes the menu from anybody.
"""

from dataclasses import dataclass
from typing import Protocol

from prs.errors import TooOften
from store.rates import Allowance

MINUTE, SECOND = 60, 1


class Counts(Protocol):
    """Counts what is done (`store.rates`)."""

    def take(self, allowance: Allowance, name: str) -> bool:
        """Count one of a kind for a name; False where that would be too many."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The allowances of screens.

    Attributes:
        counts: where they are counted.
        user: screens for each user and minute; 0: any number.
        server: screens for each presentation server and second; 0: any number.
    """

    counts: Counts
    user: int
    server: int

    def of_server(self, address: str, *, menu: bool) -> None:
        """Count a screen for the presentation server at an address.

        Raises:
            TooOften: it has had its screens of this second.
        """
        self._take(Allowance("server-menu" if menu else "server", self.server, SECOND), address)

    def of_user(self, name: str, *, menu: bool) -> None:
        """Count a screen for a user, under a name that says nothing about them.

        Raises:
            TooOften: they have had their screens of this minute.
        """
        self._take(Allowance("user-menu" if menu else "user", self.user, MINUTE), name)

    def _take(self, allowance: Allowance, name: str) -> None:
        if not self.counts.take(allowance, name):
            raise TooOften
