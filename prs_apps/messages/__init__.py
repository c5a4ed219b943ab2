"""Text messages between desk phones (O2G's mini messages): read, kept, written."""

from prs_apps.messages.application import Messages

__all__ = ["Messages"]
