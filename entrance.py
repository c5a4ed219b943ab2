"""The way in: gunicorn's threads, with handshakes and requests awaited in the event loop.

gunicorn gives each new connection to a thread, which then waits for the rest of its TLS handshake and of its request;
some dozen clients that stop in the middle hold all threads. Here a connection gets a thread only once its request is
there as a whole; one that takes too long, or sends too much, is closed. One TLS context serves all connections, so that
sessions can be resumed.
"""

import errno
import re
import selectors
import ssl
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gunicorn.http import get_parser
from gunicorn.sock import ssl_context
from gunicorn.workers.gthread import TConn, ThreadWorker

PIECE = 16 * 1024  # bytes read at once
LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 64 * 1024  # a longer one is handed on without waiting for it: the application refuses it unread
HEAD_END = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)  # the client waits for us before it sends the body
PASSING = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}

request_seconds = 10.0  # for a handshake and a request; `gunicorn.conf.py` sets it


@dataclass(slots=True, eq=False)
class Guest:
    """A connection on its way in: until when it may take, and what it has sent of its request."""

    conn: Any
    until: float
    handshaken: bool
    received: bytearray = field(default_factory=bytearray)
    waiting: bool = False

    def complete(self) -> bool:
        """Tell whether the request is there: its head, and a body of the length that it names."""
        end = self.received.find(HEAD_END)
        if end < 0:
            return False
        head = bytes(self.received[:end])
        length = CONTENT_LENGTH.search(head)
        if length is None or EXPECTS.search(head) or int(length[1]) > LARGEST_BODY:
            return True
        return len(self.received) >= end + len(HEAD_END) + int(length[1])


class EntranceWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker whose threads see whole requests only."""

    def init_process(self) -> None:
        """Prepare what all connections share, then serve."""
        self._guests: dict[int, Guest] = {}
        self._tls: ssl.SSLContext | None = ssl_context(self.cfg) if self.cfg.is_ssl else None
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Let a connection into the entrance."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in PASSING:
                raise
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        guest = Guest(conn, time.monotonic() + request_seconds, handshaken=self._tls is None)
        self._guests[id(guest)] = guest
        if self._tls is not None:
            try:
                conn.sock = self._tls.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
            except OSError:
                self._turn_away(guest)
                return
        self._advance(guest)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Let a kept connection's next request into the entrance."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        guest = Guest(conn, time.monotonic() + request_seconds, handshaken=True)
        self._guests[id(guest)] = guest
        self._advance(guest)

    def murder_pending(self) -> None:
        """Close what takes too long; gunicorn calls this once a second at least."""
        super().murder_pending()
        now = time.monotonic()
        for guest in list(self._guests.values()):
            if guest.until <= now or not (self.alive or guest.received):
                self._turn_away(guest)

    def _advance(self, guest: Guest) -> None:
        """Go as far as what has been sent allows, then wait for more without a thread."""
        connection = guest.conn.sock
        try:
            if not guest.handshaken:
                connection.do_handshake()
                guest.handshaken = True
            while not guest.complete():
                piece = connection.recv(PIECE)
                guest.received += piece
                if not piece or len(guest.received) > LARGEST_HEAD + LARGEST_BODY:
                    self._turn_away(guest)
                    return
        except (ssl.SSLWantReadError, BlockingIOError):
            self._wait(guest, selectors.EVENT_READ)
        except ssl.SSLWantWriteError:
            self._wait(guest, selectors.EVENT_WRITE)
        except OSError:  # a broken handshake is one, too
            self._turn_away(guest)
        else:
            self._admit(guest)

    def _wait(self, guest: Guest, event: int) -> None:
        self.poller.register(guest.conn.sock, event, partial(self._ready, guest))
        guest.waiting = True

    def _ready(self, guest: Guest, connection: Any) -> None:
        self.poller.unregister(connection)
        guest.waiting = False
        self._advance(guest)

    def _admit(self, guest: Guest) -> None:
        """Give the connection to a thread, which finds the request read already."""
        del self._guests[id(guest)]
        conn = guest.conn
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(guest.received))
        conn.initialized = conn.data_ready = True
        self.enqueue_req(conn)

    def _turn_away(self, guest: Guest) -> None:
        self._guests.pop(id(guest), None)
        if guest.waiting:
            self.poller.unregister(guest.conn.sock)
        self.nr_conns -= 1
        guest.conn.close()
