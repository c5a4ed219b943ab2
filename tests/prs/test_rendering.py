"""Every widget, with hostile text, on every model, in every language there is: a valid page that fits."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prs import screens
from prs.dialect import load_dialect
from prs.fitting import Fitting
from prs.language import languages
from prs.legible import repertoire
from prs.links import Holder, Link, LinkBuilder
from prs.models import PhoneModel, phone_models
from prs.rendering import Renderer
from prs.text import width
from store.shared import InProcess
from tests.pages import NAMESPACE, Shown, parse_page
from tests.prs.hostile import TEXT

RENDERER = Renderer(load_dialect("noe"))
LINKS = LinkBuilder("https://phones.example", ("k" * 32,), 60, InProcess())
HOLDER = Holder("70000", "70000")

names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
links = st.builds(Link, st.just("directory"), st.just("results"), st.tuples(st.tuples(names, TEXT)), once=st.booleans())
items = st.builds(screens.Item, TEXT, TEXT, st.none() | links)
lists = st.lists(items, min_size=1, max_size=12).map(tuple)
inputs = st.builds(
    screens.Input, names, TEXT, TEXT, st.sampled_from(screens.InputKind), st.integers(1, 255), st.booleans()
)
fields = st.one_of(
    inputs, st.builds(screens.CheckBox, names, TEXT, st.booleans()), st.builds(screens.DateInput, names, TEXT)
)
widgets = st.one_of(
    st.builds(screens.Text, TEXT),
    st.builds(screens.List, lists, st.integers(0, 20)),
    st.builds(screens.ActionList, lists),
    st.builds(screens.Form, links, st.lists(fields, min_size=1, max_size=6).map(tuple)),
    st.builds(screens.Progress, TEXT, st.integers(-5, 200), st.integers(0, 100)),
    st.builds(screens.Sound, links, TEXT),
    st.builds(screens.Image, st.just("https://phones.example/x.png"), TEXT, st.integers(0, 800), st.integers(0, 480)),
)
everything = st.builds(
    screens.Screen,
    title=TEXT,
    body=st.lists(widgets, max_size=5).map(tuple),
    note=TEXT,
    keys=st.lists(st.builds(screens.SoftKey, TEXT, st.none() | links), max_size=14).map(tuple),
    back=st.none() | links,
    earlier=st.none() | links,
    later=st.none() | links,
    keypad=st.none() | links,
    refresh=st.none() | st.builds(screens.Refresh, st.floats(0.2, 3600), links),
    dialog=st.none()
    | st.builds(
        screens.Dialog, TEXT, TEXT, st.lists(items.filter(lambda i: i.link), min_size=1, max_size=4).map(tuple)
    ),
    popup=st.none() | st.builds(screens.Popup, TEXT, st.floats(0.2, 3600)),
)


def fitting(model: PhoneModel, code: str) -> Fitting:
    return Fitting(model, languages().of(code), lambda link: LINKS.address(link, HOLDER), LINKS.entry(""))


@given(everything, st.sampled_from(phone_models().known), st.sampled_from(languages().codes))
@settings(max_examples=300, deadline=None)
def test_any_screen_becomes_a_valid_page_that_fits(screen: screens.Screen, model: PhoneModel, code: str) -> None:
    shown = parse_page(RENDERER.render(fitting(model, code).page("test.any", screen)))
    assert width(shown.title) + (width(shown.note) + 1 if shown.note else 0) <= model.columns
    assert all(width(line) <= model.columns for line in shown.lines)
    for entry in (*shown.items, *shown.actions):
        assert width(entry.label) + (width(entry.detail) + 1 if entry.detail else 0) <= model.columns
    assert len(shown.soft_keys) <= model.soft_keys
    assert all(width(key.label) <= model.soft_key_columns for key in shown.soft_keys)
    assert {"back", "home"} <= shown.keys.keys()
    if model.scripts:
        assert repertoire(model.scripts).issuperset("".join(labels_of(shown)))


def labels_of(shown: Shown) -> Iterator[str]:
    """Give all that a page has its reader see."""
    for element in shown.tree.iter():
        yield (element.text or "").strip()
        yield from (element.get(name, "") for name in ("label", "detail", "note", "value", "title"))


@given(st.lists(st.builds(screens.SoftKey, TEXT, links), max_size=14), st.sampled_from(phone_models().known))
@settings(deadline=None)
def test_what_a_set_has_no_key_for_is_listed(keys: list[screens.SoftKey], model: PhoneModel) -> None:
    page = parse_page(RENDERER.render(fitting(model, "en").page("test.keys", screens.Screen("T", keys=tuple(keys)))))
    assert len(page.soft_keys) + len(page.actions) == len(keys)


def test_hostile_text_reaches_the_set_as_text() -> None:
    label = "<b>&amp; a&b+c#d \"q\" 'p' {{ 7*7 }}"
    screen = screens.Screen(label, body=(screens.List((screens.Item(label),)),))
    shown = parse_page(RENDERER.render(fitting(phone_models().of("NOE_C_Color_IP"), "en").page("test.text", screen)))
    assert shown.title == label
    assert shown.labels == [label]


def test_a_password_is_never_sent_back() -> None:
    field = screens.Input("pin", "PIN", value="1234", kind=screens.InputKind.PASSWORD)
    screen = screens.Screen("Open", body=(screens.Form(Link("a", "b"), (field,)),))
    shown = parse_page(RENDERER.render(fitting(phone_models().of(None), "en").page("test.pin", screen)))
    assert [f.value for f in shown.fields] == [""]


@pytest.mark.parametrize("count", [0, 65])
def test_a_list_that_no_page_holds_is_a_fault_of_its_application(count: int) -> None:
    screen = screens.Screen("T", body=(screens.List((screens.Item("x"),) * count),))
    with pytest.raises(ValueError, match="does not fit a page"):
        fitting(phone_models().of(None), "en").page("test.list", screen)


def test_each_widget_has_its_object() -> None:
    link = Link("a", "b")
    screen = screens.Screen(
        "All",
        body=(
            screens.Text("t"),
            screens.List((screens.Item("i"),)),
            screens.ActionList((screens.Item("a", link=link),)),
            screens.Form(
                link, (screens.Input("n", "N"), screens.CheckBox("c", "C", True), screens.DateInput("d", "D"))
            ),
            screens.Progress("p", 1, 2),
            screens.Image("https://x/y.png", "i", 1, 1),
        ),
        dialog=screens.Dialog("d", "q", (screens.Item("yes", link=link),)),
        popup=screens.Popup("hello"),
    )
    tree = parse_page(RENDERER.render(fitting(phone_models().of("NOE_C_IP"), "en").page("test.all", screen))).tree
    shown = {element.tag.removeprefix(NAMESPACE) for element in tree.iter() if isinstance(element.tag, str)}
    assert shown >= {
        "HeaderBox", "TextBox", "ListBox", "ActionlistBox", "FrameBox", "InputBox", "CheckBox", "DateBox",
        "ProgressBar", "ImageBox", "DialogBox", "PopupBox",
    }  # fmt: skip
