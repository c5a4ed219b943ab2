"""The demo's settings as a file, so that commands in another window find the running house."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

PREFIX = "TOUCHLINE_"
UNUSED = {"TOUCHLINE_CONFIG"}


def write_settings(file: Path, settings: Mapping[str, str], public_url: str) -> None:
    """Write settings as TOML, for `TOUCHLINE_CONFIG`; only its owner may read the file.

    Args:
        file: where; its folder is made.
        settings: `TOUCHLINE_*` variables; lists and tables in them are JSON.
        public_url: Touchline's address.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    chosen = {**settings, f"{PREFIX}PUBLIC_URL": public_url}
    lines = [
        f"{name.removeprefix(PREFIX).lower()} = {_toml(value)}\n"
        for name, value in sorted(chosen.items())
        if name not in UNUSED
    ]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        target.writelines(lines)


def _toml(value: str) -> str:
    if value.startswith("["):
        return value
    if value.startswith("{"):
        return "{" + ", ".join(f"{name} = {json.dumps(inner)}" for name, inner in json.loads(value).items()) + "}"
    return json.dumps(value)
