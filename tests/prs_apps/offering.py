"""Applications that are offered to everybody, as their manifests say: for tests of what is not about the registry."""

from collections.abc import Sequence
from datetime import datetime

from prs.models import PhoneModel
from prs_apps.application import Application, Visit
from prs_apps.offer import Offer
from prs_apps.own_order import OwnOrders
from services.users import Device, User
from store.errors import StoreGone
from store.registered import PrsEntry
from store.registry import MenuOrder


class Everybody:
    """Lets everybody use everything."""

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:
        return True


class Offering:
    """Offers these applications."""

    def __init__(self, applications: Sequence[Application]) -> None:
        offers = [Offer(one, one.manifest.order, dict(one.manifest.names), one.manifest.icon) for one in applications]
        self._offers = tuple(sorted(offers, key=lambda offer: offer.order))

    def to(self, visit: Visit) -> tuple[Offer, ...]:
        return self._offers

    def entry(self, identifier: str) -> tuple[Offer, PrsEntry] | None:
        return None


class NoStore:
    """Is not there."""

    def of(self, login: str) -> MenuOrder:
        raise StoreGone("there is none")

    def choose(self, login: str, order: MenuOrder, *, now: datetime) -> None:
        raise StoreGone("there is none")

    def forget(self, login: str) -> None:
        raise StoreGone("there is none")


EVERYBODY = Everybody()
NO_ORDERS = OwnOrders(NoStore(), gone=lambda: True)
