"""The screens of it."""

from typing import ClassVar

from prs.errors import N_
from prs.screens import Screen
from prs_apps.application import Application, Manifest, Visit, screen


class VoicemailBoxes(Application):
    """Voice messages: mailboxes, what is in them, hearing, calling back, deleting."""

    manifest: ClassVar = Manifest(
        "voicemail", N_("Voicemail"), order=40, waiting=lambda summary: summary.voice_messages
    )

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the first screen."""
        raise NotImplementedError
