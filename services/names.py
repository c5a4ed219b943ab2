"""Names of hosts, looked up within a time: the system's own lookup takes as long as a name server that is silent."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any

import httpcore
import httpx

from services.threads import started

MOST_HANGING = 16  # lookups of different names that do not come back; one more is not begun
PATIENCE_SECONDS = 0.5  # with a name server, where it is known where the name led before
MOST_KNOWN = 100  # names
LEAST_SECONDS = 0.001  # a socket takes 0 for "do not wait at all"

Addresses = tuple[str, ...]


def looked_up(host: str) -> Addresses:
    """Ask the system for a name's addresses, the best first.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


class Names:
    """Looks names up, each in a thread that may hang alone; those who want the same name wait for the same thread."""

    def __init__(self, *, remembering: bool, look_up: Callable[[str], Addresses] | None = None) -> None:
        """Start no thread; with `remembering`, a name leads where it led last while it cannot be looked up."""
        self._remembering = remembering
        self._look_up = look_up or looked_up
        self._lock = threading.Lock()
        self._flights: dict[str, tuple[float, Future[Addresses]]] = {}
        self._known: dict[str, Addresses] = {}

    def addresses(self, host: str, seconds: float) -> Addresses:
        """Give where a name leads; an address is itself.

        Raises:
            TimeoutError: it is not known within so many seconds.
            OSError: it leads nowhere.
        """
        if _is_address(host):
            return (host,)
        with self._lock:
            known = self._known.get(host)
            since, flight = self._flights.get(host) or self._begin(host)
        until = time.monotonic() + seconds
        if known is not None:
            until = min(until, since + PATIENCE_SECONDS)
        try:
            return flight.result(max(0.0, until - time.monotonic()))
        except OSError:  # TimeoutError is one
            if known is None:
                raise
            return known

    def _begin(self, host: str) -> tuple[float, "Future[Addresses]"]:
        flight: Future[Addresses] = Future()
        if len(self._flights) >= MOST_HANGING:
            flight.set_exception(TimeoutError("too many names are being looked up"))
            return time.monotonic(), flight
        begun = self._flights[host] = time.monotonic(), flight
        if started(partial(self._go, host, flight), "names") is None:  # the next who wants the name tries again
            del self._flights[host]
            flight.set_exception(OSError("no thread could be started to look the name up"))
        return begun

    def _go(self, host: str, flight: "Future[Addresses]") -> None:
        try:
            found = self._look_up(host)
        except (OSError, UnicodeError) as error:  # a name too long is no name
            self._land(host, None)
            flight.set_exception(error if isinstance(error, OSError) else OSError("this is no name of a host"))
        except BaseException as error:
            self._land(host, None)
            flight.set_exception(error)
            raise
        else:
            self._land(host, found)
            flight.set_result(found)

    def _land(self, host: str, found: Addresses | None) -> None:
        with self._lock:
            del self._flights[host]
            if found and self._remembering and (host in self._known or len(self._known) < MOST_KNOWN):
                self._known[host] = found


class NamedBackend(httpcore.NetworkBackend):
    """Connects within its time, the looking up of the name and all of its addresses together."""

    def __init__(self, names: Names) -> None:
        """Look names up there."""
        self._names = names
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the name's addresses where somebody is; each may take its part of the time.

        Raises:
            httpcore.ConnectTimeout: not in time.
            httpcore.ConnectError: nobody is there.
        """
        until = time.monotonic() + (timeout if timeout is not None else float(threading.TIMEOUT_MAX))
        addresses = _resolved(self._names, host, timeout)
        self.judge(host, addresses)
        for nth, address in enumerate(addresses):
            share = None if timeout is None else max(LEAST_SECONDS, (until - time.monotonic()) / (len(addresses) - nth))
            try:
                return self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if nth == len(addresses) - 1:
                    raise
        raise httpcore.ConnectError("the name has no address")

    def judge(self, host: str, addresses: Addresses) -> None:
        """Say no, by raising, to a name that leads where nobody is to go; here, to none."""


def _resolved(names: Names, host: str, timeout: float | None) -> Addresses:
    """Give where a name leads, with failures as a connection's.

    Raises:
        httpcore.ConnectTimeout: not in time.
        httpcore.ConnectError: it leads nowhere.
    """
    try:
        return names.addresses(host, timeout if timeout is not None else float(threading.TIMEOUT_MAX))
    except TimeoutError as error:
        raise httpcore.ConnectTimeout("the name was not looked up in time") from error
    except OSError as error:
        raise httpcore.ConnectError("the name has no address") from error


class NamedTransport(httpx.HTTPTransport):
    """httpx's own transport, which looks names up within its time."""

    def __init__(
        self, names: Names, trust: ssl.SSLContext, limits: httpx.Limits, socket_options: Iterable[Any] | None = None
    ) -> None:
        """Take what looks names up, what checks certificates, and the bounds of connections."""
        super().__init__(verify=trust, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            socket_options=socket_options,
            network_backend=NamedBackend(names),
        )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True
