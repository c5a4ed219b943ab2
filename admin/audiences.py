"""Who gets an application, as a line that a person types: `numbers=70000-70099 families=small,large agent=yes`."""

from collections.abc import Iterable

from pydantic import ValidationError

from store.registered import EVERYONE, Rule

EVERYBODY, NOBODY = "everyone", "nobody"
LISTS = ("users", "numbers", "nodes", "families")
YES_OR_NO = {"yes": True, "no": False}
CONDITIONS = f"{'=…, '.join(LISTS)}=…, agent=yes|no, guest=yes|no"


class AudienceRefused(ValueError):
    """The line is no rule; the text says why."""


def audience(lines: Iterable[str]) -> tuple[Rule, ...]:
    """Read rules; whoever one of them admits gets the application.

    Args:
        lines: each `everyone`, `nobody`, or conditions that must all hold, with spaces between them.

    Raises:
        AudienceRefused: see there.
    """
    rules: list[Rule] = []
    for line in lines:
        if line.strip() == EVERYBODY:
            rules += EVERYONE
        elif line.strip() != NOBODY:
            rules.append(_rule(line))
    return tuple(rules)


def lines_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Write rules as they are read."""
    return tuple(_line(rule) for rule in rules) or (NOBODY,)


def _rule(line: str) -> Rule:
    conditions: dict[str, object] = {}
    for word in line.split():
        name, sign, value = word.partition("=")
        if name in conditions:
            raise AudienceRefused(f"{name} is there twice in {line!r}: separate values by commas")
        if sign and value and name in LISTS:
            conditions[name] = tuple(value.split(","))
        elif value in YES_OR_NO and name in ("agent", "guest"):
            conditions[name] = YES_OR_NO[value]
        else:
            raise AudienceRefused(f"{word!r} is no condition: there are {CONDITIONS}; or {EVERYBODY}, or {NOBODY}")
    if not conditions:
        raise AudienceRefused(f"an empty rule would admit everyone: say {EVERYBODY}")
    try:
        return Rule.model_validate(conditions)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        raise AudienceRefused(f"{found['loc'][0]}: {found['msg'].removeprefix('Value error, ')}") from None


def _line(rule: Rule) -> str:
    lists = [f"{name}={','.join(getattr(rule, name))}" for name in LISTS if getattr(rule, name)]
    flags = [(name, getattr(rule, name)) for name in ("agent", "guest")]
    words = [*lists, *(f"{name}={'yes' if value else 'no'}" for name, value in flags if value is not None)]
    return " ".join(words) or EVERYBODY
