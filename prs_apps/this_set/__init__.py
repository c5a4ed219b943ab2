"""The user's own set: lock, camp-on, association, keys, PIN, desk sharing, hunting groups, language."""

from prs_apps.this_set.application import ThisSet

__all__ = ["ThisSet"]
