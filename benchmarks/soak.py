"""`python -m benchmarks.soak`: an hour at half load; nothing that the server holds may grow.

Phones first ask for as many screens as there can be: that is the whole load of this machine, on which phones, Touchline
and the O2G simulator run together. Then they ask for half as many, for as long as is wanted, while O2G sends events.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.growth import Sample, at_o2g, course, of_the_machine, sample, trends
from benchmarks.walkers import Pace, Tally, User, users
from simulators.demo.house import DemoHouse, demo_house

PEOPLE = 20_000
SEARCH_SESSIONS = 4
SAMPLES = 120
LEAST_SAMPLES = 12
CALIBRATION_SHARE, CALIBRATION_SECONDS = 0.15, 30.0  # of the time, but no longer
SETTLED_MINUTES = 5.0
EVENTS_A_SECOND = 20
FORGETTING_SECONDS = 75.0  # a search that nobody asks about ends within a minute
LEFT_SHARE = 0.05  # of the walks may end early: users get into each other's way; beyond it, nothing is proven
SETTINGS = {
    "TOUCHLINE_PRS_REQUESTS_PER_SECOND": "0",
    "TOUCHLINE_O2G_SEARCH_SESSIONS": str(SEARCH_SESSIONS),
    "TOUCHLINE_VOICEMAIL_TRIES": "20",
    "TOUCHLINE_LINK_SECONDS": "300",  # a pressed key is remembered for twice as long: at its full measure in time
}


@contextmanager
def events(house: DemoHouse, logins: list[str]) -> Iterator[None]:
    """Let O2G tell of changes, evenly, until the context ends."""
    over = threading.Event()

    def send() -> None:
        with httpx.Client(base_url=house.o2g.control, timeout=30) as control:
            while not over.wait(1.0):
                control.post("/events", json={"count": EVENTS_A_SECOND, "loginNames": logins}).raise_for_status()

    sending = threading.Thread(target=send)
    sending.start()
    try:
        yield
    finally:
        over.set()
        sending.join()


@contextmanager
def walking(everybody: list[User]) -> Iterator[None]:
    """Let users walk until the context ends."""
    for user in everybody:
        user.start()
    try:
        yield
    finally:
        for user in everybody:
            user.over.set()
        for user in everybody:
            user.join(60)


def calibrate(pace: Pace, seconds: float) -> float:
    """Tell how many screens there can be in a second."""
    time.sleep(seconds / 2)  # connections, caches
    asked, began = pace.asked, time.monotonic()
    time.sleep(seconds / 2)
    return (pace.asked - asked) / (time.monotonic() - began)


def watch(house: DemoHouse, control: httpx.Client, seconds: float) -> list[Sample]:
    """Look again and again, for so long."""
    end, pause = time.monotonic() + seconds, max(0.5, seconds / SAMPLES)
    found: list[Sample] = []
    while time.monotonic() < end or len(found) < LEAST_SAMPLES:
        found.append(sample(house.touchline.process.pid, control))
        time.sleep(pause)
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What does not hold, a line each; nothing of it: it holds.

    Attributes:
        grown: what grew while users walked.
        left: what was left at O2G, after a while or after the server's end.
        wrong: screens that were no valid pages, or said a bug; walks that did not come to their end.
    """

    grown: tuple[str, ...]
    left: tuple[str, ...]
    wrong: tuple[str, ...]


def soak(minutes: float, phones: int) -> Outcome:
    """Run it, and print the figures."""
    pace, tally, seconds = Pace(), Tally(), minutes * 60
    with (
        demo_house(users=PEOPLE, settings=SETTINGS) as house,
        httpx.Client(base_url=house.o2g.control, timeout=60) as control,
    ):
        everybody = users(house, phones, pace, tally)
        logins = [f"oxe{user.number}" for user in everybody]
        with walking(everybody), events(house, logins):
            first = min(CALIBRATION_SECONDS, seconds * CALIBRATION_SHARE)
            whole = calibrate(pace, first)
            pace.set(whole / 2)
            print(f"{phones} phones; whole load {whole:.0f} screens a second; now half of it, for {minutes:g} minutes")
            samples = watch(house, control, seconds - first)
        grown, wrong = report(samples, tally, settled=minutes >= SETTLED_MINUTES)
        forgotten = _until(lambda: control.get("/searches").json()["searches"] == 0, FORGETTING_SECONDS)
        house.touchline.process.terminate()
        house.touchline.process.wait(30)
        sessions = control.get("/sessions").json()["sessions"]
        alive = sum(session["timeToLive"] != 0 for session in sessions)
        subscriptions = len(control.get("/subscriptions").json()["subscriptions"])
    left = {
        "a search context is left a while after the last screen": not forgotten,
        f"{alive} O2G sessions are left after the server's end": alive,
        f"{subscriptions} subscriptions are left after the server's end": subscriptions,
    }
    return Outcome(grown, tuple(what for what, is_so in left.items() if is_so), wrong)


def report(samples: list[Sample], tally: Tally, *, settled: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Print how it went; give what grew, and what was wrong.

    Args:
        settled: whether the run was long enough to judge what the server holds of its machine.
    """
    machine, o2g = trends(samples, of_the_machine()), trends(samples, at_o2g(SEARCH_SESSIONS))
    print(f"{'':<24}{'early':>10}{'late':>10}{'most':>10}{'in an hour':>14}")
    for trend in (*machine, *o2g):
        print(trend)
    for bound in of_the_machine():
        print(f"{bound.name}, from the beginning: {course(samples, bound)}")
    if not settled:
        print(f"Memory, threads and files are not judged in less than {SETTLED_MINUTES:g} minutes.")
    judged = (*machine, *o2g) if settled else o2g
    walks, left = sum(tally.walks.values()), sum(tally.left.values())
    print(f"{tally.screens} screens, {tally.late} late, {len(tally.wrong)} wrong; codes: {dict(tally.codes) or 'none'}")
    print(f"{walks} walks, {left} not to their end")
    for walk, why in sorted(tally.why.items()):
        print(f"  {walk}: {tally.left[walk]} of {tally.walks[walk]}, the last one: {why[:160]}")
    wrong = [f"wrong: {wrong[:300]}" for wrong in tally.wrong[:10]]
    if left > walks * LEFT_SHARE:
        wrong.append(f"{left} of {walks} walks did not come to their end: too many to prove anything")
    return tuple(str(trend) for trend in judged if trend.grows), tuple(wrong)


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def main() -> None:
    """Run it; end with 1 where something grows, is left behind, or was wrong."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=60.0, help="how long")
    arguments.add_argument("--phones", type=int, default=24, help="how many users walk at once")
    chosen = arguments.parse_args()
    outcome = soak(chosen.minutes, chosen.phones)
    found = (*outcome.grown, *outcome.left, *outcome.wrong)
    print("\n".join(found) if found else "Nothing grows, nothing is left behind.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
