"""The screens of it."""

from typing import ClassVar

from prs.errors import N_
from prs.screens import Screen
from prs_apps.application import Application, Manifest, Visit, screen


class ThisSet(Application):
    """The user's own set: lock, camp-on, association, keys, PIN, desk sharing, hunting groups, language."""

    manifest: ClassVar = Manifest("this_set", N_("This set"), order=80)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the first screen."""
        raise NotImplementedError
