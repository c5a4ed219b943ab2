"""The seam between the administration and the phone side: showing an application as a user would see it."""

from typing import Protocol

from prs.trial import Drawing, Tried
from store.registered import RegisteredApplication

__all__ = ["Drawing", "Tried", "TryApplication"]


class TryApplication(Protocol):
    """Shows an application's first screen."""

    def __call__(self, application: RegisteredApplication, number: str, station_type: str, *, by: str) -> Tried:
        """Show it to the user of a directory number, on a model of set; `""`: the user's own set.

        The application may be switched off, or not be registered yet. Nothing is written but who (`by`)
        tried it as whom; what goes wrong is told.

        Raises:
            StoreGone: what is kept cannot be reached.
        """
