"""The ports of the simulator: opened, and closed and opened again at the same numbers when it is told to restart."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

HANDSHAKE_SECONDS = 10.0
BACKLOG = 4096


@dataclass(slots=True)
class Port:
    """A port that is open, or closed for a while. `number` is 0 until it has been open once, unless one is wanted."""

    make: Callable[[], web.Server]
    host: str
    number: int
    tls: ssl.SSLContext | None
    listening: asyncio.Server | None = None
    server: web.Server | None = None

    async def open(self) -> None:
        """Listen."""
        self.server = self.make()
        self.listening = await asyncio.get_running_loop().create_server(
            self.server,
            self.host,
            self.number,
            ssl=self.tls,
            backlog=BACKLOG,
            reuse_address=True,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if self.tls else None,
        )
        self.number = self.listening.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening, and cut every connection."""
        if self.listening is None or self.server is None:
            return
        self.listening.close()
        for connection in self.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await self.server.shutdown(0.2)
        self.listening = self.server = None


class Ports:
    """The ports that a restart closes."""

    def __init__(self) -> None:
        """Start with none."""
        self._ports: list[Port] = []

    async def add(self, port: Port) -> int:
        """Open a port; give its number."""
        await port.open()
        self._ports.append(port)
        return port.number

    async def close(self) -> None:
        """Refuse connections from now on."""
        for port in self._ports:
            await port.close()

    async def open(self) -> None:
        """Listen again, at the same numbers."""
        for port in self._ports:
            if port.listening is None:
                await port.open()
