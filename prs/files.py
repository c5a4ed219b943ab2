"""Files: what a link may give instead of a page, to whatever can play or keep it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A file.

    Attributes:
        content: its bytes, all of them: whoever makes it bounds them.
        media_type: such as `audio/wav`; one that no browser would run.
        name: what to keep it under, without folders.
    """

    content: bytes = field(repr=False)
    media_type: str
    name: str
