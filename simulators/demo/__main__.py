"""`make run`: the whole house for a person to try, until Ctrl-C."""

import argparse
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from simulators.demo.administrator import hire_administrator
from simulators.demo.house import demo_house
from simulators.demo.settings_file import write_settings

PORTS = {"o2g": 9443, "touchline": 8443, "phone": 8080}
LOG = Path("var/touchline.log")
EASIER = {"TOUCHLINE_ADMIN_SECOND_FACTOR": "false"}  # whoever looks at the demo may have no device for it
SETTINGS = Path("var/demo.toml")
APPLICATIONS = Path("applications")


def free_or_any(port: int) -> int:
    """Give the port if nobody has it, else 0 for any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> None:
    """Start the house, say where it is, and stop it at Ctrl-C or SIGTERM."""
    arguments = argparse.ArgumentParser(prog="make run ARGS=…", description=__doc__)
    arguments.add_argument("--users", type=int, default=500, help="people of the demo world (%(default)s)")
    arguments.add_argument("--seed", type=int, default=1, help="another seed, another company (%(default)s)")
    arguments.add_argument("--latency-ms", type=float, default=20, help="how long O2G takes to answer (%(default)s)")
    chosen = arguments.parse_args()
    own = EASIER | {name: value for name, value in os.environ.items() if name.startswith("TOUCHLINE_")}
    own.setdefault("TOUCHLINE_APPLICATIONS_FOLDER", str(APPLICATIONS.resolve()))
    signal.signal(signal.SIGTERM, interrupt)
    LOG.parent.mkdir(exist_ok=True)
    ports = (free_or_any(PORTS["o2g"]), free_or_any(PORTS["touchline"]), free_or_any(PORTS["phone"]))
    say = sys.stdout.write
    try:
        with (
            LOG.open("wb") as log,
            demo_house(
                users=chosen.users,
                seed=chosen.seed,
                o2g_options=("--latency-ms", str(chosen.latency_ms)),
                ports=ports,
                with_phone=True,
                settings=own,
                log=log,
            ) as house,
        ):
            say(f"\n  the phone      {house.phone}          open this in a browser\n")
            say(f"  Touchline      {house.touchline.url}/     its log: {LOG}\n")
            made = hire_administrator(house)
            say(f"  administration {house.touchline.url}/admin/   login {made.login}, password {made.password}\n")
            say(f"  O2G simulator  {house.o2g.url}/api/rest   login {house.o2g.login}, password {house.o2g.password}\n")
            write_settings(SETTINGS, house.settings, house.touchline.url)
            say(f"  for commands   export TOUCHLINE_CONFIG={SETTINGS}\n")
            say(f"  its controls   {house.o2g.control}\n\n  Ctrl-C stops them all.\n")
            sys.stdout.flush()
            signal.pause()
    except KeyboardInterrupt:
        SETTINGS.unlink(missing_ok=True)  # its secrets open nothing any more
        say("\n  stopped\n")


if __name__ == "__main__":
    main()
