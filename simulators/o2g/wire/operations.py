"""The table of O2G's 207 operations, and which function answers which."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from simulators.o2g.wire.answers import Answer

if TYPE_CHECKING:
    from simulators.o2g.wire.request import Request

TABLE = Path(__file__).parent.parent / "operations.json"
# Variables that stand for the rest of a path, names and ids in turn, by what is left when its parts are paired (A106).
TAILS = {"{objectName}": 1, "{objectNameobjectId}": 0}
ONE_NAME = "model"  # after it an object's name is one part

# Where ALE's clients ask for what the reference has elsewhere (B38, B40, B41): the operation answers there too.
ALIASES = {
    ("POST", "/acd/agent/enter"): ("POST", "/acd/agent/enterPG"),
    ("POST", "/acd/agent/exit"): ("POST", "/acd/agent/exitPG"),
    ("DELETE", "/acd/agent/intrusion"): ("DELETE", "/acd/agent/supervisorHelp"),
    ("POST", "/telephony/devices/{deviceId}/ithmicro"): ("PUT", "/telephony/devices/{deviceId}/ithmicro"),
}

Handler = Callable[["Request"], Answer | Awaitable[Answer]]


class LicenceRule(Enum):
    """How an operation's licence counts (L40)."""

    FREE = "free"
    PER_USER = "per_user"
    PRESENT = "present"
    ALL_USERS = "all_users"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the reference: a method on a path (relative to /api/rest/1.0, but for /authenticate)."""

    method: str
    path: str
    service: str
    licences: tuple[str, ...]
    rule: LicenceRule
    statuses: frozenset[int]

    def status_for(self, wanted: int) -> int:
        """The wanted status if the reference lists it for this operation, else the nearest that it lists."""
        if wanted in self.statuses:
            return wanted
        for stand_in in {404: (400, 403), 401: (403, 400), 403: (401, 400), 503: (500,)}.get(wanted, (400, 500)):
            if stand_in in self.statuses:
                return stand_in
        return 500


@dataclass(slots=True)
class _Step:
    """A node of the tree of paths."""

    fixed: dict[str, "_Step"]
    variable: "_Step | None"
    name: str
    operations: dict[str, Operation]
    tails: dict[int, "_Step"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a path leads: its operations by method, and the values of its variables."""

    operations: dict[str, Operation]
    values: dict[str, str]


class Operations:
    """Every operation, found by path and method."""

    def __init__(self, operations: list[Operation]) -> None:
        self.all = tuple(operations)
        self._root = _Step({}, None, "", {})
        for operation in operations:
            self.add(operation, operation.method, operation.path)
        known = {(operation.method, operation.path): operation for operation in operations}
        for (method, path), real in ALIASES.items():
            if real in known:
                self.add(known[real], method, path)

    def add(self, operation: Operation, method: str, path: str) -> None:
        """Hangs an operation into the tree, at its own path or another; case does not count (A88)."""
        step = self._root
        for part in path.strip("/").split("/"):
            if part in TAILS and step.name != ONE_NAME:
                step = step.tails.setdefault(TAILS[part], _Step({}, None, part.strip("{}"), {}))
            elif part.startswith("{"):
                if step.variable is None:
                    step.variable = _Step({}, None, part.strip("{}"), {})
                step = step.variable
            else:
                step = step.fixed.setdefault(part.lower(), _Step({}, None, part if part == ONE_NAME else "", {}))
        step.operations[method] = operation

    def find(self, path: str) -> Route | None:
        """The route of a raw (still percent-encoded) path without the API's prefix; None when there is none."""
        values: dict[str, list[str]] = {}
        step: _Step | None = self._walk(self._root, path.strip("/").split("/"), values)
        if step is None:
            return None
        return Route(step.operations, {name: found[-1] for name, found in values.items()})

    def _walk(self, step: _Step, parts: list[str], values: dict[str, list[str]]) -> _Step | None:
        if not parts:
            return step if step.operations else None
        fixed = step.fixed.get(parts[0].lower())
        found = self._walk(fixed, parts[1:], values) if fixed else None
        if found is None and step.variable is not None and parts[0]:
            found = self._walk(step.variable, parts[1:], values)
            if found is not None:
                values.setdefault(step.variable.name, []).insert(0, unquote(parts[0]))
        if found is None and step.tails and all(parts):
            found = step.tails.get(len(parts) % 2)
            if found is not None:
                values[found.name] = ["/".join(parts)]
        return found


def load_operations(table: Path = TABLE) -> Operations:
    """Reads the table that stands beside the simulator."""
    return Operations(
        [
            Operation(
                row["method"],
                row["path"],
                row["service"],
                tuple(row["licences"]),
                LicenceRule(row["rule"]),
                frozenset(row["statuses"]),
            )
            for row in json.loads(table.read_text(encoding="utf-8"))
        ]
    )


HANDLERS: dict[tuple[str, str], Handler] = {}


def operation(method: str, path: str) -> Callable[[Handler], Handler]:
    """Names the operation that a function answers."""

    def register(handler: Handler) -> Handler:
        HANDLERS[method, path] = handler
        return handler

    return register
