"""A small stand-in for Touchline: pages from files, over HTTPS, for a known presentation server only."""

import asyncio
import io
import ssl
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from lxml import etree

PAGES = Path(__file__).parent / "pages"
PLACE = "https://touchline.test"  # in the files: wherever Touchline is
SECRET = "secret-of-the-test"
CORRELATION = "c0ffee42"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def _sound() -> bytes:
    """A second of silence."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return written.getvalue()


SOUND = _sound()


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    secret: str
    form: dict[str, str]
    connection: int

    @property
    def parameters(self) -> dict[str, str]:
        return dict(self.query)


@dataclass(slots=True)
class FakeTouchline:
    """What it received, and what it holds back."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def last(self) -> Received:
        return self.received[-1]

    def paths(self) -> list[str]:
        return [one.path for one in self.received]

    def hold(self, path: str) -> None:
        """Answer this path only after `release`."""
        self.held[path] = asyncio.Event()

    def release(self, path: str) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.held.pop(path).set)

    def reset(self) -> None:
        for path in list(self.held):
            self.release(path)
        self.received.clear()


def page_file(name: str) -> Path:
    return PAGES / f"{name}.xml"


def _page(fake: FakeTouchline, name: str, note: str) -> web.Response:
    tree = etree.parse(str(page_file(name))).getroot()
    for element in tree.iter(etree.Element):
        for key in ("href", "uri"):
            if key in element.attrib:
                element.set(key, str(element.get(key)).replace(PLACE, fake.url))
    header = tree.find("{*}HeaderBox")
    if note and header is not None:
        header.set("note", note)
    return web.Response(body=etree.tostring(tree, encoding="UTF-8"), content_type="application/xml")


def _app(fake: FakeTouchline) -> web.Application:
    async def receive(request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        fake.received.append(
            Received(
                method=request.method,
                path=request.path,
                query=tuple(request.query.items()),
                secret=request.headers.get("X-PRS-Secret", ""),
                form=form,
                connection=id(request.transport),
            )
        )
        if request.path in fake.held:
            await fake.held[request.path].wait()
        response = _answer(fake, request)
        response.headers["X-Correlation-Id"] = CORRELATION
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receive)
    return app


def _answer(fake: FakeTouchline, request: web.Request) -> web.StreamResponse:
    digits = request.query.get("digits", "")
    if request.path in OTHERS:
        return OTHERS[request.path]()
    name = {"/phone/": "menu", "/phone/directory": "directory_home"}.get(request.path, request.path.rpartition("/")[2])
    if not page_file(name).exists():
        return web.Response(status=404, text="<html>not here</html>", content_type="text/html")
    response = _page(fake, name, note=digits)
    if "status" in request.query:
        response.set_status(int(request.query["status"]))
    return response


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/xml")


OTHERS = {
    "/other/picture.png": lambda: web.Response(body=PIXEL, content_type="image/png"),
    "/picture.png": lambda: web.Response(body=PIXEL, content_type="image/png"),
    "/other/picture.svg": lambda: web.Response(text="<svg onload='alert(1)'/>", content_type="image/svg+xml"),
    "/other/voice.wav": lambda: web.Response(body=SOUND, content_type="application/octet-stream"),
    "/other/html": lambda: web.Response(
        text="<!doctype html><p>Bug<script>window.taken=1</script>", content_type="text/html"
    ),
    "/other/empty": lambda: web.Response(body=b"", content_type="application/xml"),
    "/other/redirect": lambda: web.Response(status=302, headers={"Location": "https://elsewhere.test/"}),
    "/other/huge": lambda: web.Response(body=b"<Page>" + b" " * 300_000 + b"</Page>", content_type="application/xml"),
    "/other/entity": lambda: _xml(
        '<!DOCTYPE Page [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        '<Page xmlns="urn:touchline:noe:1" id="x" lang="en" dir="ltr"><HeaderBox label="&b;"/>&file;</Page>'
    ),
    "/other/foreign_root": lambda: _xml("<CiscoIPPhoneMenu/>"),
    "/other/deep": lambda: _xml("<Page>" + "<FrameBox>" * 50 + "</FrameBox>" * 50 + "</Page>"),
    "/other/echo_secret": lambda: _xml(
        f'<Page xmlns="urn:touchline:noe:1" id="x" lang="en" dir="ltr"><HeaderBox label="{SECRET}"/></Page>'
    ),
    "/other/odd": lambda: web.Response(
        text='<Page id="odd" lang="en" dir="ltr" colour="red"><Marquee/>'
        '<ListBox><SoftKey/><Item label="still here"/></ListBox></Page>',
        content_type="text/plain",
    ),
}


@contextmanager
def fake_touchline(server_cert: Path, server_key: Path, client_ca: Path) -> Iterator[FakeTouchline]:
    """Serve until the context ends, in a thread of its own, to clients with a certificate of `client_ca` only."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(server_cert, server_key)
    tls.load_verify_locations(client_ca)
    tls.verify_mode = ssl.CERT_REQUIRED
    fake, ready, stop = FakeTouchline(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(_app(fake), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        fake.loop = asyncio.get_running_loop()
        fake.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield fake
    finally:
        assert fake.loop is not None
        fake.reset()
        fake.loop.call_soon_threadsafe(stop.set)
        thread.join()
