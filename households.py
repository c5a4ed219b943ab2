"""How many connections come from one address: nobody takes those of the others."""

from collections import Counter
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Client = tuple[str, *tuple[object, ...]]  # as a socket names its other end


class Households:
    """Counts connections by address; used from one thread."""

    def __init__(self, most: int, unbounded: tuple[IPv4Network | IPv6Network, ...]) -> None:
        """Start with none; `most` from one address, and any number from an `unbounded` network: a reverse proxy's."""
        self._most = most
        self._unbounded = unbounded
        self._held: Counter[str] = Counter()

    def are_full_for(self, client: Client) -> bool:
        """Tell whether that address holds as many as it may."""
        address = _address(client)
        return self._held[_name(address)] >= self._most and not any(address in network for network in self._unbounded)

    def enter(self, client: Client) -> None:
        """Count one more."""
        self._held[_name(_address(client))] += 1

    def leave(self, client: Client) -> None:
        """Count one less."""
        name = _name(_address(client))
        self._held[name] -= 1
        if self._held[name] <= 0:
            del self._held[name]


def _address(client: Client) -> IPv4Address | IPv6Address:
    address = ip_address(client[0].partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _name(address: IPv4Address | IPv6Address) -> str:
    """Name what is counted as one address: with IPv6 the network of 64 bits, of which one machine has all."""
    return str(address) if isinstance(address, IPv4Address) else str(IPv6Network((address, 64), strict=False))
