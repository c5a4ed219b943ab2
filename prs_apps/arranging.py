"""Arranging one's menu: applications move up and down, or are hidden."""

from collections.abc import Sequence

from prs.errors import PageUnknown
from prs.links import Link
from prs.screens import Item, List, Popup, Screen, SoftKey, Text
from prs_apps.application import Application, House, Visit, action, screen
from prs_apps.offer import Offer
from prs_apps.own_order import UNORDERED, OwnOrders, arranged
from prs_apps.paging import leaf
from store.registry import MOST_ORDERED, MenuOrder


class Arranging(Application):
    """The screens where a user arranges the menu."""

    def __init__(self, house: House, orders: OwnOrders) -> None:
        """Take where orders are kept."""
        super().__init__(house)
        self.orders = orders

    def offered_to(self, visit: Visit) -> Sequence[Offer]:
        """Find what is for this user."""
        raise NotImplementedError

    @screen
    def arrange(self, visit: Visit, page: int = 0, said: str = "") -> Screen:
        """List everything that the user may open, hidden or not, to choose what moves."""
        offers, order = self._arranged(visit)
        shown = leaf(offers, page, visit.model.list_items)
        items = tuple(
            Item(
                offer.name(visit.language),
                detail=visit._("hidden") if offer.id in order.hidden else "",
                link=visit.link(self.place, offer.id),
            )
            for offer in shown.items
        )
        chosen = order != UNORDERED
        return Screen(
            title=visit._("Arrange menu"),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=(List(items),) if items else (Text(visit._("There is no application for you.")),),
            keys=(SoftKey(visit._("Reset"), visit.link(self.reset)),) if chosen else (),
            earlier=visit.link(self.arrange, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.arrange, shown.page + 1) if shown.has_later else None,
            popup=Popup(visit._("As it was")) if said else None,
        )

    @screen
    def place(self, visit: Visit, id: str, at: int = 0) -> Screen:
        """Show one application's place and what can be done with it; `at` is the line to stand on.

        Raises:
            PageUnknown: it is the user's no more.
        """
        offers, order = self._arranged(visit)
        index = _index(offers, id)
        hidden = id in order.hidden
        lines = [
            Item(visit._("Up"), link=visit.link(self.move, id, -1) if index > 0 else None),
            Item(visit._("Down"), link=visit.link(self.move, id, 1) if index + 1 < len(offers) else None),
            Item(visit._("Show") if hidden else visit._("Hide"), link=visit.link(self.hide, id, not hidden)),
        ]
        leads = [place for place, line in enumerate(lines) if line.link is not None]
        return Screen(
            title=offers[index].name(visit.language),
            note=visit._("hidden") if hidden else f"{index + 1}/{len(offers)}",
            body=(List(tuple(lines), at if at in leads else leads[0]),),
            back=visit.link(self.arrange, index // visit.model.list_items),
        )

    @action
    def move(self, visit: Visit, id: str, by: int) -> Link:
        """Change places with the one before (-1) or behind (1)."""
        offers, order = self._arranged(visit)
        ids = [offer.id for offer in offers]
        index = _index(offers, id)
        other = max(0, min(index + (1 if by > 0 else -1), len(ids) - 1))
        ids[index], ids[other] = ids[other], ids[index]
        self._keep(visit, ids, order, order.hidden)
        return visit.link(self.place, id, 1 if by > 0 else 0)

    @action
    def hide(self, visit: Visit, id: str, hidden: bool) -> Link:
        """Hide an application from the menu, or show it again."""
        offers, order = self._arranged(visit)
        _index(offers, id)
        self._keep(visit, [offer.id for offer in offers], order, order.hidden | {id} if hidden else order.hidden - {id})
        return visit.link(self.place, id, 2)

    @action
    def reset(self, visit: Visit) -> Link:
        """Take the administrator's order again."""
        self.orders.choose(visit.user.login, UNORDERED, self.house.now())
        return visit.link(self.arrange, said="reset")

    def _arranged(self, visit: Visit) -> tuple[list[Offer], MenuOrder]:
        order = self.orders.kept(visit.user.login)
        return arranged(self.offered_to(visit), order), order

    def _keep(self, visit: Visit, ids: Sequence[str], before: MenuOrder, hidden: frozenset[str]) -> None:
        """Keep an order; what is not offered at the moment stays in it, for when it is again."""
        absent = [id for id in before.applications if id not in ids]
        ordered = (*ids, *absent)[:MOST_ORDERED]
        self.orders.choose(visit.user.login, MenuOrder(ordered, hidden & set(ordered)), self.house.now())


def _index(offers: Sequence[Offer], id: str) -> int:
    """Find an application among what the user may open.

    Raises:
        PageUnknown: it is not there any more.
    """
    index = next((place for place, offer in enumerate(offers) if offer.id == id), None)
    if index is None:
        raise PageUnknown
    return index
