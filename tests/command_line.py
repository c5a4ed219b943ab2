"""`flask --app app …` as an administrator types it: a process of its own, with the settings of a house."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from simulators.demo.house import DemoHouse

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


def environment(house: DemoHouse) -> dict[str, str]:
    """Give the variables of a shell in which commands find the house."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHLINE_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
    touchline = {**house.settings, "TOUCHLINE_PUBLIC_URL": house.touchline.url}
    return own | touchline | {"PYTHONPATH": str(ROOT), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def flask(house: DemoHouse, *words: str, folder: Path = ROOT, answer: str = "") -> Said:
    """Run a command."""
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment(house), input=answer, capture_output=True, text=True, timeout=60
    )
    return Said(done.returncode, done.stdout, done.stderr)
