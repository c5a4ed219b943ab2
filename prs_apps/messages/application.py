"""The screens of it."""

from typing import ClassVar

from prs.errors import N_
from prs.screens import Screen
from prs_apps.application import Application, Manifest, Visit, screen


class Messages(Application):
    """Text messages between desk phones (O2G's mini messages): read, kept, written."""

    manifest: ClassVar = Manifest(
        "messages", N_("Messages"), order=50, waiting=lambda summary: summary.new_text_messages
    )

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the first screen."""
        raise NotImplementedError
