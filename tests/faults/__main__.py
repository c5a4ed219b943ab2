"""`make faults`: every fault, in every application, on every family of sets; prints the figures and keeps them.

Ends with 1 where the promise does not hold.
"""

import argparse
import os
import platform
import sys
from pathlib import Path

from prs.models import phone_models
from tests.faults import figures
from tests.faults.catalogue import CONTROL, FAULTS, Fault
from tests.faults.house import faulty_house
from tests.faults.suffering import Suffered, measure_steps, suffer


def main() -> None:
    """Let it all happen."""
    families = [model.name for model in phone_models().families]
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fault", choices=[fault.name for fault in FAULTS], help="this one only; nothing is kept")
    arguments.add_argument("--family", choices=families, help="on these sets only; nothing is kept")
    arguments.add_argument("--seconds", type=float, default=4.0, help="how long a fault lasts")
    chosen = arguments.parse_args()
    faults = [fault for fault in FAULTS if chosen.fault in (None, fault.name)]
    suffered: dict[Fault, list[Suffered]] = {fault: [] for fault in (CONTROL, *faults)}
    print(figures.head())
    with faulty_house() as house:
        for family in [name for name in families if chosen.family in (None, name)]:
            unharmed, steps = measure_steps(house, family)
            _keep(CONTROL, unharmed, suffered)
            for fault in faults:
                _keep(fault, suffer(house, fault, family, chosen.seconds, steps)[0], suffered)
    if chosen.fault is None and chosen.family is None:
        figures.PAGE.write_text(figures.page(suffered, _machine(), chosen.seconds), encoding="utf-8")
    found = [
        text for fault, ones in suffered.items() for one in ones for text in figures.breaches(fault, one, timed=True)
    ]
    print("\n".join(found) if found else "The promise holds.")
    sys.exit(bool(found))


def _keep(fault: Fault, ones: list[Suffered], suffered: dict[Fault, list[Suffered]]) -> None:
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
