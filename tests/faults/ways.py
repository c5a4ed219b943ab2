"""The ways in which Touchline can be served, and that faults happen to: each is a few settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers import redis_server


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way of being served.

    Attributes:
        name: short, for tables.
        what: what it is, in a sentence for readers of the table.
        settings: what makes it so.
        needs_redis: whether there must be a Redis.
    """

    name: str
    what: str
    settings: Mapping[str, str] = field(default_factory=dict)
    needs_redis: bool = False

    @contextmanager
    def prepared(self) -> Iterator[dict[str, str]]:
        """Give all its settings, with what they name there until the context ends."""
        if not self.needs_redis:
            yield dict(self.settings)
            return
        with redis_server() as address:
            yield dict(self.settings) | {"TOUCHLINE_REDIS_URL": address}


USUAL = Way("as it comes", "One session for all users, events over the channel, one worker.")
WAYS = (
    USUAL,
    Way("a session each", "Each user has a session of their own.", {"TOUCHLINE_O2G_SESSIONS": "per_user"}),
    Way("events posted", "O2G posts its events to Touchline.", {"TOUCHLINE_LIVE_STATE": "webhook"}),
    Way("no events", "Nothing is live: each screen asks O2G.", {"TOUCHLINE_LIVE_STATE": "off"}),
    Way("two workers", "Two processes serve, and share by Redis.", {"TOUCHLINE_WORKERS": "2"}, needs_redis=True),
)
