"""Who may reach which address: the whole list, which the server is held to when it starts.

An address that is not listed does not exist: a server that has one does not start, and a test asks for each without
the proof that its row names. `docs/access.md` is generated from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from flask import Flask

SAFE = frozenset({"GET"})
FORM = frozenset({"GET", "POST"})
TOLD = frozenset({"POST"})
ALWAYS = {"HEAD", "OPTIONS"}  # what Flask adds by itself: no more than the head of a page, and a list of methods


class Who(Enum):
    """Who may reach an address; the value is what the documentation says."""

    ANYONE = "anyone: it says nothing of anybody"
    PRS = "a proven presentation server; where it says for whom, that user as below"
    PHONE = "a proven presentation server, for a user that O2G knows and who may use the application"
    LINK = "the same, with a link that was signed for this user's set"
    O2G = "whoever knows the unguessable address that O2G was told, and the name of the subscription"
    SIGN_IN = "anyone within `admin_networks`: the way in, and what its page needs"
    OPERATOR = "whoever has signed in, operator or administrator, within `admin_networks`"
    ADMINISTRATOR = "an administrator who has signed in, within `admin_networks`"
    WATCH = "whoever has the token of `metrics_token`; without one, only this machine"


@dataclass(frozen=True, slots=True)
class Row:
    """Who may reach one address.

    Attributes:
        rule: the address as Flask writes its pattern.
        who: who may.
        what: what is there.
        methods: by which methods.
    """

    rule: str
    who: Who
    what: str
    methods: frozenset[str] = SAFE


ACCESS: tuple[Row, ...] = (
    Row("/phone", Who.PHONE, "the menu"),
    Row("/phone/", Who.PHONE, "the menu"),
    Row("/phone/key-registration/<identifier>", Who.PRS, "what an application's own key opens"),
    Row("/phone/<application>", Who.PHONE, "an application's first screen"),
    Row("/phone/<application>/<screen>", Who.LINK, "a screen or an action inside an application", FORM),
    Row("/healthz", Who.ANYONE, "whether the process answers"),
    Row("/readyz", Who.ANYONE, "whether O2G lets Touchline in: yes or no, without details"),
    Row("/o2g/events/<name>", Who.O2G, "where O2G posts events; only with `live_state` `webhook`", TOLD),
    Row("/metrics", Who.WATCH, "figures: screens, calls to O2G; no names, no numbers"),
    Row("/admin/sign-in", Who.SIGN_IN, "the way into the administration", FORM),
    Row("/admin/static/<path:filename>", Who.SIGN_IN, "style and signs of the administration's pages"),
    Row("/admin/", Who.OPERATOR, "the overview: what is wrong"),
    Row("/admin/errors/<correlation>", Who.OPERATOR, "a page that a user saw when something went wrong"),
    Row("/admin/sign-out", Who.OPERATOR, "the way out", TOLD),
    Row("/admin/account", Who.OPERATOR, "one's own account"),
    Row("/admin/account/password", Who.OPERATOR, "a new password of one's own", FORM),
    Row("/admin/account/second-factor", Who.OPERATOR, "one's own second factor", FORM),
    Row("/admin/account/second-factor/picture", Who.OPERATOR, "the QR code of a second factor being set up"),
    Row("/admin/applications", Who.OPERATOR, "the registered applications"),
    Row("/admin/applications/<id>", Who.OPERATOR, "a registered application"),
    Row("/admin/register", Who.ADMINISTRATOR, "registering an application", FORM),
    Row("/admin/applications/<id>/change", Who.ADMINISTRATOR, "changing a registered application", FORM),
    Row("/admin/applications/<id>/switch", Who.ADMINISTRATOR, "switching an application on or off", TOLD),
    Row("/admin/applications/<id>/remove", Who.ADMINISTRATOR, "removing a registered application", FORM),
    Row("/admin/applications/<id>/try", Who.ADMINISTRATOR, "an application as some user would see it", FORM),
    Row("/admin/file", Who.ADMINISTRATOR, "the registry as a file: how far it has drifted, export, import"),
    Row("/admin/file/export", Who.ADMINISTRATOR, "the registry as a file; parameters that are secret are in it"),
    Row("/admin/file/import", Who.ADMINISTRATOR, "what a file would change, and changing it", TOLD),
    Row("/admin/audit", Who.OPERATOR, "who changed what, and when"),
    Row("/admin/audit/export", Who.OPERATOR, "the same as a table to save"),
    Row("/admin/accounts", Who.ADMINISTRATOR, "the accounts, and adding one", FORM),
    Row("/admin/accounts/<login>", Who.ADMINISTRATOR, "somebody's account", FORM),
)


class RouteUnlisted(RuntimeError):
    """The server has an address of which nobody has said who may reach it."""


def hold_to(app: Flask, table: Iterable[Row] = ACCESS) -> None:
    """Compare a server's addresses with the table.

    Raises:
        RouteUnlisted: one is not in it, or answers to a method that is not.
    """
    allowed = {row.rule: row.methods for row in table}
    for rule in app.url_map.iter_rules():
        beyond = set(rule.methods or ()) - ALWAYS - allowed.get(rule.rule, frozenset())
        if rule.rule not in allowed or beyond:
            raise RouteUnlisted(
                f"say in admin/access.py who may reach {rule.rule} by {', '.join(sorted(beyond)) or 'any method'}"
            )
