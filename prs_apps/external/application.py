"""An external application's screens: each is a page that it served, read, checked and signed anew."""

import threading
from urllib.parse import urlencode

import structlog

from prs.dialect import Dialect
from prs.links import Link
from prs.reading import NotAPage, read_page
from prs.screens import Screen
from prs_apps.application import Application, House, Manifest, Visit, action, screen
from prs_apps.external.errors import ExternalSilent, ExternalTrouble, ExternalUnreadable
from prs_apps.external.fetching import fetch
from prs_apps.external.source import Source

LONGEST_FIELD = 255
AT_ONCE = (
    8  # of one application, in each process: a crowd that waits for it must not take all threads from other screens
)
TURN_SECONDS = 0.1  # that one more waits for a turn

log = structlog.get_logger(__name__)


class External(Application):
    """One registered address; several of them are several of these."""

    def __init__(self, house: House, manifest: Manifest, source: Source, dialect: Dialect) -> None:
        """Take what the menu says of it, where it is, and the dialect that it writes."""
        super().__init__(house)
        self.manifest = manifest  # type: ignore[misc]  # each has its own, as each is registered
        self._source = source
        self._dialect = dialect
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    @screen
    def home(self, visit: Visit) -> Screen:
        """Show its first page."""
        return self._show(visit, self._source.target(self._source.url) or "")

    @screen
    def page(self, visit: Visit, target: str) -> Screen:
        """Show another of its pages."""
        if visit.digits:
            target += ("&" if "?" in target else "?") + urlencode({"digits": visit.digits})
        return self._show(visit, target)

    @action
    def send(self, visit: Visit, target: str, names: str) -> Screen:
        """Send a form, and show the page that it answers with. `names` are the form's own fields."""
        form = {name: visit.fields.text(name, LONGEST_FIELD) for name in names.split(",") if name}
        return self._show(visit, target, form)

    def _show(self, visit: Visit, target: str, form: dict[str, str] | None = None) -> Screen:
        try:
            if not self._turns.acquire(timeout=TURN_SECONDS):
                raise ExternalSilent("too many wait for it already")
            try:
                address, body = fetch(self._source, target, visit, form=form)
            finally:
                self._turns.release()
            if form is not None:
                visit.note_write()  # whatever we make of the answer
            return self._read(visit, address, body)
        except ExternalTrouble as trouble:
            log.warning("external_trouble", application=self.manifest.id, code=trouble.code, reason=trouble.reason)
            raise

    def _read(self, visit: Visit, address: str, body: bytes) -> Screen:
        def follow(href: str) -> Link | None:
            target = self._source.target(href)
            return None if target is None else visit.link(self.page, target=target)

        def send(href: str, names: str) -> Link | None:
            target = self._source.target(href)
            return None if target is None else visit.link(self.send, target=target, names=names)

        try:
            return read_page(body, self._dialect, address, follow, send)
        except NotAPage as error:
            raise ExternalUnreadable(error.reason) from error
