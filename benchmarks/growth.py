"""What a running server holds, sampled over time, and whether any of it grows."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

WARM = 0.4  # of the time: caches fill, pools open, code is read for the first time
MEGABYTE = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What is held at one moment.

    Attributes:
        at: seconds of a clock that never goes back.
        megabytes: memory of the server's processes that is theirs alone, or their share of what they share.
        threads, files: of the same processes; files are file descriptors: connections, logs, databases.
        sessions, searches, subscriptions: at O2G.
    """

    at: float
    megabytes: float
    threads: float
    files: float
    sessions: float
    searches: float
    subscriptions: float


@dataclass(frozen=True, slots=True)
class Bound:
    """What may be held.

    Attributes:
        name: as people call it.
        of: takes it from a sample.
        more: so much more at the end than after the warming up is no growth.
        share: nor is such a part of it.
        most: and never more than that in all.
    """

    name: str
    of: Callable[[Sample], float]
    more: float
    share: float = 0.0
    most: float = float("inf")


@dataclass(frozen=True, slots=True)
class Trend:
    """How one of them went: after the warming up and at the end (medians), the most, and the slope in an hour."""

    bound: Bound
    early: float
    late: float
    most: float
    an_hour: float

    @property
    def grows(self) -> bool:
        """Tell whether there is more at the end than may be, or ever was."""
        return (
            self.late - self.early > max(self.bound.more, self.early * self.bound.share) or self.most > self.bound.most
        )

    def __str__(self) -> str:
        verdict = "GROWS" if self.grows else "holds"
        figures = f"{self.early:>10.1f}{self.late:>10.1f}{self.most:>10.1f}{self.an_hour:>+14.2f}"
        return f"{self.bound.name:<24}{figures}   {verdict}"


def of_the_machine() -> tuple[Bound, ...]:
    """Name what the server holds of its machine. It takes minutes until that settles."""
    return (
        Bound("memory, MB", lambda sample: sample.megabytes, more=6.0, share=0.04),
        Bound("threads", lambda sample: sample.threads, more=3),
        Bound("file descriptors", lambda sample: sample.files, more=6),
    )


def at_o2g(search_sessions: int) -> tuple[Bound, ...]:
    """Name what the server holds at O2G."""
    return (
        Bound("O2G sessions", lambda sample: sample.sessions, more=1, most=1 + search_sessions),
        Bound("search contexts", lambda sample: sample.searches, more=5, most=100),
        Bound("subscriptions", lambda sample: sample.subscriptions, more=0, most=1),
    )


def sample(master: int, control: httpx.Client) -> Sample:
    """Look at the processes of a server, and at what O2G has open for it."""
    processes = [master, *children(master)]
    sessions = control.get("/sessions").json()["sessions"]
    return Sample(
        at=time.monotonic(),
        megabytes=sum(_proportional_bytes(pid) for pid in processes) / MEGABYTE,
        threads=sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in processes),
        files=sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in processes),
        sessions=sum(session["timeToLive"] != 0 for session in sessions),
        searches=control.get("/searches").json()["searches"],
        subscriptions=len(control.get("/subscriptions").json()["subscriptions"]),
    )


def children(master: int) -> list[int]:
    """Name the processes that a process has started."""
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()]


def trends(samples: Sequence[Sample], looked_at: Sequence[Bound]) -> list[Trend]:
    """Compare the end with the time after the warming up; there must be ten samples at least."""
    rest = samples[int(len(samples) * WARM) :]
    third = max(1, len(rest) // 3)
    return [
        Trend(
            bound,
            early=statistics.median(bound.of(one) for one in rest[:third]),
            late=statistics.median(bound.of(one) for one in rest[-third:]),
            most=max(bound.of(one) for one in samples),
            an_hour=_slope([one.at for one in rest], [bound.of(one) for one in rest]) * 3600,
        )
        for bound in looked_at
    ]


def course(samples: Sequence[Sample], bound: Bound, steps: int = 12) -> str:
    """Tell how one of them went, from the beginning on: the median of each part of the time."""
    parts = [samples[len(samples) * n // steps : len(samples) * (n + 1) // steps] for n in range(steps)]
    return " ".join(f"{statistics.median(bound.of(one) for one in part):.0f}" for part in parts if part)


def _slope(at: list[float], values: list[float]) -> float:
    return statistics.linear_regression(at, values).slope if len(at) > 1 else 0.0


def _proportional_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("the kernel does not tell a process's memory")
