"""A house whose clock stands still: Touchline in this process, the O2G simulator over the wire, one user a family."""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app import create_app
from prs.language import languages
from prs.links import LinkBuilder
from services.deadline import Deadline
from services.o2g import O2G
from services.wire import CallObservation
from simulators.o2g.process import simulated_o2g
from tests.golden.calls import Visited, visited
from tests.house import PUBLIC_URL, Simulator, in_process
from tests.phone import Phone
from tests.walks.labels import Labels
from tests.walks.on_wire import PhoneWalker
from tests.walks.walker import Walk

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
LATENCY_MS = 15  # long enough that calls side by side overlap
READINGS = (
    "first",
    "second",
)  # each page is kept in two languages: English, and one from right to left or with long words


def language_of(family: str, reading: str) -> str:
    """Give the language of a reading: one that the family's displays have characters for."""
    if reading == "first":
        return "en"
    return "ar" if family == "large_colour" else "de"


SECRET = secrets.token_urlsafe(24)


@dataclass
class Recorder(httpx.BaseTransport):
    """The way to Touchline; notes which calls to O2G each request made."""

    inner: httpx.BaseTransport
    simulator: Simulator
    pending: list[tuple[str, float, float]] = field(default_factory=list)
    visits: list[Visited] = field(default_factory=list)

    def observe(self, seen: CallObservation) -> None:
        now = time.perf_counter()
        self.pending.append((seen.operation, now - seen.seconds, now))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.pending.clear()
        before = self.simulator.request_count()
        response = self.inner.handle_request(request)
        calls = list(self.pending)
        read = [f"{r['path']}?{r['query']}" for r in self.simulator.requests()[before:] if r["method"] == "GET"]
        self.visits.append(visited(urlsplit(str(request.url)).path, calls, read))
        return response


@dataclass(frozen=True)
class GoldenHouse:
    """Where walks are recorded."""

    o2g: O2G
    simulator: Simulator
    client: httpx.Client
    recorder: Recorder
    links: LinkBuilder

    def walk(self, walk: Walk, number: str, family: str, language: str) -> PhoneWalker:
        """Walk in a language, and give what was seen."""
        self.o2g.users.set_language(f"oxe{number}", language, Deadline.after(5))
        self.o2g.users.forget(f"oxe{number}")
        phone = Phone(self.client, number)
        phone.open()  # whoever opens an application has seen the menu: O2G has named the user and their language
        walker = PhoneWalker(phone, family, self.simulator, Labels(languages().of(language)))
        self.recorder.visits.clear()
        walk(walker)
        return walker


@contextmanager
def golden_house(**settings: object) -> Iterator[GoldenHouse]:
    """Run a house that shows the same every day; maybe with other settings than a house has by itself."""
    options = ("--calendar", NOW.isoformat(), "--latency-ms", str(LATENCY_MS))
    with tempfile.TemporaryDirectory() as folder, simulated_o2g(users=60, options=options) as o2g:
        simulator = Simulator(o2g.control)
        recorder = Recorder(httpx.BaseTransport(), simulator)
        app = create_app(
            in_process(
                SECRET,
                database=Path(folder) / "kept.db",
                o2g=o2g,
                time_zone="Europe/Paris",
                screen_seconds=10,
                **settings,
            ),
            now=lambda: NOW,
            observe=recorder.observe,
        )
        recorder.inner = httpx.WSGITransport(app=app, raise_app_exceptions=False)
        services: O2G = app.extensions["touchline.o2g"]
        reception = getattr(app.view_functions["phone.menu"], "__self__")  # noqa: B009  # a view that is a method
        try:
            with httpx.Client(
                transport=recorder, base_url=PUBLIC_URL, headers={"X-PRS-Secret": SECRET}, timeout=15
            ) as client:
                yield GoldenHouse(services, simulator, client, recorder, reception._with.links)
        finally:
            simulator.close()
            app.extensions["touchline.applications"].stop()
            services.close()
