"""The phone as a process of its own, for tests and for the demo: started, awaited, stopped."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulators.starting import DidNotStart, stop, wait_until_ready

__all__ = ["DidNotStart", "phone"]

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 20.0


@contextmanager
def phone(
    touchline: str,
    *,
    ca: Path | None = None,
    client_cert: Path | None = None,
    client_key: Path | None = None,
    secret: str = "",
    people: Path | None = None,
    start: str = "/phone/",
    port: int = 0,
) -> Iterator[str]:
    """Run a phone simulator until the context ends; give its address, such as `http://127.0.0.1:40000/`.

    Args:
        touchline: origin, `https://host:port`.
        ca: certificates to believe.
        client_cert, client_key: the presentation server's certificate and key.
        secret: the shared secret; handed over in the environment, so that no list of processes shows it.
        people: JSON file for the selector.
        start: path of the first page.
        port: where to serve; 0 for any free port.

    Raises:
        DidNotStart: it ended, or did not get ready within 20 seconds.
    """
    given = {
        "--touchline": touchline, "--ca": ca, "--client-cert": client_cert, "--client-key": client_key,
        "--people": people, "--start": start, "--port": port,
    }  # fmt: skip
    words = [word for name, value in given.items() if value is not None for word in (name, str(value))]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulators.phone", *words],
            cwd=ROOT,
            env={**os.environ, "TOUCHLINE_PRS_SHARED_SECRET": secret},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        try:
            yield wait_until_ready(process, complaints, START_SECONDS)
        finally:
            stop(process)
