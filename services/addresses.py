"""Which address of O2G is used: the ones it names itself, and never without TLS.

O2G's root names the address of authentication, authentication that of sessions, the session that of everything else.
The password and then the session's cookie go where these say, which may be another host than the configured one: the
configured host has proven itself by its certificate, and so must every other, against the same authorities.

An `http:` address (O2G gives them: A6, A46, and a real server's sessions address in B4) is never used as it is, for
the cookie is worth as much as the password. On the configured host the configured port is taken, which is known to
speak TLS; elsewhere the port given, or 443 in the place of 80.
"""

import httpx

from services.endpoint import Access, O2GEndpoint
from services.errors import UnreadableAnswer

ROOT = "/api/rest"


def root(endpoint: O2GEndpoint) -> httpx.URL:
    """Give the address of O2G's descriptor (L1)."""
    configured = httpx.URL(endpoint.url)
    path = configured.path.rstrip("/")
    return configured.copy_with(path=path if path.endswith(ROOT) else path + ROOT, query=None, fragment=None)


def chosen(endpoint: O2GEndpoint, private: str | None, public: str | None) -> httpx.URL | None:
    """Choose between the two addresses that O2G gives, by the side from which it is reached; None if it gives neither.

    The other one is taken where O2G gives only one.

    Raises:
        UnreadableAnswer: the address is none that Touchline would send a secret to.
    """
    first, second = (private, public) if endpoint.access is Access.PRIVATE else (public, private)
    given = (first or "").strip() or (second or "").strip()
    return secured(endpoint, given) if given else None


def secured(endpoint: O2GEndpoint, given: str) -> httpx.URL:
    """Give an address that O2G returned as it is used: https, without query parameters lost, without credentials.

    Raises:
        UnreadableAnswer: it is no address, of another scheme, or has credentials in it.
    """
    configured = httpx.URL(endpoint.url)
    try:
        url = configured.join(given)
    except (httpx.InvalidURL, ValueError):
        raise UnreadableAnswer("O2G gave an address that is none") from None
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise UnreadableAnswer("O2G gave an address that cannot be used")
    if url.scheme == "http":
        if url.host == configured.host:
            url = url.copy_with(scheme="https", port=configured.port)
        else:
            url = url.copy_with(scheme="https", port=None if url.port == 80 else url.port)
    return url
