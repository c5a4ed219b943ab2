"""`python -m simulators.o2g`: serve a simulated O2G until interrupted."""

import argparse
import asyncio
import resource
import signal
import ssl
import sys
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import uvloop
from aiohttp import web
from pydantic import ValidationError

from simulators.o2g.certificate import make_certificate
from simulators.o2g.o2g import O2G, Options
from simulators.o2g.planned import Plan, planned, put_on_the_clock
from simulators.o2g.rules import licences
from simulators.o2g.rules.faults import Faults
from simulators.o2g.rules.searches import Pace
from simulators.o2g.wire.channel import Channels
from simulators.o2g.wire.control import control
from simulators.o2g.wire.front import Front
from simulators.o2g.wire.ports import Port, Ports
from simulators.o2g.wire.protocol import server

DEFAULT_ADMIN = "touchline:Touchline-1"


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    options = argparse.ArgumentParser(prog="python -m simulators.o2g", description=__doc__)
    add = options.add_argument
    add("--host", default="127.0.0.1", help="address to serve on (%(default)s)")
    add("--public-host", metavar="H", help="host in the URLs that are returned (default: --host)")
    add("--reverse-proxy", metavar="URL", help="through which it is reached from outside: its public address")
    add("--port", type=int, default=0, help="port of the REST API; 0 for any free one")
    add("--events-port", type=int, default=0, help="port of the event channel; 0 for any free one")
    add("--control-port", type=int, default=0, help="port of the control interface; 0 for any free one")
    add("--users", type=int, default=200, metavar="N", help="people of the world (%(default)s)")
    add("--seed", type=int, default=1, metavar="S", help="the same seed gives the same world (%(default)s)")
    add("--admin", action="append", metavar="LOGIN:PASSWORD", help=f"an administrator ({DEFAULT_ADMIN})")
    add("--cert", type=Path, metavar="F", help="PEM file of the certificate (default: one of its own)")
    add("--key", type=Path, metavar="F", help="PEM file of its key")
    add("--plain-admin", action="append", metavar="LOGIN:PASSWORD", help="an administrator who may not supervise")
    add("--licences", type=_licences, default={}, metavar="NAME=N,…", help="limits; `none`: no licence file")
    add("--licences-expire", type=date.fromisoformat, metavar="YYYY-MM-DD", help="their date (default: in two years)")
    add("--calendar", type=_moment, metavar="ISO", help="date and time of the world, which then stand still")
    add("--bypass-token", action="append", metavar="TOKEN=DATE", help="application name that takes no licences")
    add("--faults", type=_faults, default=Faults(), metavar="JSON", help="as PUT /simulator/faults takes them")
    add("--incidents", type=_incidents, default=[], metavar="JSON", help="what happens, how long after `ready`: a list")
    add("--latency-ms", type=float, default=0, metavar="L", help="time before each answer (%(default)s)")
    add("--search-first-ms", type=float, default=120, help="until a directory search finds somebody (%(default)s)")
    add("--search-portion", type=int, default=20, help="people in a portion of a search (%(default)s)")
    add("--search-portion-ms", type=float, default=60, help="between two portions (%(default)s)")
    return options


def _moment(given: str) -> datetime:
    moment = datetime.fromisoformat(given)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone, such as 2026-03-02T09:30:00+00:00")
    return moment.astimezone(UTC)


async def serve(arguments: argparse.Namespace) -> None:
    """Open the ports, say `ready`, and serve until SIGINT or SIGTERM."""
    host = arguments.public_host or arguments.host
    cert, key = arguments.cert, arguments.key
    if cert is None:
        made = make_certificate(host)
        cert, key = made.cert, made.key
        sys.stderr.write(f"certificate to trust: {made.trust}\n")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    pace = Pace(arguments.search_first_ms / 1000, arguments.search_portion, arguments.search_portion_ms / 1000)
    plain = dict(pair.split(":", 1) for pair in arguments.plain_admin or [])
    admins = plain | dict(pair.split(":", 1) for pair in arguments.admin or [DEFAULT_ADMIN])
    tokens = dict(pair.rsplit("=", 1) for pair in arguments.bypass_token or [])
    faults = arguments.faults.model_copy()
    if arguments.latency_ms:
        faults.latency_ms = arguments.latency_ms
    options = Options(
        arguments.users,
        arguments.seed,
        admins,
        pace,
        faults,
        frozenset(plain),
        arguments.licences,
        tokens,
        arguments.calendar,
        arguments.licences_expire,
    )
    o2g = O2G(options)
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    async with AsyncExitStack() as stack:
        ports = Ports()
        stack.push_async_callback(ports.close)
        stack.push_async_callback(o2g.webhooks.close)
        channels, front = Channels(o2g), Front(o2g)
        events = await ports.add(Port(lambda: server(channels.handle), arguments.host, arguments.events_port, tls))
        api = await ports.add(Port(lambda: server(front.handle), arguments.host, arguments.port, tls))
        o2g.incidents.close_ports, o2g.incidents.open_ports = ports.close, ports.open
        o2g.incidents.started()
        desk = web.AppRunner(control(o2g), access_log=None, shutdown_timeout=0.2)
        await desk.setup()
        stack.push_async_callback(desk.cleanup)
        await web.TCPSite(desk, "127.0.0.1", arguments.control_port).start()
        control_port = desk.addresses[0][1]
        o2g.addresses.api = f"https://{host}:{api}"
        o2g.addresses.public = (arguments.reverse_proxy or o2g.addresses.api).rstrip("/")
        o2g.addresses.events = f"https://{host}:{events}"
        sys.stderr.write(f"control http://127.0.0.1:{control_port}/simulator\n")
        sys.stdout.write(f"ready {o2g.addresses.api}/api/rest\n")
        sys.stderr.flush()
        sys.stdout.flush()
        put_on_the_clock(arguments.incidents, o2g)
        await stop.wait()


def _licences(text: str) -> dict[str, int]:
    try:
        return licences.installed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _faults(text: str) -> Faults:
    try:
        return Faults.model_validate_json(text)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _incidents(text: str) -> Plan:
    try:
        return planned(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as this process may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Serve."""
    _allow_many_connections()
    uvloop.run(serve(parser().parse_args()))


if __name__ == "__main__":
    main()
