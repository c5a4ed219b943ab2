"""Which O2G Touchline speaks to, and as whom."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

from settings import Settings


class Access(StrEnum):
    """Which of the addresses that O2G returns is used."""

    PRIVATE = "private"  # from inside the company network
    PUBLIC = "public"  # through a reverse proxy


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
        connections: connections kept; more requests at once than that wait for one.
        application: the name under which sessions are opened (L83).
    """

    url: str
    login: str
    password: str = field(repr=False)
    access: Access = Access.PRIVATE
    ca: Path | None = None
    verify: bool = True
    connections: int = 32
    application: str = "Touchline"

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
            connections=settings.o2g_connections,
            application=settings.o2g_application,
        )
