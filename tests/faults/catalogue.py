"""What can happen to an O2G: each fault begins with its context and is over when the context ends."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import httpx

from simulators.o2g.process import RunningO2G
from tests.relay import Passage, Relay

DOWN_SECONDS = 600  # of the simulation's clock, which a test moves
LINK_SECONDS = 30  # after which O2G tells of a link that is down (L157)
PULSE_SECONDS = 0.15
BEYOND_A_SCREEN = 3.5
MANY = 1_000_000
ALWAYS = [{"path": "/", "status": 500, "times": MANY}]
NO_LICENCE = [
    {"path": path, "status": 403, "type": "NOT_ALLOWED", "says": "no licence is left", "times": MANY}
    for path in ("/telephony", "/eventSummary", "/routing", "/comlog", "/directory", "/messaging", "/acd")
]
EVERY_THIRD = [{"path": "/", "status": 500, "nth": n} for n in range(3, 900, 3)]


class Patient:
    """The O2G that falls ill."""

    def __init__(self, running: RunningO2G, relay: Relay | None = None) -> None:
        """Take the O2G, and what stands in the way to its first address, if anything does."""
        self.relay = relay
        self._running = running
        self._control = httpx.Client(base_url=running.control, timeout=30)

    def put(self, path: str, **wanted: object) -> None:
        self._control.put(path, json=wanted).raise_for_status()

    def post(self, path: str, **wanted: object) -> None:
        self._control.post(path, json=wanted).raise_for_status()

    def delete(self, path: str) -> None:
        self._control.delete(path).raise_for_status()

    def signal(self, number: int) -> None:
        os.kill(self._running.process.pid, number)

    def close(self) -> None:
        self._control.close()


Happening = Callable[[Patient], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault.

    Attributes:
        name: short, for tables.
        what: what happens, in a sentence for readers of the table.
        happening: lets it happen until the context ends.
        swallows: O2G does what it is asked and its answer may break on its way, so that a message that it erased may
            be lost. Every fault does that breaks connections at any moment, and not before a request is read.
        deaf: its control interface does not answer either.
        least_seconds: for how long it must last to be one.
    """

    name: str
    what: str
    happening: Happening
    swallows: bool = False
    deaf: bool = False
    least_seconds: float = 0.0


def failing(**faults: object) -> Happening:
    @contextmanager
    def happen(o2g: Patient) -> Iterator[None]:
        o2g.put("/faults", **faults)
        try:
            yield
        finally:
            o2g.delete("/faults")

    return happen


def again_and_again(strike: Callable[[Patient], None]) -> Happening:
    """Strike at once, and then every few requests."""

    @contextmanager
    def happen(o2g: Patient) -> Iterator[None]:
        over = threading.Event()
        strike(o2g)

        def go_on() -> None:
            while not over.wait(PULSE_SECONDS):
                strike(o2g)

        striking = threading.Thread(target=go_on)
        striking.start()
        try:
            yield
        finally:
            over.set()
            striking.join()
            o2g.delete("/faults")

    return happen


def broken_channel(fault: str) -> Happening:
    """Break what is open now, and what is opened again after every second event."""

    @contextmanager
    def happen(o2g: Patient) -> Iterator[None]:
        o2g.put("/faults", channel_every=2, channel_fault=fault)
        o2g.post("/channels", fault=fault)
        try:
            yield
        finally:
            o2g.delete("/faults")

    return happen


def going_away(route: str) -> Happening:
    @contextmanager
    def happen(o2g: Patient) -> Iterator[None]:
        o2g.post(route, down_seconds=DOWN_SECONDS)
        try:
            yield
        finally:
            o2g.post("/clock", seconds=DOWN_SECONDS + 1)

    return happen


@contextmanager
def nothing(_: Patient) -> Iterator[None]:
    yield


@contextmanager
def frozen(o2g: Patient) -> Iterator[None]:
    o2g.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        o2g.signal(signal.SIGCONT)


@contextmanager
def starting(o2g: Patient) -> Iterator[None]:
    o2g.put("/faults", not_ready_seconds=DOWN_SECONDS)
    o2g.post("/restart", down_seconds=0)
    try:
        yield
    finally:
        o2g.delete("/faults")


@contextmanager
def without_a_node(o2g: Patient) -> Iterator[None]:
    o2g.delete("/cti-links/1")
    o2g.post("/clock", seconds=LINK_SECONDS + 1)
    try:
        yield
    finally:
        o2g.put("/cti-links/1")


def first_address(passage: Passage) -> Happening:
    @contextmanager
    def happen(o2g: Patient) -> Iterator[None]:
        assert o2g.relay is not None
        o2g.relay.become(passage)
        try:
            yield
        finally:
            o2g.relay.become(Passage.OPEN)

    return happen


