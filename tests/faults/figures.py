"""The figures of what users suffered: as lines for a terminal, and as `docs/faults.md`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.catalogue import CONTROL, FAULTS, FAULTS_OF_AN_ADDRESS, Fault
from tests.faults.suffering import READING, Suffered
from tests.faults.watched import DEADLINE_SECONDS, GRACE_SECONDS, LATE_SECONDS
from tests.faults.ways import USUAL, Way

PAGE = Path("docs/faults.md")
RECOVERY_SECONDS = 5.0
HEADS = ("screens", "wrong", "late", "slowest s", "not true", "writes twice", "lost", "told of", "back after s")


@dataclass(frozen=True, slots=True)
class Sum:
    """Several users' figures in one line."""

    screens: int
    wrong: int
    late: int
    slowest: float
    false: int
    twice: int
    lost: int
    told: int
    recovered: float

    @classmethod
    def of(cls, suffered: Iterable[Suffered]) -> "Sum":
        all_of_them = list(suffered)
        return cls(
            screens=sum(one.seen.screens for one in all_of_them),
            wrong=sum(len(one.seen.wrong) for one in all_of_them),
            late=sum(one.seen.late for one in all_of_them),
            slowest=max((one.seen.slowest for one in all_of_them), default=0.0),
            false=sum(bool(one.false) for one in all_of_them),
            twice=sum(len(one.seen.twice) for one in all_of_them),
            lost=sum(one.lost for one in all_of_them),
            told=sum(one.told for one in all_of_them),
            recovered=max((one.recovered for one in all_of_them), default=0.0),
        )

    def cells(self) -> tuple[str, ...]:
        counts = (self.wrong, self.late), (self.false, self.twice, self.lost, self.told)
        return (
            str(self.screens),
            *map(str, counts[0]),
            f"{self.slowest:.2f}",
            *map(str, counts[1]),
            f"{self.recovered:.1f}",
        )


def line(fault: str, one: Suffered) -> str:
    """Tell one user's figures in one line."""
    cells = Sum.of([one]).cells()
    codes = " ".join(f"{code}×{count}" for code, count in sorted(one.seen.codes.items()))
    return f"{fault:<32}{one.family:<14}{one.walk:<12}" + "".join(f"{cell:>13}" for cell in cells) + f"  {codes}"


def head() -> str:
    return f"{'fault':<32}{'sets':<14}{'walk':<12}" + "".join(f"{name:>13}" for name in HEADS)


def breaches(fault: Fault, one: Suffered, *, timed: bool) -> list[str]:
    """Name what does not hold.

    Args:
        timed: judge lateness as promised; otherwise a screen is late beyond twice its deadline only.
    """
    seen, where = one.seen, f"{fault.name}, {one.walk}, {one.family}"
    found = [f"{where}: {wrong}" for wrong in seen.wrong]
    found += [f"{where}: done twice: {write}" for write in seen.twice]
    longest = LATE_SECONDS if timed else DEADLINE_SECONDS * 2
    if seen.slowest > longest:
        found.append(f"{where}: a screen took {seen.slowest:.2f} s")
    if one.false:
        found.append(f"{where}: not true: {one.false}")
    if one.lost > (one.told if fault.swallows else 0):
        found.append(f"{where}: {one.lost} messages lost, {one.told} told of")
    if one.recovered > RECOVERY_SECONDS:
        found.append(f"{where}: back {one.recovered:.1f} s after O2G")
    if fault is CONTROL and one.left:
        found.append(f"{where}: the walk itself does not come to its end: {one.left}")
    return found


def page(ways: Mapping[Way, Mapping[Fault, Sequence[Suffered]]], machine: str, seconds: float) -> str:
    """Write the page of the documentation."""
    everybody = [one for suffering in ways.values() for ones in suffering.values() for one in ones]
    codes = Counter(code for one in everybody for code in one.seen.codes.elements())
    return "\n".join(
        (
            "<!-- Measured and written by `make faults`. -->",
            "",
            "# While O2G fails",
            "",
            "A user walks through an application; in the middle O2G begins to fail, and after a while it is well",
            "again. Meanwhile the user presses Retry where it is offered. All applications are walked at the same",
            "time, by one user each, over HTTPS, against the O2G simulator.",
            f"Measured on {machine};",
            f"each fault lasts {seconds:g} s, or as long as it must to be one. {len(everybody)} walks saw",
            f"{Sum.of(everybody).screens} screens.",
            "",
            "The promise: every screen is a valid page and no bug; none comes later than its deadline of",
            f"{DEADLINE_SECONDS} s plus {GRACE_SECONDS} s; what one press writes is done once; no message is lost;",
            f"within {RECOVERY_SECONDS:g} s after O2G is well every screen is good, and true: the application's first",
            "screen and the menu say what a second Touchline says, which keeps nothing and asks O2G for all of it.",
            "",
            *_tables(ways),
            "*Lost* counts mini messages that are neither kept nor at O2G any more; *told of* counts presses of a key",
            "after which Touchline cannot know that none is; one line tells the user that a message may be lost. O2G",
            "erases a message by giving it: where its answer breaks after that, nothing on this side can bring the",
            "message back.",
            "",
            "What the screens said instead, by [code](codes.md): "
            + ", ".join(f"{code} ({count})" for code, count in sorted(codes.items()))
            + ".",
            "",
            "## The faults",
            "",
            "| fault | what happens |",
            "|---|---|",
            *(f"| {fault.name} | {fault.what} |" for fault in (CONTROL, *FAULTS, *FAULTS_OF_AN_ADDRESS)),
            "",
            "What is no fault of O2G's stands in `tests/faults/`, too: a worker that is killed, a disk that is full, a",
            "database file that is broken, a server that is told to stop while it answers.",
            "",
        )
    )


def _tables(ways: Mapping[Way, Mapping[Fault, Sequence[Suffered]]]) -> Iterator[str]:
    """Write the figures by fault and by application, as Touchline comes, and by the ways of serving it."""
    usual = ways[USUAL]
    by_walk: dict[str, list[Suffered]] = {}
    for fault, ones in usual.items():
        if fault is not CONTROL:
            for one in ones:
                by_walk.setdefault(one.walk, []).append(one)
    yield from _table("fault", {fault.name: ones for fault, ones in usual.items()})
    named = sorted(by_walk.items())
    yield from _table("application", {"messages, read one by one" if w == READING else w: ones for w, ones in named})
    yield "Served in other ways, on the sets with most keys, all faults together:"
    yield ""
    others = {way: suffering for way, suffering in ways.items() if way is not USUAL}
    yield from _table(
        "way",
        {
            way.what: [one for fault, ones in suffering.items() if fault is not CONTROL for one in ones]
            for way, suffering in others.items()
        },
    )


def _table(name: str, rows: Mapping[str, Sequence[Suffered]]) -> Iterator[str]:
    yield "| " + " | ".join((name, *HEADS)) + " |"
    yield "|---|" + "---:|" * len(HEADS)
    for row, ones in rows.items():
        yield f"| {row} | " + " | ".join(Sum.of(ones).cells()) + " |"
    yield ""
