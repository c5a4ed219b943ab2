"""The front of the REST API: finds the operation, checks the session, answers, and turns every fault into O2G's error."""

import asyncio
import inspect

from urllib.parse import parse_qsl

from aiohttp import web

from simulators.o2g import services
from simulators.o2g.o2g import O2G
from simulators.o2g.wire.answers import (
    Answer,
    ErrorType,
    Refusal,
    error_answer,
    invalid_session,
    json_answer,
    not_found,
    not_supported,
)
from simulators.o2g.wire.operations import HANDLERS, Operation, load_operations
from simulators.o2g.wire.request import Request

ROOT = "/api/rest"
PREFIX = "/api/rest/1.0"
LARGEST_BODY = 1024 * 1024
WITHOUT_SESSION = {("GET", "/authenticate"), ("POST", "/sessions")}
TYPE_OF_STATUS = {
    400: ErrorType.BAD_PARAMETER,
    401: ErrorType.NOT_ALLOWED,
    403: ErrorType.NOT_ALLOWED,
    404: ErrorType.NOT_FOUND,
    503: ErrorType.NOT_READY,
}

assert services  # noqa: S101  (importing the services names their handlers)


class Front:
    """Answers every request to the API's port."""

    def __init__(self, o2g: O2G) -> None:
        """Take the simulated O2G."""
        self._o2g = o2g
        self._operations = load_operations()

    async def handle(self, asked: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        seconds = self._o2g.faults.seconds()
        if seconds > 0:
            await asyncio.sleep(seconds)
        if self._o2g.faults.reset > 0:
            self._o2g.faults.reset -= 1
            self._o2g.note(asked.method, asked.path, asked.query_string, 0)
            if asked.transport is not None:
                asked.transport.abort()
            return web.Response()
        answer = await self._answer(asked)
        self._o2g.note(asked.method, asked.path, asked.query_string, answer.status)
        headers = {"Content-Type": answer.content_type, **answer.headers} if answer.body else answer.headers
        return web.Response(status=answer.status, body=answer.body or None, headers=headers)

    async def _answer(self, asked: web.BaseRequest) -> Answer:
        path = asked.rel_url.raw_path.rstrip("/") or "/"
        try:
            self._fail_if_told(path)
            if path == ROOT:
                return self._root(asked)
            operation, values = self._operation(asked.method, path)
        except Refusal as refusal:
            return error_answer(refusal, refusal.status)
        try:
            request = await self._request(asked, values)
            return await self._run(operation, request)
        except Refusal as refusal:
            return error_answer(refusal, operation.status_for(refusal.status))

    def _fail_if_told(self, path: str) -> None:
        faults = self._o2g.faults
        if faults.not_ready:
            raise Refusal(ErrorType.NOT_READY, 503, "the server starts")
        status = faults.error_for(path)
        if status is not None:
            raise Refusal(TYPE_OF_STATUS.get(status, ErrorType.SERVER_PROBLEM), status, "a fault was asked for")

    def _operation(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        if path == f"{ROOT}/authenticate":
            relative = "/authenticate"
        elif path.startswith(PREFIX + "/"):
            relative = path.removeprefix(PREFIX)
        else:
            raise not_found("no such resource")
        route = self._operations.find(relative)
        if route is None:
            raise not_found("no such resource")
        operation = route.operations.get(method)
        if operation is None:
            refusal = Refusal(ErrorType.NOT_SUPPORTED, 405, "this method is not supported here")
            refusal.headers["Allow"] = ", ".join(sorted(route.operations))
            raise refusal
        return operation, route.values

    async def _request(self, asked: web.BaseRequest, values: dict[str, str]) -> Request:
        try:
            body = await asked.content.read(LARGEST_BODY + 1) if asked.body_exists else b""
            while asked.body_exists and len(body) <= LARGEST_BODY and not asked.content.at_eof():
                body += await asked.content.read(LARGEST_BODY + 1 - len(body))
        except web.HTTPException as error:
            raise Refusal(ErrorType.BAD_PARAMETER, 400, "the body cannot be read") from error
        if len(body) > LARGEST_BODY:
            raise Refusal(ErrorType.BAD_PARAMETER, 400, "the body is too large")
        return Request(
            o2g=self._o2g,
            method=asked.method,
            path=asked.path,
            query=dict(parse_qsl(asked.rel_url.raw_query_string, keep_blank_values=True, errors="replace")),
            cookie=asked.cookies.get("AlcUserId"),
            authorization=asked.headers.get("Authorization", ""),
            body=body,
            values=values,
            headers=asked.headers,
        )

    async def _run(self, operation: Operation, request: Request) -> Answer:
        key = (operation.method, operation.path)
        if key not in WITHOUT_SESSION:
            request.opened = self._o2g.sessions.find(request.cookie)
            if request.opened is None:
                raise invalid_session("no session for this identifier")
        handler = HANDLERS.get(key)
        if handler is None:
            raise not_supported(f"{operation.service} is not simulated")
        answer = handler(request)
        return await answer if inspect.isawaitable(answer) else answer

    def _root(self, asked: web.BaseRequest) -> Answer:
        """Describe the API: nobody needs to log in for it, and only GET is answered (L1)."""
        if asked.method != "GET":
            refusal = Refusal(ErrorType.NOT_SUPPORTED, 405, "only GET is supported here")
            refusal.headers["Allow"] = "GET"
            raise refusal
        authenticate = f"{self._o2g.addresses.api}{ROOT}/authenticate?version=1.0"
        version = {"id": "1.0", "status": "CURRENT", "publicUrl": authenticate, "internalUrl": authenticate}
        product = {
            "productName": "O2G Solution",
            "productType": "O2G",
            "productVersion": {"major": "2.7", "minor": "004.000"},
            "haMode": False,
        }
        return json_answer({"serverInfo": product, "versions": [version]})


def refusal_body(status: int, inner: str) -> bytes:
    """Give O2G's error body for what goes wrong before a request is read."""
    return error_answer(Refusal(TYPE_OF_STATUS.get(status, ErrorType.SERVER_PROBLEM), status, inner), status).body


__all__ = ["Front", "refusal_body"]
