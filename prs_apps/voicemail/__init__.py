"""Voice messages: mailboxes, what is in them, hearing, calling back, deleting."""

from prs_apps.voicemail.application import VoicemailBoxes
from prs_apps.voicemail.rules import VoicemailRules

__all__ = ["VoicemailBoxes", "VoicemailRules"]
