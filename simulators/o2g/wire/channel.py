"""The event channel: one JSON object a line, until the subscription ends (B17 to B20)."""

import asyncio

import orjson
from aiohttp import web

from simulators.o2g.o2g import O2G
from simulators.o2g.rules.subscriptions import KEEP_ALIVE_SECONDS, Subscription
from simulators.o2g.wire.answers import error_answer, invalid_session, not_found

OPENED = orjson.dumps({"eventName": "OnChannelInformation", "text": "Chunk started"}) + b"\n"
KEEP_ALIVE = orjson.dumps({"eventName": "OnChannelInformation", "text": "keepalive"}) + b"\n"


class Channels:
    """Answers every request to the events' port; a channel is known by its subscription alone, without a cookie."""

    def __init__(self, o2g: O2G, keep_alive: float = KEEP_ALIVE_SECONDS) -> None:
        """Take the simulated O2G and the seconds of silence after which a keep-alive is sent."""
        self._o2g = o2g
        self._keep_alive = keep_alive

    async def handle(self, asked: web.BaseRequest) -> web.StreamResponse:
        """Open a channel, by GET or POST."""
        if asked.path != "/OTEvents":
            return _refused(404)
        subscription = self._o2g.subscriptions.find(asked.query.get("subscriptionId", ""))
        if subscription is None or subscription.webhook is not None:
            return _refused(403)
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(asked)
        self._o2g.subscriptions.opened(subscription)
        try:
            await response.write(OPENED)
            await self._send(subscription, response)
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            subscription.channels -= 1
            if subscription.channels == 0:
                self._o2g.subscriptions.left_alone(subscription)
        return response

    async def _send(self, subscription: Subscription, response: web.StreamResponse) -> None:
        while not subscription.closed:
            if not subscription.queue:
                subscription.waiting.clear()
                try:
                    await asyncio.wait_for(subscription.waiting.wait(), self._keep_alive)
                except TimeoutError:
                    await response.write(KEEP_ALIVE)
                continue
            lines = b"".join(subscription.queue)
            subscription.queue.clear()
            await response.write(lines)


def _refused(status: int) -> web.Response:
    refusal = invalid_session("no such subscription") if status == 403 else not_found("no such resource")
    answer = error_answer(refusal, status)
    return web.Response(status=status, body=answer.body, content_type=answer.content_type)
