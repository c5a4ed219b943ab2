"""The packages of events that Touchline listens to, and what a subscription asks for."""

from enum import StrEnum

from services.border import Writing


class Package(StrEnum):
    """A package of events (subscriptions of the reference), by O2G's name."""

    TELEPHONY = "telephony"
    EVENT_SUMMARY = "eventSummary"
    COMMUNICATION_LOG = "unifiedComLog"
    ROUTING = "routingManagement"
    AGENT = "agent"
    USER = "user"
    USER_MANAGEMENT = "userManagement"
    SYSTEM = "system"


ALL = tuple(Package)
WITHOUT_AGENTS = tuple(package for package in ALL if package is not Package.AGENT)
FREE = (Package.USER, Package.USER_MANAGEMENT, Package.SYSTEM)
# What is asked for in turn until O2G accepts: it refuses a subscription as a whole when one licence is missing (L44).
STEPS = (ALL, WITHOUT_AGENTS, FREE)

EVERYBODY = ("*",)


class Selector(Writing):
    """Which events, of whom; `ids` is left out where the reference wants none (L96, A30)."""

    ids: tuple[str, ...] | None
    names: tuple[str, ...]


class Filter(Writing):
    """One selector for each package: they are never mixed (L95a)."""

    selectors: tuple[Selector, ...]


class SubscriptionRequest(Writing):
    """A subscription; a timeout of 0 keeps the channel open and has keep-alives sent (L90, L92)."""

    filter: Filter
    version: str
    timeout: int | None
    web_hook_url: str | None


def wanted(packages: tuple[Package, ...], webhook: str | None = None) -> SubscriptionRequest:
    """Ask for all events of these packages about everybody (`*`, which the reference prefers to a list: L95).

    Args:
        packages: which packages.
        webhook: the address that events are posted to; None: they come over a channel.
    """
    selectors = tuple(
        Selector(ids=None if package is Package.SYSTEM else EVERYBODY, names=(package.value,)) for package in packages
    )
    return SubscriptionRequest(
        filter=Filter(selectors=selectors),
        version="1.0",
        timeout=0 if webhook is None else None,
        web_hook_url=webhook,
    )
