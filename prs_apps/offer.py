"""What menus offer: an application with the names, the sign and the place that the administrator gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from prs.language import Language
from prs_apps.application import Application, Visit
from store.registered import PrsEntry


@dataclass(frozen=True, slots=True)
class Offer:
    """An application as menus show it.

    Attributes:
        application: what opens.
        order: its place in menus, smaller first.
        names: by catalogue code; empty: as its manifest says, translated.
        icon: a sign before the name, for sets that draw it.
    """

    application: Application
    order: int
    names: Mapping[str, str]
    icon: str = ""

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return self.application.manifest.id

    def name(self, language: Language) -> str:
        """Give its name in a language."""
        return language.choose(self.names) or language.translate(self.application.manifest.name)


class Offers(Protocol):
    """Knows what there is for whom."""

    def to(self, visit: Visit) -> tuple[Offer, ...]:
        """List what this user, on this set, may open from a menu, in the administrator's order. Answers from memory."""


class Entries(Protocol):
    """Knows under what the presentation server asks for applications."""

    def entry(self, identifier: str) -> tuple[Offer, PrsEntry] | None:
        """Find an application by the identifier of its entry, from memory; None: nobody has it."""
