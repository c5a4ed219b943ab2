"""The form of an application: from what was typed to a `RegisteredApplication` and back, faults beside their fields."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import tomlkit
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from admin.wording import ALLOWED
from store.registered import EVERYONE, MOST_RULES, Kind, Parameter, RegisteredApplication, Rule, is_secret
from store.registry_file import HIDDEN, NO_SUCH_NUMBER

EVERYBODY, NOBODY, RULES = "everyone", "nobody", "rules"
ANY, MUST, MUST_NOT = "", "yes", "no"
LISTS = ("users", "numbers", "nodes")
FLAGS = ("agent", "guest")
PLAIN = (
    "id",
    "kind",
    "icon",
    "order",
    "audience",
    "parameters",
    "entry_identifier",
    "entry_index",
    "entry_parameter",
    "package",
    "url",
    "seconds",
    "most_bytes",
)
SEPARATORS = re.compile(r"[\s,;]+")
WITH_FIELD = re.compile(r"^([a-z_]+): (.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RuleTyped:
    """A rule as typed: texts with one value on each line, families chosen, `yes`, `no` or nothing."""

    users: str = ""
    numbers: str = ""
    nodes: str = ""
    families: tuple[str, ...] = ()
    agent: str = ANY
    guest: str = ANY

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return self == RuleTyped()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a field: the field's name, what it may be or why it is wrong."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form.

    Attributes:
        values: of plain fields, by name.
        names: by language.
        enabled: whether it is to be switched on.
        rules: those who get it, where `values["audience"]` says that rules decide.
        wrong: what is wrong, in the form's order.
    """

    values: Mapping[str, str]
    names: Mapping[str, str]
    enabled: bool = True
    rules: tuple[RuleTyped, ...] = (RuleTyped(),)
    wrong: tuple[Wrong, ...] = field(default=())

    def wrong_in(self, name: str) -> str:
        """Tell what is wrong in a field; empty: nothing."""
        return " ".join(one.text for one in self.wrong if one.name == name)

    def with_another_rule(self) -> "Typed":
        """Give the form with one more empty rule, as far as rules go."""
        values = {**self.values, "audience": RULES}
        return replace(self, values=values, rules=(*self.rules, RuleTyped())[:MOST_RULES])


