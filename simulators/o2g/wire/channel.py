"""The event channel: one JSON object a line, until the subscription ends (B17 to B20) or a fault wants otherwise."""

import asyncio

import orjson
from aiohttp import web

from simulators.o2g.clock import Timer
from simulators.o2g.o2g import O2G
from simulators.o2g.rules.faults import ChannelFault
from simulators.o2g.rules.subscriptions import KEEP_ALIVE_SECONDS, Subscription
from simulators.o2g.wire.answers import ErrorType, Refusal, error_answer, invalid_session, not_found

OPENED = orjson.dumps({"eventName": "OnChannelInformation", "text": "Chunk started"}) + b"\n"
KEEP_ALIVE = orjson.dumps({"eventName": "OnChannelInformation", "text": "keepalive"}) + b"\n"
MALFORMED = b'{"eventName": "OnCallCreated", "loginName": \n'
BETWEEN_HALVES = 0.05  # seconds, so that a line that is split arrives in two reads

KINDS = {
    403: invalid_session("no such subscription"),
    404: not_found("no such resource"),
    503: Refusal(ErrorType.NOT_READY, 503, "the server starts"),
}


class Channels:
    """Answers every request to the events' port; a channel is known by its subscription alone, without a cookie."""

    def __init__(self, o2g: O2G, keep_alive: float = KEEP_ALIVE_SECONDS) -> None:
        """Take the simulated O2G and the seconds of silence after which a keep-alive is sent."""
        self._o2g = o2g
        self._keep_alive = keep_alive

    async def handle(self, asked: web.BaseRequest) -> web.StreamResponse:
        """Open a channel, by GET or POST."""
        faults = self._o2g.faults
        await asyncio.sleep(faults.seconds())
        subscription = self._o2g.subscriptions.find(asked.query.get("subscriptionId", ""))
        refused = self._refusal(asked, subscription)
        self._o2g.note(asked, refused.status if refused else 200, b"")
        if subscription is None or refused is not None:
            return refused or _refused(403)
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(asked)
        self._o2g.subscriptions.opened(subscription)
        line = _Line(self._o2g, subscription, response, asked, self._keep_alive)
        try:
            await response.write(OPENED)
            await line.hold()
        except ConnectionError:
            return response
        finally:
            line.close()
            subscription.channels -= 1
            if subscription.channels == 0:
                self._o2g.subscriptions.left_alone(subscription)
        return response

    def _refusal(self, asked: web.BaseRequest, subscription: Subscription | None) -> web.Response | None:
        """Tell why a channel is not opened: by a fault that was asked for, or for want of a subscription."""
        error = self._o2g.faults.error_for(asked.method, asked.path)
        if error is not None:
            return _refused(error.status)
        if self._o2g.faults.not_ready or self._o2g.clock.now() < self._o2g.ready_at:
            return _refused(503)
        if asked.path != "/OTEvents" or asked.method not in ("GET", "POST"):
            return _refused(404)
        return _refused(403) if subscription is None or subscription.webhook is not None else None


class _Line:
    """One open channel."""

    def __init__(
        self,
        o2g: O2G,
        subscription: Subscription,
        response: web.StreamResponse,
        asked: web.BaseRequest,
        keep_alive: float,
    ) -> None:
        self._o2g = o2g
        self._subscription = subscription
        self._response = response
        self._asked = asked
        self._keep_alive = keep_alive
        self._spoke = self._active = o2g.clock.now()
        self._alarm: Timer | None = None

    async def hold(self) -> None:
        """Send what there is, until the subscription is closed, silent for its timeout (L91), or the client goes."""
        subscription, clock = self._subscription, self._o2g.clock
        while not subscription.closed:
            subscription.waiting.clear()
            if subscription.faults:
                await self._fail(subscription.faults.popleft())
            elif subscription.queue:
                await self._send()
            elif subscription.timeout_minutes and clock.now() - self._active >= subscription.timeout_minutes * 60:
                return
            elif clock.now() - self._spoke >= self._keep_alive:
                self._spoke = clock.now()
                await self._response.write(KEEP_ALIVE)
            else:
                await self._wait()

    def close(self) -> None:
        """Leave nothing behind that would still happen."""
        if self._alarm is not None:
            self._alarm.cancel()

    async def _wait(self) -> None:
        """Wait for an event, or for the moment of the next keep-alive or of the timeout."""
        if self._alarm is None:
            # That moment only moves later: one alarm that rings too early does, instead of one for each event.
            due = self._spoke + self._keep_alive
            if self._subscription.timeout_minutes:
                due = min(due, self._active + self._subscription.timeout_minutes * 60)
            self._alarm = self._o2g.clock.after(due - self._o2g.clock.now(), self._ring)
        await self._subscription.waiting.wait()

    def _ring(self) -> None:
        self._alarm = None
        self._subscription.waiting.set()

    async def _send(self) -> None:
        queue = self._subscription.queue
        lines = list(queue)
        queue.clear()
        every = self._o2g.faults.channel_every
        try:
            await self._response.write(b"".join(lines))
        except ConnectionError:
            queue.extendleft(reversed(lines))
            raise
        self._spoke = self._active = self._o2g.clock.now()
        self._subscription.sent += len(lines)
        if every and self._subscription.sent >= every:
            self._subscription.sent = 0
            self._subscription.faults.append(self._o2g.faults.channel_fault)

    async def _fail(self, fault: ChannelFault) -> None:
        """Do the wrong thing, once."""
        queue = self._subscription.queue
        match fault:
            case ChannelFault.CUT:
                self._abort()
            case ChannelFault.MALFORMED:
                await self._response.write(MALFORMED)
            case ChannelFault.TRUNCATED | ChannelFault.SPLIT:
                while not queue and not self._subscription.closed:
                    self._subscription.waiting.clear()
                    await self._wait()
                if not queue:
                    return
                line = queue.popleft()
                at = _inside_a_character(line)
                await self._response.write(line[:at])
                await asyncio.sleep(BETWEEN_HALVES)
                if fault is ChannelFault.TRUNCATED:
                    self._abort()
                await self._response.write(line[at:])

    def _abort(self) -> None:
        if self._asked.transport is not None:
            self._asked.transport.abort()
        raise ConnectionResetError


def _inside_a_character(line: bytes) -> int:
    """Give a place inside a character of several bytes; the middle where there is none."""
    return next((at for at, byte in enumerate(line) if byte & 0xC0 == 0x80), len(line) // 2)


def _refused(status: int) -> web.Response:
    refusal = KINDS.get(status, Refusal(ErrorType.SERVER_PROBLEM, status, "a fault was asked for"))
    answer = error_answer(refusal, status)
    return web.Response(status=status, body=answer.body, content_type=answer.content_type)
