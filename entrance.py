"""The way in: gunicorn's threads, with handshakes, requests and farewells awaited in the event loop.

gunicorn gives each new connection to a thread, which then waits for the rest of its TLS handshake and of its request;
some dozen clients that stop in the middle hold all threads. Here a connection gets a thread only once its request is
there as a whole; one that takes too long, or sends too much, is closed. One TLS context serves all connections, so that
sessions can be resumed.
"""

import errno
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from gunicorn import util
from gunicorn.http import errors, get_parser
from gunicorn.sock import ssl_context
from gunicorn.workers.gthread import TConn

from arrival import Arrival, Standing
from delivery import PatientSocket, allow_files, bound_client
from households import Households
from steadiness import SteadyWorker

CONNECTIONS = 2000  # to one process; more wait for one to end
LARGEST_LINE = 8190  # bytes of the request line, and of each header field
FIELDS = 60  # of a head
KEPT_SECONDS = 75  # that a connection may lie idle; a handshake costs more than a page
PIECE = 16 * 1024  # bytes read at once
PIECES = 8  # of one connection, before others have their turn
GRACE_SECONDS = 10  # of a worker that is told to stop, for the requests that are under way
STOPPING_SECONDS = 2.0  # then, for a client to send the rest of a request, or to take a piece of an answer
CLOSING_SECONDS = 25  # after that, at most, for what `O2G.close` ends at O2G
FAREWELL_SECONDS = 2.0  # for a client to take its answer and hang up
FAREWELLS = 200  # connections that are waited for so; beyond them, they are cut
SPARE_FILES = 500  # open files of a process beside its clients' connections
CROWDED = 0.9  # of all connections: from there on, each that comes ends the oldest one that has not asked for anything
BREATH_SECONDS = 0.05  # where no file is left, and none can be freed
PASSING = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}
NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
ANSWERS = {
    Standing.LONG_HEAD: "431 Request Header Fields Too Large",
    Standing.LONG_CHUNKS: "413 Content Too Large",
    Standing.UNREADABLE: "400 Bad Request",
}
OUR_FAULTS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)  # gunicorn derives them from its others


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a client may take.

    Attributes:
        request_seconds: for a handshake, and for a request; also for taking a piece of an answer.
        connections: from one address, to one process.
        unbounded: networks whose addresses may hold more: reverse proxies.
    """

    request_seconds: float = 10.0
    connections: int = 500
    unbounded: tuple[IPv4Network | IPv6Network, ...] = ()


bounds = Bounds()  # `gunicorn.conf.py` sets it


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that tells when it is closed, and takes its leave without holding anybody up."""

    def __init__(
        self, cfg: Any, sock: Any, client: Any, server: Any, part: "Callable[[Connection, bool], None]"
    ) -> None:
        """Take gunicorn's, and what parts with it: at once, or as soon as the client has taken its answer."""
        super().__init__(cfg, sock, client, server)
        self._part = part
        self.last = False  # nothing that follows on it can be read

    def init(self) -> None:
        """Bound how long a thread waits for the client; gunicorn has just told it to wait for ever."""
        super().init()
        self.sock.settimeout(bounds.request_seconds)

    def close(self, graceful: bool = False) -> None:
        """End it."""
        self._part(self, graceful)

    def cut(self) -> None:
        """End it now."""
        super().close()


@dataclass(slots=True, eq=False)
class Guest:
    """A connection on its way in, or out: until when it may take, and what it has sent of its request."""

    conn: Connection
    until: float
    handshaken: bool = True
    arrival: Arrival = field(default_factory=Arrival)
    waiting: bool = False


