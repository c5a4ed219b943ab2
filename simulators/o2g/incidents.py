"""What happens to an O2G from outside: links drop, channels break, sessions get lost, it restarts or switches over."""

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from simulators.o2g.rules.faults import ChannelFault
from simulators.o2g.rules.subscriptions import Subscription

if TYPE_CHECKING:
    from simulators.o2g.o2g import O2G

SERVER_ID = "127.0.0.1"  # what OnServerStart names


class Incidents:
    """Lets them happen. `close_ports` and `open_ports` are set once there are ports."""

    def __init__(self, o2g: "O2G") -> None:
        """Take the simulated O2G."""
        self._o2g = o2g
        self.close_ports: Callable[[], Awaitable[None]] = _nothing
        self.open_ports: Callable[[], Awaitable[None]] = _nothing
        self.down = False

    def started(self) -> None:
        """Begin the seconds in which nothing is ready yet, if there are to be any."""
        seconds = self._o2g.faults.not_ready_seconds
        self._o2g.ready_at = self._o2g.clock.now() + seconds

    def fail_channels(self, fault: ChannelFault, login: str = "") -> int:
        """Break the channels of a login, or all; give how many."""
        found = [s for s in self._o2g.subscriptions if login in ("", s.session.identity.login)]
        for subscription in found:
            subscription.fail(fault)
        return len(found)

    async def restart(self, down_seconds: float, *, other_instance: bool = False) -> None:
        """Stop and start again: the world is kept, whoever was logged in is not.

        `other_instance`: it is a second server that answers at the same address from then on (L156).
        """
        o2g = self._o2g
        if self.down:
            return
        self.down = True
        webhooks = [str(s.webhook) for s in self._wanting_start()]
        o2g.sessions.lose_all()
        o2g.sessions.forget_credentials()
        o2g.world.register.restart()
        if other_instance:
            o2g.instance += 1
        await self.close_ports()

        def up_again() -> None:
            o2g.background(self._start(webhooks))

        if down_seconds > 0:
            o2g.clock.after(down_seconds, up_again)
        else:
            await self._start(webhooks)

    async def _start(self, webhooks: list[str]) -> None:
        await self.open_ports()
        self.down = False
        self._o2g.started = self._o2g.clock.today()
        self.started()
        event: dict[str, object] = {"eventName": "OnServerStart", "serverId": SERVER_ID}
        # Only a webhook hears it (the channels went down with the server); our reading: those of before the restart.
        seconds = self._o2g.faults.not_ready_seconds
        self._o2g.clock.after(seconds, lambda: self._o2g.webhooks.announce(webhooks, event))

    def _wanting_start(self) -> Iterator[Subscription]:
        return (
            subscription
            for subscription in self._o2g.subscriptions
            if subscription.webhook and any(s.takes("OnServerStart", None) for s in subscription.selectors)
        )


async def _nothing() -> None:
    pass
