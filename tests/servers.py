"""Real servers that tests use, started on loopback and stopped by themselves."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

POSTGRES_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/local/pgsql/bin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def need(program: str, *folders: str) -> str:
    """Find a program that not every machine has: skip the test without it, or fail where nothing may be skipped.

    `folders` are looked into where it is not on the path; patterns below the root.
    """
    beyond = (str(file) for folder in folders for file in sorted(Path("/").glob(f"{folder}/{program}"), reverse=True))
    found = shutil.which(program) or next(beyond, None)
    if found is not None:
        return found
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{program} is missing, and REQUIRE_ALL=1 lets nothing be skipped")
    pytest.skip(f"{program} is not installed")


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[None]:
    """Run a server that listens on a port, until the context ends."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def redis_server(password: str = "") -> Iterator[str]:
    """Run a Redis of the test's own and give its address."""
    program, port = need("redis-server"), free_port()
    guarded = ["--requirepass", password] if password else []
    with (
        tempfile.TemporaryDirectory() as folder,
        running([program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, *guarded], port),
    ):
        yield f"redis://{f':{password}@' if password else ''}127.0.0.1:{port}/0"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL of the test's own and give the address of its database, as the setting `database_url`."""
    with running_postgres() as server:
        yield server.url


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL: the address of its database, and its process."""

    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL that trusts this machine; one that runs as root is refused by PostgreSQL itself."""
    initdb, program, port = need("initdb", *POSTGRES_FOLDERS), need("postgres", *POSTGRES_FOLDERS), free_port()
    with tempfile.TemporaryDirectory(prefix="touchline-pg-") as folder:
        become: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            become = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        data = f"{folder}/data"
        make = [initdb, "--pgdata", data, "--username", "touchline", "--auth", "trust", "--no-sync"]
        subprocess.run([*make, "--encoding", "UTF8"], check=True, capture_output=True, cwd=folder, **become)
        serve = [program, "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
        process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **become)
        try:
            url = f"postgresql+psycopg://touchline@127.0.0.1:{port}/postgres"
            _wait_for_postgres(url, process)
            yield Postgres(url, process)
        finally:
            process.send_signal(signal.SIGINT)  # a fast end: clients are thrown out
            process.wait(timeout=30)


def _wait_for_postgres(url: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended at once"
        try:
            psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("PostgreSQL did not answer")


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]", seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on port {port}")
