"""What a phone application is made of: a manifest, screens, actions, and the visit that a screen answers.

    class Directory(Application):
        manifest = Manifest("directory", N_("Directory"), order=10)

        @screen
        def home(self, visit: Visit) -> Screen: ...

        @action
        def call(self, visit: Visit, number: str) -> Screen: ...

        @file
        def photograph(self, visit: Visit, login: str) -> File: ...

A screen links to another by naming its method and the arguments it will get: `visit.link(self.call, number="70121")`.
The type check sees a wrong one, and the signature of the link keeps everyone else from changing it.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from prs.errors import LinkAltered
from prs.files import File
from prs.language import Language, Languages, languages
from prs.links import ENTRY, Argument, Link
from prs.models import PhoneModel
from prs.request import Fields
from prs.screens import Screen
from prs_apps.parameters import NO_PARAMETERS, Parameter, Parameters
from prs_apps.permission import EverythingOpen, Permission
from services.deadline import Deadline
from services.event_summary import EventSummary
from services.o2g import O2G
from services.users import Device, User
from store.messages import MessageStore, NoMessageStore
from store.shared import Shared

P = ParamSpec("P")
Answer = Screen | Link | File
F = TypeVar("F", bound=Callable[..., Answer])

NO_FIELDS = Fields()
EVERYTHING_OPEN = EverythingOpen()
HOME = ENTRY
MENU = "menu"
_KIND = "__touchline_kind__"
_SCREEN, _ACTION, _FILE = "screen", "action", "file"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an application says of itself.

    Attributes:
        id: its name in addresses: lower-case letters, digits, underscores.
        name: what the menu shows, in English; a message of Touchline's catalogues is translated.
        order: its place in the menu, smaller first.
        listed: whether the menu shows it.
        waiting: the counter of O2G's event summary that the menu shows beside it.
        without_set: whether it is there for users who have no set at the moment, too: its `home` sees to them.
        names: what the menu shows in other languages, by catalogue code such as `de`, where no catalogue has the name.
        icon: a sign before the name, for sets that draw it; empty for none.
        parameters: what an administrator may tell it; read them in `Application.parameters`.
    """

    id: str
    name: str
    order: int = 100
    listed: bool = True
    waiting: Callable[[EventSummary], int | None] | None = None
    without_set: bool = False
    names: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    parameters: tuple[Parameter, ...] = ()


def utc_now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """What applications may use: O2G, what workers share, the time zone of users whose OXE node has none of its own
    (`Visit.zone` is a user's), the time (UTC), the languages, the messages that are kept, the time zones of nodes."""

    o2g: O2G
    shared: Shared
    zone: tzinfo
    now: Callable[[], datetime] = utc_now
    languages: Languages = field(default_factory=languages)
    messages: MessageStore = field(default_factory=NoMessageStore)
    node_zones: Mapping[str, tzinfo] = field(default_factory=dict)


class BoundView(Protocol):
    """A screen method, bound to its application."""

    __self__: "Application"
    __func__: Callable[..., Answer]
    __name__: str


