"""The user's own set: lock, camp-on, associate, keys, PIN, shared sets, hunting groups, language; one room for each."""

from prs_apps.this_set.application import ThisSet

__all__ = ["ThisSet"]
