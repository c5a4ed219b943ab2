"""Files as answers: for what can play or keep them, and nothing that a browser takes for a page."""

from io import BytesIO

from flask import Response, send_file

from prs.files import File


def as_attachment(file: File) -> Response:
    """Answer with a file under its name, of which nobody guesses another type."""
    response = send_file(
        BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
