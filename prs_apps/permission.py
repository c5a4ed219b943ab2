"""Who may use which application: asked before an application answers, at its door and inside."""

from dataclasses import dataclass
from typing import Protocol

from prs.models import PhoneModel
from services.users import Device, User


class Permission(Protocol):
    """Decides which users get which applications."""

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:
        """Tell whether this user, on this set, may use the application of that id.

        Asked with each request: it must answer from memory, and fail on nobody but the one who asks.
        """


@dataclass(frozen=True, slots=True)
class EverythingOpen:
    """Lets everybody use everything: where no registry is, as when an application is rehearsed."""

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:  # noqa: ARG002
        """Say yes."""
        return True
