"""A request to one of O2G's operations, before it is known which session carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from services.border import Writing
from services.errors import BadParameter


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of the reference with its parameters.

    Attributes:
        operation: method and path template as the reference gives them, such as `GET /users/{loginName}`.
        path: the values of the template's names.
        query: query parameters.
        body: what is sent; None: nothing.
        flags: query parameters that stand without a value and without `=`.
        accept: the media types that the answer may have.
        once: whether it must not be sent again when its connection breaks, although it is a GET: one that erases.
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Writing | None = None
    flags: tuple[str, ...] = ()
    accept: str = "application/json"
    once: bool = False

    def url(self, base: httpx.URL) -> httpx.URL:
        """Give the address below a session's base address, every value percent-encoded.

        Raises:
            BadParameter: a value is empty, or dots only, which would change the path (B50).
        """
        if any(not value.strip(".") for value in self.path.values()) or not all(self.query.values()):
            raise BadParameter("a parameter of an O2G request is empty")
        template = self.operation.partition(" ")[2]
        path = template.format(**{name: quote(value, safe="", errors="replace") for name, value in self.path.items()})
        address = httpx.URL(str(base).rstrip("/") + path)
        query = "&".join(filter(None, (str(httpx.QueryParams(dict(self.query))), *self.flags)))
        return address.copy_with(query=query.encode()) if query else address
