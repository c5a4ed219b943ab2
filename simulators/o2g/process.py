"""The simulator as a process of its own, for tests, demonstrations and other people's fixtures.

with simulated_o2g(users=500) as o2g:
    client = MyClient(o2g.url, ca=o2g.ca, login=o2g.login, password=o2g.password)
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from simulators.starting import DidNotStart, stop, wait_until_ready

__all__ = ["DidNotStart", "RunningO2G", "simulated_o2g"]

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RunningO2G:
    """A simulator that serves.

    Attributes:
        url: its address, such as `https://127.0.0.1:4443`; `/api/rest` is its root.
        control: address of its control interface.
        ca: PEM file that a client trusts it by.
        login, password: its administrator.
        process: the process, for a test that wants to stop it.
    """

    url: str
    control: str
    ca: Path
    login: str
    password: str = field(repr=False)
    process: "subprocess.Popen[str]"


@contextmanager
def simulated_o2g(
    *,
    users: int = 200,
    seed: int = 1,
    port: int = 0,
    login: str = "touchline",
    password: str = "Touchline-1",  # noqa: S107  (of a simulator on loopback)
    certificate: tuple[Path, Path, Path] | None = None,
    options: Sequence[str] = (),
) -> Iterator[RunningO2G]:
    """Run a simulator until the context ends.

    Args:
        users: people of the world.
        seed: the same seed gives the same world.
        port: of the REST API; 0 for any free one.
        login, password: of its administrator.
        certificate: PEM files: chain, key, and what clients trust; None: the simulator makes its own.
        options: further words of its command line, such as `("--latency-ms", "20")`.

    Raises:
        DidNotStart: it ended or did not get ready within a minute.
    """
    command = [sys.executable, "-m", "simulators.o2g", "--users", str(users), "--seed", str(seed)]
    command += ["--port", str(port), "--admin", f"{login}:{password}", *options]
    if certificate is not None:
        command += ["--cert", str(certificate[0]), "--key", str(certificate[1])]
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            url = wait_until_ready(process, said, START_SECONDS)
            said.seek(0)
            told = dict(line.rsplit(" ", 1) for line in said.read().splitlines() if " " in line)
            trust = certificate[2] if certificate is not None else Path(told["certificate to trust:"])
            yield RunningO2G(url.removesuffix("/api/rest"), told["control"], trust, login, password, process)
        finally:
            stop(process)
