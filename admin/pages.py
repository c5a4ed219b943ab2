"""The administration's pages: one blueprint, guarded, with what all its templates use."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Flask, g
from markupsafe import Markup, escape

from admin import describing, wording
from admin.account_pages import add_account_pages
from admin.audit_pages import add_audit_pages
from admin.desk import Desk
from admin.file_pages import add_file_pages
from admin.guard import PATH, Guard
from admin.overview import span
from admin.overview_pages import add_overview_pages
from admin.registry_pages import add_registry_pages
from admin.signing_in import add_signing_in
from store.registered import RegisteredApplication


def add_pages(app: Flask, desk: Desk, keys: Sequence[str]) -> None:
    """Open the administration's doors; cookies are signed with keys derived from the server's, oldest first."""
    doors = Blueprint("admin", __name__, url_prefix=PATH, template_folder="templates", static_folder="static")
    Guard(desk).stand_before(doors, app, [_cookie_key(key) for key in keys])
    for add in (
        add_signing_in,
        add_overview_pages,
        add_registry_pages,
        add_file_pages,
        add_audit_pages,
        add_account_pages,
    ):
        add(doors, desk)

    def named(application: RegisteredApplication) -> str:
        """Name an application as menus do in English."""
        own = next((one.name for one in desk.phones.standings() if one.id == application.id), "")
        return describing.name_of(application, own)

    @doors.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "named": named,
            "visitor": g.get("visitor"),
            "kinds": wording.KINDS,
            "describe": describing,
            "zone_name": str(desk.zone),
        }

    @doors.app_template_filter("moment")
    def moment(at: datetime | None) -> Markup | str:
        """Write a moment in the zone of the house, to the second."""
        if at is None:
            return "never"
        here = at.astimezone(desk.zone)
        return Markup('<time datetime="{}">{}</time>').format(here.isoformat(), f"{here:%d %b %Y, %H:%M:%S}")

    @doors.app_template_filter("ago")
    def ago(at: datetime | None) -> str:
        return str(escape(span(desk.now(), at, "ago")))

    @doors.app_template_filter("breakable")
    def breakable(text: str) -> Markup:
        """Let a long name such as a licence's break after its underscores."""
        return Markup("_<wbr>").join(escape(part) for part in text.split("_"))

    app.register_blueprint(doors)


def _cookie_key(key: str) -> bytes:
    """Derive a key for cookies only; links are signed with others of the same origin."""
    return hmac.digest(key.encode(), b"touchline.admin-cookie", hashlib.sha256)
