"""The one or two addresses of O2G: which is used, and when it is the other's turn."""

import threading
from dataclasses import dataclass

from services.breaker import PATIENCE_SECONDS
from services.deadline import Deadline
from services.healing import Healing, Healings
from services.keeper import CLOSE_SECONDS, Account
from services.keepers import Keepers
from services.line import Line
from services.rounds import Rounds

LEFT_SECONDS = 30.0  # how long what began at the other address may go on there


@dataclass(frozen=True, slots=True)
class Place:
    """An address with the sessions there."""

    line: Line
    keepers: Keepers


class Addresses:
    """Chooses the first address while it answers, else the other; comes back to the first as soon as it does again."""

    def __init__(self, places: tuple[Place, ...], rounds: Rounds, healings: Healings) -> None:
        """Take one or two places, the first before the other."""
        self._places = places
        self._rounds = rounds
        self._healings = healings
        self._lock = threading.Lock()
        self._at = places[0]
        if len(places) > 1:
            for place in places:
                place.line.paired = True
                place.line.ready = place.keepers.main.make_sure

    def all(self) -> tuple[Place, ...]:
        """Give every address."""
        return self._places

    def look(self, deadline: Deadline) -> None:
        """Where none is known to answer, have all asked now, and wait a moment, once a screen, for one that does."""
        if any(place.line.up for place in self._places):
            return
        if deadline.errand.waited:
            return
        wanted = [place.line.want() for place in self._places]
        patience = deadline.at_most(PATIENCE_SECONDS)
        for place, since in zip(self._places, wanted, strict=True):
            if place.line.up_within(patience.remaining(), since):
                return
        deadline.errand.waited = True

    def chosen(self, account: Account, only_in: int | None = None, instead_of: Place | None = None) -> Place:
        """Choose where to ask.

        Args:
            account: for whom.
            only_in: the session in which it makes sense; then where that session is open, if it is anywhere.
            instead_of: where it has just failed; another one that answers is preferred.
        """
        up = [place for place in self._places if place.line.up]
        if not up:
            return self._places[0]
        fresh = [place for place in up if place is not instead_of] or up
        if only_in is not None:
            return next((place for place in fresh if place.keepers.holds(account, only_in)), fresh[0])
        return fresh[0]

    def in_use(self) -> Place:
        """Give the address that did something last."""
        return self._at

    def served(self, place: Place) -> None:
        """Take note of the address that did what it was asked."""
        if place is self._at:
            return
        with self._lock:
            before, self._at = self._at, place
        if before is place:
            return
        if place is self._places[0]:
            self._healings.happened(Healing.FIRST_ADDRESS)
            self._rounds.after(LEFT_SECONDS, lambda: self._leave(before))
        else:
            self._healings.happened(Healing.OTHER_ADDRESS)

    def _leave(self, place: Place) -> None:
        """Close the sessions at an address that is used no more: they hold licences."""
        if self._at is not place:
            place.keepers.release(Deadline.after(CLOSE_SECONDS))
