"""Where an external application is, and what it may cost."""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

LONGEST_ADDRESS = 800  # of a target within a link; the whole link has 2,000 characters


@dataclass(frozen=True, slots=True)
class Source:
    """An external application, as an administrator registered it.

    Attributes:
        url: its first page, https; everything that belongs to it lies below its folder.
        secret: signs what Touchline asks, so that the application can believe it; empty signs nothing.
        seconds: how long an answer may take, 0.1 to 10.
        bytes: how large an answer may be, 1 kB to 256 kB.
        inside: whether it lies in the company's own network; else only public addresses are asked.
        ca: PEM file of the authority of its certificate; None: the system's.
    """

    url: str
    secret: str = field(default="", repr=False)
    seconds: float = 2.0
    bytes: int = 64 * 1024
    inside: bool = False
    ca: str | None = None

    @property
    def folder(self) -> str:
        """The address that everything of it begins with."""
        return urljoin(self.url, ".")

    def target(self, address: str) -> str | None:
        """Give what an absolute address is, relative to the folder; None if it is not the application's."""
        parts, own = urlsplit(address), urlsplit(self.folder)
        try:
            same = (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)
        except ValueError:  # a port that is none
            return None
        if not same or parts.username is not None or ".." in parts.path.split("/"):
            return None
        if not parts.path.startswith(own.path) or "\\" in address or "%2e" in address.lower():
            return None
        target = parts.path[len(own.path) :] + (f"?{parts.query}" if parts.query else "")
        return target if len(target) <= LONGEST_ADDRESS else None

    def address(self, target: str) -> str:
        """Give the absolute address of a target."""
        return self.folder + target
