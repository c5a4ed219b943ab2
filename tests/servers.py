"""Real servers that tests use, started on loopback and stopped by themselves."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def need(program: str) -> str:
    """Find a program that not every machine has: skip the test without it, or fail where nothing may be skipped."""
    found = shutil.which(program)
    if found is not None:
        return found
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{program} is missing, and REQUIRE_ALL=1 lets nothing be skipped")
    pytest.skip(f"{program} is not installed")


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis of the test's own and give its address."""
    program, port = need("redis-server"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait_for_port(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]", seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on port {port}")
