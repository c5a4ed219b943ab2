"""Serving phones' pages over HTTPS, to Touchline alone."""

import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from examples.room_booking.pages import ApiDown, Asked, Pages
from examples.room_booking.signature import is_touchlines

LARGEST = 4096  # bytes of a form
SECONDS = 10  # that a client may take


class PagesServer(ThreadingHTTPServer):
    """Serves pages on this machine; `serve_forever` starts it."""

    daemon_threads = True

    def __init__(self, pages: Pages, url: str, secret: str, cert: Path, key: Path, port: int = 0) -> None:
        """Listen.

        Args:
            pages: what it shows.
            url: the first page's address as Touchline knows it; with `{port}` for the port that is taken.
            secret: what Touchline signs with.
            cert, key: PEM files of the server's certificate and its key.
            port: where it listens; 0: any.
        """
        super().__init__(("127.0.0.1", port), Door)
        self.pages = pages
        self._base = urlsplit(url.format(port=self.server_port))
        self._secret = secret
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(cert, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def is_touchlines(self, method: str, target: str, headers: dict[str, str]) -> bool:
        """Tell whether Touchline signed a request."""
        address = f"{self._base.scheme}://{self._base.netloc}{target}"
        return is_touchlines(self._secret, method, address, headers)

    def page_name(self, path: str) -> str:
        """Tell which page has an address; the first one is the empty name."""
        return path.removeprefix(self._base.path)


class Door(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: PagesServer
    timeout = SECONDS

    def do_GET(self) -> None:
        """Show a page."""
        self._serve({})

    def do_POST(self) -> None:
        """Take a form."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._answer(413, b"")
            return
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        self._serve({name: values[0] for name, values in form.items()})

    def log_message(self, *_told: object) -> None:
        """Say nothing: numbers are somebody's."""

    def _serve(self, form: dict[str, str]) -> None:
        headers = dict(self.headers.items())
        if not self.server.is_touchlines(self.command, self.path, headers):
            self._answer(403, b"")
            return
        parts = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            asked = Asked(
                headers.get("X-Touchline-Number", ""),
                headers.get("Accept-Language", "en"),
                max(1, int(headers.get("X-Touchline-Items", "4"))),
            )
            self._answer(200, self._page(self.server.page_name(parts.path), asked, given, form))
        except ApiDown:
            self._answer(200, self.server.pages.down(asked))
        except (LookupError, ValueError):
            self._answer(404, b"")

    def _page(self, name: str, asked: Asked, given: dict[str, str], form: dict[str, str]) -> bytes:
        pages, sure = self.server.pages, form.get("sure", "") not in ("", "false")
        match self.command, name:
            case "GET", "" | "rooms":
                return pages.rooms(asked, max(0, int(given.get("page", "0"))))
            case "GET", "room":
                return pages.room(asked, given["id"])
            case "GET", "ask":
                return pages.ask(asked, given["id"], int(given["hour"]))
            case "GET", "mine":
                return pages.mine(asked)
            case "GET", "booking":
                return pages.booking(asked, int(given["id"]))
            case "POST", "book":
                return pages.book(asked, given["id"], int(given["hour"]), sure)
            case "POST", "cancel":
                return pages.cancel(asked, int(given["id"]), sure)
        raise LookupError("no such page")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
