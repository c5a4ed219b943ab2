"""A call-centre agent's day: log on, ready, pause, wrap-up, withdraw, skills, help; and the supervisor's."""

from prs_apps.agent.application import CallCentre

__all__ = ["CallCentre"]
