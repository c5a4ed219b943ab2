"""The ways in which Touchline can be served, and the faults that happen to each."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.faults.catalogue import FAULTS, FAULTS_OF_AN_ADDRESS, Fault
from tests.relay import Relay
from tests.servers import free_port, redis_server


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a way needs, while it is there.

    Attributes:
        settings: of Touchline.
        o2g_port: where O2G is to serve; 0: anywhere.
        o2g_options: further words of its command line.
        relay: what stands in the way to its first address.
    """

    settings: Mapping[str, str]
    o2g_port: int = 0
    o2g_options: tuple[str, ...] = ()
    relay: Relay | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way of being served.

    Attributes:
        name: short, for the command line.
        what: what it is, in a sentence for tables.
        settings: what makes it so.
        needs_redis: whether there must be a Redis.
        two_addresses: whether O2G is reached through a reverse proxy first, and directly where that fails.
        faults: what happens.
    """

    name: str
    what: str
    settings: Mapping[str, str] = field(default_factory=dict)
    needs_redis: bool = False
    two_addresses: bool = False
    faults: tuple[Fault, ...] = FAULTS

    @contextmanager
    def prepared(self) -> Iterator[Prepared]:
        """Give what it needs, which is there until the context ends."""
        settings = dict(self.settings)
        with ExitStack() as stack:
            if self.needs_redis:
                settings["TOUCHLINE_REDIS_URL"] = stack.enter_context(redis_server())
            if not self.two_addresses:
                yield Prepared(settings)
                return
            proxy, direct = free_port(), free_port()
            relay = stack.enter_context(Relay(proxy, to=direct))
            settings |= {
                "TOUCHLINE_O2G_URL": f"https://127.0.0.1:{proxy}",
                "TOUCHLINE_O2G_ACCESS": "public",
                "TOUCHLINE_O2G_OTHER_URL": f"https://127.0.0.1:{direct}",
                "TOUCHLINE_O2G_OTHER_ACCESS": "private",
            }
            yield Prepared(settings, direct, ("--reverse-proxy", f"https://127.0.0.1:{proxy}"), relay)


USUAL = Way("as it comes", "One session for all users, events over the channel, one worker.")
TWO_ADDRESSES = Way(
    "two addresses",
    "O2G has two addresses; the first one fails, the other is well.",
    two_addresses=True,
    faults=FAULTS_OF_AN_ADDRESS,
)
WAYS = (
    USUAL,
    Way("a session each", "Each user has a session of their own.", {"TOUCHLINE_O2G_SESSIONS": "per_user"}),
    Way("events posted", "O2G posts its events to Touchline.", {"TOUCHLINE_LIVE_STATE": "webhook"}),
    Way("no events", "Nothing is live: each screen asks O2G.", {"TOUCHLINE_LIVE_STATE": "off"}),
    Way("two workers", "Two processes serve, and share by Redis.", {"TOUCHLINE_WORKERS": "2"}, needs_redis=True),
    TWO_ADDRESSES,
)
