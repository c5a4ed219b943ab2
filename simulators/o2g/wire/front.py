"""The front of the REST API: finds the operation, checks the session, answers; every fault becomes O2G's error."""

import asyncio
import inspect
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from simulators.o2g import services
from simulators.o2g.o2g import O2G
from simulators.o2g.rules import roles
from simulators.o2g.rules.faults import Faults
from simulators.o2g.rules.sessions import Session
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
from simulators.o2g.wire.protocol import QUIET
from simulators.o2g.wire.request import Request

ROOT = "/api/rest"
PREFIX = "/api/rest/1.0"
LARGEST_BODY = 1024 * 1024
WITHOUT_SESSION = {("GET", "/authenticate"), ("POST", "/sessions"), ("GET", "/system/licenses")}  # (A79)
BASIC_CALL = ("POST", "/telephony/basicCall")
SLOW_STEP = 0.05  # seconds between two pieces of a slow body
BODY_SECONDS = 30.0  # for a body to arrive
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
        faults = self._o2g.faults
        seconds = faults.seconds()
        if seconds > 0:
            await asyncio.sleep(seconds)
        if faults.resets(_path(asked)):
            self._o2g.note(asked, 0, b"")
            return _cut(asked)
        try:
            body = await _read(asked)
            answer = await self._answer(asked, body)
        except Refusal as refusal:
            body, answer = b"", error_answer(refusal, refusal.status)
        except Exception:  # noqa: BLE001  (the border of the simulator; it is logged)
            # The border of the simulator: whatever its own fault, a client gets O2G's error, and the next is served.
            QUIET.exception("%s %s", asked.method, asked.path)
            body, answer = b"", error_answer(Refusal(ErrorType.SERVER_PROBLEM, 500, "the simulator failed"), 500)
        self._o2g.note(asked, answer.status, body)
        headers = {"Content-Type": answer.content_type, **answer.headers} if answer.body else answer.headers
        if answer.body and (faults.slow_bytes_per_second or faults.truncated):
            return await _send_badly(asked, answer, headers, faults)
        return web.Response(status=answer.status, body=answer.body or None, headers=headers)

    async def _answer(self, asked: web.BaseRequest, body: bytes) -> Answer:
        path = _path(asked)
        try:
            self._fail_if_told(asked.method, path)
            if path == ROOT:
                return self._root(asked)
            operation, values = self._operation(asked.method, path)
        except Refusal as refusal:
            return error_answer(refusal, refusal.status)
        try:
            request = self._request(asked, body, values)
            return await self._run(operation, request)
        except Refusal as refusal:
            return error_answer(refusal, operation.status_for(refusal.status))

    def _fail_if_told(self, method: str, path: str) -> None:
        faults = self._o2g.faults
        if faults.not_ready or self._o2g.clock.now() < self._o2g.ready_at:
            raise Refusal(ErrorType.NOT_READY, 503, "the server starts")
        error = faults.error_for(method, path) if faults.errors else None
        if error is not None:
            kind = TYPE_OF_STATUS.get(error.status, ErrorType.SERVER_PROBLEM)
            if error.type is not None:
                kind = ErrorType[error.type]
            raise Refusal(kind, error.status, error.says or "a fault was asked for")

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

    def _request(self, asked: web.BaseRequest, body: bytes, values: dict[str, str]) -> Request:
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
            session = request.opened = self._o2g.sessions.find(request.cookie)
            if session is None:
                raise invalid_session("no session for this identifier")
            roles.admit(operation, session)
            self._take_licences(operation, session, request)
        handler = HANDLERS.get(key)
        if handler is None:
            raise not_supported(f"{operation.service} is not simulated")
        answer = handler(request)
        return await answer if inspect.isawaitable(answer) else answer

    def _take_licences(self, operation: Operation, session: Session, request: Request) -> None:
        """Take the licences of whom the request is about."""
        own, licences = session.identity.person, self._o2g.licences
        login = own.login if own else request.values.get("loginName") or request.query.get("loginName")
        if login is None and "deviceId" in request.values:
            owner = self._o2g.world.by_device.get(request.values["deviceId"])
            login = owner.login if owner else None
        licences.admit(operation, session, login if login in self._o2g.world.by_login else None)
        if own is not None and (operation.method, operation.path) == BASIC_CALL:
            licences.admit_basic_call(session, own.login, len(self._o2g.world.calls.of(own)))

    def _root(self, asked: web.BaseRequest) -> Answer:
        """Describe the API: nobody needs to log in for it, and only GET is answered (L1)."""
        if asked.method != "GET":
            refusal = Refusal(ErrorType.NOT_SUPPORTED, 405, "only GET is supported here")
            refusal.headers["Allow"] = "GET"
            raise refusal
        addresses, authenticate = self._o2g.addresses, f"{ROOT}/authenticate?version=1.0"
        version = {
            "id": "1.0",
            "status": "CURRENT",
            "publicUrl": addresses.public + authenticate,
            "internalUrl": addresses.api + authenticate,
        }
        product = {
            "productName": "O2G Solution",
            "productType": "O2G",
            "productVersion": {"major": "2.7", "minor": "004.000"},
            "haMode": self._o2g.instance > 1,
        }
        return json_answer({"serverInfo": product, "versions": [version]})


def _path(asked: web.BaseRequest) -> str:
    return asked.rel_url.raw_path.rstrip("/") or "/"


async def _read(asked: web.BaseRequest) -> bytes:
    """Read a body, neither for ever nor of any size.

    Raises:
        Refusal: 400.
    """
    if not asked.body_exists:
        return b""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while part := await asked.content.readany():
                size += len(part)
                if size > LARGEST_BODY:
                    raise Refusal(ErrorType.BAD_PARAMETER, 400, "the body is too large")
                parts.append(part)
    except (web.HTTPException, TimeoutError, RequestPayloadError) as error:
        raise Refusal(ErrorType.BAD_PARAMETER, 400, "the body cannot be read") from error
    return b"".join(parts)


async def _send_badly(
    asked: web.BaseRequest, answer: Answer, headers: dict[str, str], faults: Faults
) -> web.StreamResponse:
    """Send a body slowly, or only half of it."""
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(asked)
    if faults.truncates():
        await response.write(answer.body[: len(answer.body) // 2])
        return _cut(asked)
    piece = max(1, int(faults.slow_bytes_per_second * SLOW_STEP))
    for at in range(0, len(answer.body), piece):
        await response.write(answer.body[at : at + piece])
        await asyncio.sleep(SLOW_STEP)
    return response


def _cut(asked: web.BaseRequest) -> web.StreamResponse:
    """Reset the connection."""
    if asked.transport is not None:
        asked.transport.abort()
    raise ConnectionResetError
