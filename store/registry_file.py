"""The registry as a file for version control: written, read, and compared, without a database.

text = write(applications)
wanted = read(text)                                # FileRefused: what is wrong, and in which line
for change in difference(wanted, now=applications):  # what an import would do; or how far the store has drifted
    ...
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import tomlkit
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from store.registered import RegisteredApplication, is_secret

FORMAT, VERSION = "touchline-registry", 1
MOST_CHARACTERS = 1_000_000
TABLE = re.compile(r"^\s*\[\[\s*applications\s*\]\]")
TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
PARAMETERS = "parameters."  # what the names of their values begin with
HIDDEN = "•••"
NO_SUCH_NUMBER = "a number has too many digits"  # Python reads 4,300 and says so in words of its own
NO_LINE = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file: the line, counted from 1 (0: the file as a whole), and what."""

    line: int
    text: str

    def __str__(self) -> str:
        """Put it into one line."""
        return f"line {self.line}: {self.text}" if self.line else self.text


class FileRefused(Exception):
    """The file is no registry, of another version, or has errors; none of it was used. `problems` tells each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take what is wrong."""
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ChangeKind(StrEnum):
    """What happens to an application."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value before and after, written as JSON; None where there is none. Secrets among parameters are not shown."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an application, and of which of its values."""

    kind: ChangeKind
    id: str
    fields: tuple[FieldChange, ...]


def write(applications: Iterable[RegisteredApplication]) -> str:
    """Write applications as TOML, sorted by id: the same applications always give the same text."""
    document = tomlkit.document()
    document["format"], document["version"] = FORMAT, VERSION
    listed = tomlkit.aot()
    for application in sorted(applications, key=lambda application: application.id):
        table = tomlkit.table()
        for name, value in application.document().items():
            table[name] = value
        listed.append(table)
    document["applications"] = listed
    return tomlkit.dumps(document)


def read(text: str) -> tuple[RegisteredApplication, ...]:
    """Read applications from a file's text, in its order.

    Raises:
        FileRefused: see there.
    """
    if len(text) > MOST_CHARACTERS:
        raise FileRefused([Problem(NO_LINE, f"more than {MOST_CHARACTERS} characters")])
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = TOML_PLACE.search(str(error))
        raise FileRefused([Problem(int(place[1]) if place else NO_LINE, str(error))]) from None
    except RecursionError:
        raise FileRefused([Problem(NO_LINE, "nested too deeply")]) from None
    except ValueError:
        raise FileRefused([Problem(NO_LINE, NO_SUCH_NUMBER)]) from None
    _check_format(found)
    entries = found.get("applications", [])
    if not isinstance(entries, list):
        raise FileRefused([Problem(NO_LINE, "applications: not a list of tables [[applications]]")])
    return _applications(entries, text)


def difference(
    wanted: Iterable[RegisteredApplication], *, now: Iterable[RegisteredApplication], removing: bool = True
) -> tuple[Change, ...]:
    """Tell what must be done so that what is registered `now` becomes what is `wanted`, by id.

    Args:
        wanted, now: each id once.
        removing: whether what is not wanted goes; else it stays as it is.
    """
    there, here = ({one.id: one for one in applications} for applications in (wanted, now))
    changes = []
    for id in sorted(there.keys() | here.keys()):
        new, old = there.get(id), here.get(id)
        if new == old or (new is None and not removing):
            continue
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
        changes.append(Change(kind, id, fields_changed(old, new)))
    return tuple(changes)


def fields_changed(old: RegisteredApplication | None, new: RegisteredApplication | None) -> tuple[FieldChange, ...]:
    """Compare two registrations of an application value by value; None where it is not registered."""
    before, after = _flat(old), _flat(new)
    return tuple(
        without_secret(FieldChange(name, before.get(name), after.get(name)))
        for name in [*before, *(name for name in after if name not in before)]
        if before.get(name) != after.get(name)
    )


def _check_format(found: Mapping[str, Any]) -> None:
    if found.get("format") != FORMAT:
        raise FileRefused([Problem(NO_LINE, f'this is no registry of Touchline: it has no format = "{FORMAT}"')])
    if found.get("version") != VERSION:
        raise FileRefused(
            [Problem(NO_LINE, f"version {found.get('version')!r}: this Touchline reads version {VERSION}")]
        )
    unknown = sorted(found.keys() - {"format", "version", "applications"})
    if unknown:
        raise FileRefused([Problem(NO_LINE, f"unknown at the top: {', '.join(unknown)}")])


def _applications(entries: Sequence[Any], text: str) -> tuple[RegisteredApplication, ...]:
    applications: list[RegisteredApplication] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for place, entry in enumerate(entries):
        try:
            application = RegisteredApplication.model_validate(entry)
        except ValidationError as error:
            problems += [_problem(found, place, text) for found in error.errors(include_url=False)]
            continue
        names = [f"id {application.id}"]
        names += [f"entry {application.entry.identifier}"] if application.entry else []
        for name in names:
            if name in seen:
                problems.append(Problem(line_of(text, place, "id"), f"{name}: also {seen[name]}"))
            seen[name] = f"that of {application.id} above"
        applications.append(application)
    if problems:
        raise FileRefused(sorted(problems, key=lambda problem: problem.line))
    return tuple(applications)


def _problem(found: ErrorDetails, place: int, text: str) -> Problem:
    path = [str(part) for part in found["loc"]]
    message = found["msg"].removeprefix("Value error, ")
    return Problem(line_of(text, place, path[0] if path else ""), ": ".join(filter(None, (".".join(path), message))))


def line_of(text: str, place: int, name: str) -> int:
    """Find the line of a value in the application at that place, or of the application; 0 where it cannot be told.

    The first part of the value's path is looked for only: a line beside the fault helps more than none.
    """
    lines = text.splitlines()
    begins = [number for number, line in enumerate(lines, 1) if TABLE.match(line)]
    if place >= len(begins):
        return NO_LINE
    end = begins[place + 1] - 1 if place + 1 < len(begins) else len(lines)
    wanted = re.compile(rf"""^\s*(\[+\s*applications\s*\.\s*)?["']?{re.escape(name)}["']?\s*[=.\]]""")
    inside = range(begins[place], end + 1)
    return next((number for number in inside if name and wanted.match(lines[number - 1])), begins[place])


def _flat(application: RegisteredApplication | None) -> dict[str, str]:
    """Give each value that differs from its default under a name of its own, as JSON."""
    if application is None:
        return {}
    values: dict[str, str] = {}
    for name, value in application.document().items():
        parts = {f"{name}.{inner}": deep for inner, deep in value.items()} if isinstance(value, dict) else {name: value}
        values |= {path: json.dumps(part, ensure_ascii=False) for path, part in parts.items()}
    return values


def without_secret(change: FieldChange) -> FieldChange:
    """Hide both values where they are those of a secret parameter."""
    if not (change.name.startswith(PARAMETERS) and is_secret(change.name.removeprefix(PARAMETERS))):
        return change
    old, new = (None if value is None else HIDDEN for value in (change.old, change.new))
    return FieldChange(change.name, old, new)
