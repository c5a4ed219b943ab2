"""Registered applications in a person's words."""

from admin.wording import FAMILIES
from store.registered import EVERYONE, RegisteredApplication, Rule

MOST_NAMED = 3  # of a rule's values; the others are counted


def name_of(application: RegisteredApplication, own: str = "") -> str:
    """Name an application in English, else in any language it has, else as it names itself, else by its id."""
    names = dict(application.names)
    return names.get("en") or own or next(iter(names.values()), "") or application.id


def audience_of(application: RegisteredApplication) -> str:
    """Say who gets an application."""
    if application.audience == EVERYONE:
        return "everyone"
    if not application.audience:
        return "nobody"
    return "; or ".join(rule_in_words(rule) for rule in application.audience)


def rule_in_words(rule: Rule) -> str:
    """Say whom a rule admits."""
    parts = [
        _some("users", rule.users),
        _some("numbers", rule.numbers),
        _some("nodes", rule.nodes),
        _some("sets with", tuple(FAMILIES[family] for family in rule.families)),
        {None: "", True: "operators of the call centre", False: "no operators of the call centre"}[rule.agent],
        {None: "", True: "guests", False: "no guests"}[rule.guest],
    ]
    return ", ".join(filter(None, parts)) or "everyone"


def _some(what: str, values: tuple[str, ...]) -> str:
    if not values:
        return ""
    more = len(values) - MOST_NAMED
    return f"{what} {', '.join(values[:MOST_NAMED])}" + (f" and {more} more" if more > 0 else "")
