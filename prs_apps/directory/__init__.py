"""The directory: find a colleague by name or on the keypad, see every number, call one."""

from prs_apps.directory.application import Directory

__all__ = ["Directory"]
