"""The wire to O2G: one pooled HTTPS client, every request within its deadline."""

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Protocol

import httpx
import structlog

from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GTimeout, O2GUnreachable, UnreadableAnswer
from services.names import NamedTransport, Names

CONNECT_SECONDS = 1.5  # so that a read whose connection was not taken up can be tried again within a screen's deadline
ANSWER_SECONDS = 10.0  # above O2G's own limit of 5 s for telephony (L116)
LEAST_SECONDS = 0.001  # a socket takes 0 for "do not wait at all"
IDLE_SECONDS = 15.0  # an unused connection is closed by us before a server in the way forgets it
SPARE_CONNECTIONS = 20  # for what waits for no place: the probes of an O2G that hangs, of which up to 18 hang with it
LARGEST_ANSWER = 8 * 1024 * 1024  # bytes

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CallObservation:
    """One request to O2G, for whoever counts them.

    Attributes:
        operation: the operation's template, such as `GET /users/{loginName}`; never a number or a name.
        status: the HTTP status; None where no answer came.
        seconds: how long it took.
    """

    operation: str
    status: int | None
    seconds: float


Observe = Callable[[CallObservation], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What O2G answered.

    Attributes:
        status: the HTTP status.
        headers: the headers, by any case of their name.
        body: the body; may be empty.
        session: which of the sessions was used, counted from 1; 0 without one.
    """

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)
    session: int = 0

    @property
    def good(self) -> bool:
        """Whether O2G did it: any 2xx (A15)."""
        return 200 <= self.status < 300


class Sender(Protocol):
    """What sends requests: the wire itself, or a `Line`, which guards it."""

    def send(
        self,
        operation: str,
        url: httpx.URL,
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """Send one request, as `Wire.send` tells."""


class _Patience(Mapping[str, float]):
    """How long each step of a request may take: what is left of its deadline when the step begins, not when all did."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __getitem__(self, step: str) -> float:
        most = CONNECT_SECONDS if step == "connect" else ANSWER_SECONDS
        return max(LEAST_SECONDS, min(most, self._deadline.remaining()))

    def __iter__(self) -> Iterator[str]:
        return iter(("connect", "read", "write", "pool"))

    def __len__(self) -> int:
        return 4


class Wire:
    """Sends requests to O2G over connections that are kept; any thread may use it."""

    def __init__(self, endpoint: O2GEndpoint, observe: Observe | None = None) -> None:
        """Prepare the client; no connection is made.

        Raises:
            OSError: the file of the certificate authority cannot be read (ssl.SSLError: or holds no certificate).
        """
        _keep_quiet()
        self._observe = observe
        self._trust = trust(endpoint)
        self._names = Names(remembering=True)
        self._connections = endpoint.at_once + SPARE_CONNECTIONS
        self._client = self._new_client()

    def send(
        self,
        operation: str,
        url: httpx.URL,
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """Send one request, once.

        Args:
            operation: `METHOD /template`, for observers.
            url: where to.
            deadline: until when the answer must be here.
            headers: what to send beside the usual ones.
            content: the JSON body.

        Raises:
            O2GUnreachable: no connection, or it broke; tells whether anything may have been sent.
            O2GTimeout: no answer in time; likewise.
            UnreadableAnswer: an answer of no end.
        """
        deadline.check()
        sent = dict(headers)
        if content is not None:
            sent["Content-Type"] = "application/json"
        method = operation.partition(" ")[0]
        started = time.monotonic()
        status = None
        client = self._client
        try:
            with client.stream(
                method, url, headers=sent, content=content, extensions={"timeout": _Patience(deadline)}
            ) as response:
                status = response.status_code
                return Answer(status, response.headers, _body(response, deadline))
        except httpx.HTTPError as error:
            raise _named(error) from error
        except httpx.InvalidURL as error:
            raise UnreadableAnswer("O2G gave an address that is none") from error
        except RuntimeError as error:
            if client.is_closed:
                raise O2GUnreachable("the connection to O2G is closed", can_retry=False, nothing_sent=True) from error
            raise
        finally:
            if self._observe is not None:
                self._observe(CallObservation(operation, status, time.monotonic() - started))

    def renew(self) -> Callable[[], None]:
        """Use new connections from now on: the kept ones may lead to a host that is no more.

        Returns:
            What closes the old ones, to be called when no request can be under way in them any more.
        """
        old, self._client = self._client, self._new_client()
        return partial(httpx.Client.close, old)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _new_client(self) -> httpx.Client:
        limits = httpx.Limits(
            max_connections=self._connections,
            max_keepalive_connections=self._connections,
            keepalive_expiry=IDLE_SECONDS,
        )
        return httpx.Client(
            transport=NamedTransport(self._names, self._trust, limits),
            trust_env=False,  # no proxy, netrc or certificate file that the settings do not tell
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # the session alone decides on cookies
            headers={"User-Agent": "Touchline", "Accept": "application/json"},
        )


def _named(error: httpx.HTTPError) -> Exception:
    """Name a failure of the connection in our words, which hold no address."""
    if isinstance(error, httpx.ConnectTimeout):
        return O2GTimeout("no connection to O2G in time", nothing_sent=True, connection_lost=True)
    if isinstance(error, httpx.PoolTimeout):
        return O2GTimeout("every connection to O2G stayed busy", nothing_sent=True)
    if isinstance(error, httpx.TimeoutException):
        return O2GTimeout("no answer from O2G in time")
    if isinstance(error, httpx.ConnectError):
        if _certificate_refused(error):
            said = "O2G's certificate does not hold: see the setting o2g_ca"
            return O2GUnreachable(said, can_retry=False, nothing_sent=True)
        said = f"O2G cannot be reached ({type(error).__name__})"
        return O2GUnreachable(said, nothing_sent=True, connection_lost=True)
    if isinstance(error, httpx.TransportError):
        return O2GUnreachable(f"O2G cannot be reached ({type(error).__name__})", connection_lost=True)
    return UnreadableAnswer(f"O2G's answer breaks HTTP ({type(error).__name__})")


def _certificate_refused(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _body(response: httpx.Response, deadline: Deadline) -> bytes:
    """Read a body to its end, its deadline or the largest one taken, whichever comes first."""
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise UnreadableAnswer("O2G's answer is too long", status=response.status_code)
        if deadline.remaining() <= 0:
            raise O2GTimeout("O2G's answer came too slowly", status=response.status_code)
    return bytes(body)


def trust(endpoint: O2GEndpoint) -> ssl.SSLContext:
    """Make what O2G's certificates are checked by; raises as `Wire` does."""
    context = ssl.create_default_context(cafile=endpoint.ca)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # O2G's own certificate may be the anchor, whoever issued it
    if not endpoint.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        log.warning("o2g.certificate_unchecked", meaning="anyone on the way can read the administrator's password")
    return context


def _keep_quiet() -> None:
    """Keep httpx and httpcore from logging addresses (which hold numbers and logins) and headers (cookies)."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
