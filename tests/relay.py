"""A way to a server that a test closes, or lets fall silent: a reverse proxy's, or a network's that breaks."""

import contextlib
import socket
import threading
from enum import Enum, auto
from types import TracebackType
from typing import Self

PIECE = 64 * 1024
PATIENCE_SECONDS = 5.0


class Passage(Enum):
    """What becomes of what is sent."""

    OPEN = auto()
    CLOSED = auto()  # connections are refused, and those that were open broken
    SILENT = auto()  # connections are taken, and nothing comes through any of them


class Relay:
    """Hands on, byte for byte, what comes to a port of this machine to another one, in threads."""

    def __init__(self, port: int, to: int) -> None:
        """Take the two ports; nothing is listened to yet."""
        self._port = port
        self._to = to
        self._lock = threading.Lock()
        self._passage = Passage.OPEN
        self._through = threading.Event()
        self._through.set()
        self._door: socket.socket | None = None
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.become(Passage.CLOSED)

    def become(self, passage: Passage) -> None:
        """Change what becomes of what is sent, from now on."""
        with self._lock:
            self._passage = passage
        if passage is Passage.SILENT:
            self._through.clear()
        else:
            self._through.set()
        if passage is Passage.CLOSED:
            self._shut()
        elif self._door is None:
            self._listen()

    def break_connections(self) -> None:
        """Break those that are open; new ones are taken."""
        with self._lock:
            broken, self._open = self._open, set()
        for connection in broken:
            _end(connection)

    def _listen(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self._port), backlog=512)
        threading.Thread(target=self._take, args=(self._door,), daemon=True).start()

    def _shut(self) -> None:
        door, self._door = self._door, None
        if door is not None:
            _end(door)
        self.break_connections()

    def _take(self, door: socket.socket) -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._through.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._to), timeout=PATIENCE_SECONDS)
        except OSError:
            _end(client)
            return
        server.settimeout(None)
        with self._lock:
            self._open |= {client, server}
            closed = self._passage is Passage.CLOSED
        if closed:
            self.break_connections()
        threading.Thread(target=self._hand_on, args=(server, client), daemon=True).start()
        self._hand_on(client, server)

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while piece := one.recv(PIECE):
                self._through.wait()
                other.sendall(piece)
        except OSError:
            pass
        with self._lock:
            self._open -= {one, other}
        _end(one)
        _end(other)


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
