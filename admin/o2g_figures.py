"""How things stand with O2G, as metrics: read when they are asked for, without a request to O2G."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.session import O2GState


class O2GFigures(Collector):
    """Gives O2G's state in the form that is scraped."""

    def __init__(self, state: Callable[[], O2GState], registry: CollectorRegistry) -> None:
        """Take where the state comes from, and be asked with the other metrics of the registry."""
        self._state = state
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Give the figures of now."""
        state = self._state()
        gauges = (
            ("connected", "Whether a session with O2G is open at an address that answers.", state.connected),
            ("other_address", "Whether O2G's other address is used.", state.other_address),
            ("sessions", "Sessions at O2G beside the administrator's: users', or those for searches.", state.sessions),
        )
        for name, meaning, value in gauges:
            yield GaugeMetricFamily(f"touchline_o2g_{name}", meaning, value=float(value))
        refused = CounterMetricFamily(
            "touchline_o2g_licences_refused", "Requests that O2G refused for lack of a licence."
        )
        refused.add_metric([], state.licences_refused)
        yield refused
        healed = CounterMetricFamily("touchline_o2g_healed", "What healed by itself, by kind.", labels=["what"])
        for what, count in state.healed.items():
            healed.add_metric([what], count)
        yield healed
