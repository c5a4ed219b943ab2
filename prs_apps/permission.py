"""Who may use which application: asked before an application answers, at its door and inside."""

from typing import Protocol

from prs.models import PhoneModel
from prs_apps.offer import Offer
from services.users import Device, User
from store.registered import PrsEntry


class Permission(Protocol):
    """Decides which users get which applications."""

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:
        """Tell whether this user, on this set, may use the application of that id.

        Asked with each request: it must answer from memory, and fail on nobody but the one who asks.
        """


class Entries(Protocol):
    """Knows under what the presentation server asks for applications."""

    def entry(self, identifier: str) -> tuple[Offer, PrsEntry] | None:
        """Find an application by the identifier of its entry, from memory; None: nobody has it."""
