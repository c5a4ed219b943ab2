"""Subscriptions: which events a session wants, and where it hears them."""

from collections.abc import Iterable

from pydantic import BaseModel, Field, model_validator

from simulators.o2g.rules.licences import ADVANCED, AGENT
from simulators.o2g.rules.subscriptions import ABOUT_NOBODY, ABOUT_OTHERS, PACKAGES, Selector, events_of
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.wire.webhook import is_address

EVERYBODY = "*"
TAKING_ADVANCED = frozenset(
    event
    for package in ("telephony", "eventsummary", "unifiedcomlog", "routingmanagement")
    for event in PACKAGES[package]
)
TAKING_AGENT = frozenset(PACKAGES["agent"])
LONGEST_MINUTES = 60


class SelectorRequest(BaseModel):
    """Events by name or package, of some users."""

    ids: list[str] | None = None
    names: list[str] = Field(min_length=1)


class FilterRequest(BaseModel):
    """The selectors of a subscription."""

    selectors: list[SelectorRequest] = Field(min_length=1)


class SubscriptionRequest(BaseModel):
    """What a session wants to hear."""

    filter: FilterRequest
    version: str
    timeout: int | None = None
    webHookUrl: str | None = None


class ChangedSubscription(BaseModel):
    """What a subscription selects from now on: in a filter as at first, or bare as in the reference's example."""

    filter: FilterRequest

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return {"filter": data} if isinstance(data, dict) and "filter" not in data else data


@operation("POST", "/subscriptions")
def subscribe(request: Request) -> Answer:
    """Accept a subscription and tell its channel's address."""
    wanted = request.read(SubscriptionRequest)
    if wanted.version != "1.0":
        raise bad_parameter("version is mandatory and must be 1.0")
    # The reference says both 2 and 10 minutes at least (A27); the more lenient one is kept.
    if wanted.webHookUrl is None and wanted.timeout and not 2 <= wanted.timeout <= LONGEST_MINUTES:
        raise bad_parameter("timeout is 0 or 2 to 60 minutes")
    selectors = [_selector(request, selector) for selector in wanted.filter.selectors]
    if wanted.webHookUrl is not None and not is_address(wanted.webHookUrl):
        raise bad_parameter("webHookUrl is no address of http or https")
    made = request.o2g.subscriptions.prepare(request.session, selectors, wanted.timeout, wanted.webHookUrl)
    _take_licences(request, made.id, selectors)
    request.o2g.subscriptions.accept(made)
    body: dict[str, object] = {"subscriptionId": made.id, "message": "subscription accepted", "status": "ACCEPTED"}
    if made.webhook is None:
        url = f"{request.o2g.addresses.events}/OTEvents?subscriptionId={made.id}"
        body |= {"publicPollingUrl": url, "privatePollingUrl": url, "mode": "CHUNK", "format": "JSON"}
    else:
        body |= {"mode": "WEBHOOK", "format": "JSON"}
        request.o2g.webhooks.serve(made)
    return json_answer(body)


@operation("PUT", "/subscriptions")
def change(request: Request) -> Answer:
    """Change what the session's subscription selects (L98); which one is not said, as there is one (A35)."""
    wanted = request.read(ChangedSubscription)
    selectors = tuple(_selector(request, selector) for selector in wanted.filter.selectors)
    found = request.o2g.subscriptions.of(request.session)
    if not found:
        raise not_found("the session has no subscription")
    _take_licences(request, found[-1].id, selectors)
    found[-1].selectors = selectors
    return NO_CONTENT


@operation("DELETE", "/subscriptions/{subscriptionId}")
def unsubscribe(request: Request) -> Answer:
    """End a subscription of the session."""
    found = request.o2g.subscriptions.find(request.values["subscriptionId"])
    if found is None or found.session is not request.session:
        raise not_found("no such subscription")
    request.o2g.subscriptions.remove(found)
    return NO_CONTENT


def _take_licences(request: Request, subscription_id: str, selectors: Iterable[Selector]) -> None:
    """Take a licence for each user whose events are wanted, or none (L44); some packages take none (L45)."""
    wanted: dict[str, set[str]] = {}
    known = request.o2g.world.by_login
    for selector in selectors:
        for names, licence in ((TAKING_ADVANCED, ADVANCED), (TAKING_AGENT, AGENT)):
            if selector.events & names:
                logins = known.keys() if selector.everybody else selector.logins & known.keys()
                wanted.setdefault(licence, set()).update(logins)
    request.o2g.licences.take_for(subscription_id, wanted, request.session)


def _selector(request: Request, wanted: SelectorRequest) -> Selector:
    named = [events_of(name) for name in wanted.names]
    if not all(named):
        raise bad_parameter("no package or event has that name")
    events = {event for found in named for event in found}
    if not any(events <= set(package) for package in PACKAGES.values()):
        raise bad_parameter("names of different packages do not go into one selector")
    ids = [login for login in wanted.ids or [] if login]
    own = request.session.identity.person
    if own is not None:
        if EVERYBODY in ids or any(login != own.login for login in ids):
            raise bad_parameter("a user hears of itself only")
        return Selector(frozenset(events) - ABOUT_OTHERS, frozenset({own.login}), everybody=False)
    if not ids and not events <= ABOUT_NOBODY:
        raise bad_parameter("ids is mandatory in an administrator's session")
    return Selector(frozenset(events), frozenset(ids), everybody=EVERYBODY in ids or not ids)