class EntranceWorker(SteadyWorker):
    """A worker whose threads see whole requests only."""

    def init_process(self) -> None:
        """Prepare what all connections share, then serve."""
        self._guests: dict[int, Guest] = {}
        self._leaving: dict[int, Guest] = {}
        self._taking: dict[int, Guest] = {}  # those that have not taken their answer yet
        self._households = Households(bounds.connections, bounds.unbounded)
        self._hurrying = False
        self.cfg.set("graceful_timeout", GRACE_SECONDS)  # the arbiter's own is longer: see `gunicorn.conf.py`
        self._tls: ssl.SSLContext | None = ssl_context(self.cfg) if self.cfg.is_ssl else None
        if self._tls is not None:
            self._tls.sslsocket_class = PatientSocket
        allow_files(self.worker_connections + SPARE_FILES)
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Let a connection into the entrance."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in NO_ROOM:
                self._make_room()
            elif error.errno not in PASSING:
                raise
            return
        if self._households.are_full_for(address):
            self.note("too many connections of one address")
            client.close()
            return
        if self.nr_conns >= self.worker_connections * CROWDED and self._guests:
            self._turn_away(next(iter(self._guests.values())), "crowded")
        self.nr_conns += 1
        self._households.enter(address)
        bound_client(client, bounds.request_seconds)
        conn = Connection(self.cfg, client, address, listener.getsockname(), self._part)
        guest = self._welcome(conn, handshaken=self._tls is None)
        if self._tls is not None:
            try:
                conn.sock = self._tls.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
            except OSError:
                self._turn_away(guest, "broken handshake")
                return
        self._advance(guest)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Let a kept connection's next request into the entrance."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._advance(self._welcome(conn))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep a connection or see it off; what it has sent of its next request goes through the entrance, too."""
        if isinstance(conn.sock, PatientSocket) and conn.sock.unsent:
            guest = self._taking[id(conn)] = Guest(conn, time.monotonic() + self._patience())
            conn.sock.setblocking(False)
            self._wait(guest, selectors.EVENT_WRITE, partial(self._deliver, fs))
            return
        kept = not fs.cancelled() and fs.exception() is None and fs.result() is True
        rest = conn.parser.unreader.take_buffered() if kept and self.alive else b""
        if not rest:
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        self._advance(self._welcome(conn, rest))

    def murder_pending(self) -> None:
        """Close what takes too long; gunicorn calls this once a second at least."""
        super().murder_pending()
        now = time.monotonic()
        if not (self.alive or self._hurrying):
            self._hurrying = True
            for guest in (*self._guests.values(), *self._taking.values()):
                guest.until = min(guest.until, now + self._patience())
        for guest in list(self._guests.values()):
            if guest.until <= now:
                self._turn_away(guest, "slow")
            elif not (self.alive or guest.arrival.begun):
                self._turn_away(guest)
        for guest in [taking for taking in self._taking.values() if taking.until <= now]:
            self._give_up(guest, "slow to read")
        for guest in [leaving for leaving in self._leaving.values() if leaving.until <= now]:
            self._forget(guest)
        self.report()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer a request that cannot be read, in one line without its words: they may be anybody's.

        gunicorn would answer with a page of HTML that repeats them, and log them.
        """
        if isinstance(exc, ssl.SSLError):
            self.note("broken connection")
            return
        unreadable = isinstance(exc, errors.ParseException) and not isinstance(exc, OUR_FAULTS)
        if unreadable:
            self.note("unreadable request")
        else:
            self.log.error("A request could not be handled.", exc_info=exc)
        try:
            _answer(client, ANSWERS[Standing.UNREADABLE] if unreadable else "500 Internal Server Error")
        except OSError:
            self.log.debug("The client is gone.")

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """Keep a connection only where the whole request was here: no thread waits for what it left unread."""
        return not conn.last and bool(super()._keepalive_after(conn, keepalive))

    def _patience(self) -> float:
        """Tell how long a client may take now, in seconds: a worker that stops has sessions at O2G to close in time."""
        return bounds.request_seconds if self.alive else min(bounds.request_seconds, STOPPING_SECONDS)

    def _welcome(self, conn: Connection, received: bytes = b"", *, handshaken: bool = True) -> Guest:
        guest = Guest(conn, time.monotonic() + self._patience(), handshaken, Arrival(received))
        self._guests[id(guest)] = guest
        return guest

    def _advance(self, guest: Guest) -> None:
        """Go as far as what has been sent allows, then wait for more without a thread."""
        try:
            with self.turn_of(guest.conn.sock):
                standing = self._read(guest)
        except (ssl.SSLWantReadError, BlockingIOError):
            self._wait(guest, selectors.EVENT_READ, self._advance)
        except ssl.SSLWantWriteError:
            self._wait(guest, selectors.EVENT_WRITE, self._advance)
        except OSError:  # a broken handshake is one, too
            self._turn_away(guest, "" if guest.handshaken else "broken handshake")
        else:
            if standing is Standing.PARTIAL:
                self._wait(guest, selectors.EVENT_READ, self._advance)
            else:
                self._judge(guest, standing)

    def _read(self, guest: Guest) -> Standing:
        """Read what is there, up to so many pieces: others want their turn, too.

        Raises:
            OSError: there is nothing now, or will be nothing any more.
        """
        connection, arrival = guest.conn.sock, guest.arrival
        if not guest.handshaken:
            connection.do_handshake()
            guest.handshaken = True
        for _ in range(PIECES):
            if arrival.standing() is not Standing.PARTIAL:
                break
            if arrival.invites:
                arrival.invites = False
                connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            piece = connection.recv(PIECE)
            if not piece:
                raise ConnectionResetError("the client has hung up")
            arrival.add(piece)
        return arrival.standing()

    def _judge(self, guest: Guest, standing: Standing) -> None:
        if standing in ANSWERS:
            self._refuse(guest, ANSWERS[standing])
        else:
            guest.conn.last = standing is Standing.LONG_BODY
            self._admit(guest)

    def _wait(self, guest: Guest, event: int, then: Callable[[Guest], None]) -> None:
        self.poller.register(guest.conn.sock, event, partial(self._ready, guest, then))
        guest.waiting = True

    def _ready(self, guest: Guest, then: Callable[[Guest], None], connection: Any) -> None:
        self.poller.unregister(connection)
        guest.waiting = False
        then(guest)

    def _admit(self, guest: Guest) -> None:
        """Give the connection to a thread, which finds the request read already."""
        del self._guests[id(guest)]
        conn = guest.conn
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(guest.arrival.received))
        conn.initialized = conn.data_ready = True
        self.enqueue_req(conn)

    def _deliver(self, fs: Any, guest: Guest) -> None:
        """Send more of an answer; what follows it is done when it is gone."""
        connection = guest.conn.sock
        try:
            if connection.send_rest():
                guest.until = time.monotonic() + self._patience()
        except OSError:
            self._give_up(guest)
            return
        if connection.unsent:
            self._wait(guest, selectors.EVENT_WRITE, partial(self._deliver, fs))
            return
        del self._taking[id(guest.conn)]
        self.finish_request(guest.conn, fs)

    def _give_up(self, guest: Guest, why: str = "") -> None:
        del self._taking[id(guest.conn)]
        self._turn_away(guest, why)

    def _make_room(self) -> None:
        """Free a file for who waits outside, without ending the worker and all that it serves."""
        self.note("no room")
        if self._guests:
            self._turn_away(next(iter(self._guests.values())))
        elif self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()
        elif self._taking:
            self._give_up(next(iter(self._taking.values())))
        elif self._leaving:
            self._forget(next(iter(self._leaving.values())))
        else:
            time.sleep(BREATH_SECONDS)  # threads hold them all; who waits outside would be looked at without end

    def _refuse(self, guest: Guest, status: str) -> None:
        self.note("unreadable request")
        del self._guests[id(guest)]
        self.nr_conns -= 1
        try:
            _answer(guest.conn.sock, status)
        except OSError:
            self._part(guest.conn, False)
        else:
            self._part(guest.conn, True)

    def _turn_away(self, guest: Guest, why: str = "") -> None:
        if why:
            self.note(why)
        self._guests.pop(id(guest), None)
        if guest.waiting:
            self.poller.unregister(guest.conn.sock)
        self.nr_conns -= 1
        guest.conn.close()

    def _part(self, conn: Connection, graceful: bool) -> None:
        """Close a connection: at once, or after its client has taken the answer; gunicorn would stand waiting."""
        guest = Guest(conn, time.monotonic() + FAREWELL_SECONDS)
        if not graceful or len(self._leaving) >= FAREWELLS:
            self._forget(guest)
            return
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._forget(guest)
            return
        self._leaving[id(guest)] = guest
        self._see_off(guest)

    def _see_off(self, guest: Guest) -> None:
        """Read and drop what the client still sends, so that the answer reaches it; not much, and not long."""
        try:
            with self.turn_of(guest.conn.sock):
                for _ in range(4):
                    if not guest.conn.sock.recv(PIECE):
                        self._forget(guest)
                        return
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        except OSError:
            self._forget(guest)
            return
        self._wait(guest, selectors.EVENT_READ, self._see_off)

    def _forget(self, guest: Guest) -> None:
        self._leaving.pop(id(guest), None)
        if guest.waiting:
            self.poller.unregister(guest.conn.sock)
        self._households.leave(guest.conn.client)
        guest.conn.cut()


def _answer(connection: Any, status: str) -> None:
    """Say what is wrong to a client that does not speak as we do, and no more than that."""
    util.write_nonblock(connection, f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
