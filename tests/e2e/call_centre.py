"""What tests of the call centre share: a Touchline of their own, and waiting for events."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app import create_app
from services.o2g import O2G
from simulators.demo.house import DemoHouse
from tests.house import PUBLIC_URL, PhoneOf, in_process
from tests.phone import Phone


@contextmanager
def in_this_process(house: DemoHouse, folder: Path, live_state: str) -> Iterator[tuple[PhoneOf, O2G]]:
    """Run a Touchline of a test's own at the house's O2G, with the door to O2G that it uses."""
    secret = secrets.token_urlsafe(24)
    app = create_app(in_process(secret, database=folder / "kept.db", o2g=house.o2g, live_state=live_state))
    o2g: O2G = app.extensions["touchline.o2g"]
    with httpx.Client(
        transport=httpx.WSGITransport(app=app), base_url=PUBLIC_URL, headers={"X-PRS-Secret": secret}, timeout=15
    ) as prs:
        yield lambda number: Phone(prs, number), o2g
    o2g.close()
