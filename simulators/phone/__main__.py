"""`python -m simulators.phone`: a desk phone in the browser, and the presentation server behind it."""

import argparse
import asyncio
import contextlib
import os
import signal
import ssl
import sys
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from simulators.phone.addresses import AddressRefused
from simulators.phone.people import load_people
from simulators.phone.prs import PresentationServer
from simulators.phone.server import create_app
from simulators.phone.sets import load_sets

SECRET_VARIABLE: Final = "TOUCHLINE_PRS_SHARED_SECRET"  # noqa: S105  (the name of it)


def parser() -> argparse.ArgumentParser:
    """Build the reader of the command line."""
    options = argparse.ArgumentParser(prog="python -m simulators.phone", description=__doc__)
    options.add_argument("--touchline", required=True, metavar="https://H:P", help="Touchline's origin")
    options.add_argument("--ca", type=Path, metavar="FILE", help="certificates to believe (default: the system's)")
    options.add_argument("--client-cert", type=Path, metavar="FILE", help="the presentation server's certificate")
    options.add_argument("--client-key", type=Path, metavar="FILE", help="its key")
    options.add_argument("--secret-file", type=Path, metavar="FILE", help=f"shared secret; else ${SECRET_VARIABLE}")
    options.add_argument("--people", type=Path, metavar="FILE", help="JSON list of people for the selector")
    options.add_argument("--start", default="/phone/", metavar="PATH", help="path of the first page (%(default)s)")
    options.add_argument("--host", default="127.0.0.1", help="where to serve the phone (%(default)s)")
    options.add_argument("--port", type=int, default=0, help="its port; 0 for any free one")
    return options


def build(arguments: argparse.Namespace) -> web.Application:
    """Build the server from the command line.

    Raises:
        AddressRefused, OSError, ssl.SSLError, ValidationError: an argument or a file is wrong.
    """
    tls = ssl.create_default_context(cafile=arguments.ca)
    if arguments.client_cert:
        tls.load_cert_chain(arguments.client_cert, arguments.client_key)
    if arguments.secret_file:
        secret = arguments.secret_file.read_text("utf-8").strip()
    else:
        secret = os.environ.get(SECRET_VARIABLE, "")
    if not arguments.start.startswith("/"):
        raise AddressRefused("--start is a path: it begins with /")
    prs = PresentationServer(arguments.touchline, tls, secret)
    return create_app(prs, load_sets(), load_people(arguments.people), arguments.start)


async def serve(app: web.Application, host: str, port: int) -> None:
    """Serve until interrupted or terminated; say `ready` once the phone can be opened."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        sys.stdout.write(f"ready http://{f'[{bound[0]}]' if ':' in bound[0] else bound[0]}:{bound[1]}/\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    """Run; give the exit status."""
    arguments = parser().parse_args()
    try:
        app = build(arguments)
    except (AddressRefused, OSError, ssl.SSLError, ValidationError) as error:
        sys.stderr.write(f"cannot start: {error}\n")
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(app, arguments.host, arguments.port))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
