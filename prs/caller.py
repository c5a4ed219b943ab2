"""Who is calling: proof that a request comes from the presentation server.

Every proof that is configured must hold; configuring one more never makes the door wider. Nothing that the request
says of itself (an address, a Host header, a forwarded header) counts.
"""

import hmac
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prs.errors import CallerUnproven

SOCKET = "gunicorn.socket"  # where gunicorn hands an application its connection


@dataclass(frozen=True, slots=True)
class CallerPolicy:
    """What proves the presentation server.

    Attributes:
        secret: the shared secret, or None where none is configured.
        certificate: whether a client certificate of the configured authority is asked for.
        names: of which the certificate must carry one; empty: any.
    """

    secret: str | None
    certificate: bool
    names: tuple[str, ...] = ()

    def prove(self, environ: Mapping[str, Any], secret: str | None) -> None:
        """Let the presentation server pass and nobody else.

        Args:
            environ: the WSGI environment, whose connection tells the client certificate that TLS has verified.
            secret: what the request carries where the dialect puts the shared secret.

        Raises:
            CallerUnproven: a configured proof is missing or wrong, or none is configured.
        """
        if self.secret is None and not self.certificate:
            raise CallerUnproven
        if self.certificate:
            self._prove_certificate(environ)
        if self.secret is not None and not hmac.compare_digest(self.secret.encode(), (secret or "").encode()):
            raise CallerUnproven

    def _prove_certificate(self, environ: Mapping[str, Any]) -> None:
        connection = environ.get(SOCKET)
        if not isinstance(connection, ssl.SSLSocket):
            raise CallerUnproven
        certificate = connection.getpeercert()
        if not certificate:
            raise CallerUnproven
        if self.names and not set(self.names) & _names(certificate):
            raise CallerUnproven


def _names(certificate: Mapping[str, Any]) -> set[str]:
    """Collect the host names and common names of a certificate that TLS has verified."""
    alternatives = {value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"}
    subject = certificate.get("subject", ())
    common = {value for part in subject for key, value in part if key == "commonName"}
    return alternatives | common
