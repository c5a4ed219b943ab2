"""How the live state stands, as metrics."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from services.live.packages import Package
from services.live.state import LiveStatus


class LiveFigures(Collector):
    """Reads the figures when they are asked for."""

    def __init__(self, status: Callable[[], LiveStatus], registry: CollectorRegistry) -> None:
        """Take what tells how things stand, without a request."""
        self._status = status
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Give the figures; no name, number or secret is in them."""
        status = self._status()
        told = GaugeMetricFamily("touchline_live", "Whether O2G tells of changes now.", labels=["package"])
        for package in Package:
            told.add_metric([package.value], float(package in status.packages))
        yield told
        yield CounterMetricFamily("touchline_live_gaps", "Times that events may have been missed.", status.gaps)
        yield CounterMetricFamily("touchline_live_malformed", "Lines that were no event.", status.malformed)
        events = CounterMetricFamily("touchline_live_events", "Events that came.", labels=["event"])
        for name, count in status.events.items():
            events.add_metric([name], count)
        yield events
        kept = GaugeMetricFamily("touchline_live_users", "Users of whom a state is kept.", labels=["state"])
        for name, users in status.kept.items():
            kept.add_metric([name], users)
        yield kept
