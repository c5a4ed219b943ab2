"""The filter of PBX management: `Annu_Name==Jz* and Station_Type!=ANALOG or …`; `and` binds closer than `or`."""

import re
from collections.abc import Callable

from simulators.o2g.wire.answers import bad_parameter
from simulators.o2g.world.pbx_objects import Instance, Kind

TERM = re.compile(r"\s*([@\w.]+)\s*(==|!=|=ge=|=le=)\s*(.*?)\s*", re.DOTALL)
Filter = Callable[[Instance], bool]


def read_filter(text: str, kind: Kind) -> Filter:
    """Read a filter on instances of a kind.

    Raises:
        Refusal: 400 for what is no filter, or names an attribute that the kind does not have.
    """
    known = {attribute.name for attribute in kind.attributes}
    alternatives = [
        [_term(term, known) for term in re.split(r"\s+and\s+", alternative)]
        for alternative in re.split(r"\s+or\s+", text)
    ]
    return lambda instance: any(all(term(instance) for term in terms) for terms in alternatives)


def _term(text: str, known: set[str]) -> Filter:
    found = TERM.fullmatch(text)
    if found is None:
        raise bad_parameter("filter: <attribute>==<value>, !=, =ge= or =le=, put together by `and` and `or`")
    name, operator, wanted = found.groups()
    if name not in known:
        raise bad_parameter(f"filter: no attribute {name[:40]}")
    compare = _comparison(operator, wanted)
    return lambda instance: compare((instance.value(name) or [""])[0])


def _comparison(operator: str, wanted: str) -> Callable[[str], bool]:
    match operator:
        case "==" if wanted.endswith("*"):
            return lambda value: value.startswith(wanted[:-1])
        case "==" if wanted.startswith("*"):
            return lambda value: value.endswith(wanted[1:])
        case "==":
            return lambda value: value == wanted
        case "!=":
            return lambda value: value != wanted
        case "=ge=":
            return lambda value: _order(value) >= _order(wanted)
        case _:
            return lambda value: _order(value) <= _order(wanted)


def _order(text: str) -> tuple[int, int, str]:
    """Order numbers by size, before texts."""
    number = text.isascii() and text.isdigit()
    return (0, int(text[:30]), "") if number else (1, 0, text)
