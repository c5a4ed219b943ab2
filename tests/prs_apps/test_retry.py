"""Retry of a form: what it sends again is kept once for each user, of their own links only, no longer than needed."""

from base64 import b64encode
from datetime import UTC
from hashlib import sha512
from typing import ClassVar, cast

import pytest
from redis import RedisError

from prs.links import ADDRESS_CHARACTERS
from prs.screens import Form, Input, Screen, SoftKey, Text
from prs_apps.application import Application, House, Manifest, Visit, action, screen
from prs_apps.pace import Pace
from services import errors
from services.o2g import O2G
from store.errors import StoreGone
from store.rates import Allowance
from store.shared import InProcess
from tests.pages import Shown
from tests.prs_apps.paper import PaperO2G, PaperPhone

# Makes a link nearly as long as an address may be: letters without order, so that no packing shortens it much.
LONG = b64encode(b"".join(sha512(bytes([n])).digest() for n in range(30))).decode()[:1770]


class Diary(Application):
    """Takes an entry, unless something is wrong."""

    manifest: ClassVar = Manifest("diary", "Diary")

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.wrong: Exception | None = None
        self.wrote_elsewhere = False
        self.written: list[str] = []

    @screen
    def home(self, visit: Visit) -> Screen:
        return self._form(visit, "short")

    @screen
    def long(self, visit: Visit) -> Screen:
        return self._form(visit, LONG)

    @screen
    def find(self, visit: Visit) -> Screen:
        self._check()
        return Screen(title="Found", body=(Text(visit.fields.text("entry", 40)),))

    @screen
    def search(self, visit: Visit) -> Screen:
        return Screen(
            title="Search", body=(Form(visit.link(self.find), (Input("entry", "Entry"),)),), keys=(SoftKey("Find"),)
        )

    @action
    def write(self, visit: Visit, day: str) -> Screen:
        if self.wrote_elsewhere:
            visit.note_write()
        self._check()
        self.written.append(visit.fields.text("entry", 40))
        return Screen(title=day[:20], body=(Text("Written"),))

    def _form(self, visit: Visit, day: str) -> Screen:
        body = (Form(visit.link(self.write, day), (Input("entry", "Entry"),)),)
        keys = (SoftKey("Write"), SoftKey("Search", visit.link(self.search)), SoftKey("Long", visit.link(self.long)))
        return Screen(title="Diary", body=body, keys=keys)

    def _check(self) -> None:
        if self.wrong is not None:
            raise self.wrong


class Gate:
    """Lets all screens in, or none of a kind."""

    def __init__(self) -> None:
        self.closed = ""

    def take(self, allowance: Allowance, name: str) -> bool:
        return allowance.kind != self.closed


