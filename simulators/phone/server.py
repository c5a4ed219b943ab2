"""The phone towards a browser: its page, and the door through which the page asks for Touchline's screens."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from simulators.phone.people import Person
from simulators.phone.prs import Asked, Medium, NoAnswer, PresentationServer
from simulators.phone.sets import DeskSet, SetTable
from simulators.phone.vocabulary import vocabulary

STATIC: Final = Path(__file__).parent / "static"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
    "connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFETY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
REQUEST_BYTES: Final = 128 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Desk(BaseModel):
    """What the page must know before it can draw a phone."""

    model_config = ConfigDict(frozen=True)

    touchline: str
    start: str
    directory: str
    digits: str
    sets: tuple[DeskSet, ...]
    default_set: str
    people: tuple[Person, ...]


def create_app(prs: PresentationServer, table: SetTable, people: tuple[Person, ...], start: str) -> web.Application:
    """Build the server.

    Args:
        prs: who asks Touchline; opened and closed with the server.
        table: the sets that can be drawn.
        people: those that the selector offers.
        start: path of Touchline's first page, such as `/phone/`.
    """
    desk = Desk(
        touchline=prs.origin.url,
        start=prs.origin.url + start,
        directory=f"{prs.origin.url}{start.rstrip('/')}/directory",
        digits=vocabulary().digits,
        sets=table.sets,
        default_set=table.default,
        people=people,
    )

    async def show_page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def show_desk(_: web.Request) -> web.Response:
        return web.Response(text=desk.model_dump_json(), content_type="application/json")

    async def ask(request: web.Request) -> web.Response:
        answered = await prs.ask(await _asked(request))
        return web.Response(text=answered.model_dump_json(), content_type="application/json")

    async def picture(request: web.Request) -> web.Response:
        return await _given(prs.picture(await _asked(request)))

    async def sound(request: web.Request) -> web.Response:
        return await _given(prs.sound(await _asked(request)))

    async def open_prs(_: web.Application) -> None:
        await prs.__aenter__()

    async def close_prs(_: web.Application) -> None:
        await prs.__aexit__(None, None, None)

    app = web.Application(middlewares=[_safely], client_max_size=REQUEST_BYTES)
    app.router.add_get("/", show_page)
    app.router.add_get("/desk.json", show_desk)
    app.router.add_post("/prs/request", ask)
    app.router.add_post("/prs/picture", picture)
    app.router.add_post("/prs/sound", sound)
    app.router.add_static("/static/", STATIC)
    app.on_startup.append(open_prs)
    app.on_cleanup.append(close_prs)
    return app


async def _given(fetched: Awaitable[Medium]) -> web.Response:
    """Hand a picture or a sound on to the page; an empty answer tells why there is none."""
    try:
        found = await fetched
    except NoAnswer as error:
        return web.Response(status=204, headers={"X-Reason": str(error)})
    return web.Response(body=found.body, content_type=found.content_type)


async def _asked(request: web.Request) -> Asked:
    """Read what the page asks for.

    Raises:
        web.HTTPUnsupportedMediaType: not JSON. Only this page can send JSON here: another site would need leave first.
        web.HTTPBadRequest: not of the right shape.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="application/json only")
    try:
        return Asked.model_validate_json(await request.read())
    except ValidationError as error:
        places = ", ".join(".".join(map(str, fault["loc"])) or "body" for fault in error.errors())
        raise web.HTTPBadRequest(text=f"not a request: {places}") from error


@web.middleware
async def _safely(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that another site sends through the browser; add what keeps the page safe."""
    if not _is_own_host(request):
        raise web.HTTPForbidden(text="this phone answers under its own address only")
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(SAFETY)
        raise
    response.headers.update(SAFETY)
    return response


def _is_own_host(request: web.Request) -> bool:
    """Tell whether the request names this server: a name that someone points at this machine is not enough."""
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    here = {"localhost", "127.0.0.1", "::1", *([str(socket[0])] if socket else [])}
    origin = request.headers.get("Origin")
    return request.url.host in here and origin in (None, f"http://{request.host}")