class NotAsTyped(Exception):
    """What was typed is no application; `wrong` tells what, field by field."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        """Take what is wrong."""
        super().__init__("; ".join(f"{one.name}: {one.text}" for one in wrong))
        self.wrong = tuple(wrong)


def empty_form() -> Typed:
    """Give the form of an application that nobody has described yet."""
    values = {"kind": Kind.EXTERNAL.value, "audience": EVERYBODY, "seconds": "2.0", "most_bytes": "65536"}
    return Typed(values, {})


def form_of(application: RegisteredApplication) -> Typed:
    """Give the form of an application; parameters that are secret are not in it."""
    entry, external = application.entry, application.external
    values = {
        "id": application.id,
        "kind": application.kind.value,
        "icon": application.icon,
        "order": _text(application.order),
        "audience": _audience_of(application),
        "parameters": parameters_shown(application),
        "entry_identifier": entry.identifier if entry else "",
        "entry_index": _text(entry.index if entry else None),
        "entry_parameter": entry.parameter if entry else "",
        "package": application.package or "",
        "url": external.url if external else "",
        "seconds": _text(external.seconds if external else 2.0),
        "most_bytes": _text(external.most_bytes if external else 65536),
    }
    rules = tuple(_rule_of(rule) for rule in application.audience) if values["audience"] == RULES else (RuleTyped(),)
    return Typed(values, dict(application.names), application.enabled, rules)


def typed(form: "MultiDict[str, str]", languages: Sequence[str]) -> Typed:
    """Take what a browser sent; whatever it left out is empty."""
    count = form.get("rules", "0")
    rules = min(int(count), MOST_RULES) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return Typed(
        {name: form.get(name, "").replace("\r\n", "\n").strip() for name in PLAIN},
        {code: name for code in languages if (name := form.get(f"name_{code}", "").strip())},
        form.get("enabled") == "yes",
        tuple(_rule_typed(form, number) for number in range(rules)) or (RuleTyped(),),
    )


def application_of(form: Typed, before: RegisteredApplication | None = None) -> RegisteredApplication:
    """Make the application that was described.

    Args:
        form: as typed.
        before: what is registered now: names in languages that the form does not have, and secret parameters that it
            does not show, stay.

    Raises:
        NotAsTyped: something is wrong.
    """
    values, wrong = form.values, []
    parameters: dict[str, Parameter] = {}
    try:
        parameters = _parameters(values["parameters"], before)
    except ValueError as error:
        wrong.append(Wrong("parameters", f"{error} {ALLOWED['parameters']}"))
    described: dict[str, Any] = {
        "id": values["id"],
        "kind": values["kind"],
        "names": dict(form.names),
        "icon": values["icon"],
        "order": values["order"] or None,
        "enabled": form.enabled,
        "audience": _audience(form),
        "parameters": parameters,
    }
    if any(values[name] for name in ("entry_identifier", "entry_index", "entry_parameter")):
        described["entry"] = {
            "identifier": values["entry_identifier"],
            "index": values["entry_index"] or None,
            "parameter": values["entry_parameter"],
        }
    if values["kind"] == Kind.PACKAGE:
        described["package"] = values["package"]
    if values["kind"] == Kind.EXTERNAL:
        limits = {name: values[name] for name in ("seconds", "most_bytes") if values[name]}
        described["external"] = {"url": values["url"], **limits}
    try:
        application = RegisteredApplication.model_validate(described)
    except ValidationError as error:
        languages = sorted(form.names)
        wrong += [_wrong(found, languages) for found in error.errors(include_url=False)]
        application = None
    if application is None or wrong:
        raise NotAsTyped(tuple(dict.fromkeys(wrong)))
    return application


def parameters_shown(application: RegisteredApplication) -> str:
    """Write parameters one on each line, as TOML; those that are secret are hidden."""
    return "\n".join(
        f"{name} = {tomlkit.item(HIDDEN if is_secret(name) else value).as_string()}"
        for name, value in application.parameters
    )


def _parameters(text: str, before: RegisteredApplication | None) -> dict[str, Parameter]:
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"{error}." if isinstance(error, tomllib.TOMLDecodeError) else "Nested too deeply.") from None
    except ValueError:
        raise ValueError(f"{NO_SUCH_NUMBER.capitalize()}.") from None
    kept = dict(before.parameters) if before else {}
    for name, value in found.items():
        if not isinstance(value, bool | int | float | str):
            raise ValueError(f"{name} is neither a text, nor a number, nor true or false.")
        if value == HIDDEN and is_secret(name):
            if name not in kept:
                raise ValueError(f"{name} is only dots: type its value.")
            found[name] = kept[name]
    return found


def _audience(form: Typed) -> list[dict[str, Any]]:
    match form.values["audience"]:
        case "everyone":
            return [{}]
        case "nobody":
            return []
        case _:
            return [_rule(rule) for rule in form.rules if not rule.empty]


def _rule(rule: RuleTyped) -> dict[str, Any]:
    described: dict[str, Any] = {"families": list(rule.families)}
    for name in LISTS:
        text = getattr(rule, name)
        # A login or a node may have a space in it; a number has none, and people write them in a row.
        parts = SEPARATORS.split(text) if name == "numbers" else text.split("\n")
        described[name] = [part.strip() for part in parts if part.strip()]
    for name in FLAGS:
        described[name] = {MUST: True, MUST_NOT: False}.get(getattr(rule, name))
    return described


def _rule_typed(form: "MultiDict[str, str]", number: int) -> RuleTyped:
    def value(name: str) -> str:
        return form.get(f"rule_{number}_{name}", "").replace("\r\n", "\n").strip()

    return RuleTyped(
        value("users"),
        value("numbers"),
        value("nodes"),
        tuple(form.getlist(f"rule_{number}_families")),
        value("agent"),
        value("guest"),
    )


def _rule_of(rule: Rule) -> RuleTyped:
    def flag(value: bool | None) -> str:
        return ANY if value is None else MUST if value else MUST_NOT

    return RuleTyped(
        "\n".join(rule.users),
        "\n".join(rule.numbers),
        "\n".join(rule.nodes),
        tuple(rule.families),
        flag(rule.agent),
        flag(rule.guest),
    )


def _audience_of(application: RegisteredApplication) -> str:
    if any(rule in EVERYONE for rule in application.audience):  # one that admits everyone makes the others idle
        return EVERYBODY
    return RULES if application.audience else NOBODY


def _wrong(found: ErrorDetails, languages: Sequence[str]) -> Wrong:
    """Find the field that an error of the model belongs to, and say what may stand there."""
    place, message = [str(part) for part in found["loc"]], found["msg"].removeprefix("Value error, ")
    own = message if found["type"] == "value_error" else ""
    inner = WITH_FIELD.match(message)
    match place:
        case []:
            name = inner[1] if inner else "id"
            name, own = {"names": "name_en", "external": "url"}.get(name, name), inner[2] if inner else message
        case ["names", index, *_] if index.isdigit() and int(index) < len(languages):
            name = f"name_{languages[int(index)]}"
        case ["names", *_]:
            name = "name_en"
        case ["audience", number, what, *_]:
            name = f"rule_{number}_{what}"
        case ["entry", what, *_]:
            name = f"entry_{what}"
        case ["external", what, *_]:
            name = what
        case ["external"]:
            name, own = "url", ""
        case [name, *_]:
            pass
    allowed = ALLOWED.get(
        "name" if name.startswith("name_") else name.rpartition("_")[2] if "rule_" in name else name, ""
    )
    said = f"{own[:1].upper()}{own[1:]}." if own and not own.endswith(".") else own
    return Wrong(name, " ".join(filter(None, (said, allowed))) or message)


def _text(value: object) -> str:
    return "" if value is None else str(value)
