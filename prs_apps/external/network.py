"""Connections to external applications: only to addresses where Touchline may go, whatever a name says by now."""

import ipaddress
import ssl
import time
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpcore

from services.names import Addresses, NamedBackend, Names

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


# Networks whose addresses carry an IPv4 address in their last 32 bits, where they lead: NAT64 (RFC 6052, 8215), SIIT,
# and IPv4-compatible ones. Python's `is_global` takes them for public.
CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
OWN = (ipaddress.IPv6Address("::"), ipaddress.IPv6Address("::1"))
NAMES = Names(remembering=False)
UNTIL: ContextVar[float] = ContextVar("until")  # monotonic: when what this thread asks for must be there


@contextmanager
def within(until: float) -> Iterator[None]:
    """Let no read go on after that moment, however often something of an answer comes before it."""
    before = UNTIL.set(until)
    try:
        yield
    finally:
        UNTIL.reset(before)


class ForbiddenAddress(Exception):
    """A name leads to an address inside the network."""


class GuardedBackend(NamedBackend):
    """Connects to the very addresses that were checked, so that a name cannot change between the look and the step."""

    def __init__(self, *, inside: bool, names: Names = NAMES) -> None:
        """Say whether addresses inside the company's network are allowed; link-local ones never are."""
        super().__init__(names)
        self._inside = inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, as `NamedBackend` does, for reads that end when their time is over."""
        return _Bounded(super().connect_tcp(host, port, timeout, local_address, socket_options))

    def judge(self, host: str, addresses: Addresses) -> None:
        """Refuse a name of which one address is not allowed.

        Raises:
            ForbiddenAddress: one is not.
        """
        for address in addresses:
            if not allowed(ipaddress.ip_address(address.partition("%")[0]), inside=self._inside):
                raise ForbiddenAddress(f"{host} leads inside the network")


class _Bounded(httpcore.NetworkStream):
    """A connection whose reads end when their time is over: httpcore's own limit begins anew with each byte."""

    def __init__(self, plain: httpcore.NetworkStream) -> None:
        self._plain = plain

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = UNTIL.get(time.monotonic() + (timeout or 0)) - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._plain.read(max_bytes, left if timeout is None else min(left, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, timeout)

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._plain.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> typing.Any:
        return self._plain.get_extra_info(info)


def allowed(address: Ip, *, inside: bool) -> bool:
    """Tell whether an address may be asked.

    Args:
        address: IPv4 or IPv6; an IPv4 address within an IPv6 one counts as what it is.
        inside: whether private networks and this machine are allowed.
    """
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return allowed(mapped, inside=inside)
    if isinstance(address, ipaddress.IPv6Address):
        if address not in OWN and any(address in network for network in CARRIERS):
            return allowed(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), inside=inside)
        if address.is_site_local:  # what came before fc00::/7, and is still in use
            return inside
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False  # link-local: where clouds keep their machines' credentials
    return inside or address.is_global
