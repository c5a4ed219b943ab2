"""Where O2G posts its events, if it is told to (`live_state = "webhook"`)."""

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from services.live.lines import LONGEST_LINE
from services.live.webhook import WEBHOOK_PATH, Webhook


def o2g_events(webhook: Webhook) -> Blueprint:
    """Make the address. Whoever does not know its end and the subscription's name gets what an unknown address gets."""
    doors = Blueprint("o2g_events", __name__)

    @doors.post(f"{WEBHOOK_PATH}<name>")
    def take(name: str) -> Response:
        cookie = request.headers.get("Cookie", "")
        if not webhook.proves(name, cookie):
            abort(404)  # unread: anybody may ask, and nobody else is waited for
        request.max_content_length = LONGEST_LINE
        try:
            event = request.get_data()
        except RequestEntityTooLarge:
            webhook.miss()
            raise
        if not webhook.accept(name, cookie, event):
            abort(404)
        return Response(status=204)

    return doors
