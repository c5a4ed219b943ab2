"""Liveness, readiness and metrics, for those who run a server and for what watches it."""

import hmac

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from admin.live_figures import LiveFigures
from admin.o2g_figures import O2GFigures
from prs.proxies import Origin, Proxies
from services.deadline import Deadline
from services.errors import O2GError
from services.o2g import O2G

CONNECT_SECONDS = 1.5
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.5, 5.0)


class Metrics:
    """What is counted: screens served, and calls to O2G."""

    def __init__(self) -> None:
        """Start counting."""
        self.registry = CollectorRegistry()
        self._screens = Histogram(
            "touchline_screen_seconds", "Screens served.", ["screen", "status"], buckets=BUCKETS, registry=self.registry
        )
        self._calls = Histogram(
            "touchline_o2g_seconds", "Calls to O2G.", ["operation", "status"], buckets=BUCKETS, registry=self.registry
        )
        self._failed = Counter(
            "touchline_screen_failures", "Screens served that say a failure.", ["screen"], registry=self.registry
        )

    def screen(self, name: str, status: int, seconds: float) -> None:
        """Count a screen: its name, HTTP status, and how long it took."""
        self._screens.labels(name, str(status)).observe(seconds)
        if status >= 500:
            self._failed.labels(name).inc()

    def call(self, operation: str, status: int | None, seconds: float) -> None:
        """Count a call to O2G: its operation, the HTTP status (None: no answer), and how long it took."""
        self._calls.labels(operation, "none" if status is None else str(status)).observe(seconds)


def health(o2g: O2G, metrics: Metrics, token: str | None, proxies: Proxies) -> Blueprint:
    """Make the addresses `/healthz`, `/readyz` and `/metrics`.

    `/healthz`: the process answers. `/readyz`: 200 where a session with O2G is or can be opened, else 503, without
    details, since anyone may ask. `/metrics`: with the token where one is set, else only from this machine, and not
    through a proxy on it.
    """
    doors = Blueprint("health", __name__)
    O2GFigures(o2g.state, metrics.registry)
    LiveFigures(o2g.live.status, metrics.registry)

    @doors.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @doors.get("/readyz")
    def readyz() -> Response:
        if not o2g.state().connected:
            try:
                o2g.connect(Deadline.after(CONNECT_SECONDS))
            except O2GError:
                return Response("O2G: no session\n", 503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")

    @doors.get("/metrics")
    def show_metrics() -> Response:
        if token is not None:
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
                abort(403)
        elif not _is_here(proxies.origin(request.environ)):
            abort(403)
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    return doors


def _is_here(origin: Origin) -> bool:
    return origin.address is not None and origin.address.is_loopback and not origin.relayed
