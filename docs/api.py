"""The page about the objects that a phone application may use: made from their docstrings and signatures."""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any

from prs import screens
from prs.files import File
from prs.language import Language
from prs.links import Link
from prs.models import PhoneModel
from prs.request import Fields
from prs_apps import application, manifest_file, paging, parameters, rehearsal
from services import errors
from services.deadline import Deadline
from services.users import Device, User
from store.shared import Shared

MARKS = (application.screen, application.action, application.file, manifest_file.read_manifest)
OWN = (
    application.Application,
    application.Manifest,
    parameters.Parameter,
    parameters.Parameters,
    application.Visit,
    application.House,
)
SHOWN = (Link, screens.Screen)
WIDGETS = tuple(
    thing
    for thing in vars(screens).values()
    if inspect.isclass(thing) and thing.__module__ == screens.__name__ and thing is not screens.Screen
)
BESIDE = (Fields, File, PhoneModel, Language, User, Device, Deadline, Shared, paging.Leaf, rehearsal.Rehearsal)
EXAMPLES = {
    application.Manifest: 'Manifest("tea", "Tea", order=90, parameters=(Parameter("kinds", default="Green"),))',
    parameters.Parameters: 'self.parameters.text("kinds").split(",")',
    application.Visit: 'visit.link(self.kind, "Green")  # where a key or line leads: a view and its arguments',
    application.House: "self.house.now().astimezone(visit.zone)",
    screens.Screen: 'Screen("Tea", (List((Item("Green", "2 min", visit.link(self.kind, "Green")),)),))',
    screens.Form: 'Form(visit.link(self.find), (Input("word", "Word", focus=True),))',
    screens.Dialog: 'Dialog("Tea", "Pour it away?", (Item("Yes", link=yes), Item("No", link=no)))',
    Fields: 'visit.fields.text("word", longest=40)',
    Shared: 'self.house.shared.count("tea:green", seconds=86_400)',
    Deadline: "self.house.o2g.users.by_number(number, visit.deadline)",
}
SPACES = re.compile(r"\s+")


def api_page() -> str:
    """Describe them all."""
    return "\n".join(
        (
            "# What an application may use",
            "",
            "Every object that a phone application is given or makes, with types, units and errors. How they go",
            "together is told in [applications.md](applications.md). Widths are display cells, times seconds unless a",
            "name says otherwise, moments have a zone.",
            "",
            *_section("An application", OWN),
            *(line for mark in MARKS for line in _function(mark, mark.__name__, "###")),
            *_section("What it shows", SHOWN),
            *_section("Widgets", WIDGETS),
            *_section("What it is given beside", BESIDE),
            *_function(paging.leaf, "leaf", "###"),
            *_services(),
            *_errors(),
        )
    )


def _section(title: str, kinds: Iterable[type]) -> Iterator[str]:
    yield from (f"## {title}", "")
    for kind in kinds:
        yield from _class(kind)


def _class(kind: type, name: str = "") -> Iterator[str]:
    yield from (f"### {name or kind.__name__}", "", f"`from {kind.__module__} import {kind.__name__}`", "")
    yield from _told(kind)
    if kind in EXAMPLES:
        yield from ("```python", EXAMPLES[kind], "```", "")
    if issubclass(kind, Enum):
        yield from (*(f"- `{member.name}`: `{member.value}`" for member in kind), "")
    elif dataclasses.is_dataclass(kind):
        yield from ("| attribute | type | default |", "|---|---|---|", *map(_field, dataclasses.fields(kind)), "")
    for method, function in _methods(kind):
        yield from _function(function, method, "####")


def _services() -> Iterator[str]:
    yield from ("## O2G: `house.o2g`", "")
    o2g = rehearsal.nobodys_house().o2g
    yield from _told(type(o2g))
    for name, facade in sorted(vars(o2g).items()):
        if not name.startswith("_") and type(facade).__module__.startswith("services.") and name not in {"live"}:
            yield from _class(type(facade), f"`o2g.{name}`")


def _errors() -> Iterator[str]:
    yield from ("## What O2G may raise", "", "An application that does not catch one shows its page.", "")
    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.O2GError)]
    yield from ("| error | when |", "|---|---|")
    yield from (f"| `{kind.__name__}` | {_first_line(kind)} |" for kind in kinds)
    yield ""


def _methods(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, member in vars(kind).items():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function) and inspect.getdoc(function):
            yield name, function


def _function(function: Callable[..., Any], name: str, level: str) -> Iterator[str]:
    signature = inspect.signature(function)
    shown = _plain(SPACES.sub(" ", str(signature)).replace("(self, ", "(").replace("(self)", "()"))
    yield from (f"{level} `{name}{shown}`", "")
    yield from _told(function)


def _told(thing: object) -> Iterator[str]:
    """Give a docstring; its named parts become lists."""
    inside, listed = False, False
    for line in (inspect.getdoc(thing) or "").splitlines():
        if re.fullmatch(r"(Args|Attributes|Raises|Returns)[^:]*:", line):
            inside, listed = True, False
            yield from (f"*{line.rstrip(':')}*", "")
        elif inside and line.startswith("    ") and not line.startswith("     "):
            listed = True
            yield f"- {line.strip()}"
        elif inside and listed and line.startswith("     "):
            yield f"  {line.strip()}"
        elif line.startswith("    "):
            yield line
        else:
            inside = inside and not line.strip()
            yield line
    yield ""


def _field(field: "dataclasses.Field[Any]") -> str:
    kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
    kind = str(field.type) if "[" in str(field.type) or "|" in str(field.type) else kind
    kind = _plain(kind).replace("|", "\\|")
    if field.default is not dataclasses.MISSING:
        default = f"`{field.default}`" if isinstance(field.default, Enum) else f"`{_plain(repr(field.default))}`"
    else:
        default = "**required**" if field.default_factory is dataclasses.MISSING else "made anew"
    return f"| `{field.name}` | `{kind}` | {default} |"


def _plain(code: str) -> str:
    """Write types and defaults without their modules, and without where they lie in memory."""
    code = re.sub(r"<function [\w.<>]*?(\w+|<lambda>) at 0x\w+>", lambda found: found[1].strip("<>"), code)
    code = re.sub(r"<(\w+\.\w+): [^>]*>", r"\1", code)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", code)


def _first_line(thing: object) -> str:
    return SPACES.sub(" ", (inspect.getdoc(thing) or "").split("\n\n")[0]).replace("|", "\\|")
