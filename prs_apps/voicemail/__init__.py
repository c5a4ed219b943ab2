"""Voice messages: mailboxes, what is in them, hearing, calling back, deleting."""

from prs_apps.voicemail.application import VoicemailBoxes

__all__ = ["VoicemailBoxes"]
