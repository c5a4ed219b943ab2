"""A request to one of O2G's operations, before it is known which session carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from services.border import Writing
from services.errors import BadParameter

# About a user, but without a licence: an administrator asks them for anybody, and no session of the user's is opened.
FREE = frozenset(
    {
        "GET /users/{loginName}",
        "GET /users/{loginName}/preferences",
        "POST /users/{loginName}/preferences",
        "GET /users/{loginName}/preferences/supportedLanguages",
    }
)


# Sent otherwise than by GET, and yet nothing of a user's is different afterwards.
CHANGE_NOTHING = frozenset(
    {
        "POST /sessions",
        "POST /sessions/keepalive",
        "DELETE /sessions",
        "POST /directory/search",
        "POST /directory/searchbydtmf",
        "DELETE /directory/search",
        "POST /messaging/mailboxes/{mailboxId}",  # opens it
    }
)


def changes(operation: str) -> bool:
    """Tell whether doing an operation twice may be one time too many."""
    return not operation.startswith("GET ") and operation not in CHANGE_NOTHING


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
        own: the login name of the user whose set it is about, where the operation itself takes none.
        once: whether it must not be sent again when its connection breaks, although it is a GET: one that erases.
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Writing | None = None
    flags: tuple[str, ...] = ()
    accept: str = "application/json"
    once: bool = False
    own: str | None = None

    @property
    def reads(self) -> bool:
        """Whether it may be sent again without harm."""
        return self.operation.startswith("GET ") and not self.once

    @property
    def user(self) -> str | None:
        """The login name of the user who does it, and takes a licence for it; None: the administrator does."""
        if self.operation in FREE:
            return None
        return self.own or self.query.get("loginName") or self.path.get("loginName")

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
