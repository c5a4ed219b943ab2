"""What an administrator registers, as it is checked, stored and written to files: one model for all three."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

MENU = "menu"
LONGEST_NAME = 60  # characters; a set shows 20 of them
MOST_RULES = 50
MOST_VALUES = 500
LEAST_BYTES, MOST_BYTES = 1024, 256 * 1024  # of what an external application answers
SECRET_ENDINGS = ("secret", "password", "token", "key")
UNSHOWN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode's categories of what no display shows
NUMBERS = re.compile(r"([0-9]{1,20})(?:-([0-9]{1,20}))?", re.ASCII)


class Kind(StrEnum):
    """Where an application comes from."""

    BUILT_IN = "built_in"
    PACKAGE = "package"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who wants an application.

    Attributes:
        login: O2G login name.
        number: directory number, digits.
        node: OXE node, as O2G names it; None where it does not.
        family: of the set: `one_line`, `small`, `large`, `large_colour`.
        agent, guest: None where it is not known. What is not known lets nobody in.
    """

    login: str
    number: str
    node: str | None
    family: str
    agent: bool | None = None
    guest: bool | None = None


def _printable(text: str) -> str:
    if any(unicodedata.category(character) in UNSHOWN for character in text):
        raise ValueError("has characters that cannot be shown")
    return text


def _numbers(text: str) -> str:
    found = NUMBERS.fullmatch(text)
    if found is None:
        raise ValueError("is neither a number nor a range such as 70000-70099")
    first, last = found[1], found[2] or found[1]
    if len(first) != len(last) or first > last:
        raise ValueError("ends before it begins, or its ends have different lengths")
    return text


def _in_64_bits(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("has more than 64 bits, which files have no room for")
    return value


def _not_the_menu(id: str) -> str:
    if id == MENU:
        raise ValueError("is the menu's own")
    return id


def _pairs(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _mapping(pairs: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return dict(pairs)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), AfterValidator(_not_the_menu)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, strip_whitespace=True), AfterValidator(_printable)
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
Numbers = Annotated[str, AfterValidator(_numbers)]
Family = Literal["one_line", "small", "large", "large_colour"]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ParameterText = Annotated[str, StringConstraints(max_length=2000)]
Parameter = Annotated[
    bool | int | Annotated[float, Field(allow_inf_nan=False)] | ParameterText, AfterValidator(_in_64_bits)
]
# Written as tables; inside they are pairs, sorted by their first, so that nobody changes them.
Names = Annotated[
    tuple[tuple[Language, Name], ...], BeforeValidator(_pairs), PlainSerializer(_mapping), Field(max_length=80)
]
Parameters = Annotated[
    tuple[tuple[ParameterName, Parameter], ...],
    BeforeValidator(_pairs),
    PlainSerializer(_mapping),
    Field(max_length=100),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Model):
    """Some of those who get an application: everything that the rule names must hold; naming nothing means everyone.

    Attributes:
        users: O2G login names; one must be the user's.
        numbers: directory numbers `70121` or ranges `70000-70099` of numbers of that length; one must hold the user's.
        nodes: OXE nodes; one must be the user's.
        families: families of sets; one must be the set's.
        agent, guest: whether the user must be an operator of the call centre, or a guest of the hotel, or must not.
    """

    users: Annotated[tuple[Short, ...], Field(max_length=MOST_VALUES)] = ()
    numbers: Annotated[tuple[Numbers, ...], Field(max_length=MOST_VALUES)] = ()
    nodes: Annotated[tuple[Short, ...], Field(max_length=MOST_VALUES)] = ()
    families: Annotated[tuple[Family, ...], Field(max_length=4)] = ()
    agent: bool | None = None
    guest: bool | None = None

    def admits(self, who: Who) -> bool:
        """Tell whether everything that the rule names holds."""
        return (
            (not self.users or who.login in self.users)
            and (not self.numbers or any(in_range(who.number, numbers) for numbers in self.numbers))
            and (not self.nodes or who.node in self.nodes)
            and (not self.families or who.family in self.families)
            and (self.agent is None or who.agent is self.agent)
            and (self.guest is None or who.guest is self.guest)
        )


EVERYONE = (Rule(),)


class PrsEntry(_Model):
    """Under what the presentation server knows the application, as O2G's administration declares it.

    Attributes:
        identifier: of the IP Touch application, such as `MY_C`; no two applications have the same.
        index: the application's slot on the sets; None where it has none.
        parameter: the registration parameter, such as `action=RegisterDirKey`; may be empty.
    """

    identifier: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]
    index: Annotated[int, Field(ge=0, le=99)] | None = None
    parameter: Annotated[str, StringConstraints(max_length=200, pattern=r"^[!-~]*$")] = ""


