"""Touchline as a process, served the way its documentation says, with settings from the environment."""

import os
import secrets
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from simulators.demo.certificates import PRS_NAME, Certificates
from simulators.starting import DidNotStart

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Touchline:
    """A running Touchline: its address, the secret that it expects of the presentation server, its process."""

    url: str
    secret: str = field(repr=False)
    process: "subprocess.Popen[bytes]"


def free_port() -> int:
    """Find a port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_for(
    o2g_url: str, o2g_login: str, o2g_password: str, o2g_ca: Path, certificates: Certificates
) -> dict[str, str]:
    """Give the settings of a Touchline that speaks to one O2G and believes the demo's presentation server only."""
    return {
        "TOUCHLINE_CONFIG": os.devnull,
        "TOUCHLINE_LINK_KEYS": f'["{secrets.token_hex(32)}"]',
        "TOUCHLINE_PRS_SHARED_SECRET": secrets.token_urlsafe(24),
        "TOUCHLINE_PRS_CLIENT_CA": str(certificates.ca),
        "TOUCHLINE_PRS_CLIENT_NAMES": f'["{PRS_NAME}"]',
        "TOUCHLINE_TLS_CERT": str(certificates.server_cert),
        "TOUCHLINE_TLS_KEY": str(certificates.server_key),
        "TOUCHLINE_O2G_URL": o2g_url.removesuffix("/api/rest"),
        "TOUCHLINE_O2G_LOGIN": o2g_login,
        "TOUCHLINE_O2G_PASSWORD": o2g_password,
        "TOUCHLINE_O2G_CA": str(o2g_ca),
        "TOUCHLINE_USER_REQUESTS_PER_MINUTE": "0",  # a test's phone presses faster than any person
        "TOUCHLINE_REGISTRY_COPY": f"{certificates.ca.parent}/registry-last-known.toml",
        "TOUCHLINE_DATABASE_URL": f"sqlite:///{certificates.ca.parent}/touchline.db",
    }


@contextmanager
def touchline(
    settings: Mapping[str, str], port: int, log: IO[bytes] | None = None, application: str = "app:create_app()"
) -> Iterator[Touchline]:
    """Run Touchline on a port of this machine until the context ends.

    Args:
        settings: `TOUCHLINE_*` variables; where it listens is added, and its public address where they have none.
        port: where it listens.
        log: where its log goes; None: nowhere.
        application: what gunicorn serves; a benchmark serves its floor in the same way.

    Raises:
        DidNotStart: it ended or did not answer within 30 seconds.
    """
    url = f"https://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHLINE_")}
    environment |= {"TOUCHLINE_PUBLIC_URL": url} | dict(settings)
    environment |= {"TOUCHLINE_LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application]
    output = log if log is not None else subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(url, process, settings["TOUCHLINE_PRS_CLIENT_CA"])
        yield Touchline(url, settings["TOUCHLINE_PRS_SHARED_SECRET"], process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]", ca: str) -> None:
    end = time.monotonic() + START_SECONDS
    with httpx.Client(verify=_trust(ca), timeout=2) as client:
        while time.monotonic() < end:
            if process.poll() is not None:
                raise DidNotStart(f"Touchline ended with {process.returncode}")
            try:
                if client.get(f"{url}/healthz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise DidNotStart("Touchline did not answer in time")


def _trust(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca)
