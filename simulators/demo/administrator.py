"""An account for the demo's administration, made by the command that everybody uses, with a password of chance."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field

from simulators.demo.house import DemoHouse
from simulators.demo.touchline import ROOT
from simulators.starting import DidNotStart

LOGIN = "demo"


@dataclass(frozen=True, slots=True)
class Administrator:
    """An account: login and password."""

    login: str
    password: str = field(repr=False)


def hire_administrator(house: DemoHouse, login: str = LOGIN) -> Administrator:
    """Make an account in a running house.

    Raises:
        DidNotStart: the command refused.
    """
    made = Administrator(login, secrets.token_urlsafe(12))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHLINE_")}
    environment |= {"TOUCHLINE_PUBLIC_URL": house.touchline.url} | dict(house.settings)
    command = [sys.executable, "-m", "flask", "--app", "app", "admin", "add", login, "--password-stdin"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=f"{made.password}\n", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DidNotStart(f"no account was made: {done.stderr.strip()}")
    return made
