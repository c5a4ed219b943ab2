"""An external application as a test plays it: a real HTTPS server that answers as it is told, also badly."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import trustme

PAGE = '<Page xmlns="urn:touchline:noe:1" id="news.home" lang="en" dir="ltr">{}</Page>'


@dataclass
class Asked:
    """What the application was asked."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Outside:
    """The application. `answers` says for each path what is done with the request."""

    url: str
    ca: str
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def serves(self, path: str, inside: str, status: int = 200) -> None:
        """Answer with a page of the dialect."""
        self.gives(path, PAGE.format(inside).encode(), status)

    def gives(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer with these bytes."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer


@contextmanager
def outside(folder: Path, name: str = "localhost") -> Iterator[Outside]:
    """Serve until the context ends."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "outside.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, "127.0.0.1").configure_cert(context)
    served: Outside

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._take({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            self._take(dict(parse_qsl(body, keep_blank_values=True)))

        def _take(self, form: dict[str, str]) -> None:
            path = self.path.partition("?")[0]
            served.asked.append(Asked(self.command, self.path, dict(self.headers), form))
            answer = served.answers.get(path)
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, *_given: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    served = Outside(f"https://{name}:{server.server_address[1]}/news/", str(folder / "outside.pem"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
