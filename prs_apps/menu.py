"""The menu: what a user may open, and what waits for them."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import structlog

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Screen, Text
from prs_apps.ages import told
from prs_apps.application import HOME, MENU, Application, House, Manifest, Visit, screen
from prs_apps.people import full_name
from services.errors import O2GError
from services.event_summary import EventSummary
from services.live.known import Known
from services.nodes import Link as LinkState
from services.together import together

log = structlog.get_logger(__name__)


class Menu(Application):
    """The first screen of every phone."""

    manifest: ClassVar = Manifest(MENU, N_("Menu"), order=0, listed=False)

    def __init__(self, house: House, applications: Sequence[Application]) -> None:
        """Take the applications that the menu lists."""
        super().__init__(house)
        listed = (application for application in applications if application.manifest.listed)
        self._applications = sorted(listed, key=lambda application: application.manifest.order)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the applications with what waits in them; a counter that O2G does not tell is shown as unknown.

        Above them stands what concerns this user's calls: O2G's link to their node is down, or the counters are old.
        """
        known, offered = together(lambda: self._summary(visit), lambda: self._offered(visit))
        summary = known.value if known else None
        return Screen(
            title=full_name(visit.user.first_name, visit.user.last_name) or visit.user.number,
            note=visit.user.number,
            body=(
                *self._banner(visit),
                *told(visit, known),
                List(tuple(self._entry(visit, application.manifest, summary) for application in offered)),
            ),
        )

    def _banner(self, visit: Visit) -> tuple[Text, ...]:
        if self.house.o2g.nodes.of(visit.user.node) is not LinkState.DOWN:
            return ()
        return (Text(visit._("The telephone system is being repaired. Calls may not work.")),)

    def _entry(self, visit: Visit, manifest: Manifest, summary: EventSummary | None) -> Item:
        detail = ""
        if manifest.waiting is not None:
            count = manifest.waiting(summary) if summary else None
            detail = visit._("unknown") if count is None else str(count or "")
        return Item(visit.language.translate(manifest.name), detail=detail, link=Link(manifest.id, HOME))

    def _summary(self, visit: Visit) -> Known[EventSummary] | None:
        try:
            return self.house.o2g.event_summary.known(visit.user.login, visit.deadline)
        except O2GError as error:
            # The menu opens without the counters; what depends on O2G says so itself when it is opened.
            log.warning("counters_unknown", reason=error.type)
            return None

    def _offered(self, visit: Visit) -> Sequence[Application]:
        """Find what is for this user; those that must ask for it do so side by side."""
        asking = [a for a in self._applications if type(a).offered is not Application.offered]
        answers = together(*(partial(self._is_offered, application, visit) for application in asking))
        withheld = {application for application, offered in zip(asking, answers, strict=True) if not offered}
        return [application for application in self._applications if application not in withheld]

    def _is_offered(self, application: Application, visit: Visit) -> bool:
        try:
            return application.offered(visit)
        except O2GError as error:
            # Most users have no use for it, and whoever has can still open it by a key of their own.
            log.warning("offer_unknown", application=application.manifest.id, reason=error.type)
            return False
