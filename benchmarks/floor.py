"""The floor: the least that a screen of this size can cost, Flask answering ready-made XML over the same HTTPS."""

import os
from pathlib import Path

from flask import Flask, Response


def create_app() -> Flask:
    """Make a server that answers each request with the page in the file that `FLOOR_PAGE` names."""
    page = Path(os.environ["FLOOR_PAGE"]).read_bytes()
    app = Flask("floor", static_folder=None)

    @app.get("/page")
    def give_page() -> Response:
        return Response(page, content_type="application/xml; charset=utf-8")

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    return app
