"""Where a user's calls go: do not disturb, forward, overflow, remote extension, in one sentence and a few choices."""

from prs_apps.forwarding.application import Forwarding

__all__ = ["Forwarding"]
