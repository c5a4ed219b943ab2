"""The menu: what a user may open, and what waits for them."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import structlog

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Screen, SoftKey, Text
from prs_apps.ages import retry, told
from prs_apps.application import HOME, MENU, Application, House, Manifest, Visit, screen
from prs_apps.arranging import Arranging
from prs_apps.offer import Offer, Offers
from prs_apps.own_order import OwnOrders, arranged
from prs_apps.paging import leaf
from prs_apps.people import full_name
from prs_apps.refusals import refusal_of
from services.errors import NoLicence, O2GBusy, O2GError, O2GNotReady, O2GUnreachable, SessionLost
from services.event_summary import EventSummary
from services.live.known import Known
from services.nodes import Link as LinkState
from services.together import together

MOST_ITEMS = 60  # of a page; the schema's limit is 64
NO_ANSWER = (O2GUnreachable, O2GNotReady, SessionLost, O2GBusy)

log = structlog.get_logger(__name__)


class Menu(Arranging):
    """The first screen of every phone."""

    manifest: ClassVar = Manifest(MENU, N_("Menu"), order=0, listed=False)

    def __init__(self, house: House, offers: Offers, orders: OwnOrders) -> None:
        """Take what knows of the applications, and of the orders that users chose."""
        super().__init__(house, orders)
        self._offers = offers

    @screen
    def home(self, visit: Visit, page: int = 0) -> Screen:
        """Show the applications with what waits in them; a counter that O2G does not tell is shown as unknown.

        Above them stands what concerns this user's calls: O2G's link to their node is down, O2G has no licence free for
        them, or does not answer, or the counters are old. Where it does not answer, it can be asked once more.
        """
        (known, trouble), offered, order = together(
            lambda: self._summary(visit), lambda: self.offered_to(visit), lambda: self.orders.of(visit.user.login)
        )
        summary = known.value if known else None
        shown = leaf([offer for offer in arranged(offered, order) if offer.id not in order.hidden], page, MOST_ITEMS)
        items = tuple(self._entry(visit, offer, summary) for offer in shown.items)
        again = visit.link(self.home, page) if page else visit.link(self.home)
        arrange = (SoftKey(visit._("Arrange"), visit.link(self.arrange)),) if len(offered) > 1 else ()
        words = visit._("There is no application for you.") if not offered else visit._("You have hidden all of it.")
        return Screen(
            title=full_name(visit.user.first_name, visit.user.last_name) or visit.user.number,
            note=visit.user.number,
            body=(*self._banner(visit, trouble), *told(visit, known), List(items) if items else Text(words)),
            keys=(*retry(visit, known, again), *_retry_after(visit, trouble, again), *arrange),
            earlier=visit.link(self.home, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.home, shown.page + 1) if shown.has_later else None,
        )

    def offered_to(self, visit: Visit) -> Sequence[Offer]:
        """Find what is for this user; applications that must ask for it do so side by side."""
        listed = [offer for offer in self._offers.to(visit) if offer.application.manifest.listed]
        asking = [offer for offer in listed if type(offer.application).offered is not Application.offered]
        answers = together(*(partial(self._is_offered, offer.application, visit) for offer in asking))
        withheld = {offer.id for offer, offered in zip(asking, answers, strict=True) if not offered}
        return [offer for offer in listed if offer.id not in withheld]

    def _banner(self, visit: Visit, trouble: O2GError | None) -> tuple[Text, ...]:
        if self.house.o2g.nodes.of(visit.user.node) is LinkState.DOWN:
            return (Text(visit._("The telephone system is being repaired. Calls may not work.")),)
        told_of = isinstance(trouble, (NoLicence, *NO_ANSWER))
        return (Text(visit._(refusal_of(trouble).message)),) if trouble is not None and told_of else ()

    def _entry(self, visit: Visit, offer: Offer, summary: EventSummary | None) -> Item:
        return Item(
            offer.name(visit.language),
            detail=self._waiting(visit, offer, summary),
            link=Link(offer.id, HOME),
            icon=offer.icon,
        )

    def _waiting(self, visit: Visit, offer: Offer, summary: EventSummary | None) -> str:
        waiting = offer.application.manifest.waiting
        if waiting is None:
            return ""
        try:
            count = waiting(summary) if summary else None
        except Exception:
            # Somebody else's application: what goes wrong in it must not close everybody's menu.
            log.exception("waiting_unknown", application=offer.id)
            count = None
        return visit._("unknown") if count is None else str(count or "")

    def _summary(self, visit: Visit) -> tuple[Known[EventSummary] | None, O2GError | None]:
        """Give the counters, if they are known; else why not."""
        try:
            return self.house.o2g.event_summary.known(visit.user.login, visit.deadline), None
        except O2GError as error:
            # The menu opens without the counters; what depends on O2G says so itself when it is opened.
            log.warning("counters_unknown", reason=error.type)
            return None, error

    def _is_offered(self, application: Application, visit: Visit) -> bool:
        try:
            return application.offered(visit)
        except O2GError as error:
            # Most users have no use for it, and whoever has can still open it by a key of their own.
            log.warning("offer_unknown", application=application.manifest.id, reason=error.type)
        except Exception:
            log.exception("offer_unknown", application=application.manifest.id)
        return False


def _retry_after(visit: Visit, trouble: O2GError | None, again: Link) -> tuple[SoftKey, ...]:
    return (SoftKey(visit._("Retry"), again),) if isinstance(trouble, NO_ANSWER) else ()
