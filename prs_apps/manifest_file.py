"""`manifest.toml`: what an application that is not Touchline's own says of itself, read with the line of each mistake.

class Tea(Application):
    manifest = read_manifest(Path(__file__).with_name("manifest.toml"))
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from prs_apps.application import Manifest
from prs_apps.parameters import Parameter, ParameterKind, ParametersRefused, Value, told
from store.registered import Id, Language, Name, ParameterName
from store.registry_file import NO_LINE, NO_SUCH_NUMBER, TOML_PLACE, Problem

LARGEST_FILE = 64 * 1024
SOURCE = "en"


class ManifestRefused(Exception):
    """A manifest has mistakes, or cannot be read. `problems` tells each, with its line."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        """Take the file and what is wrong in it."""
        super().__init__("; ".join(f"{file.parent.name}/{file.name}, {problem}" for problem in problems))
        self.problems = tuple(problems)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Parameter(_Table):
    name: ParameterName
    kind: ParameterKind = ParameterKind.TEXT
    what: Annotated[str, StringConstraints(max_length=300)] = ""
    default: bool | int | float | str | None = None
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.default is not None:
            try:
                told([self.declared], [(self.name, self.default)])
            except ParametersRefused as error:
                raise ValueError(f"default: {error.problems[0][1]}") from None
        return self

    @property
    def declared(self) -> Parameter:
        default: Value | None = self.default
        return Parameter(self.name, self.kind, self.what, default, self.least, self.most)


class _Manifest(_Table):
    id: Id
    names: Annotated[dict[Language, Name], Field(min_length=1, max_length=80)]
    order: Annotated[int, Field(ge=0, le=9999)] = 100
    icon: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,31})?$")] = ""
    listed: bool = True
    parameters: tuple[_Parameter, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if SOURCE not in self.names:
            raise ValueError('names: the English one is missing: en = "…"')
        declared = [parameter.name for parameter in self.parameters]
        if len(set(declared)) != len(declared):
            raise ValueError("parameters: a name is there twice")
        return self


def read_manifest(file: Path) -> Manifest:
    """Read a manifest.

    Raises:
        ManifestRefused: see there.
    """
    try:
        text = file.read_bytes()[: LARGEST_FILE + 1].decode("utf-8")
    except OSError as error:
        raise ManifestRefused(file, [Problem(NO_LINE, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ManifestRefused(file, [Problem(NO_LINE, "is not UTF-8")]) from None
    if len(text) > LARGEST_FILE:
        raise ManifestRefused(file, [Problem(NO_LINE, f"is longer than {LARGEST_FILE} characters")])
    try:
        checked = _Manifest.model_validate(_parsed(file, text))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = [_problem(one["loc"], one["msg"], text) for one in found]
        raise ManifestRefused(file, sorted(problems, key=lambda problem: problem.line)) from None
    return Manifest(
        checked.id,
        checked.names[SOURCE],
        order=checked.order,
        listed=checked.listed,
        names=tuple(sorted(checked.names.items())),
        icon=checked.icon,
        parameters=tuple(parameter.declared for parameter in checked.parameters),
    )


def faults_of(manifest: Manifest) -> tuple[str, ...]:
    """Tell what is wrong with a manifest that was written in Python, where nothing has checked it; empty: nothing."""
    try:
        named = {SOURCE: manifest.name, **dict(manifest.names)}
        said = {"id": manifest.id, "names": named, "order": manifest.order, "icon": manifest.icon}
        _Manifest.model_validate({**said, "listed": manifest.listed}, strict=True)
    except (TypeError, ValueError) as error:
        if not isinstance(error, ValidationError):
            return ("names: are no pairs of a language and a name",)
        found = error.errors(include_url=False, include_input=False)
        return tuple(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
    if not all(isinstance(one, Parameter) for one in manifest.parameters):
        return ("parameters: are not all made with Parameter",)
    return ()


def _parsed(file: Path, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = TOML_PLACE.search(str(error))
        message = TOML_PLACE.sub("", str(error)).strip()
        raise ManifestRefused(file, [Problem(int(place[1]) if place else NO_LINE, message)]) from None
    except RecursionError:
        raise ManifestRefused(file, [Problem(NO_LINE, "nested too deeply")]) from None
    except ValueError:
        raise ManifestRefused(file, [Problem(NO_LINE, NO_SUCH_NUMBER)]) from None


def _problem(path: tuple[str | int, ...], message: str, text: str) -> Problem:
    message = message.removeprefix("Value error, ")
    parts = path or (message.partition(":")[0],)  # what concerns several values names the one to look at
    return Problem(_line(parts, text), f"{'.'.join(map(str, path))}: {message}" if path else message)


def _line(path: tuple[str | int, ...], text: str) -> int:
    """Find where a value stands: its own line, else its table's, else none."""
    name, *rest = path
    lines = text.splitlines()
    header = re.compile(rf"^\s*\[+\s*{re.escape(str(name))}\s*\]")
    begins = [number for number, line in enumerate(lines, 1) if header.match(line)]
    if not begins:
        return next((number for number, line in enumerate(lines, 1) if _sets(name, line)), NO_LINE)
    place = rest[0] if rest and isinstance(rest[0], int) else 0
    begin = begins[min(place, len(begins) - 1)]
    ends = (number for number, line in enumerate(lines, 1) if number > begin and line.lstrip().startswith("["))
    inside = range(begin, next(ends, len(lines) + 1))
    wanted = next((part for part in rest if isinstance(part, str)), "")
    return next((number for number in inside if wanted and _sets(wanted, lines[number - 1])), begin)


def _sets(name: str | int, line: str) -> bool:
    return re.match(rf"""^\s*["']?{re.escape(str(name))}["']?\s*[=.]""", line) is not None
