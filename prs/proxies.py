"""Where a request comes from: the other end of its connection, or whoever a configured reverse proxy says.

Only configured proxies are believed, and only about two things: the client's address and the certificate that the
proxy has verified. The same headers from anyone else are as if they had not been sent.
"""

import base64
import binascii
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509.oid import NameOID

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SOCKET = "gunicorn.socket"  # where gunicorn hands an application its connection
VERIFIED = "SUCCESS"  # what nginx says of a certificate that it has verified, and HAProxy by our sample
PEM_BEGIN = "-----BEGIN"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from.

    Attributes:
        address: the client's; None where it cannot be told.
        certificate: host and common names of the client certificate that was verified; None: there is none.
        relayed: whether a proxy, configured or not, stands between.
    """

    address: Address | None
    certificate: frozenset[str] | None
    relayed: bool

    def within(self, networks: Sequence[Network]) -> bool:
        """Tell whether the client's address is known and in one of these networks."""
        return self.address is not None and any(self.address in network for network in networks)


@dataclass(frozen=True, slots=True)
class Proxies:
    """The reverse proxies that are believed, and how they say what they know.

    Attributes:
        networks: where they are; none: nobody is believed.
        address: header with the addresses that a request came through, the proxy's own client last.
        verified: header that is `SUCCESS` where the client showed a certificate and it holds.
        certificate: header with that certificate: PEM escaped as in addresses (nginx), or DER in base64 (HAProxy).
    """

    networks: tuple[Network, ...] = ()
    address: str = "X-Forwarded-For"
    verified: str = "X-Client-Verify"
    certificate: str = "X-Client-Cert"

    def origin(self, environ: Mapping[str, Any]) -> Origin:
        """Tell where a request comes from; never fails, since what it reads is hostile."""
        peer = _address(str(environ.get("REMOTE_ADDR", "")))
        if peer is None or not self._believed(peer):
            forwarded = any(environ.get(key) for key in (*FORWARDED, _key(self.address)))
            return Origin(peer, _shown_in_handshake(environ.get(SOCKET)), relayed=forwarded)
        verified = environ.get(_key(self.verified)) == VERIFIED
        shown = _names_of(str(environ.get(_key(self.certificate), ""))) if verified else None
        return Origin(self._client(str(environ.get(_key(self.address), ""))), shown, relayed=True)

    def _believed(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def _client(self, chain: str) -> Address | None:
        """Find the right-most address that is no proxy of ours: what stands left of it, anyone may have written."""
        address: Address | None = None
        for entry in reversed(chain.split(",")):
            address = _address(entry.strip())
            if address is None or not self._believed(address):
                break
        return address


NO_PROXIES = Proxies()


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    # The same machine, seen through a socket that speaks both.
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _shown_in_handshake(connection: object) -> frozenset[str] | None:
    """Give the names of the certificate that our own TLS has verified."""
    certificate: Mapping[str, Any] | None = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    if not certificate:
        return None
    alternatives = {value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"}
    subject = certificate.get("subject", ())
    return frozenset(alternatives | {value for part in subject for key, value in part if key == "commonName"})


@lru_cache(maxsize=64)  # a proxy sends the same few certificates all day
def _names_of(header: str) -> frozenset[str] | None:
    try:
        if PEM_BEGIN in (text := unquote(header)):
            certificate = x509.load_pem_x509_certificate(text.encode())
        else:
            certificate = x509.load_der_x509_certificate(base64.b64decode(header, validate=True))
        names = {str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return frozenset(names | set(alternatives.get_values_for_type(x509.DNSName)))
    except x509.ExtensionNotFound:
        return frozenset(names)
    except (ValueError, binascii.Error, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None
