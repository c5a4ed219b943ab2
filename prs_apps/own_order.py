"""The order that a user chose for their menu: read from the store, and remembered for when that is gone."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from prs_apps.offer import Offer
from store.errors import StoreGone
from store.registry import MenuOrder

REMEMBERED = 20_000  # users; the ones not seen for longest go first
UNORDERED = MenuOrder()


class Orders(Protocol):
    """Where orders are kept: `store.registry.MenuOrders`."""

    def of(self, login: str) -> MenuOrder:
        """Give a user's order."""

    def choose(self, login: str, order: MenuOrder, *, now: datetime) -> None:
        """Keep a user's order."""

    def forget(self, login: str) -> None:
        """Give a user the administrator's order back."""


class OwnOrders:
    """Users' orders. What is shown may be what was known last; what is changed is in the store, or raises."""

    def __init__(self, orders: Orders, gone: Callable[[], bool]) -> None:
        """Take where they are kept, and who knows without asking that it is gone."""
        self._orders = orders
        self._gone = gone
        self._lock = threading.Lock()
        self._last: OrderedDict[str, MenuOrder] = OrderedDict()

    def of(self, login: str) -> MenuOrder:
        """Give a user's order; while the store is gone the one that was known last, or none."""
        if not self._gone():
            try:
                return self.kept(login)
            except StoreGone:
                pass  # the store has logged it; a menu in another order serves better than none
        with self._lock:
            return self._last.get(login, UNORDERED)

    def kept(self, login: str) -> MenuOrder:
        """Give a user's order as it is kept.

        Raises:
            StoreGone: it cannot be read.
        """
        order = self._orders.of(login)
        self._remember(login, order)
        return order

    def choose(self, login: str, order: MenuOrder, now: datetime) -> None:
        """Keep a user's order; one without any application gives them the administrator's back.

        Raises:
            StoreGone: it cannot be kept.
        """
        if order.applications:
            self._orders.choose(login, order, now=now)
        else:
            self._orders.forget(login)
        self._remember(login, order)

    def _remember(self, login: str, order: MenuOrder) -> None:
        with self._lock:
            self._last[login] = order
            self._last.move_to_end(login)
            while len(self._last) > REMEMBERED:
                self._last.popitem(last=False)


def arranged(offers: Sequence[Offer], order: MenuOrder) -> list[Offer]:
    """Put offers, which are in the administrator's order, into a user's; what the user has not placed comes behind."""
    places = {id: place for place, id in enumerate(order.applications)}
    return sorted(offers, key=lambda offer: places.get(offer.id, len(places)))