def _break_connections(o2g: Patient) -> None:
    assert o2g.relay is not None
    o2g.relay.break_connections()


CONTROL = Fault("nothing", "Nothing happens: what the walks are without a fault.", nothing)
FAULTS = (
    Fault(
        "slow",
        "Each answer takes 0.6 s, some of them seconds.",
        failing(latency_ms=600, jitter_ms=500, distribution="lognormal"),
    ),
    Fault(
        "too slow",
        "Each answer takes 4 s, longer than a screen may.",
        failing(latency_ms=4000),
        least_seconds=BEYOND_A_SCREEN,
    ),
    Fault(
        "frozen",
        "Connections are taken, nothing is answered: the process stands still.",
        frozen,
        deaf=True,
        least_seconds=BEYOND_A_SCREEN,
    ),
    Fault("errors", "Each request is answered with a server problem (500, 1007).", failing(errors=ALWAYS)),
    Fault("errors now and then", "Each third request is answered with a server problem.", failing(errors=EVERY_THIRD)),
    Fault(
        "one service",
        "Everything of telephony fails (500), the rest of O2G is well.",
        failing(errors=[{"path": "/telephony", "status": 500, "times": MANY}]),
    ),
    Fault(
        "no O2G behind the proxy",
        "Each request is answered with 502, as by a reverse proxy.",
        failing(errors=[{"path": "/", "status": 502, "times": MANY}]),
    ),
    Fault("not ready", "Each request is answered NOT_READY (503, 1000).", failing(not_ready=True)),
    Fault(
        "sessions refused",
        "Each request is answered INVALID_SESSION (403, 1001), in new sessions, too.",
        failing(errors=[{"path": "/", "status": 403, "type": "INVALID_SESSION", "times": MANY}]),
    ),
    Fault(
        "sessions lost", "All sessions are gone, again and again.", again_and_again(lambda o2g: o2g.delete("/sessions"))
    ),
    Fault("connections cut", "Each request's connection is reset before it is read.", failing(reset=MANY)),
    Fault(
        "connections cut now and then",
        "A connection is reset, again and again.",
        again_and_again(lambda o2g: o2g.put("/faults", reset=1)),
    ),
    Fault("answers broken off", "Each answer breaks off in its middle.", failing(truncated=MANY), swallows=True),
    Fault(
        "answers broken off now and then",
        "An answer breaks off in its middle, again and again.",
        again_and_again(lambda o2g: o2g.put("/faults", truncated=1)),
        swallows=True,
    ),
    Fault("answers trickle", "Bodies come at 100 bytes a second.", failing(slow_bytes_per_second=100), swallows=True),
    Fault("searches stuck", "Directory searches find nobody and never end.", failing(search_stuck=True)),
    Fault("searches given up", "Directory searches end with TIMEOUT.", failing(search_timeout=True)),
    Fault("channel cut", "The event channel is reset, then after every second event.", broken_channel("cut")),
    Fault("channel truncated", "An event breaks off, and the channel with it.", broken_channel("truncated")),
    Fault("channel split", "An event comes in two parts, parted inside a character.", broken_channel("split")),
    Fault("channel malformed", "A line of the channel is no JSON.", broken_channel("malformed")),
    Fault("link down", "O2G loses its link to the node of all users (OnCtiLinkDown, OnCtiLinkUp).", without_a_node),
    Fault(
        "restart",
        "O2G stops and starts: ports refuse; sessions and subscriptions are gone.",
        going_away("/restart"),
        swallows=True,
    ),
    Fault("starting", "O2G restarts, and is not ready for as long as it lasts (503, 1000).", starting, swallows=True),
    Fault(
        "no licence",
        "Everything that takes a licence is refused: all are taken (403, 1002).",
        failing(errors=NO_LICENCE),
    ),
    Fault(
        "switch-over",
        "It restarts, and another instance answers at the address.",
        going_away("/switch-over"),
        swallows=True,
    ),
)
FAULTS_OF_AN_ADDRESS = (
    Fault(
        "first address refuses",
        "Connections to the first address break, and new ones are refused.",
        first_address(Passage.CLOSED),
        swallows=True,
    ),
    Fault(
        "first address silent",
        "Connections to the first address are taken, and nothing comes through any.",
        first_address(Passage.SILENT),
        least_seconds=BEYOND_A_SCREEN,
    ),
    Fault(
        "first address breaks now and then",
        "All connections to the first address break, again and again.",
        again_and_again(_break_connections),
        swallows=True,
    ),
)
