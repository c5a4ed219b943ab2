"""Which O2G Touchline speaks to, and as whom."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from settings import Settings

SEARCHES_IN_ALL = 100  # (L120)
SEARCHES_IN_A_SESSION = 5  # (L120)


class Access(StrEnum):
    """From which side O2G is reached: it names a private and a public address of everything."""

    PRIVATE = "private"
    PUBLIC = "public"  # through a reverse proxy


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Which sessions Touchline opens at O2G.

    Attributes:
        per_user: whether each phone user gets a session of its own, which an administrator opens for it (L30), rather
            than the administrator's session serving all.
        idle_seconds: how long a user's session, and one opened for searches, may lie unused before it is closed.
        most: how many users' sessions are open at once; for one more, the least recently used is closed.
        for_searches: over how many of the administrator's sessions searches are spread, 5 in each (L120).
        searches: how many of them run at once in this process, whoever they are for.
    """

    per_user: bool = False
    idle_seconds: float = 300.0
    most: int = 1000
    for_searches: int = SEARCHES_IN_ALL // SEARCHES_IN_A_SESSION
    searches: int = SEARCHES_IN_ALL


@dataclass(frozen=True, slots=True)
class O2GEndpoint:
    """An O2G and the administrator that Touchline acts as there.

    Attributes:
        url: O2G's https address, such as `https://o2g.example`; `/api/rest` is added.
        login: the administrator's login.
        password: the administrator's password; not shown when the endpoint is printed.
        access: the side from which O2G is reached.
        ca: PEM file of O2G's certificate or of its authority; None: the system's authorities.
        verify: whether certificates are checked.
        at_once: requests to O2G at the same time; more than that wait in turn.
        application: the name under which sessions are opened (L83).
        other_url: a second address, of the same O2G or of the other host of a pair; None: there is none.
        other_access: the side from which that one is reached; None: as the first.
        sessions: which sessions are opened.
    """

    url: str
    login: str
    password: str = field(repr=False)
    access: Access = Access.PRIVATE
    ca: Path | None = None
    verify: bool = True
    at_once: int = 32
    application: str = "Touchline"
    other_url: str | None = None
    other_access: Access | None = None
    sessions: SessionRules = SessionRules()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the endpoint from the settings named `o2g_…`."""
        return cls(
            url=str(settings.o2g_url),
            login=settings.o2g_login,
            password=settings.o2g_password.get_secret_value(),
            access=Access(settings.o2g_access),
            ca=settings.o2g_ca,
            verify=settings.o2g_verify,
            at_once=settings.o2g_concurrency // settings.workers,
            application=settings.o2g_application,
            other_url=str(settings.o2g_other_url) if settings.o2g_other_url is not None else None,
            other_access=Access(settings.o2g_other_access) if settings.o2g_other_access is not None else None,
            sessions=SessionRules(
                per_user=settings.o2g_sessions == "per_user",
                idle_seconds=settings.o2g_session_idle_seconds,
                most=settings.o2g_user_sessions,
                # Every worker has sessions of its own, and O2G's hundred searches are for all of them.
                for_searches=-(-settings.o2g_search_sessions // settings.workers),
                searches=max(1, settings.o2g_search_sessions * SEARCHES_IN_A_SESSION // settings.workers),
            ),
        )

    def addresses(self) -> "tuple[O2GEndpoint, ...]":
        """Give the first address and, where there is one, the other, each as an endpoint of one address."""
        first = replace(self, other_url=None, other_access=None)
        if self.other_url is None:
            return (first,)
        return first, replace(first, url=self.other_url, access=self.other_access or self.access)
