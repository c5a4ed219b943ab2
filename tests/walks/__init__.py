"""A walk through each application, as a user takes it: written once, walked in many ways.

`tests/golden` walks it on each family in two languages and compares every page it sees with the one that is kept;
`tests/e2e/test_walks.py` walks it in Chromium on the phone page; `make screenshots` takes a picture of what it sees;
`docs/screens.md` tells which O2G calls each screen made on the way.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.walks.walker import Walk

FAMILIES = {"one_line": "70001", "small": "70002", "large": "70003", "large_colour": "70000"}
FRAME = {"walker", "labels", "on_wire", "in_chromium"}
WALKS: dict[str, Walk] = {
    found.name: import_module(f"{__name__}.{found.name}").walk
    for found in iter_modules(__path__)
    if found.name not in FRAME
}


def users_of(application: str) -> dict[str, str]:
    """Give who walks on each family: the module's own `USERS`, else the first user of each family."""
    return dict(getattr(import_module(f"{__name__}.{application}"), "USERS", FAMILIES))