@lru_cache(maxsize=1024)
def _signature(view: Callable[..., Answer]) -> inspect.Signature:
    return inspect.signature(view)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one user's set, as an application sees it.

    Attributes:
        user: the user that O2G knows under the phone's number.
        device: the user's set.
        model: what the set can show.
        language: what the user reads.
        deadline: how long the screen may take; hand it to every O2G call.
        house: what applications may use.
        digits: what was keyed on a screen that listens to the keypad.
        fields: what was entered in a form.
        permission: decides which other applications this user may use.
    """

    user: User
    device: Device
    model: PhoneModel
    language: Language
    deadline: Deadline
    house: House
    digits: str = ""
    fields: Fields = NO_FIELDS
    permission: Permission = EVERYTHING_OPEN

    @property
    def zone(self) -> tzinfo:
        """The user's time zone: that of their OXE node, where it has one of its own."""
        return self.house.node_zones.get(self.user.node or "", self.house.zone)

    def _(self, message: str, **values: object) -> str:
        """Translate a message and fill in its `{values}`."""
        return self.language.translate(message).format(**values)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate the form of a message that fits `count`, and fill it in as `{count}`."""
        return self.language.translate_plural(one, many, count).format(count=count)

    def choose(self, texts: Mapping[str, str]) -> str:
        """Give the text in the user's language of several by catalogue code: `{"en": "Tea", "de": "Tee"}`.

        For applications whose texts are not in Touchline's catalogues.
        """
        return self.language.choose(texts)

    def may_use(self, application: str) -> bool:
        """Tell whether this user, on this set, may use an application, from memory: no other is offered."""
        return self.permission.may(self.user, self.device, self.model, application)

    def note_write(self) -> None:
        """Say that something was changed elsewhere than in O2G, or may have been: no trouble offers it again then."""
        self.deadline.note_write()

    def link(self, view: "Callable[Concatenate[Visit, P], Answer]", *args: P.args, **kwargs: P.kwargs) -> Link:
        """Link to a screen of an application, with the arguments that it will get."""
        bound = cast("BoundView", view)
        named = _signature(bound.__func__).bind(bound.__self__, self, *args, **kwargs).arguments
        arguments = tuple((name, cast("Argument", value)) for name, value in list(named.items())[2:])
        once = getattr(view, _KIND) == _ACTION
        return Link(bound.__self__.manifest.id, bound.__name__, arguments, once=once)


def screen(view: F) -> F:
    """Mark a method as a screen: it shows something and changes nothing."""
    setattr(view, _KIND, _SCREEN)
    return view


def action(view: F) -> F:
    """Mark a method as an action: it changes something, so each link to it works once."""
    setattr(view, _KIND, _ACTION)
    return view


def file(view: F) -> F:
    """Mark a method as one that gives a file, in more time than a screen has; where there is none it gives a screen."""
    setattr(view, _KIND, _FILE)
    return view


class Application:
    """Base of the phone applications.

    Attributes:
        manifest: what it says of itself.
        parameters: what an administrator has told it, checked against its manifest; replaced as a whole when changed.
    """

    manifest: ClassVar[Manifest]
    parameters: Parameters = NO_PARAMETERS
    _views: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the screens and actions of an application when its class is made."""
        super().__init_subclass__(**kwargs)
        cls._views = {
            name: getattr(member, _KIND) for name, member in inspect.getmembers(cls) if hasattr(member, _KIND)
        }

    def __init__(self, house: House) -> None:
        """Furnish the application with what it may use."""
        self.house = house

    def offered(self, visit: Visit) -> bool:  # noqa: ARG002  (for those that not everybody gets)
        """Tell whether the menu offers it to this user; asks O2G at most once a while, and not in turn with others."""
        return True

    def home(self, visit: Visit) -> Screen | Link:
        """Show the first screen; each application has one."""
        raise NotImplementedError

    def has(self, name: str) -> bool:
        """Tell whether there is a screen or action of that name."""
        return name in self._views

    def changes(self, name: str) -> bool:
        """Tell whether a view changes something."""
        return self._views[name] == _ACTION

    def shows(self, name: str) -> bool:
        """Tell whether a view shows something and changes nothing."""
        return self._views[name] == _SCREEN

    def gives_file(self, name: str) -> bool:
        """Tell whether a view gives a file."""
        return self._views[name] == _FILE

    def show(self, name: str, visit: Visit, arguments: tuple[tuple[str, Argument], ...]) -> Answer:
        """Call a view with the arguments of a link; it gives a screen, the link of the one to show, or a file.

        Raises:
            LinkAltered: the view takes other arguments; the link was made by another version.
        """
        view: Callable[..., Answer] = getattr(type(self), name)
        signature = _signature(view)
        try:
            bound = signature.bind(self, visit, **dict(arguments))
        except TypeError as error:
            raise LinkAltered from error
        for key, value in list(bound.arguments.items())[2:]:
            if type(value) is not signature.parameters[key].annotation:
                raise LinkAltered
        return view(*bound.args, **bound.kwargs)
