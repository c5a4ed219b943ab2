"""Company news: headlines of an RSS file, and each story, in pages that fit the set."""

import textwrap
from pathlib import Path

import structlog

from prs.dates import when
from prs.screens import Item, List, Screen, Text
from prs_apps.application import Application, Visit, screen
from prs_apps.manifest_file import read_manifest
from prs_apps.paging import leaf

from .feed import NoFeed, Story, read_feed

PARAGRAPH = 380  # characters: a text on a page has 400 at most
PARAGRAPHS = 3  # on one page
NO_NEWS = {"en": "There is no news.", "de": "Es gibt nichts Neues.", "fr": "Il n'y a pas d'actualités."}
UNREADABLE = {
    "en": "The news cannot be read at the moment.",
    "de": "Die Neuigkeiten sind zurzeit nicht lesbar.",
    "fr": "Les actualités sont illisibles pour le moment.",
}
GONE = {"en": "This story is gone.", "de": "Diese Meldung gibt es nicht mehr.", "fr": "Cet article n'existe plus."}

log = structlog.get_logger(__name__)


class CompanyNews(Application):
    """What is in the feed."""

    manifest = read_manifest(Path(__file__).with_name("manifest.toml"))

    @screen
    def home(self, visit: Visit, page: int = 0) -> Screen:
        """List the headlines, the newest first."""
        try:
            stories = self._stories()
        except NoFeed as error:
            log.warning("no_feed", application=self.manifest.id, reason=str(error))
            return Screen(self._title(visit), (Text(visit.choose(UNREADABLE)),), status=503)
        shown = leaf(stories, page, visit.model.list_items)
        items = [
            Item(story.title, self._day(visit, story), visit.link(self.story, story.id, shown.page))
            for story in shown.items
        ]
        return Screen(
            title=self._title(visit),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=(List(tuple(items)),) if items else (Text(visit.choose(NO_NEWS)),),
            earlier=visit.link(self.home, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.home, shown.page + 1) if shown.has_later else None,
        )

    @screen
    def story(self, visit: Visit, id: str, of: int = 0, page: int = 0) -> Screen:
        """Show a story; `of` is the page of the headlines that Back leads to."""
        back = visit.link(self.home, of)
        try:
            found = next((story for story in self._stories() if story.id == id), None)
        except NoFeed:
            found = None
        if found is None:
            return Screen(self._title(visit), (Text(visit.choose(GONE)),), back=back, status=404)
        paragraphs = textwrap.wrap(found.text, PARAGRAPH) or [found.title]
        shown = leaf(paragraphs, page, PARAGRAPHS)
        return Screen(
            title=found.title,
            note=self._day(visit, found) if shown.pages == 1 else f"{shown.page + 1}/{shown.pages}",
            body=tuple(Text(paragraph) for paragraph in shown.items),
            back=back,
            earlier=visit.link(self.story, id, of, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.story, id, of, shown.page + 1) if shown.has_later else None,
        )

    def _stories(self) -> tuple[Story, ...]:
        told = self.parameters
        return read_feed(Path(told.text("folder")), told.text("file"))[: told.number("most")]

    def _title(self, visit: Visit) -> str:
        return visit.choose(dict(self.manifest.names))

    def _day(self, visit: Visit, story: Story) -> str:
        return when(story.when, self.house.now(), visit.zone, visit.language) if story.when else ""


application = CompanyNews
