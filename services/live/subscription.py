"""Subscribing to events at O2G, as far as its licences allow (L44, L60)."""

from dataclasses import dataclass, field

import httpx
import structlog

from services.addresses import chosen
from services.border import MaybeText, Reading, read, within
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NoLicence, NotAllowed, NotSupported, O2GError, UnreadableAnswer
from services.live.packages import STEPS, Package, wanted
from services.session import Session

SUBSCRIBE_SECONDS = 10.0
UNSUBSCRIBE_SECONDS = 1.5
EVENTS_PORT = 8016  # of https (L159); what a real server returns may be http on 8014 (B17)
LONGEST_REASON = 200

log = structlog.get_logger(__name__)


class SubscriptionRefused(NotAllowed):
    """O2G tells this administrator no events at all."""


class _Answer(Reading):
    subscription_id: MaybeText = None
    status: MaybeText = None
    message: MaybeText = None
    public_polling_url: MaybeText = None
    private_polling_url: MaybeText = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that O2G accepted.

    Attributes:
        id: its name; whoever knows it may read its events: never logged.
        session: the session that it ends with (`Answer.session`).
        packages: what it tells of.
        channel: the address of its channel; None for a webhook.
        refused: why it does not tell all; None: it does.
    """

    id: str = field(repr=False)
    session: int
    packages: tuple[Package, ...]
    channel: httpx.URL | None = field(repr=False)
    refused: str | None


def subscribe(session: Session, webhook: str | None = None) -> Subscription:
    """Subscribe to all that O2G lets this administrator hear.

    O2G refuses as a whole what lacks one licence: so what takes licences is left out step by step.

    Args:
        session: the administrator's.
        webhook: where events are posted to; None: a channel is opened.

    Raises:
        SubscriptionRefused: not even what takes no licence is told.
        O2GError: O2G failed.
    """
    refused: str | None = None
    for packages in STEPS:
        try:
            return _accepted(session, packages, webhook, refused)
        except (NotAllowed, BadParameter, NotSupported) as error:
            refused = refused or _reason(error)
    raise SubscriptionRefused(refused or "O2G refuses the subscription")


def unsubscribe(session: Session, subscription: Subscription) -> None:
    """End a subscription, if its session is still there; O2G ends it by itself when its channel stays closed (L93)."""
    if not session.serves(subscription.session):
        return
    call = Call("DELETE /subscriptions/{subscriptionId}", path={"subscriptionId": subscription.id})
    try:
        session.call(call, Deadline.after(UNSUBSCRIBE_SECONDS), only_in=subscription.session)
    except O2GError as error:
        log.debug("live.subscription_left", error=type(error).__name__)


def _accepted(
    session: Session, packages: tuple[Package, ...], webhook: str | None, refused: str | None
) -> Subscription:
    answer = session.call(
        Call("POST /subscriptions", body=wanted(packages, webhook)), Deadline.after(SUBSCRIBE_SECONDS)
    )
    found = read(_Answer, answer.body, "a subscription")
    if (found.status or "ACCEPTED").upper() != "ACCEPTED":
        raise NotAllowed("O2G refuses the subscription", help_message=found.message or "")
    if not found.subscription_id:
        raise UnreadableAnswer("O2G's subscription has no name")
    channel = None
    if webhook is None:
        channel = chosen(session.endpoint(), _with_tls(found.private_polling_url), _with_tls(found.public_polling_url))
        if channel is None:
            raise UnreadableAnswer("O2G's subscription names no address of its channel")
    return Subscription(found.subscription_id, answer.session, packages, channel, refused)


def _with_tls(address: str | None) -> str | None:
    """Give the channel's address where events are told over TLS: they say who calls whom."""
    try:
        url = httpx.URL((address or "").strip())
    except httpx.InvalidURL:
        return address  # refused where it is chosen
    return str(url.copy_with(scheme="https", port=EVENTS_PORT)) if url.scheme == "http" else address


def _reason(error: O2GError) -> str:
    if isinstance(error, NoLicence):
        return "O2G has too few licences to tell of all users"
    said = within(error.help_message, LONGEST_REASON)
    return f"{error} ({said})" if said else str(error)
