"""A tiny O2G over HTTPS that answers what a test scripts, and shows what it was asked."""

import asyncio
import base64
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import trustme
from aiohttp import web

LOGIN, PASSWORD = "touchline", "Not-A-Real-1"
CREDENTIALS = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
INVALID_SESSION = {"httpStatus": "FORBIDDEN", "code": 1001, "type": "INVALID_SESSION", "canRetry": True}
NOT_ALLOWED = {"httpStatus": "FORBIDDEN", "code": 1002, "type": "NOT_ALLOWED", "canRetry": False}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `json`, or `body` as it is; after `delay` seconds; or none, the connection being dropped."""

    status: int = 200
    json: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    dribble: float = 0.0  # seconds between the bytes of the body

    def written(self) -> bytes:
        if self.body is not None:
            return self.body
        return b"" if self.json is None else json.dumps(self.json).encode()


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came."""

    operation: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class ScriptedO2G:
    """Serves in a thread of its own; logging in works unless a test scripts otherwise."""

    def __init__(self, authority: trustme.CA, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host = host
        self.seen: list[Seen] = []
        self.cookies: set[str] = set()  # of the sessions that are open
        self.ttl: Any = 1800
        self.most_at_once = 0  # requests
        self._now = 0
        self.guarded = False  # whether scripted answers, too, are only for open sessions
        self._authority = authority
        self._script: dict[str, list[Reply]] = {}
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._sessions = 0
        self._peers: set[object] = set()
        self._transports: set[asyncio.Transport] = set()
        self._stop: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._port = port  # 0 until it serves, unless one is wanted
        self._site: web.TCPSite

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Be gone: refuse connections, and cut those that are. Stopping twice is stopping once."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def connections(self) -> int:
        """How many connections requests came over."""
        return len(self._peers)

    def drop_connections(self) -> None:
        """Close every connection, as a server does with unused ones."""
        dropped = threading.Event()

        def drop() -> None:
            for transport in self._transports:
                transport.abort()
            self._transports.clear()
            self._loop.call_later(0.05, dropped.set)  # aborting closes the sockets in the loop's next turn

        self._loop.call_soon_threadsafe(drop)
        assert dropped.wait(10)

    def stop_listening(self) -> None:
        """Take no connection any more, but leave those that are."""

        async def stop() -> None:
            server = self._site._server
            assert server is not None
            server.close()

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(10)

    def on(self, operation: str, *replies: Reply) -> None:
        """Answer `METHOD /path` below the API's base with these, in turn; the last one for ever."""
        with self._lock:
            self._script[operation] = list(replies)

    def asked(self, operation: str) -> list[Seen]:
        return [seen for seen in tuple(self.seen) if seen.operation == operation]

    @contextmanager
    def holding(self, operation: str) -> Iterator[None]:
        """Answer these only when the context is left."""
        self._held.add(operation)
        try:
            yield
        finally:
            self._held.discard(operation)

    def lose_sessions(self) -> None:
        with self._lock:
            self.cookies.clear()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(self.host).configure_cert(context)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._site = web.TCPSite(runner, "127.0.0.1", self._port, ssl_context=context, reuse_address=True)
        await self._site.start()
        self._port = runner.addresses[0][1]
        ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            return await self._answered(request)
        finally:
            self._now -= 1

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        assert request.transport is not None
        self._peers.add(request.transport.get_extra_info("peername"))
        self._transports.add(request.transport)
        path = request.path.removeprefix("/api/rest/1.0") or "/"
        operation = f"{request.method} {path}"
        with self._lock:
            self.seen.append(
                Seen(operation, dict(request.query), dict(request.headers), json.loads(body) if body else None)
            )
            reply = self._reply(operation, request)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        while operation in self._held:
            await asyncio.sleep(0.01)
        if reply.drop:
            request.transport.abort()
            return web.Response()
        if reply.dribble:
            response = web.StreamResponse(status=reply.status)
            await response.prepare(request)
            for byte in reply.written():
                await response.write(bytes([byte]))
                await asyncio.sleep(reply.dribble)
            return response
        return web.Response(status=reply.status, body=reply.written(), headers=dict(reply.headers))

    def _reply(self, operation: str, request: web.Request) -> Reply:
        scripted = self._script.get(operation)
        if self.guarded and path_needs_session(operation) and request.cookies.get("AlcUserId") not in self.cookies:
            return Reply(403, INVALID_SESSION)
        if scripted:
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        if operation == "GET /api/rest":
            return Reply(json=descriptor(self.url))
        if operation == "GET /api/rest/authenticate":
            if request.headers.get("Authorization") != CREDENTIALS:
                return Reply(401, NOT_ALLOWED)
            return self.authenticated()
        if request.cookies.get("AlcUserId") not in self.cookies:
            return Reply(403, INVALID_SESSION)
        if operation == "POST /sessions":
            return Reply(json=session(self.url, self.ttl))
        if operation == "DELETE /sessions":
            self.cookies.discard(request.cookies["AlcUserId"])
            return Reply(204)
        if operation == "POST /sessions/keepalive":
            return Reply(204)
        return Reply(404, {"code": 1003, "type": "NOT_FOUND", "canRetry": True})

    def authenticated(self, **other: Any) -> Reply:
        """Give out a cookie that opens a session."""
        self._sessions += 1
        cookie = f"session-{self._sessions}"
        self.cookies.add(cookie)
        given = {
            "credential": cookie,
            "publicUrl": f"{self.url}/api/rest/1.0/sessions",
            "internalUrl": f"{self.url}/api/rest/1.0/sessions",
        }
        return Reply(json=given | other, headers={"Set-Cookie": f"AlcUserId={cookie}; Path=/"})


def path_needs_session(operation: str) -> bool:
    return not operation.endswith(("/api/rest", "/api/rest/authenticate"))


def descriptor(url: str, **other: Any) -> dict[str, Any]:
    door = f"{url}/api/rest/authenticate?version=1.0"
    return {
        "serverInfo": {
            "productName": "O2G Solution",
            "productType": "O2G",
            "productVersion": {"major": "2.7", "minor": "004.000"},
        },
        "versions": [{"id": "1.0", "status": "CURRENT", "publicUrl": door, "internalUrl": door}],
    } | other


def session(url: str, ttl: Any = 1800) -> dict[str, Any]:
    base = f"{url}/api/rest/1.0"
    return {"admin": True, "timeToLive": ttl, "publicBaseUrl": base, "privateBaseUrl": base, "services": []}
