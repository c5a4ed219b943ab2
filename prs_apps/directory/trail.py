"""A trail: what was searched for and where its reader stands, carried in links so that Back and paging find it."""

from dataclasses import dataclass, replace

from prs.links import Link
from prs_apps.carried import Carried
from prs_apps.picking import Pick


@dataclass(frozen=True, slots=True)
class Trail:
    """Attributes: the name or the digits searched for, the name of the search whose results are kept, the page; and,
    where a number is picked for another application, where it goes (`picking.Pick`, packed)."""

    last_name: str = ""
    first_name: str = ""
    digits: str = ""
    search: str = ""
    page: int = 0
    pick: str = ""

    @classmethod
    def unpacked(cls, packed: str) -> "Trail":
        """Read a trail from a link's argument. Empty: a new trail.

        Raises:
            LinkAltered: another version of Touchline wrote it.
        """
        return _TRAIL.unpacked(packed) if packed else cls()

    def packed(self) -> str:
        """Write the trail as a link's argument."""
        return _TRAIL.packed(self)

    def named(self, last_name: str, first_name: str) -> "Trail":
        """Search for a name instead of what was searched for."""
        return Trail(last_name=last_name, first_name=first_name, pick=self.pick)

    def keyed(self, digits: str) -> "Trail":
        """Search for digits instead of what was searched for."""
        return Trail(digits=digits, pick=self.pick)

    def searching(self, search: str) -> "Trail":
        """Stand at the results of a search."""
        return replace(self, search=search)

    def at(self, page: int) -> "Trail":
        """Stand at a page, 0 or more."""
        return replace(self, page=page)

    def forgetful(self) -> "Trail":
        """Keep what was searched for, and nothing of the results."""
        return replace(self, search="", page=0)

    def way_out(self) -> Link | None:
        """Lead back to who wants a number picked; None: to the menu, as from any application."""
        return Pick.unpacked(self.pick).back() if self.pick else None

    @property
    def name(self) -> str:
        """What was searched for, as it was entered."""
        return " ".join(filter(None, (self.first_name, self.last_name)))


_TRAIL = Carried(Trail)
