"""Real reverse proxies in front of Touchline, with the samples of deploy/ as their configuration."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from simulators.demo.certificates import Certificates
from tests.servers import need, running

SBIN = ("usr/sbin",)  # where they are, though not in everybody's path


@contextmanager
def nginx(touchline: str, made: Certificates, folder: Path, port: int) -> Iterator[None]:
    """Run nginx on a port before a Touchline."""
    program = need("nginx", *SBIN)
    (folder / "site.conf").write_text(_filled("nginx.conf", touchline, made, port, folder), encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = "user root;" if os.geteuid() == 0 else ""
    whole = (
        f"{main} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;"
        f"events {{}} http {{ access_log off; {places} include {folder}/site.conf; }}"
    )
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with running(command, port):
        yield


@contextmanager
def haproxy(touchline: str, made: Certificates, folder: Path, port: int) -> Iterator[None]:
    """Run HAProxy on a port before a Touchline."""
    program = need("haproxy", *SBIN)
    both = folder / "server-with-key.pem"
    both.touch(mode=0o600)
    both.write_bytes(made.server_cert.read_bytes() + made.server_key.read_bytes())
    configuration = folder / "haproxy.cfg"
    configuration.write_text(_filled("haproxy.cfg", touchline, made, port, folder), encoding="utf-8")
    with running([program, "-db", "-f", str(configuration)], port):
        yield


PROXIES = {"nginx": nginx, "haproxy": haproxy}


def _filled(sample: str, touchline: str, made: Certificates, port: int, folder: Path) -> str:
    """Take a sample as whoever installs it does: names, addresses and files changed, and nothing else."""
    where = {
        "/etc/touchline/server-with-key.pem": str(folder / "server-with-key.pem"),
        "/etc/touchline/server.pem": str(made.server_cert),
        "/etc/touchline/server.key": str(made.server_key),
        "/etc/touchline/prs-ca.pem": str(made.ca),
        "/etc/touchline/ca.pem": str(made.ca),
        "127.0.0.1:8443": urlsplit(touchline).netloc,
        "phones.example": "localhost",
        "bind :443": f"bind 127.0.0.1:{port}",
        "listen 443": f"listen 127.0.0.1:{port}",
    }
    text = Path("deploy", sample).read_text(encoding="utf-8")
    for standing, wanted in where.items():
        text = text.replace(standing, wanted)
    return text
