"""Applications that others serve: fetched from an address that an administrator registered, checked, signed anew."""

from prs_apps.external.application import External
from prs_apps.external.source import Source

__all__ = ["External", "Source"]
