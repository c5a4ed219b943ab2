"""Two pages that follow from the code: who may reach which address, and what anybody may take."""

import arrival
import entrance
import steadiness
from admin.access import ACCESS, Who
from admin.guard import LONGEST_UPLOAD
from admin.passwords import AT_ONCE, WAIT_SECONDS
from prs import request
from settings import Settings


def access_page() -> str:
    """List who may reach which address."""
    who = [f"- **{kind.name.lower()}**: {kind.value}" for kind in Who]
    rows = [f"| `{r.rule}` | {', '.join(sorted(r.methods))} | {r.who.name.lower()} | {r.what} |" for r in ACCESS]
    return "\n".join(
        (
            "# Who may reach what",
            "",
            "Every address of the server. It is held to this list when it starts, and does not start with an address",
            "that is not in it; a test asks for each without each of the proofs that it needs.",
            "",
            *who,
            "",
            "| address | methods | who | what is there |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def limits_page() -> str:
    """List what a client may take, and what happens beyond."""
    rows = [f"| {what} | {figure} | {beyond} |" for what, figure, beyond in (*_connections(), *_requests(), *_rates())]
    return "\n".join(
        (
            "# What anybody may take",
            "",
            "Limits of the server towards whoever connects to it. Beyond a limit there is an answer or the end of the",
            "connection, and other phones go on: `tests/e2e/test_hostile_connections.py` holds more connections in",
            "each of these states than there are threads, and opens a menu meanwhile. What was turned away is told in",
            f"the log in one line in {steadiness.REPORT_SECONDS:g} seconds, by kind and number, without a word of what",
            "was sent.",
            "",
            "| what | how much | beyond it |",
            "|---|---|---|",
            *rows,
            "",
            "Figures with a variable are settings; [settings.md](settings.md) has them all. No thread waits for a",
            "client: a handshake, a request, the taking of an answer and a farewell are awaited in the event loop, and",
            "a read that a thread still does ends after `TOUCHLINE_REQUEST_SECONDS`. A process opens as many files as",
            "its connections need, as far as the system allows (`ulimit -Hn`); without one, who waits longest is cut.",
            "",
        )
    )


def _setting(name: str) -> str:
    return f"{Settings.model_fields[name].default} (`TOUCHLINE_{name.upper()}`)"


def _connections() -> tuple[tuple[str, str, str], ...]:
    return (
        ("connections to a process", str(entrance.CONNECTIONS), "wait to be let in"),
        (
            "connections of one address, or one IPv6 network of 64 bits",
            _setting("connections_per_address"),
            "closed at once; `TOUCHLINE_TRUSTED_PROXIES` may hold more",
        ),
        (
            "connections that have asked for nothing yet",
            f"all, until {entrance.CROWDED:.0%} of them are taken",
            "each new one ends the oldest of these",
        ),
        ("seconds for a TLS handshake and for a request", _setting("request_seconds"), "closed"),
        ("seconds to take the last answer and hang up", f"{entrance.FAREWELL_SECONDS:g}", "closed"),
        ("seconds without taking any of an answer", _setting("request_seconds"), "closed"),
        ("a handshake that is none, or below TLS 1.2", "–", "closed"),
        (
            "seconds of computing for what a connection has sent at once",
            f"{steadiness.TURN_SECONDS:g}",
            "closed",
        ),
        ("a client that hangs up before its answer", "–", "nobody else notices"),
        ("seconds that a kept connection may lie idle", str(entrance.KEPT_SECONDS), "closed"),
    )


def _requests() -> tuple[tuple[str, str, str], ...]:
    return (
        ("bytes of the request line, of each header field", str(entrance.LARGEST_LINE), "400, no words, closed"),
        ("empty lines before a request", str(arrival.EMPTY_LINES), "400, no words, closed"),
        ("header fields", str(entrance.FIELDS), "400, no words, closed"),
        ("bytes of a head", str(arrival.LARGEST_HEAD), "431, no words, closed"),
        ("a head that is no HTTP, or could be read in two ways", "–", "400, no words, closed"),
        ("bytes of a body whose length is told", str(arrival.LARGEST_BODY), "a page (413), unread, closed"),
        ("bytes of a body in chunks, with what frames them", str(arrival.LARGEST_BODY), "413, no words, closed"),
        (
            "bytes of a form of the administration",
            f"as any body; {LONGEST_UPLOAD} for who has signed in",
            "a page (413)",
        ),
        ("fields of a form", str(request.FIELDS), "a page (413)"),
        ("characters of a field", str(request.FIELD_CHARACTERS), "a page (413); most fields take fewer"),
        ("parameters of an address that nobody knows", "what the request line holds", "not looked at"),
    )


def _rates() -> tuple[tuple[str, str, str], ...]:
    return (
        (
            "sign-ins that an address tries in the time of a lock",
            _setting("admin_address_tries"),
            "a page (429)",
        ),
        (
            "wrong sign-ins to an account in a row",
            _setting("admin_tries"),
            f"locked for {_setting('admin_lock_minutes')} minutes",
        ),
        ("administrators' passwords checked at once", str(AT_ONCE), f"wait {WAIT_SECONDS:g} s, then a page (503)"),
        (
            "screens of a user in a minute",
            _setting("user_requests_per_minute"),
            "a page (429) with Retry; the menu opens",
        ),
        ("menus of a user in a minute", "as many", "a page (429) with Retry"),
        (
            "screens of a presentation server in a second",
            _setting("prs_requests_per_second"),
            "as for a user; a form without Retry",
        ),
        ("menus of a presentation server in a second", "as many", "a page (429) with Retry"),
    )
