"""The menu: what a user may open, and what waits for them."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import structlog

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Screen
from prs_apps.application import HOME, MENU, Application, House, Manifest, Visit, screen
from prs_apps.people import full_name
from services.errors import O2GError
from services.event_summary import EventSummary

COUNTERS: tuple[tuple[str, Callable[[EventSummary], int | None]], ...] = (
    (N_("Missed calls"), lambda summary: summary.missed_calls),
    (N_("Voice messages"), lambda summary: summary.voice_messages),
    (N_("Callback requests"), lambda summary: summary.callback_requests),
    (N_("Text messages"), lambda summary: summary.new_text_messages),
)

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
        """Show the applications, then the counters; a counter that O2G does not tell is shown as unknown."""
        manifests = [application.manifest for application in self._applications if application.manifest.listed]
        entries = tuple(Item(visit.language.translate(m.name), link=Link(m.id, HOME)) for m in manifests)
        return Screen(
            title=full_name(visit.user.first_name, visit.user.last_name) or visit.user.number,
            note=visit.user.number,
            body=(List((*entries, *self._counters(visit))),),
        )

    def _counters(self, visit: Visit) -> Iterable[Item]:
        try:
            summary: EventSummary | None = self.house.o2g.event_summary.of(visit.user.login, visit.deadline)
        except O2GError as error:
            # The menu opens without the counters; what depends on O2G says so itself when it is opened.
            log.warning("counters_unknown", reason=error.type)
            summary = None
        for name, count_of in COUNTERS:
            count = count_of(summary) if summary else None
            yield Item(visit.language.translate(name), detail=visit._("unknown") if count is None else str(count))