class Remembering(InProcess):
    """Knows the names of what is kept for Retry."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def put(self, name: str, value: bytes, seconds: int) -> None:
        super().put(name, value, seconds)
        self.names.add(name)

    @property
    def typed(self) -> list[str]:
        return [name for name in self.names if name.startswith("typed:") and self.get(name) is not None]


class Desk:
    """A set with the diary on it."""

    def __init__(self) -> None:
        self.gate, self.kept, self.paper = Gate(), Remembering(), PaperO2G()
        self.diary = Diary(House(cast("O2G", self.paper), self.kept, UTC))
        self.phone = PaperPhone(
            self.paper, pace=Pace(self.gate, user=1, server=1), shared=self.kept, more=(self.diary,)
        )
        self.home = self.phone.get("/phone/diary")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def retry_of(shown: Shown) -> str:
    return key_of(shown, "Retry")


def key_of(shown: Shown, label: str) -> str:
    return next((key.href for key in (*shown.soft_keys, *shown.actions) if key.label == label), "")


def test_many_forms_that_were_refused_leave_one_entry(desk: Desk) -> None:
    desk.gate.closed = "user"
    for n in range(30):
        shown = desk.phone.post(desk.home.form, entry=f"entry {n}")
        assert desk.phone.status == 429
    assert len(desk.kept.typed) == 1
    desk.gate.closed = ""
    desk.phone.get(retry_of(shown))
    assert desk.diary.written == ["entry 29"]


def test_a_retry_that_is_refused_again_leaves_one_entry_and_still_sends_it(desk: Desk) -> None:
    desk.gate.closed = "user"
    shown = desk.phone.post(desk.home.form, entry="kept")
    for _ in range(10):
        shown = desk.phone.get(retry_of(shown))
        assert desk.phone.status == 429
    assert len(desk.kept.typed) == 1
    desk.gate.closed = ""
    desk.phone.get(retry_of(shown))
    assert desk.diary.written == ["kept"]


@pytest.mark.parametrize("link", ["x", "a.b.c", ""])
def test_nothing_is_kept_that_came_with_no_link_of_ours(desk: Desk, link: str) -> None:
    desk.gate.closed = "user"
    for _ in range(3):
        shown = desk.phone.post(f"https://phones.example/phone/diary/write?link={link}", entry="x")
        assert (desk.phone.status, retry_of(shown)) == (429, "")
    assert desk.kept.typed == []


def test_nothing_is_kept_that_came_with_anothers_link(desk: Desk) -> None:
    desk.gate.closed = "user"
    shown = desk.phone.post(desk.home.form, number="70001", entry="x")
    assert (desk.phone.status, retry_of(shown), desk.kept.typed) == (429, "", [])


def test_nothing_is_kept_where_the_presentation_server_asks_too_often(desk: Desk) -> None:
    desk.gate.closed = "server"
    shown = desk.phone.post(desk.home.form, entry="x")
    assert (desk.phone.status, retry_of(shown), desk.kept.typed) == (429, "", [])
    shown = desk.phone.get(key_of(desk.home, "Search"))
    assert (desk.phone.status, bool(retry_of(shown))) == (429, True)  # nothing was typed, nothing is lost


def test_what_o2g_was_too_slow_to_name_is_kept_by_the_link_alone(desk: Desk) -> None:
    desk.paper.nobody = errors.O2GTimeout(nothing_sent=True)
    shown = desk.phone.post(desk.home.form, entry="kept")
    desk.paper.nobody = None
    desk.phone.get(retry_of(shown))
    assert desk.diary.written == ["kept"]


def test_retry_is_not_offered_where_its_address_gets_too_long(desk: Desk) -> None:
    long = desk.phone.get(key_of(desk.home, "Long"))
    assert ADDRESS_CHARACTERS - 12 < len(long.form) <= ADDRESS_CHARACTERS
    desk.diary.wrong = errors.NotExpected()
    shown = desk.phone.post(long.form, entry="kept")
    assert (desk.phone.status, retry_of(shown), desk.kept.typed) == (409, "", [])


def test_what_was_typed_is_forgotten_when_its_retry_has_worked(desk: Desk) -> None:
    desk.diary.wrong = errors.NotExpected()
    shown = desk.phone.post(desk.home.form, entry="4711")
    assert len(desk.kept.typed) == 1
    desk.diary.wrong = None
    desk.phone.get(retry_of(shown))
    assert (desk.phone.status, desk.diary.written, desk.kept.typed) == (200, ["4711"], [])


@pytest.mark.parametrize("error", [RuntimeError(), RedisError(), StoreGone("gone"), errors.NotExpected()])
@pytest.mark.parametrize("wrote", [False, True])
def test_what_an_application_changed_elsewhere_is_not_offered_again(desk: Desk, error: Exception, wrote: bool) -> None:
    desk.diary.wrong, desk.diary.wrote_elsewhere = error, wrote
    shown = desk.phone.post(desk.home.form)
    assert desk.phone.status >= 400
    assert bool(retry_of(shown)) is not wrote


def test_a_stale_retry_of_a_screen_gives_the_application_back(desk: Desk) -> None:
    search = desk.phone.get(key_of(desk.home, "Search"))
    desk.diary.wrong = errors.NotExpected()
    shown = desk.phone.post(search.form, entry="kept")
    desk.diary.wrong = None
    for name in desk.kept.typed:
        desk.kept.forget(name)
    again = desk.phone.get(retry_of(shown))
    assert (desk.phone.status, again.title) == (200, "Diary")


def test_a_stale_retry_of_an_action_does_nothing(desk: Desk) -> None:
    desk.diary.wrong = errors.NotExpected()
    shown = desk.phone.post(desk.home.form, entry="kept")
    desk.diary.wrong = None
    for name in desk.kept.typed:
        desk.kept.forget(name)
    desk.phone.get(retry_of(shown))
    assert (desk.phone.status, desk.diary.written) == (410, [])
