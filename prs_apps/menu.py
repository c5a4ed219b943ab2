"""The menu: what a user may open, and what waits for them."""

from collections.abc import Sequence
from typing import ClassVar

import structlog

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Screen
from prs_apps.application import HOME, MENU, Application, House, Manifest, Visit, screen
from prs_apps.people import full_name
from services.errors import O2GError
from services.event_summary import EventSummary

log = structlog.get_logger(__name__)


class Menu(Application):
    """The first screen of every phone."""

    manifest: ClassVar = Manifest(MENU, N_("Menu"), order=0, listed=False)

    def __init__(self, house: House, applications: Sequence[Application]) -> None:
        """Take the applications that the menu lists."""
        super().__init__(house)
        self._applications = sorted(applications, key=lambda application: application.manifest.order)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show the applications with what waits in them; a counter that O2G does not tell is shown as unknown."""
        summary = self._summary(visit)
        return Screen(
            title=full_name(visit.user.first_name, visit.user.last_name) or visit.user.number,
            note=visit.user.number,
            body=(
                List(tuple(self._entry(visit, a.manifest, summary) for a in self._applications if a.offered(visit))),
            ),
        )

    def _entry(self, visit: Visit, manifest: Manifest, summary: EventSummary | None) -> Item:
        detail = ""
        if manifest.waiting is not None:
            count = manifest.waiting(summary) if summary else None
            detail = visit._("unknown") if count is None else str(count or "")
        return Item(visit.language.translate(manifest.name), detail=detail, link=Link(manifest.id, HOME))

    def _summary(self, visit: Visit) -> EventSummary | None:
        try:
            return self.house.o2g.event_summary.of(visit.user.login, visit.deadline)
        except O2GError as error:
            # The menu opens without the counters; what depends on O2G says so itself when it is opened.
            log.warning("counters_unknown", reason=error.type)
            return None
