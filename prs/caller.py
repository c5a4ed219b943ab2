"""Who is calling: proof that a request comes from the presentation server.

Every proof that is configured must hold; configuring one more never makes the door wider. What a request says of
itself counts only where a configured reverse proxy says it (`prs.proxies`).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from prs.errors import CallerUnproven
from prs.proxies import NO_PROXIES, Network, Origin, Proxies

log = structlog.get_logger("touchline.caller")


@dataclass(frozen=True, slots=True)
class CallerPolicy:
    """What proves the presentation server.

    Attributes:
        secret: the shared secret, or None where none is configured.
        certificate: whether a client certificate of the configured authority is asked for.
        names: of which the certificate must carry one; empty: any.
        networks: in one of which the presentation server must be; empty: anywhere.
        proxies: the reverse proxies that are believed about address and certificate.
    """

    secret: str | None = field(repr=False)
    certificate: bool
    names: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    proxies: Proxies = NO_PROXIES

    def prove(self, environ: Mapping[str, Any], secret: str | None) -> Origin:
        """Let the presentation server pass and nobody else; tell where it asks from.

        Args:
            environ: the WSGI environment, whose connection tells the client certificate that TLS has verified.
            secret: what the request carries where the dialect puts the shared secret.

        Raises:
            CallerUnproven: a configured proof is missing or wrong, or none is configured.
        """
        origin = self.proxies.origin(environ)
        missing = self._missing(origin, secret)
        if missing:
            # Whoever sets a server up sees here why its presentation server is refused; the phone does not.
            log.warning("caller_unproven", missing=missing, address=str(origin.address), relayed=origin.relayed)
            raise CallerUnproven
        return origin

    def _missing(self, origin: Origin, secret: str | None) -> str:
        if self.secret is None and not self.certificate and not self.networks:
            return "any proof"
        if self.networks and not origin.within(self.networks):
            return "network"
        if self.certificate:
            if origin.certificate is None:
                return "certificate"
            if self.names and origin.certificate.isdisjoint(self.names):
                return "certificate's name"
        if self.secret is not None and not hmac.compare_digest(self.secret.encode(), (secret or "").encode()):
            return "secret"
        return ""
