"""Make the pages of docs/ that follow from the code, so that they cannot say anything else. `make docs` writes them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from docs.api import api_page
from docs.guarding import access_page, limits_page
from prs.errors import PhoneError
from prs.models import phone_models
from prs_apps import directory, external
from prs_apps.refusals import REFUSALS
from prs_apps.troubles import TROUBLES
from settings import Settings

HERE = Path(__file__).parent
CALLS = HERE.parent / "tests/golden/calls"
ROOMS_WITH_CODES = (directory, external)  # imported for their errors' sake
NOTE = "<!-- Made from the code by `make docs`; change it there. -->\n"


def settings_page() -> str:
    """Describe every setting: its variable, what it is for, its default."""
    rows = [
        f"| `TOUCHLINE_{name.upper()}` | {field.description} | {_default(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        (
            NOTE,
            "# Settings",
            "",
            "Each comes from its environment variable, else from `touchline.toml` (`o2g_url` there),",
            "else from its default. `TOUCHLINE_CONFIG` names another file. Lists are written as JSON in variables.",
            "A setting that is misspelt, out of range or unsafe stops the start and is named.",
            "",
            "| variable | what it is for | default |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def phones_page() -> str:
    """List every model of set and its figures."""
    rows = [
        f"| `{m.station_type}` | {m.name} | {m.family} | {m.columns} × {m.rows} | {m.soft_keys} | {m.soft_key_columns} "
        f"| {'yes' if m.letters else 'no'} | {'yes' if m.colour else 'no'} | {', '.join(m.scripts) or 'all'} |"
        for m in phone_models().known
    ]
    return "\n".join(
        (
            NOTE,
            "# Sets",
            "",
            "What Touchline assumes of each station type. Names of station types are facts; columns, rows and soft",
            "keys of pages are not published and follow from the displays' sizes: change them in `prs/phones.toml`.",
            "Scripts (ISO 15924) are assumed, too: what a display does not draw is written in Latin letters, and a",
            "language that it does not draw gives way to the server's default one.",
            "A station type that is not listed gets the nearest family and one line in the log.",
            "",
            "| station type | set | family | columns × rows | soft keys | their columns | letters | colour | scripts |",
            "|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
        )
    )


def codes_page() -> str:
    """List the codes that a phone shows when something cannot be done."""
    own = sorted(_kinds_of(PhoneError), key=lambda kind: (kind.code[0], int(kind.code[1:])))
    rows = [_code_row(e.code, f"`{e.__name__}`", e.status, e.message, e.retry) for e in own]
    rows += [_code_row(r.code, f"O2G: `{r.error.__name__}`", r.status, r.message, r.retry) for r in REFUSALS]
    rows += [_code_row(t.code, "Touchline", t.status, t.message, t.retry) for t in TROUBLES]
    return "\n".join(
        (
            NOTE,
            "# Codes that a phone shows",
            "",
            "A screen that cannot be shown says so in plain words, with a code and a reference. The reference stands",
            "in the log, the code in this table.",
            "",
            "| code | where it comes from | HTTP | the screen says | Retry |",
            "|---|---|---|---|---|",
            *rows,
            "",
        )
    )


def _code_row(code: str, source: str, status: int, message: str, retry: bool) -> str:
    return f"| {code} | {source} | {status} | {message} | {'yes' if retry else 'no'} |"


def _kinds_of(kind: type[PhoneError]) -> set[type[PhoneError]]:
    below = kind.__subclasses__()
    return {*below, *(deeper for one in below for deeper in _kinds_of(one))}


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "**required**"
    if field.default is None:
        return "none"
    if isinstance(field.default, SecretStr):
        return f"`{field.default.get_secret_value()}`"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def screens_page() -> str:
    """List which calls to O2G each screen makes, as the walks of `tests/golden` have recorded it."""
    rows = []
    for file in sorted(CALLS.glob("*.toml")):
        for name, screen in tomllib.loads(file.read_text(encoding="utf-8")).items():
            operations = ", ".join(f"`{operation}`" for operation in screen["operations"])
            rows.append(f"| `{name}` | {operations or '–'} | {screen['in_a_row']} |")
    return "\n".join(
        (
            NOTE,
            "# Screens and their calls to O2G",
            "",
            "What each screen asks O2G where nothing is live, recorded by the walks of `tests/golden` (`make golden`)",
            "on all families of sets, and by its asides for what no walk passes. *In a row*: how many calls wait for",
            "each other; the others go side by side. An action's row holds its write and what is read back for the",
            "screen after it. A directory search goes on in the background: it asks how far it is and deletes itself;",
            "neither is listed.",
            "",
            "Who the user is and their language come before: two calls in a row, which the first screen of a user",
            "after a start waits for; it makes at most four in a row (`tests/golden/test_cold.py` measures it). A",
            "user's record is kept while events tell of its changes, and without them asked for again after",
            "`TOUCHLINE_USER_CACHE_SECONDS`, since whose screen it is must be true. A language that was told is never",
            "waited for again: where its time is over it serves on, for up to four hours, while it is renewed behind.",
            "",
            "| screen | calls | in a row |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "sets.md": phones_page,
    "codes.md": codes_page,
    "screens.md": screens_page,
    "access.md": lambda: f"{NOTE}\n{access_page()}",
    "api.md": lambda: f"{NOTE}\n{api_page()}",
    "limits.md": lambda: f"{NOTE}\n{limits_page()}",
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
