"""The wire to O2G: one pooled HTTPS client, every request within its deadline."""

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import structlog

from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GError, O2GTimeout, O2GUnreachable, UnreadableAnswer

CONNECT_SECONDS = 1.5  # so that a read whose connection was not taken up can be tried again within a screen's deadline
ANSWER_SECONDS = 10.0  # above O2G's own limit of 5 s for telephony (L116)
IDLE_SECONDS = 15.0  # an unused connection is closed by us before a server in the way forgets it
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


class Wire:
    """Sends requests to O2G over connections that are kept; any thread may use it."""

    def __init__(self, endpoint: O2GEndpoint, observe: Observe | None = None) -> None:
        """Prepare the client; no connection is made.

        Raises:
            OSError: the file of the certificate authority cannot be read (ssl.SSLError: or holds no certificate).
        """
        _keep_quiet()
        self._observe = observe
        self._client = httpx.Client(
            verify=_trust(endpoint),
            trust_env=False,  # no proxy, netrc or certificate file that the settings do not tell
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # the session alone decides on cookies
            limits=httpx.Limits(
                max_connections=endpoint.connections,
                max_keepalive_connections=endpoint.connections,
                keepalive_expiry=IDLE_SECONDS,
            ),
            headers={"User-Agent": "Touchline", "Accept": "application/json"},
        )

    def send(
        self,
        operation: str,
        url: httpx.URL,
        deadline: Deadline,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        once: bool = False,
    ) -> Answer:
        """Send one request. A GET whose connection fails is sent once more; anything else never (it may have worked).

        Args:
            operation: `METHOD /template`, for observers.
            url: where to.
            deadline: until when the answer must be here.
            headers: what to send beside the usual ones.
            content: the JSON body.
            once: whether not even a GET may be sent again.

        Raises:
            O2GUnreachable: no connection, or it broke.
            O2GTimeout: no answer in time.
            UnreadableAnswer: an answer of no end.
        """
        method = operation.partition(" ")[0]
        try:
            return self._once(operation, method, url, deadline, headers, content)
        except _Broken as broken:
            if method != "GET" or once or deadline.remaining() <= 0:
                raise broken.error from broken.__cause__
        try:
            return self._once(operation, method, url, deadline, headers, content)
        except _Broken as broken:
            raise broken.error from broken.__cause__

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _once(
        self,
        operation: str,
        method: str,
        url: httpx.URL,
        deadline: Deadline,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer:
        deadline.check()
        left = deadline.remaining()
        patience = httpx.Timeout(min(left, ANSWER_SECONDS), connect=min(left, CONNECT_SECONDS))
        sent = dict(headers)
        if content is not None:
            sent["Content-Type"] = "application/json"
        started = time.monotonic()
        status = None
        try:
            with self._client.stream(method, url, headers=sent, content=content, timeout=patience) as response:
                status = response.status_code
                return Answer(status, response.headers, _body(response, deadline))
        except httpx.HTTPError as error:
            raise _named(error) from error
        except httpx.InvalidURL as error:
            raise UnreadableAnswer("O2G gave an address that is none") from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise O2GUnreachable("the connection to O2G is closed", can_retry=False) from error
            raise
        finally:
            if self._observe is not None:
                self._observe(CallObservation(operation, status, time.monotonic() - started))


class _Broken(Exception):
    """A connection failed; whether the request was done is not known."""

    def __init__(self, error: O2GError) -> None:
        super().__init__()
        self.error = error


def _named(error: httpx.HTTPError) -> Exception:
    """Name a failure of the connection in our words, which hold no address."""
    if isinstance(error, httpx.ConnectTimeout):
        return _Broken(O2GTimeout("no connection to O2G in time"))
    if isinstance(error, httpx.PoolTimeout):
        return O2GTimeout("every connection to O2G stayed busy")
    if isinstance(error, httpx.TimeoutException):
        return O2GTimeout("no answer from O2G in time")
    if isinstance(error, httpx.ConnectError) and _certificate_refused(error):
        return O2GUnreachable("O2G's certificate does not hold: see the setting o2g_ca", can_retry=False)
    if isinstance(error, httpx.TransportError):
        return _Broken(O2GUnreachable(f"O2G cannot be reached ({type(error).__name__})"))
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


def _trust(endpoint: O2GEndpoint) -> ssl.SSLContext:
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
