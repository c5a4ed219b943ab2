"""The registry as it was last known, in a file beside the server: for a start at which the database is not there.

Without it such a start would open to everybody what an administrator has switched off or given to some.
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import structlog

from store import registry_file
from store.registered import RegisteredApplication

log = structlog.get_logger(__name__)


class RegistryCopy:
    """One file, written anew after each change and read only where the store is gone."""

    def __init__(self, file: Path) -> None:
        """Take the file's place; its folder is made when there is something to keep."""
        self._file = file

    def keep(self, applications: Iterable[RegisteredApplication]) -> None:
        """Write what is known; a file that cannot be written is told of and harms nobody."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".registry", dir=self._file.parent)  # for its owner only
            with os.fdopen(handle, "w", encoding="utf-8") as written:
                written.write(registry_file.write(applications))
            Path(name).replace(self._file)
        except OSError as error:
            log.warning("registry_copy.not_written", error=type(error).__name__)

    def read(self) -> tuple[RegisteredApplication, ...]:
        """Give what was known; nothing where there is no file, or none that can be read."""
        try:
            return registry_file.read(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, registry_file.FileRefused) as error:
            log.error("registry_copy.not_read", error=type(error).__name__)
            return ()
