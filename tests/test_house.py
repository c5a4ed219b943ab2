"""The house shows itself: what imports what, checked where import-linter cannot look."""

import ast
import sys
from pathlib import Path

import pytest

TOP = {"settings", "logs", "entrance", "arrival", "delivery", "households", "memory", "steadiness"}
ROOMS = {"app", "prs", "prs_apps", "services", "store", "admin", "simulators", "benchmarks", "docs", "tests"}
MAY_USE = {
    "settings.py": set(),
    "logs.py": set(),
    "arrival.py": set(),
    "delivery.py": set(),
    "households.py": set(),
    "memory.py": set(),
    "steadiness.py": set(),
    "entrance.py": {"arrival", "delivery", "households", "steadiness"},
    "gunicorn.conf.py": {"settings", "entrance", "memory"},
    "app.py": {"settings", "logs", "arrival", "prs", "prs_apps", "services", "store", "admin"},
}


def imported(file: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("file", sorted(MAY_USE))
def test_a_file_at_the_top_uses_only_the_rooms_that_it_may(file: str) -> None:
    rooms = imported(file) & (ROOMS | TOP) - set(sys.stdlib_module_names)
    assert rooms <= MAY_USE[file]


def test_each_file_at_the_top_is_known() -> None:
    assert {file.name for file in Path().glob("*.py")} == set(MAY_USE)


def test_no_room_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "common", "manager", "helpers", "misc", "base"}
    files = [f for room in ROOMS - {"app"} for f in Path(room).rglob("*.py") if "__pycache__" not in f.parts]
    assert not [f for f in files if f.stem in empty or f.parent.name in empty]
