"""What an administrator may tell an application: declared in its manifest, checked before it is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Value = str | int | float | bool


class ParameterKind(StrEnum):
    """What a parameter is."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"


KINDS: Mapping[ParameterKind, type | tuple[type, ...]] = MappingProxyType(
    {ParameterKind.TEXT: str, ParameterKind.NUMBER: (int, float), ParameterKind.FLAG: bool}
)
WORDS = {ParameterKind.TEXT: "text", ParameterKind.NUMBER: "a number", ParameterKind.FLAG: "true or false"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of them.

    Attributes:
        name: lower-case letters, digits, underscores.
        kind: text, number or flag.
        what: what it is for, for the administrator.
        default: what it is where nobody says; None: somebody must.
        least, most: of a number, its bounds; of text, how many characters it may have; None: unbounded.
    """

    name: str
    kind: ParameterKind = ParameterKind.TEXT
    what: str = ""
    default: Value | None = None
    least: float | None = None
    most: float | None = None


class ParametersRefused(ValueError):
    """What an application was told does not fit its manifest; `problems` tells each, by the parameter's name."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        """Take names and what is wrong with them; no values, which may be secret."""
        super().__init__("; ".join(f"parameters.{name}: {text}" for name, text in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an application was told; everything that its manifest declares is in it, of its kind and in bounds."""

    values: Mapping[str, Value] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """Give a text.

        Raises:
            KeyError: the manifest declares no such parameter.
        """
        return str(self.values[name])

    def number(self, name: str) -> int:
        """Give a number, its fraction cut off.

        Raises:
            KeyError: as for `text`.
        """
        return int(self.values[name])

    def flag(self, name: str) -> bool:
        """Give whether something is so.

        Raises:
            KeyError: as for `text`.
        """
        return bool(self.values[name])


NO_PARAMETERS = Parameters()


def told(declared: Sequence[Parameter], given: Iterable[tuple[str, Value]]) -> Parameters:
    """Check what was told against what is declared, and fill in defaults.

    Raises:
        ParametersRefused: one is not declared, missing, of another kind or out of bounds.
    """
    values = dict(given)
    names = {parameter.name for parameter in declared}
    problems = [(name, "there is no such parameter") for name in values if name not in names]
    whole: dict[str, Value] = {}
    for parameter in declared:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            problems.append((parameter.name, "is missing"))
            continue
        whole[parameter.name] = value
        wrong = _wrong(parameter, value)
        if wrong:
            problems.append((parameter.name, wrong))
    if problems:
        raise ParametersRefused(problems)
    return Parameters(MappingProxyType(whole))


def _wrong(parameter: Parameter, value: Value) -> str:
    is_flag = isinstance(value, bool)
    if not isinstance(value, KINDS[parameter.kind]) or is_flag is not (parameter.kind is ParameterKind.FLAG):
        return f"must be {WORDS[parameter.kind]}"
    if is_flag:
        return ""
    size = len(value) if isinstance(value, str) else value
    unit = " characters" if isinstance(value, str) else ""
    if parameter.least is not None and size < parameter.least:
        return f"must be {parameter.least:g}{unit} at least"
    if parameter.most is not None and size > parameter.most:
        return f"must be {parameter.most:g}{unit} at most"
    return ""
