"""Connections to external applications: only to addresses where Touchline may go, whatever a name says by now."""

import ipaddress
import socket
import typing
from collections.abc import Iterable

import httpcore

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddress(Exception):
    """A name leads to an address inside the network."""


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, so that a name cannot change between the look and the step."""

    def __init__(self, *, inside: bool) -> None:
        """Say whether addresses inside the company's network are allowed; link-local ones never are."""
        self._inside = inside
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect.

        Raises:
            ForbiddenAddress: one of the name's addresses is not allowed.
            httpcore.ConnectError: nobody is there.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if not allowed(ipaddress.ip_address(address.partition("%")[0]), inside=self._inside):
                raise ForbiddenAddress(f"{host} leads inside the network")
        return self._plain.connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def allowed(address: Ip, *, inside: bool) -> bool:
    """Tell whether an address may be asked.

    Args:
        address: IPv4 or IPv6; an IPv4 address within an IPv6 one counts as what it is.
        inside: whether private networks and this machine are allowed.
    """
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return allowed(mapped, inside=inside)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False  # link-local: where clouds keep their machines' credentials
    return inside or address.is_global
