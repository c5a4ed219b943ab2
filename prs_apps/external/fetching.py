"""Asking an external application: signed, within its time and size, never led elsewhere."""

import hashlib
import hmac
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode, urljoin, urlsplit

import httpcore

from prs_apps.application import Visit
from prs_apps.external.errors import (
    ExternalForbidden,
    ExternalRefused,
    ExternalSilent,
    ExternalTrouble,
    ExternalUnreadable,
)
from prs_apps.external.network import ForbiddenAddress, GuardedBackend, within
from prs_apps.external.source import Source

REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 3
KEPT_CONNECTIONS = 4
UNCONNECTED = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout)  # raised before anything is sent


def fetch(source: Source, target: str, visit: Visit, *, form: Mapping[str, str] | None = None) -> tuple[str, bytes]:
    """Ask for a page; give its final address and its bytes.

    Args:
        source: the application.
        target: what to ask for, below its folder.
        visit: for whom; told in headers, see `docs/applications.md`.
        form: posted; None: a GET.

    Raises:
        ExternalSilent: it is not there, or not within its seconds and the screen's deadline.
        ExternalRefused: it answered with an error.
        ExternalForbidden: it leads elsewhere, or lies at an address that may not be asked.
        ExternalUnreadable: the answer is too large.
    """
    until = time.monotonic() + min(source.seconds, visit.deadline.remaining())
    address, method = source.address(target), "GET" if form is None else "POST"
    body = None if form is None else urlencode(form).encode()
    answered = False
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, location, content = _once(source, method, address, body, visit, until)
            if status not in REDIRECTS:
                return address, content
            answered = True
            address = _joined(address, location)
            if source.target(address) is None:
                raise ExternalForbidden("it redirects to another place than its own")
            method, body = ("GET", None) if status not in (307, 308) else (method, body)
        raise ExternalRefused("it redirects without end")
    except ExternalTrouble as trouble:
        trouble.sent = form is not None and (answered or trouble.sent)
        raise


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise ExternalForbidden("it redirects to what is no address") from error


def _once(
    source: Source, method: str, address: str, body: bytes | None, visit: Visit, until: float
) -> tuple[int, str, bytes]:
    left = until - time.monotonic()
    if left <= 0:
        raise ExternalSilent("no answer within its time")
    headers = {**headers_of(source, method, address, visit), "Host": urlsplit(address).netloc}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    timeouts = {"connect": left, "read": left, "write": left, "pool": left}
    try:
        with (
            within(until),
            _pool(source.ca, source.inside).stream(
                method, address, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as response,
        ):
            if response.status in REDIRECTS:
                location = next((value for name, value in response.headers if name.lower() == b"location"), b"")
                return response.status, location.decode("latin-1"), b""
            if not 200 <= response.status < 300:
                raise ExternalRefused(f"it answered with status {response.status}", sent=True)
            return response.status, "", _read(response, source, until)
    except ForbiddenAddress as error:
        raise ExternalForbidden(str(error)) from error
    except (httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise ExternalSilent(type(error).__name__, sent=not isinstance(error, UNCONNECTED)) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise ExternalUnreadable(f"no HTTP: {type(error).__name__}", sent=True) from error


def _read(response: httpcore.Response, source: Source, until: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > source.bytes:
            raise ExternalUnreadable(f"more than {source.bytes} bytes", sent=True)
        if time.monotonic() > until:
            raise ExternalSilent("the answer took too long", sent=True)
    return bytes(content)


def headers_of(source: Source, method: str, address: str, visit: Visit) -> dict[str, str]:
    """Tell an application for whom it is asked; signed with its secret, so that it can believe it.

    The signature is HMAC-SHA256, in hexadecimal, of method, address, time (seconds since 1970), directory number,
    model family and language, each followed by a line feed.
    """
    model, now = visit.model, str(int(time.time()))
    told = {
        "X-Touchline-Time": now,
        "X-Touchline-Number": visit.user.number,
        "X-Touchline-Family": model.family,
        "Accept-Language": visit.language.code,
    }
    headers = {
        **told,
        "X-Touchline-Columns": str(model.columns),
        "X-Touchline-Rows": str(model.rows),
        "X-Touchline-Items": str(model.list_items),
        "Accept": "application/xml",
        "User-Agent": "Touchline",
    }
    if source.secret:
        signed = "".join(f"{part}\n" for part in (method, address, *told.values()))
        headers["X-Touchline-Signature"] = hmac.new(source.secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return headers


@lru_cache(maxsize=64)
def _pool(ca: str | None, inside: bool) -> httpcore.ConnectionPool:
    context = ssl.create_default_context(cafile=ca)
    return httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=32,
        max_keepalive_connections=KEPT_CONNECTIONS,
        keepalive_expiry=30,
        network_backend=GuardedBackend(inside=inside),
    )
