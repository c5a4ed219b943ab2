"""Every screen of every application, on every model, in every language, behind an O2G that says anything.

A user opens everything that a page offers and types whatever: each answer is a valid page that fits the set, and none
is a bug's.
"""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app as factory
from prs.language import languages
from prs.models import phone_models
from prs.text import width
from prs_apps.application import HOME
from services.endpoint import O2GEndpoint
from services.errors import O2GError
from services.o2g import O2G
from tests.house import in_process
from tests.pages import Shown, parse_page
from tests.prs.hostile import TEXT
from tests.prs_apps.anything import REFUSALS, Anything, SaysAnything
from tests.prs_apps.shipped import shipped
from tests.walks import WALKS

OPENED: Counter[str] = Counter()
PLAIN = ("70018", "fr-fr", "fr-ca")  # what can be called, and what languages are, leads on
MOST_OF_ONE = 3  # of one screen for one user
# What chance leads to seldom or never: a message that a stop interrupted, a mode of listening that is known and another
# one, somebody picked at the end of the directory, a language that is spoken in several regions, an open mailbox.
MOST_BY_CHANCE = 5  # of all others
MISSED = {
    *(f"/phone/agent/{view}" for view in ("change", "picked")),
    *(f"/phone/call_log/{view}" for view in ("ask_acknowledge_all",)),
    *(f"/phone/calls/{view}" for view in ("confirm",)),
    *(f"/phone/directory/{view}" for view in ("stop",)),
    *(f"/phone/messages/{view}" for view in ("interrupted", "forget_interrupted")),
    *(f"/phone/this_set/{view}" for view in ("spoken", "region", "speak", "ask_log_off", "log_off")),
    *(f"/phone/voicemail/{view}" for view in ("messages", "message", "call", "sound", "leave")),
    *(f"/phone/voicemail/{view}" for view in ("ask_delete", "delete", "ask_delete_heard", "delete_heard")),
}
VIEWS = {
    f"/phone/{id}": {f"/phone/{id}/{view}" for view in kind._views if view != HOME} for id, kind in shipped().items()
}
MOST_PAGES = 40
SECRET = "hostile-o2g-of-a-test"
MODELS = [model.station_type for model in phone_models().known]


@pytest.fixture(scope="module")
def o2g() -> SaysAnything:
    return SaysAnything(O2G(O2GEndpoint.of(in_process(SECRET, database=Path("never-opened.db")))))


@pytest.fixture(scope="module")
def server(o2g: SaysAnything, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factory, "O2G", lambda *given, **named: o2g)
        made = factory.create_app(in_process(SECRET, database=tmp_path_factory.mktemp("kept") / "kept.db"))
        yield made
        made.extensions["touchline.applications"].stop()


def fits(shown: Shown, columns: int) -> None:
    labels = [shown.title, *shown.lines, *shown.labels, *(answer.label for answer in shown.answers)]
    assert all(width(label) <= columns for label in labels), labels


def ways_on(shown: Shown) -> list[str]:
    entries = (*shown.items, *shown.actions, *shown.answers, *shown.soft_keys)
    sounds = [box.get("uri", "") for box in shown.tree.iter("{*}AudioBox")]
    ways = [entry.href for entry in entries] + [*shown.keys.values(), shown.refresh, *sounds]
    return [way for way in ways if way]


def wanted(way: str) -> int:
    """Where fewest have been comes first; an application's entry is worth what fewest have seen behind it."""
    path = urlsplit(way).path
    return min((OPENED[inside] for inside in VIEWS.get(path, ())), default=OPENED[path])


@given(
    seed=st.integers(0, 2**32),
    texts=st.lists(TEXT, min_size=3, max_size=12),
    station_type=st.sampled_from([*MODELS, "NOE_X", ""]),
    language=st.sampled_from(languages().codes),
    refusing=st.sampled_from([0.0, 0.0, 0.1, 0.5]),
)
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_everything_can_be_opened_and_is_a_page(
    server: Flask,
    o2g: SaysAnything,
    seed: int,
    texts: list[str],
    station_type: str,
    language: str,
    refusing: float,
) -> None:
    chance = random.Random(seed)
    number = str(70_000 + seed % 100_000)
    o2g.begin(
        Anything(seed, [*texts, *PLAIN]),
        number=number,
        station_type=station_type,
        language=language,
        refusing=refusing,
        name=(chance.choice(texts), chance.choice(texts)),
    )
    columns = phone_models().of(station_type).columns
    client = server.test_client()
    todo = dict.fromkeys(["/phone/", *(f"/phone/{application}" for application in WALKS)])
    here: Counter[str] = Counter()

    def take(response: object) -> Shown:
        assert isinstance(response, Flask.response_class)
        shown = parse_page(response.data)
        assert "X1" not in shown.text, f"a bug: {shown.text}"
        fits(shown, columns)
        return shown

    for _ in range(MOST_PAGES):
        todo = {way: None for way in todo if here[urlsplit(way).path] < (MOST_OF_ONE if urlsplit(way).query else 1)}
        address = min(todo, key=wanted, default="")
        if not address:
            break
        del todo[address]
        path, query = urlsplit(address).path, dict(httpx.QueryParams(urlsplit(address).query))
        OPENED[path] += 1
        here[path] += 1
        query |= {"number": number}
        headers = {"X-PRS-Secret": SECRET}
        response = client.get(path, query_string=query, headers=headers)
        if response.mimetype == "audio/wav":
            continue
        shown = take(response)
        if shown.keypad:
            keyed = dict(httpx.QueryParams(urlsplit(shown.keypad).query)) | {"number": number, "digits": "685"}
            take(client.get(urlsplit(shown.keypad).path, query_string=keyed, headers=headers))
        if shown.form:
            typed = {field.name: chance.choice([*texts, "1234", "1234"]) for field in shown.fields}
            sent = dict(httpx.QueryParams(urlsplit(shown.form).query)) | {"number": number}
            answer = take(client.post(urlsplit(shown.form).path, query_string=sent, data=typed, headers=headers))
            OPENED[urlsplit(shown.form).path] += 1
            todo |= dict.fromkeys(ways_on(answer))
        todo |= dict.fromkeys(ways_on(shown))


@pytest.mark.parametrize("application", ["", *(name for name in WALKS if name != "menu")])
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.__name__)
def test_whatever_o2g_refuses_is_told_in_plain_words(
    server: Flask, o2g: SaysAnything, refusal: type[O2GError], application: str
) -> None:
    o2g.begin(
        Anything(1, ["Anna"]),
        number="70000",
        station_type="NOE_C_Color_IP",
        language="en",
        refusing=0.0,
        name=("Anna", "Müller"),
    )
    o2g.refuse(refusal())
    response = server.test_client().get(
        f"/phone/{application}", query_string={"number": "70000"}, headers={"X-PRS-Secret": SECRET}
    )
    shown = parse_page(response.data)
    assert response.status_code == 200 or "Code O" in shown.text or "Code P" in shown.text, shown.text
    assert "X1" not in shown.text
    assert refusal.__name__ not in shown.text
    assert [way for way in ways_on(shown) if way], "no way on"


def test_the_walk_above_leads_to_every_screen_but_those_that_are_named() -> None:
    everything = {view for views in VIEWS.values() for view in views}
    by_chance = everything - set(OPENED) - MISSED
    assert len(by_chance) <= MOST_BY_CHANCE, sorted(by_chance)