class External(_Model):
    """An application elsewhere that answers in the dialect.

    Attributes:
        url: its first page; `https`, a host name, no credentials. Which addresses it may lead to is decided when it is
            fetched, not here.
        seconds: how long it may take to answer, 0.1 to 10.
        most_bytes: how long its answer may be, 1 KiB to 256 KiB.
    """

    url: Annotated[str, StringConstraints(max_length=2000)]
    seconds: Annotated[float, Field(ge=0.1, le=10)] = 2.0
    most_bytes: Annotated[int, Field(ge=LEAST_BYTES, le=MOST_BYTES)] = 64 * 1024

    @model_validator(mode="after")
    def _check(self) -> Self:
        parts = urlsplit(self.url)
        _ = parts.port  # raises for one that is none
        if parts.scheme != "https" or not parts.hostname or parts.username is not None or not self.url.isascii():
            raise ValueError("url: an address such as https://apps.example/news, without a password in it")
        return self


class RegisteredApplication(_Model):
    """A phone application as an administrator has registered it.

    Attributes:
        id: its name in addresses: lower-case letters, digits, underscores; `menu` is the menu's own.
        kind: where it comes from.
        names: what menus show, by catalogue code (`en`, `pt_BR`); empty: the application's own, which every kind but an
            external one has.
        icon: a sign before the name, for sets that draw it; empty for none.
        order: its place in menus, smaller first, 0 to 9999; None: the application's own.
        enabled: whether anybody gets it.
        audience: who gets it: whoever one of the rules admits. Without rules, nobody.
        parameters: what the application itself is told; its manifest says which there are.
        entry: under what the presentation server asks for it by a key of its own.
        package: of the kind `package`: the name of its entry point, or the folder it lies in.
        external: of the kind `external`: where it is.

    Raises (as pydantic.ValidationError): something is missing, misspelt, out of range, or not of this kind.
    """

    id: Id
    kind: Kind
    names: Names = ()
    icon: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,20}$")] = ""
    order: Annotated[int, Field(ge=0, le=9999)] | None = None
    enabled: bool = True
    audience: Annotated[tuple[Rule, ...], Field(max_length=MOST_RULES)] = EVERYONE
    parameters: Parameters = ()
    entry: PrsEntry | None = None
    package: Short | None = None
    external: External | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.package is None) == (self.kind is Kind.PACKAGE):
            raise ValueError("package: belongs to the kind package, and to no other")
        if (self.external is None) == (self.kind is Kind.EXTERNAL):
            raise ValueError("external: belongs to the kind external, and to no other")
        if self.kind is Kind.EXTERNAL and not self.names:
            raise ValueError("names: an external application has no name of its own")
        return self

    def admits(self, who: Who) -> bool:
        """Tell whether somebody gets it: it is on, and one of its rules admits them."""
        return self.enabled and any(rule.admits(who) for rule in self.audience)

    def document(self) -> dict[str, Any]:
        """Give it for files: only what differs from the defaults."""
        return self.model_dump(mode="json", exclude_defaults=True)


def is_secret(parameter: str) -> bool:
    """Tell whether a parameter of that name is secret: shown to nobody, in a form, the audit trail or a difference."""
    return parameter.endswith(SECRET_ENDINGS)


def in_range(number: str, numbers: str) -> bool:
    """Tell whether a number is the one, or in the range, that `numbers` writes as rules do."""
    first, _, last = numbers.partition("-")
    return len(number) == len(first) and first <= number <= (last or first)
