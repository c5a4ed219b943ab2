"""Why an agent is withdrawn, carried in links so that it need not be asked for again."""

from dataclasses import dataclass

from prs_apps.carried import Carried

LONGEST_LABEL = 60  # characters in a link


@dataclass(frozen=True, slots=True)
class Why:
    """A reason of a group: the group's number, the reason's index (0: none), its label, which may be empty."""

    group: str = ""
    index: int = 0
    label: str = ""

    @classmethod
    def unpacked(cls, packed: str) -> "Why":
        """Read it from a link's argument. Empty: none.

        Raises:
            LinkAltered: another version of Touchline wrote it.
        """
        return _WHY.unpacked(packed) if packed else cls()

    def packed(self) -> str:
        """Write it as a link's argument."""
        return _WHY.packed(Why(self.group, self.index, self.label[:LONGEST_LABEL])) if self.index else ""


_WHY = Carried(Why)
