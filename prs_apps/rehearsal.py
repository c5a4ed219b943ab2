"""Rehearsing an application: for its own tests, without presentation server, O2G or registry.

tea = Rehearsal(Tea, parameters={"greeting": "Hello"}, family="small")
tea.open()
tea.choose("Green tea")
assert "3 minutes" in tea.text
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from prs.dialect import load_dialect
from prs.language import languages
from prs.links import Link
from prs.models import phone_models
from prs.pages import ActionListBox, Line, ListBox, Page, TextBox
from prs.rendering import Renderer
from prs.request import Fields
from prs.trial import Drawing, draw
from prs_apps.application import Application, House, Visit
from prs_apps.parameters import Value, told
from prs_apps.stage import Stage
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.o2g import O2G
from services.users import Device, DeviceKind, User
from store.shared import InProcess

BASE = "https://rehearsal.invalid/phone"
NOBODY = "https://o2g.invalid"
NO_VALUES: Mapping[str, Value] = MappingProxyType({})
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SECONDS = 2.5


def nobodys_house(now: datetime = NOON) -> House:
    """Give a house whose O2G is never there, and whose clock stands still."""
    return House(O2G(O2GEndpoint(NOBODY, "nobody", "nothing")), InProcess(), UTC, lambda: now)


class Rehearsal:
    """One user's set, and one application on it. What the application raises comes through.

    Attributes:
        application: that is rehearsed.
        page: what the set shows: a `prs.pages.Page`.
    """

    def __init__(
        self,
        kind: type[Application],
        *,
        parameters: Mapping[str, Value] = NO_VALUES,
        family: str = "large",
        language: str = "en",
        house: House | None = None,
        number: str = "70000",
    ) -> None:
        """Set the stage.

        Args:
            kind: the application's class.
            parameters: what an administrator would have told it.
            family: of the set: `one_line`, `small`, `large`, `large_colour`.
            language: catalogue code of the user's language.
            house: what the application may use; None: `nobodys_house()`.
            number: the user's directory number.

        Raises:
            ParametersRefused: the manifest declares other parameters.
            StopIteration: there is no such family.
        """
        house = house or nobodys_house()
        self.application = kind(house)
        self.application.parameters = told(kind.manifest.parameters, parameters.items())
        model = next(one for one in phone_models().families if one.family == family)
        device = Device(number, DeviceKind.DESKPHONE, None, None)
        user = User(f"oxe{number}", number, "Anna", "Müller", "1", (device,), None)
        self._visit = Visit(user, device, model, languages().of(language), Deadline.after(SECONDS), house)
        self._stage = Stage(self.application, self._visit, Renderer(load_dialect("noe")), BASE)

    @property
    def page(self) -> Page:
        """What the set shows."""
        return self._stage.page

    @property
    def drawing(self) -> Drawing:
        """The same, drawn in letters; `str()` of it has a frame."""
        return draw(self.page, self._visit.model)

    @property
    def title(self) -> str:
        """The first line."""
        return self.page.header.label

    @property
    def text(self) -> str:
        """Everything to read in the body."""
        return " ".join(line for box in self.page.body if isinstance(box, TextBox) for line in box.lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of its lists, with `label`, `detail` and `icon`."""
        lists = (box for box in self.page.body if isinstance(box, ListBox | ActionListBox))
        return tuple(line for box in lists for line in box.lines)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of these lines."""
        return tuple(line.label for line in self.lines)

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels of its soft keys."""
        return tuple(key.label for key in self.page.soft_keys)

    def open(self) -> Page:
        """Open the application, as by its line in the menu or its own key."""
        return self._show(None)

    def choose(self, label: str) -> Page:
        """Choose the line, or press the soft key, of that label.

        Raises:
            NoSuchLine: there is none that leads anywhere.
        """
        return self._show(self._stage.led_to(label))

    def turn(self) -> bool:
        """Press Right: turn to the page behind this one; False where there is none."""
        link = self._stage.screen.later
        if link is not None:
            self._show(link)
        return link is not None

    def send(self, **fields: str) -> Page:
        """Send the form with these values.

        Raises:
            NoSuchLine: there is none.
        """
        return self._show(self._stage.sent_to(), fields.items())

    def _show(self, link: Link | None, fields: Iterable[tuple[str, str]] = ()) -> Page:
        visit = self._visit
        self._stage.visit = Visit(
            visit.user,
            visit.device,
            visit.model,
            visit.language,
            Deadline.after(SECONDS),
            visit.house,
            fields=Fields(tuple(fields)),
        )
        return self._stage.open(link)
