"""A phone in a browser, its presentation server as a process, and a stand-in for Touchline behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from simulators.phone.process import phone
from tests.servers import need
from tests.simulators.phone.desk import Desk
from tests.simulators.phone.touchline import SECRET, FakeTouchline, fake_touchline

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PEOPLE = [
    {
        "number": "70000",
        "name": "Amélie Dupont",
        "set": "70000",
        "station_type": "NOE_C_COLOR_IP_8068",
        "language": "fr",
    },
    {"number": "70001", "name": "Bob <b>Small</b>", "set": "70001", "station_type": "NOE_B_IP_8028", "language": "en"},
    {"number": "70002", "name": "Chen Large", "set": "70002", "station_type": "NOE_C_IP_8038", "language": "en"},
    {"number": "70003", "name": "Dora Line", "set": "", "station_type": "IPT_4008", "language": "en"},
]


@dataclass(frozen=True, slots=True)
class Papers:
    """Certificates of one authority: Touchline's, the presentation server's; and one that nobody knows."""

    ca: Path
    server_cert: Path
    server_key: Path
    prs_cert: Path
    prs_key: Path
    unknown_ca: Path


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    authority, stranger = trustme.CA(), trustme.CA()
    made = Papers(*(folder / name for name in ("ca.pem", "s.pem", "s.key", "p.pem", "p.key", "unknown.pem")))
    authority.cert_pem.write_to_path(made.ca)
    stranger.cert_pem.write_to_path(made.unknown_ca)
    for leaf, cert, key in (
        (authority.issue_cert("127.0.0.1"), made.server_cert, made.server_key),
        (authority.issue_cert("prs.test"), made.prs_cert, made.prs_key),
    ):
        cert.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(key)
    return made


@pytest.fixture(scope="session")
def _touchline(papers: Papers) -> Iterator[FakeTouchline]:
    with fake_touchline(papers.server_cert, papers.server_key, papers.ca) as fake:
        yield fake


@pytest.fixture
def touchline(_touchline: FakeTouchline) -> Iterator[FakeTouchline]:
    """The stand-in, with nothing received and nothing held back."""
    _touchline.reset()
    yield _touchline
    _touchline.reset()


@pytest.fixture(scope="session")
def address(_touchline: FakeTouchline, papers: Papers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the phone is served."""
    people = tmp_path_factory.mktemp("people") / "people.json"
    people.write_text(json.dumps(PEOPLE), "utf-8")
    with phone(
        _touchline.url,
        ca=papers.ca,
        client_cert=papers.prs_cert,
        client_key=papers.prs_key,
        secret=SECRET,
        people=people,
    ) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped, or fails where everything is required.

    For one module only: while Playwright runs, its event loop would be in the way of asynchronous tests elsewhere.
    """
    found = need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def desk(window: BrowserContext, address: str, touchline: FakeTouchline) -> Iterator[Desk]:
    """A desk with a large colour set of Amélie Dupont on it, switched on. No error of the page goes unnoticed."""
    page = window.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    made = Desk(page, address, touchline)
    made.open()
    yield made
    assert errors == []
