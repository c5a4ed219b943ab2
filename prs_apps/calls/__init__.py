"""The calls in progress on the user's sets and what can be done with them; callback requests."""

from prs_apps.calls.application import Calls

__all__ = ["Calls"]
