"""What a screen offers to do: on soft keys as far as the set has any, the rest in a list, where words have room."""

from collections.abc import Sequence
from dataclasses import dataclass

from prs.models import PhoneModel
from prs.screens import Item, SoftKey


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do: its soft key, and what a list says instead of the key's short label."""

    key: SoftKey
    name: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What is on keys, and what is listed."""

    keys: tuple[SoftKey, ...]
    items: tuple[Item, ...]


def shared_out(offers: Sequence[Offer], model: PhoneModel) -> Shares:
    """Share offers out between keys and list, the likely first."""
    room = model.soft_keys
    keys = tuple(offer.key for offer in offers[:room])
    return Shares(keys, tuple(Item(offer.name, link=offer.key.link) for offer in offers[room:]))
