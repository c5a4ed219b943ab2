"""Which calls to O2G a screen makes, and how many of them wait for each other."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

FOLDER = Path(__file__).parent / "calls"
MOST_IN_A_ROW = 2
SEARCH = "/directory/search"
# A search goes on in the background, whatever the phone shows meanwhile: it is asked how far it is, then deleted.
BACKGROUND = {f"GET {SEARCH}", f"DELETE {SEARCH}"}


@dataclass(frozen=True, slots=True)
class Visited:
    """One request of a walk: the screen, what it asked O2G, how many of that in a row, and what it read twice."""

    screen: str
    operations: tuple[str, ...]
    in_a_row: int
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenCalls:
    """What a screen asks O2G at most, over all families."""

    screen: str
    operations: tuple[str, ...]
    in_a_row: int


def visited(path: str, calls: list[tuple[str, float, float]], read: Sequence[str] = ()) -> Visited:
    """Tell of a request: `calls` are operations with their begin and end, `read` what O2G was asked for by GET."""
    parts = [part for part in path.split("/") if part][1:]
    application = parts[0] if parts else "menu"
    screen = parts[1] if len(parts) > 1 else "home"
    twice = tuple(sorted(one for one, times in Counter(read).items() if times > 1 and SEARCH not in one))
    calls = [call for call in calls if call[0] not in BACKGROUND]
    operations = tuple(sorted(name for name, _, _ in calls))
    return Visited(f"{application}.{screen}", operations, _in_a_row(calls), twice)


def _in_a_row(calls: list[tuple[str, float, float]]) -> int:
    """Count the longest chain of calls that began after the one before had ended."""
    longest, ended = 0, float("-inf")
    for _, began, end in sorted(calls, key=lambda call: call[2]):
        if began >= ended:
            longest, ended = longest + 1, end
    return longest


def summed(visits: Iterable[Visited], application: str) -> tuple[ScreenCalls, ...]:
    """Bring together all visits of each of an application's screens."""
    screens: dict[str, list[Visited]] = {}
    for visit in visits:
        if visit.screen.startswith(f"{application}."):
            screens.setdefault(visit.screen, []).append(visit)
    return tuple(
        ScreenCalls(
            name,
            tuple(sorted({operation for visit in found for operation in visit.operations})),
            _longest_chain(found),
        )
        for name, found in sorted(screens.items())
    )


def _longest_chain(visits: Sequence[Visited]) -> int:
    """Tell the longest chain of a screen.

    A busy machine makes calls side by side look like one after the other, and never the other way round: of visits that
    made the same calls the shortest chain is true.
    """
    alike: dict[tuple[str, ...], int] = {}
    for visit in visits:
        alike[visit.operations] = min(visit.in_a_row, alike.get(visit.operations, visit.in_a_row))
    return max(alike.values())


def kept(application: str) -> tuple[ScreenCalls, ...]:
    """Read what is kept of an application."""
    table = tomllib.loads((FOLDER / f"{application}.toml").read_text(encoding="utf-8"))
    return tuple(ScreenCalls(name, tuple(row["operations"]), row["in_a_row"]) for name, row in table.items())


def keep(application: str, screens: Iterable[ScreenCalls]) -> None:
    """Write what is kept of an application."""
    table = {screen.screen: {"in_a_row": screen.in_a_row, "operations": list(screen.operations)} for screen in screens}
    (FOLDER / f"{application}.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
