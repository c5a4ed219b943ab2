"""The control interface's part about what goes wrong, and about many events at once."""

from typing import Any

from aiohttp import web
from pydantic import Field

from simulators.o2g.o2g import O2G
from simulators.o2g.rules.faults import ChannelFault, ErrorAt, Faults
from simulators.o2g.wire.control_desk import Strict, body_of, told

MOST_EVENTS = 100_000


class ChannelWanted(Strict):
    """A fault of event channels, of one login's or of all."""

    fault: ChannelFault
    loginName: str = ""


class RestartWanted(Strict):
    """A restart, and for how long the ports refuse connections (seconds of the simulation's clock)."""

    down_seconds: float = Field(default=0, ge=0, le=86_400)


class BurstWanted(Strict):
    """Events to send at once: `count` of a name, in turn about these users (one name of nobody: about none)."""

    count: int = Field(default=1, ge=1, le=MOST_EVENTS)
    loginNames: list[str] = Field(default_factory=list)
    event: dict[str, Any] = Field(default_factory=lambda: {"eventName": "OnEventSummaryUpdated"})


def fault_routes(o2g: O2G) -> list[web.RouteDef]:
    """Make the routes."""
    desk = _FaultDesk(o2g)
    return [
        web.get("/simulator/faults", desk.show),
        web.put("/simulator/faults", desk.change),
        web.delete("/simulator/faults", desk.clear),
        web.post("/simulator/channels", desk.fail_channels),
        web.get("/simulator/subscriptions", desk.subscriptions),
        web.get("/simulator/cti-links/{node}", desk.show_link),
        web.delete("/simulator/cti-links/{node}", desk.drop_link),
        web.put("/simulator/cti-links/{node}", desk.restore_link),
        web.post("/simulator/restart", desk.restart),
        web.post("/simulator/switch-over", desk.switch_over),
        web.post("/simulator/events", desk.burst),
        web.get("/simulator/licences", desk.licences),
    ]


class _FaultDesk:
    def __init__(self, o2g: O2G) -> None:
        self._o2g = o2g

    async def show(self, _: web.Request) -> web.Response:
        return told(self._o2g.faults.model_dump(mode="json"))

    async def change(self, request: web.Request) -> web.Response:
        """Change what is named; `error` adds one to those to come."""
        wanted = await body_of(request)
        more = wanted.pop("error", None)
        faults = self._o2g.faults
        changed = Faults.model_validate({**faults.model_dump(), **wanted})
        if more is not None:
            changed.errors.append(ErrorAt.model_validate(more))
        self._o2g.faults = changed
        if "not_ready_seconds" in wanted:
            self._o2g.incidents.started()
        return await self.show(request)

    async def clear(self, request: web.Request) -> web.Response:
        """Fail only as the options say."""
        self._o2g.faults = self._o2g.options.faults.model_copy(deep=True)
        self._o2g.ready_at = 0.0
        return await self.show(request)

    async def fail_channels(self, request: web.Request) -> web.Response:
        wanted = ChannelWanted.model_validate(await body_of(request))
        return told({"channels": self._o2g.incidents.fail_channels(wanted.fault, wanted.loginName)})

    async def subscriptions(self, _: web.Request) -> web.Response:
        found = [
            {
                "subscriptionId": s.id,
                "login": s.session.identity.login,
                "channels": s.channels,
                "queued": len(s.queue),
                "webhook": s.webhook,
            }
            for s in self._o2g.subscriptions
        ]
        return told({"subscriptions": found})

    async def show_link(self, request: web.Request) -> web.Response:
        return told({"up": self._o2g.links.is_up(request.match_info["node"])})

    async def drop_link(self, request: web.Request) -> web.Response:
        self._o2g.links.drop(request.match_info["node"])
        return await self.show_link(request)

    async def restore_link(self, request: web.Request) -> web.Response:
        self._o2g.links.restore(request.match_info["node"])
        return await self.show_link(request)

    async def restart(self, request: web.Request) -> web.Response:
        wanted = RestartWanted.model_validate(await body_of(request))
        await self._o2g.incidents.restart(wanted.down_seconds)
        return told({"down": self._o2g.incidents.down})

    async def switch_over(self, request: web.Request) -> web.Response:
        wanted = RestartWanted.model_validate(await body_of(request))
        await self._o2g.incidents.restart(wanted.down_seconds, other_instance=True)
        return told({"down": self._o2g.incidents.down, "instance": self._o2g.instance})

    async def burst(self, request: web.Request) -> web.Response:
        wanted = BurstWanted.model_validate(await body_of(request))
        for number in range(wanted.count):
            event = dict(wanted.event)
            if wanted.loginNames:
                event["loginName"] = wanted.loginNames[number % len(wanted.loginNames)]
            if event.get("eventName") == "OnEventSummaryUpdated":
                event.setdefault("eventSummary", {"missedCallsNb": number, "eventWaiting": True})
            self._o2g.subscriptions.publish(event)
        return told({"sent": wanted.count})

    async def licences(self, _: web.Request) -> web.Response:
        return told({"used": self._o2g.licences.all_used()})
