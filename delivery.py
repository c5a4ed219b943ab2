"""How answers go out to clients, and room for many of them; `entrance.py` has how requests come in."""

import resource
import socket
import ssl
import struct
from typing import Any

BUFFER = 64 * 1024  # bytes that the system may hold of a client that is not read from
PIECE = 16 * 1024  # bytes: what goes into one record of TLS


class PatientSocket(ssl.SSLSocket):
    """A connection over TLS on which no thread waits for its client to take an answer: the event loop sees to the rest.

    SO_SNDTIMEO and SO_RCVTIMEO mean nothing here: on a socket that blocks, Python's TLS tries again without end.
    """

    _rest: bytearray | None = None

    @property
    def unsent(self) -> bool:
        """Whether anything is kept that the client has not taken."""
        return bool(self._rest)

    def sendall(self, data: Any, flags: int = 0) -> None:  # noqa: ARG002  # the signature of sockets
        """Send what the client takes at once, and keep the rest for `send_rest`."""
        self._rest = self._rest or bytearray()
        self._rest += data
        patience = self.gettimeout()
        try:
            self.settimeout(0)
            self.send_rest()
        finally:
            self.settimeout(patience)

    def send_rest(self) -> bool:
        """Send more of what is kept, without waiting; True where any of it was taken.

        Raises:
            OSError: the client is gone. Nothing is kept for it any more.
        """
        rest, taken = self._rest, False
        try:
            while rest:
                del rest[: self.send(bytes(rest[:PIECE]))]
                taken = True
        except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
            pass
        except OSError:
            self._rest = None
            raise
        return taken


def allow_files(wanted: int) -> None:
    """Have the system let this process open so many files, as far as it may; by default it is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def bound_client(client: socket.socket, seconds: float) -> None:
    """Bound what a thread waits for a client, whatever gunicorn sets (a read or write that takes longer fails), and
    what may lie there unread."""
    whole = int(seconds)
    period = struct.pack("ll", whole, int((seconds - whole) * 1_000_000))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, period)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, period)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
