"""`python -m simulators.o2g`: serve a simulated O2G until interrupted."""

import argparse
import asyncio
import signal
import ssl
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from aiohttp import web

from simulators.o2g.certificate import make_certificate
from simulators.o2g.o2g import O2G, Options
from simulators.o2g.rules.searches import Pace
from simulators.o2g.wire.channel import Channels
from simulators.o2g.wire.control import control
from simulators.o2g.wire.front import Front

DEFAULT_ADMIN = "touchline:Touchline-1"


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    options = argparse.ArgumentParser(prog="python -m simulators.o2g", description=__doc__)
    add = options.add_argument
    add("--host", default="127.0.0.1", help="address to serve on (%(default)s)")
    add("--public-host", metavar="H", help="host in the URLs that are returned (default: --host)")
    add("--port", type=int, default=0, help="port of the REST API; 0 for any free one")
    add("--events-port", type=int, default=0, help="port of the event channel; 0 for any free one")
    add("--control-port", type=int, default=0, help="port of the control interface; 0 for any free one")
    add("--users", type=int, default=200, metavar="N", help="people of the world (%(default)s)")
    add("--seed", type=int, default=1, metavar="S", help="the same seed gives the same world (%(default)s)")
    add("--admin", action="append", metavar="LOGIN:PASSWORD", help=f"an administrator ({DEFAULT_ADMIN})")
    add("--cert", type=Path, metavar="F", help="PEM file of the certificate (default: one of its own)")
    add("--key", type=Path, metavar="F", help="PEM file of its key")
    add("--latency-ms", type=float, default=0, metavar="L", help="time before each answer (%(default)s)")
    add("--search-first-ms", type=float, default=120, help="until a directory search finds somebody (%(default)s)")
    add("--search-portion", type=int, default=20, help="people in a portion of a search (%(default)s)")
    add("--search-portion-ms", type=float, default=60, help="between two portions (%(default)s)")
    return options


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
    admins = dict(pair.split(":", 1) for pair in arguments.admin or [DEFAULT_ADMIN])
    o2g = O2G(Options(arguments.users, arguments.seed, admins, pace, arguments.latency_ms))
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    async with AsyncExitStack() as stack:
        events = await _open(stack, _runner(Channels(o2g).handle), arguments.host, arguments.events_port, tls)
        api = await _open(stack, _runner(Front(o2g).handle), arguments.host, arguments.port, tls)
        desk = web.AppRunner(control(o2g), access_log=None, shutdown_timeout=0.2)
        control_port = await _open(stack, desk, "127.0.0.1", arguments.control_port, None)
        o2g.addresses.api = f"https://{host}:{api}"
        o2g.addresses.events = f"https://{host}:{events}"
        sys.stderr.write(f"control http://127.0.0.1:{control_port}/simulator\n")
        sys.stdout.write(f"ready {o2g.addresses.api}/api/rest\n")
        sys.stderr.flush()
        sys.stdout.flush()
        await stop.wait()


def _runner(handler: "web.RequestHandler[web.BaseRequest] | object") -> web.ServerRunner:
    return web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.2)  # type: ignore[arg-type]


async def _open(
    stack: AsyncExitStack,
    runner: "web.BaseRunner[web.Request] | web.BaseRunner[web.BaseRequest]",
    host: str,
    port: int,
    tls: ssl.SSLContext | None,
) -> int:
    """Open a port for a runner until the stack ends; give the port."""
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, host, port, ssl_context=tls, backlog=1024).start()
    bound: int = runner.addresses[0][1]
    return bound


def main() -> None:
    """Serve."""
    uvloop.run(serve(parser().parse_args()))


if __name__ == "__main__":
    main()
