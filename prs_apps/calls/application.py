"""The screens of it."""

from typing import ClassVar

from prs.errors import N_
from prs.screens import Screen
from prs_apps.application import Application, Manifest, Visit, screen


class Calls(Application):
    """The calls in progress on the user's sets and what can be done with them; callback requests."""

    manifest: ClassVar = Manifest("calls", N_("Calls"), order=60, waiting=lambda summary: summary.callback_requests)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the first screen."""
        raise NotImplementedError
