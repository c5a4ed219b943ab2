"""What of an application's registration can be said on a command line."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

from admin.audiences import CONDITIONS, AudienceRefused, audience
from store.registered import LEAST_BYTES, MOST_BYTES, Kind

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = (
    click.option("--name", "names", multiple=True, metavar="LANG=NAME", help="What menus show, such as `de=Räume`."),
    click.option("--icon", help="A sign before the name, for sets that draw it."),
    click.option("--order", type=int, help="The place in menus: smaller first, 0 to 9999."),
    click.option(
        "--audience",
        "rules",
        multiple=True,
        metavar="RULE",
        help=f"Who gets it: `everyone`, `nobody`, or conditions that must all hold: {CONDITIONS}. "
        "Of several, one must admit the user.",
    ),
    click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="What it is told."),
    click.option("--entry", help="The identifier of the IP Touch application in O2G, for a key of its own."),
    click.option("--entry-index", type=int, help="Its index there."),
    click.option("--entry-parameter", help="Its registration URL parameter there."),
    click.option("--package", help="A package: the name of its entry point or folder."),
    click.option("--url", help="An external application: its first page."),
    click.option("--seconds", type=float, help="How long it may take to answer: 0.1 to 10."),
    click.option("--most-bytes", type=int, help=f"How long its answer may be: {LEAST_BYTES} to {MOST_BYTES}."),
)


def registration_options(command: F) -> F:
    """Give a command all of them."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def said(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Give a registration's document with what was said on the command line instead of what was there before.

    Names and parameters are added to those of before; `LANG=` and `NAME=` with nothing behind take one away.

    Raises:
        click.ClickException: something is no pair, or no rule.
    """
    document = dict(before)
    for part in ("icon", "order", "package"):
        if given[part] is not None:
            document[part] = given[part]
    if given["rules"]:
        try:
            document["audience"] = [rule.model_dump() for rule in audience(given["rules"])]
        except AudienceRefused as error:
            raise click.ClickException(f"--audience: {error}") from None
    for part in ("names", "parameters"):
        if given[part]:
            document[part] = _merged(document.get(part, {}), given[part], part)
    outside = {part: given[part] for part in ("url", "seconds", "most_bytes") if given[part] is not None}
    if outside:
        document["external"] = dict(document.get("external") or {}) | outside
    entry = {"identifier": given["entry"], "index": given["entry_index"], "parameter": given["entry_parameter"]}
    named = {name: value for name, value in entry.items() if value is not None}
    if given["entry"] == "":
        document.pop("entry", None)
    elif named:
        document["entry"] = dict(document.get("entry") or {}) | named
    return document


def kind_of(document: Mapping[str, Any]) -> Kind:
    """Tell of which kind somebody means a new application to be."""
    return Kind.EXTERNAL if "external" in document else Kind.PACKAGE


def _merged(before: Mapping[str, Any], pairs: Iterable[str], part: str) -> dict[str, Any]:
    merged = dict(before)
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name:
            raise click.ClickException(f"--{part.removesuffix('s')}: {pair!r} is not written as NAME=VALUE")
        if not text:
            merged.pop(name, None)
        else:
            merged[name] = text if part == "names" else _value(text)
    return merged


def _value(text: str) -> Any:
    """Read a parameter's value: true, false or a number as TOML writes them; anything else is text."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError, KeyError):  # what is no value in TOML, or far too much of one
        return text
    return value if isinstance(value, bool | int | float | str) else text
