"""Lines of the event channel: one JSON object each, in whatever pieces they come (B18)."""

from collections.abc import Iterator

LONGEST_LINE = 1024 * 1024  # bytes


class Lines:
    """Joins pieces to lines.

    Lines are cut as bytes, so that a character that comes in two pieces is whole again. One that is too long is left
    out up to its end, and counted.
    """

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        """Start at the beginning of a line; `longest` in bytes."""
        self._longest = longest
        self._rest = bytearray()
        self._skipping = False
        self.too_long = 0

    def of(self, piece: bytes) -> Iterator[bytes]:
        """Give the lines that a piece completes, without their ends and without empty ones."""
        first, *more = piece.split(b"\n")
        if not more:
            self._keep(first)
            return
        self._keep(first)
        if not self._skipping and self._rest.strip():
            yield bytes(self._rest)
        self._rest.clear()
        self._skipping = False
        for line in more[:-1]:
            if len(line) > self._longest:
                self.too_long += 1
            elif line.strip():
                yield line
        self._keep(more[-1])

    def _keep(self, part: bytes) -> None:
        if self._skipping:
            return
        self._rest += part
        if len(self._rest) > self._longest:
            self._rest.clear()
            self._skipping = True
            self.too_long += 1
