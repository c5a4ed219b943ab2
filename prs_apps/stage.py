"""A stage: where an application is shown to those who look at it without a phone."""

from prs.fitting import Fitting
from prs.links import Link
from prs.models import PhoneModel
from prs.pages import Line, Page
from prs.pages import SoftKey as PageKey
from prs.rendering import Renderer
from prs.screens import Screen
from prs_apps.application import HOME, MENU, Application, Visit

MOST_HOPS = 5


class NoSuchLine(LookupError):
    """The page has nothing of that label that leads anywhere; its text lists what does."""


class Stage:
    """One application's screens, as pages of one set. Nothing is signed: no address of such a page opens anything."""

    def __init__(self, application: Application, visit: Visit, renderer: Renderer, base: str) -> None:
        """Take the application, for whom it is shown, what writes pages, and the address that links begin with."""
        self._application = application
        self._renderer = renderer
        self._base = base
        self._leads: dict[str, Link] = {}
        self.visit = visit
        self.screen = Screen("")
        self.page = self._fitted("stage.empty", self.screen)

    @property
    def xml(self) -> bytes:
        """The page in the dialect."""
        return self._renderer.render(self.page)

    @property
    def model(self) -> PhoneModel:
        """The set."""
        return self.visit.model

    def open(self, link: Link | None = None) -> Page:
        """Show what a link leads to; None: the application's first screen.

        Raises:
            LookupError: the link leads to another application, or to one after another without a screen.
            Exception: whatever the application raises.
        """
        for _ in range(MOST_HOPS):
            link = link or Link(self._application.manifest.id, HOME)
            if link.application != self._application.manifest.id:
                raise NoSuchLine(f"it leads to another application: {link.application}")
            answer = self._application.show(link.screen, self.visit, link.arguments)
            if isinstance(answer, Screen):
                return self.show(f"{link.application}.{link.screen}", answer)
            if not isinstance(answer, Link):
                raise NoSuchLine("it gives a file, and no screen")
            link = answer
        raise NoSuchLine("it leads from one link to the next without end")

    def show(self, name: str, screen: Screen) -> Page:
        """Put a screen on the stage."""
        self.screen = screen
        self.page = self._fitted(name, screen)
        return self.page

    def led_to(self, label: str) -> Link:
        """Find where a line, an answer or a soft key of that label leads.

        Raises:
            NoSuchLine: see there.
        """
        entries = [entry for entry in self._entries() if entry.href]
        for entry in entries:
            if entry.label == label:
                return self._leads[entry.href]
        raise NoSuchLine(f"no {label!r} here that leads anywhere: there are {', '.join(e.label for e in entries)}")

    def sent_to(self) -> Link:
        """Find where the page's form is sent.

        Raises:
            NoSuchLine: there is no form.
        """
        for box in self.page.body:
            href = getattr(box, "href", "")
            if href:
                return self._leads[href]
        raise NoSuchLine("there is no form here")

    def _entries(self) -> list[Line | PageKey]:
        answers = self.page.dialog.answers if self.page.dialog else ()
        lines = [line for box in self.page.body for line in getattr(box, "lines", ()) if isinstance(line, Line)]
        return [*answers, *lines, *self.page.soft_keys]

    def _fitted(self, name: str, screen: Screen) -> Page:
        self._leads.clear()
        home = f"{self._base}/{MENU}"
        return Fitting(self.visit.model, self.visit.language, self._address, home).page(name, screen)

    def _address(self, link: Link) -> str:
        address = f"{self._base}/{link.application}/{link.screen}?step={len(self._leads)}"
        self._leads[address] = link
        return address
