"""The presentation server's part: it asks Touchline for a page on behalf of a phone, and believes nothing it gets."""

import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Literal, Self

import aiohttp
from pydantic import BaseModel, ConfigDict, Field
from yarl import URL

from simulators.phone.addresses import AddressRefused, Origin
from simulators.phone.pages import NotAPage, Reading, read_page
from simulators.phone.vocabulary import vocabulary

PAGE_BYTES: Final = 256 * 1024
SOUND_BYTES: Final = 9 * 1024 * 1024
SECONDS: Final = 5.0
SOUND_SECONDS: Final = 15.0
CONNECTIONS: Final = 16
RAW_SHOWN: Final = 32 * 1024  # characters of an answer that is no page, for the developer
HEADERS_SHOWN: Final = ("Content-Type", "Content-Length", "Cache-Control", "Retry-After", "Location", "Server")
MASK: Final = "••••••"
PAGE_TYPES: Final = ("application/xml", "text/xml")
IMAGE_MARKS: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SOUND_MARKS: Final = {b"RIFF": "audio/wav", b"OggS": "audio/ogg", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg"}


class Asked(BaseModel):
    """What the phone in the browser asks its presentation server for.

    Attributes:
        number: directory number of the phone's user.
        set: the set as O2G names it; empty where the request should not say.
        method: GET, or POST with a form.
        url: an address from a page, or one of a key of the set.
        form: the fields of a form, by name.
        masked: names of the fields whose values are never shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(max_length=64)
    set: str = Field(default="", max_length=64)
    method: Literal["GET", "POST"] = "GET"
    url: str = Field(max_length=8000)
    form: dict[str, str] = Field(default_factory=dict, max_length=64)
    masked: frozenset[str] = frozenset()


class Shown(BaseModel):
    """A request as it may be shown to a developer: no secret, no password."""

    model_config = ConfigDict(frozen=True)

    method: str
    url: str
    headers: dict[str, str]
    form: dict[str, str]


class Answered(BaseModel):
    """What came of it.

    Attributes:
        request: as it was sent, what is secret masked.
        status: of HTTP; None where no answer came.
        headers: some of the answer's.
        reason: why there is no page; empty where there is one.
        page: the page's tree, as pages.Node.
        xml: the page made pretty, or the beginning of what came instead.
        warnings: for the developer.
        elapsed_ms: from asking to the last byte.
        correlation: by which Touchline's log names this request.
    """

    model_config = ConfigDict(frozen=True)

    request: Shown
    status: int | None = None
    headers: dict[str, str] = {}
    reason: str = ""
    page: dict[str, object] | None = None
    xml: str = ""
    warnings: tuple[str, ...] = ()
    elapsed_ms: float = 0.0
    correlation: str = ""


class Medium(BaseModel):
    """A picture or a sound of a page, of a kind that a browser may draw or play."""

    model_config = ConfigDict(frozen=True)

    content_type: str
    body: bytes


class NoAnswer(Exception):
    """Touchline could not be asked, or its answer was refused. The message says why."""


class PresentationServer:
    """Asks Touchline for pages, with keep-alive, a client certificate and the shared secret. An async context."""

    def __init__(self, touchline: str, tls: ssl.SSLContext, secret: str = "", seconds: float = SECONDS) -> None:
        """Take what does not change from one request to the next.

        Args:
            touchline: its origin, `https://host:port`.
            tls: whom to believe, and the client certificate.
            secret: the shared secret; empty for none.
            seconds: how long one answer may take in all.

        Raises:
            AddressRefused: `touchline` is not such an origin.
        """
        self.origin = Origin(touchline)
        self._tls = tls
        self._secret = secret
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool of connections."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._tls, limit=CONNECTIONS, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._timeout,
            headers={"User-Agent": "touchline-phone-simulator"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, asked: Asked) -> Answered:
        """Ask for a page. Whatever goes wrong is a reason in the answer, never an exception."""
        try:
            url = self._url(asked)
        except AddressRefused as error:
            return Answered(request=self._shown(asked, asked.url), reason=str(error))
        shown = self._shown(asked, url)
        started = time.perf_counter()
        try:
            status, headers, body = await self._fetch(asked, url, "application/xml", PAGE_BYTES, self._timeout)
        except NoAnswer as error:
            return Answered(request=shown, reason=str(error), elapsed_ms=_since(started))
        elapsed = _since(started)
        reading: Reading | None = None
        reason = ""
        if 300 <= status < 400:
            reason = "a redirect is not followed"
        else:
            try:
                reading = read_page(body)
            except NotAPage as error:
                reason = str(error)
        return Answered(
            request=shown,
            status=status,
            headers={name: headers[name] for name in HEADERS_SHOWN if name in headers},
            reason=reason,
            page=reading.tree.model_dump() if reading else None,
            xml=self._without_secret(reading.xml if reading else body.decode("utf-8", "replace")[:RAW_SHOWN]),
            warnings=(*_type_warnings(headers, bool(reading)), *(reading.warnings if reading else ())),
            elapsed_ms=elapsed,
            correlation=headers.get(vocabulary().correlation, "")[:100],
        )

    async def picture(self, asked: Asked) -> Medium:
        """Fetch a picture of a page.

        Raises:
            NoAnswer: it could not be fetched, is too large, or no picture that a browser may draw.
        """
        return await self._medium(asked, "picture", "image/*", IMAGE_MARKS, PAGE_BYTES, self._timeout)

    async def sound(self, asked: Asked) -> Medium:
        """Fetch a sound of a page.

        Raises:
            NoAnswer: it could not be fetched, is too large, or no sound that a browser may play.
        """
        timeout = aiohttp.ClientTimeout(total=SOUND_SECONDS)
        return await self._medium(asked, "sound", "audio/*", SOUND_MARKS, SOUND_BYTES, timeout)

    async def _medium(
        self,
        asked: Asked,
        kind: str,
        accept: str,
        marks: Mapping[bytes, str],
        most: int,
        timeout: aiohttp.ClientTimeout,
    ) -> Medium:
        try:
            url = self._url(asked)
        except AddressRefused as error:
            raise NoAnswer(str(error)) from error
        status, _, body = await self._fetch(asked, url, accept, most, timeout)
        content_type = next((type_ for mark, type_ in marks.items() if body.startswith(mark)), None)
        if status != 200 or content_type is None:
            raise NoAnswer(f"no {kind} (status {status})")
        return Medium(content_type=content_type, body=body)

    def _url(self, asked: Asked) -> str:
        words = vocabulary()
        return self.origin.addressed(asked.url, {words.number: asked.number, words.device: asked.set})

    async def _fetch(
        self, asked: Asked, url: str, accept: str, most: int, timeout: aiohttp.ClientTimeout
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request and read its answer whole, `most` bytes of it.

        Raises:
            NoAnswer: no connection, no certificate to believe, too slow, or too large.
        """
        if self._session is None:
            raise NoAnswer("the presentation server is not open")
        headers = {"Accept": accept}
        if self._secret:
            headers[vocabulary().secret] = self._secret
        try:
            async with self._session.request(
                asked.method,
                URL(url, encoded=True),
                data=asked.form if asked.method == "POST" else None,
                headers=headers,
                allow_redirects=False,
                timeout=timeout,
            ) as response:
                return response.status, response.headers, await _read(response, most)
        except TimeoutError as error:
            raise NoAnswer(f"no answer within {timeout.total:g} seconds") from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise NoAnswer("Touchline's certificate is not to be believed (see --ca)") from error
        except aiohttp.ClientConnectorError as error:
            raise NoAnswer(f"no connection to {self.origin.url}: {error.strerror or 'refused'}") from error
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            raise NoAnswer(f"the exchange failed: {type(error).__name__}") from error

    def _shown(self, asked: Asked, url: str) -> Shown:
        headers = {"Accept": "application/xml"}
        if self._secret:
            headers[vocabulary().secret] = MASK
        form = {name: MASK if name in asked.masked else value for name, value in asked.form.items()}
        return Shown(method=asked.method, url=url, headers=headers, form=form)

    def _without_secret(self, text: str) -> str:
        return text.replace(self._secret, MASK) if self._secret else text


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            raise NoAnswer(f"the answer is larger than {most // 1024} kB")
    return bytes(body)


def _type_warnings(headers: Mapping[str, str], is_page: bool) -> tuple[str, ...]:
    content_type = headers.get("Content-Type", "").partition(";")[0].strip()
    if is_page and content_type not in PAGE_TYPES:
        return (f"the content type is {content_type or 'missing'}, not {PAGE_TYPES[0]}",)
    return ()


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
