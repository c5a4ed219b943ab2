"""Run the booking system and its pages, until Ctrl-C. The secret is taken from the variable ROOMS_SECRET."""

import argparse
import os
import sys
import threading
from pathlib import Path

from examples.room_booking.api import Book, booking_api
from examples.room_booking.pages import Pages
from examples.room_booking.server import PagesServer


def main() -> None:
    """Serve."""
    arguments = argparse.ArgumentParser(prog="python -m examples.room_booking", description=__doc__)
    arguments.add_argument("--port", type=int, default=9600)
    arguments.add_argument("--url", default="https://localhost:{port}/phone/", help="the first page (%(default)s)")
    arguments.add_argument("--cert", type=Path, required=True, help="PEM file of the server's certificate")
    arguments.add_argument("--key", type=Path, required=True, help="PEM file of its key")
    chosen = arguments.parse_args()
    secret = os.environ.get("ROOMS_SECRET", "")
    if len(secret) < 16:
        arguments.error("ROOMS_SECRET needs 16 characters at least: the same as in TOUCHLINE_EXTERNAL_SECRETS")
    api = booking_api(Book())
    threading.Thread(target=api.serve_forever, daemon=True).start()
    pages = Pages(f"http://127.0.0.1:{api.server_address[1]}")
    server = PagesServer(pages, chosen.url, secret, chosen.cert, chosen.key, chosen.port)
    sys.stdout.write(f"ready {chosen.url.format(port=server.server_address[1])}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
