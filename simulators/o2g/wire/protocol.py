"""HTTP as O2G's border speaks it: what cannot be read is answered with O2G's error too, and nobody waits for ever."""

import logging
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from simulators.o2g.wire.answers import ErrorType, Refusal, error_answer

HEADER_SECONDS = 15.0  # for a connection without a request, and between two requests
QUIET = logging.getLogger("simulators.o2g.http")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


class Connection(RequestHandler):
    """A connection of a client."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or broke the border, with RestErrorInfo; the connection ends."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was under way") from exc
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            refusal = Refusal(ErrorType.BAD_PARAMETER, status, "this is not HTTP that can be read")
        else:
            QUIET.error("a request broke the border", exc_info=exc)
            refusal = Refusal(ErrorType.SERVER_PROBLEM, status, "the simulator failed")
        answer = error_answer(refusal, status)
        response = web.Response(status=status, body=answer.body, content_type=answer.content_type)
        response.force_close()
        return response


class HttpServer(web.Server):
    """Makes the connections of a port."""

    def __call__(self) -> RequestHandler:
        """Make a connection."""
        return Connection(self, loop=self._loop, **self._kwargs)


def server(handler: Any, *, idle_seconds: float = HEADER_SECONDS) -> web.Server:
    """Make what listens on a port; a handler whose client has gone is cancelled, so that a channel knows at once."""
    return HttpServer(
        handler,
        handler_cancellation=True,
        access_log=None,
        logger=QUIET,
        keepalive_timeout=idle_seconds,
        lingering_time=2.0,
    )
