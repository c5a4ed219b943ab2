"""`make faults`: every fault, in every application, on every family of sets and in every way of being served.

Prints the figures and keeps them.
Ends with 1 where the promise does not hold.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from prs.models import phone_models
from tests.faults import figures
from tests.faults.catalogue import CONTROL, FAULTS, FAULTS_OF_AN_ADDRESS, Fault
from tests.faults.house import faulty_house
from tests.faults.suffering import Suffered, measure_steps, suffer
from tests.faults.ways import USUAL, WAYS, Way

FAMILY = "large_colour"  # the sets with most keys


Suffering = dict[Fault, list[Suffered]]


def main() -> None:
    """Let it all happen: on every family of sets as Touchline comes, and on one where it is served in other ways."""
    families = [model.name for model in phone_models().families]
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--fault",
        choices=[fault.name for fault in (*FAULTS, *FAULTS_OF_AN_ADDRESS)],
        help="this one only; nothing is kept",
    )
    arguments.add_argument("--family", choices=families, help="on these sets only; nothing is kept")
    arguments.add_argument("--way", choices=[way.name for way in WAYS], help="served in this way only; nothing is kept")
    arguments.add_argument("--seconds", type=float, default=4.0, help="how long a fault lasts")
    chosen = arguments.parse_args()
    print(figures.head())
    suffered: dict[Way, Suffering] = {}
    for way in [way for way in WAYS if chosen.way in (None, way.name)]:
        faults = [fault for fault in way.faults if chosen.fault in (None, fault.name)]
        if not faults:
            continue
        wanted = families if way is USUAL else [FAMILY]
        wanted = wanted if chosen.family is None else [chosen.family]
        suffered[way] = _served(way, wanted, faults, chosen.seconds)
    if not suffered:
        arguments.error("that fault does not happen when served in that way")
    if chosen.fault is None and chosen.family is None and chosen.way is None:
        figures.PAGE.write_text(figures.page(suffered, _machine(), chosen.seconds), encoding="utf-8")
    found = [
        f"{way.name}: {breach}"
        for way, suffering in suffered.items()
        for fault, ones in suffering.items()
        for one in ones
        for breach in figures.breaches(fault, one, timed=True)
    ]
    print("\n".join(found) if found else "The promise holds.")
    sys.exit(bool(found))


def _served(way: Way, families: Sequence[str], faults: Sequence[Fault], seconds: float) -> Suffering:
    suffered: Suffering = {fault: [] for fault in (CONTROL, *faults)}
    print(f"\n{way.name}: {way.what}", flush=True)
    with faulty_house(way) as house:
        for family in families:
            unharmed, steps = measure_steps(house, family)
            _keep(CONTROL, unharmed, suffered)
            for fault in faults:
                _keep(fault, suffer(house, fault, family, seconds, steps)[0], suffered)
    return suffered


def _keep(fault: Fault, ones: list[Suffered], suffered: Suffering) -> None:
    suffered[fault] += ones
    for one in ones:
        print(figures.line(fault.name, one), flush=True)


def _machine() -> str:
    """Name the machine in general terms."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    gigabytes = next(int(line.split()[1]) for line in lines if line.startswith("MemTotal")) / 1e6
    machine = f"{os.cpu_count()} cores ({platform.machine()}) and {gigabytes:.0f} GB, with phones and simulator on them"
    return f"{machine} and a load of {os.getloadavg()[2]:.1f}"


if __name__ == "__main__":
    main()
