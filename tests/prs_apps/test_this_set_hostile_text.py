"""Every screen about the set, with hostile text from O2G in it, on every model: a valid page that fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from hashlib import shake_256
from types import SimpleNamespace
from typing import cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prs.dialect import load_dialect
from prs.fitting import Fitting
from prs.language import languages
from prs.legible import repertoire
from prs.links import Holder, LinkBuilder
from prs.models import phone_models
from prs.rendering import Renderer
from prs.screens import Screen
from prs.text import width
from prs_apps.application import House, Visit
from prs_apps.this_set import ThisSet
from services.communication_log import CallLogPage
from services.deadline import Deadline
from services.errors import NotFound, O2GError, ServerProblem
from services.hunting_groups import HuntingGroups
from services.o2g import O2G
from services.phone_set import Pin, PinControl, SetState
from services.set_keys import SetKey
from services.users import Device, DeviceKind, User
from store.shared import InProcess
from tests.pages import parse_page
from tests.prs.hostile import TEXT

RENDERER = Renderer(load_dialect("noe"))
LINKS = LinkBuilder("https://phones.example", ("k" * 32,), 60, InProcess())
LONG = shake_256(b"long").hexdigest(2000)  # longer than an address may be, and does not compress
ANY = TEXT | st.just(LONG)
maybe = st.none() | st.booleans()


@dataclass
class SetOnPaper:
    """What O2G says of a set in one example; an error is raised instead of everything."""

    state_: SetState
    keys_: tuple[SetKey, ...]
    pin_: Pin
    groups_: HuntingGroups
    on: bool | None
    codes: tuple[str, ...]
    spoken: str | None
    refused: type[O2GError] | None

    def __getattr__(self, name: str) -> "SetOnPaper":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def _said(self, what: object) -> object:
        if self.refused:
            raise self.refused
        return what

    def state(self, *_: object) -> object:
        return self._said(self.state_)

    def programmable(self, *_: object) -> object:
        return self._said(self.keys_)

    def soft_keys(self, *_: object) -> object:
        return self._said(self.keys_)

    def _read(self, *_: object) -> object:
        """Stand in for what SetKeys reads; its own functions are called with this as their self."""
        return self._said(SimpleNamespace(pkeys=self.keys_, skeys=self.keys_, softkeys=None))

    def pin(self, *_: object) -> object:
        return self._said(self.pin_)

    def groups(self, *_: object) -> object:
        return self._said(self.groups_)

    def logged_on(self, *_: object) -> object:
        return self._said(self.on)

    def remote_extension(self, *_: object) -> object:
        return self._said(self.on)

    def supported_languages(self, *_: object) -> object:
        return self._said(self.codes)

    def language(self, *_: object) -> str | None:
        return self.spoken

    def page(self, *_: object) -> CallLogPage:
        raise NotFound


keys = st.builds(SetKey, st.integers(0, 2**40), ANY, ANY, maybe)
papers = st.builds(
    SetOnPaper,
    state_=st.builds(SetState, maybe, maybe, st.none() | ANY),
    keys_=st.lists(keys, max_size=80).map(tuple),
    pin_=st.builds(
        Pin, st.none() | TEXT, maybe, st.none() | st.sampled_from(PinControl), st.none() | st.integers(0, 2**40)
    ),
    groups_=st.builds(HuntingGroups, st.lists(ANY, max_size=80).map(tuple), st.none() | ANY),
    on=maybe,
    codes=st.lists(TEXT | st.sampled_from(["en", "en-gb", "fr", "ar", "ca-?", "zh-tw", "ga"]), max_size=60).map(tuple),
    spoken=st.none() | TEXT | st.sampled_from(["en", "fr-ch", "ar"]),
    refused=st.none() | st.sampled_from([NotFound, ServerProblem]),
)


def screens(application: ThisSet, visit: Visit) -> Iterator[Screen]:
    yield application.home(visit)
    for kind in ("keys", "soft_keys"):
        for free in (False, True):
            yield application.keys(visit, kind, free)
    yield application.pin(visit)
    yield application.new_pin(visit, PinControl.GROUP.value, 3, "yes", "No.")
    yield application.hunting(visit)
    yield application.language(visit)
    yield application.spoken(visit)
    yield application.associate(visit)
    yield application.shared_set(visit)


@given(papers, st.sampled_from(phone_models().known), st.sampled_from(languages().codes), TEXT)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_screen_is_a_valid_page_whatever_o2g_says(
    paper: SetOnPaper, model: object, code: str, label: str
) -> None:
    chosen = next(one for one in phone_models().known if one is model)
    language = languages().drawn(languages().of(code), chosen.draws)
    sets = (Device("61901", DeviceKind.DESKPHONE, None, label), Device("961901", DeviceKind.MOBILE, None, label))
    user = User("oxe70000", "70000", label, label, "1", sets, None)
    house = House(cast("O2G", paper), InProcess(), UTC)
    visit = Visit(user, sets[0], chosen, language, Deadline.after(60), house)
    holder = Holder("70000", "61901")
    fitting = Fitting(chosen, language, lambda link: LINKS.address(link, holder), LINKS.entry(""))
    for screen in screens(ThisSet(house), visit):
        shown = parse_page(RENDERER.render(fitting.page("this_set.any", screen)))
        labels = [shown.title, *shown.lines, *shown.labels]
        assert all(width(text) <= chosen.columns for text in labels)
        if chosen.scripts:
            assert repertoire(chosen.scripts).issuperset("".join(labels))
