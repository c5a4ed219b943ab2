"""The screens of it."""

from typing import ClassVar

from prs.errors import N_
from prs.screens import Screen
from prs_apps.application import Application, Manifest, Visit, screen


class CallCentre(Application):
    """A call-centre agent's day: log on, ready, pause, wrap-up, withdraw, skills, help; and the supervisor's."""

    manifest: ClassVar = Manifest("agent", N_("Call centre"), order=70)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the first screen."""
        raise NotImplementedError
