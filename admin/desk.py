"""What the administration's pages work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from admin.entry import Entry
from admin.overview import Overview
from admin.phone_side import PhoneApplications
from admin.sessions import Sessions
from admin.trying import TryApplication
from prs.models import PhoneModels
from prs.proxies import Proxies
from store.administrators import Administrators
from store.audit import AuditTrail
from store.registry import Registry


@dataclass(frozen=True, slots=True)
class Desk:
    """What the administration's pages work with.

    Attributes:
        entry: who gets in.
        accounts, trail, registry: what is kept.
        sessions: who has signed in.
        proxies, networks: where requests come from, and may.
        second_factor: whether everybody must have one.
        overview: how everything stands.
        registry_file: what the registry is compared with; None: nothing.
        languages: catalogue codes and names of the languages that phones speak.
        models: the models of sets.
        phones: the applications as phones have them.
        try_application: shows an application as a user would see it; None: it cannot be done here.
        now, zone: the clock (UTC), and the zone that times are shown in.
    """

    entry: Entry
    accounts: Administrators
    trail: AuditTrail
    registry: Registry
    sessions: Sessions
    proxies: Proxies
    networks: tuple[IPv4Network | IPv6Network, ...]
    second_factor: bool
    overview: Overview
    registry_file: Path | None
    languages: tuple[tuple[str, str], ...]
    models: PhoneModels
    phones: PhoneApplications
    try_application: TryApplication | None
    now: Callable[[], datetime]
    zone: tzinfo
