"""What every part of the control interface reads and answers with."""

from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """What a test sends; a misspelt key is refused, so that the test is told."""

    model_config = ConfigDict(extra="forbid")


class NotAnObject(ValueError):
    """A test sent what is no JSON object."""


async def body_of(request: web.Request) -> dict[str, Any]:
    """Read a body; an empty one is an empty object.

    Raises:
        ValueError: it is no JSON (orjson's own), or NotAnObject.
    """
    data = orjson.loads(await request.read() or b"{}")
    if not isinstance(data, dict):
        raise NotAnObject("the body is no JSON object")
    return data


def told(body: object, status: int = 200) -> web.Response:
    """Answer a test."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
