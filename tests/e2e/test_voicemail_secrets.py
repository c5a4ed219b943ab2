"""A mailbox's password: nobody finds it in a log, a link, a page or Redis; any worker knows what it may."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

import httpx
import pytest
import redis
from itsdangerous import URLSafeTimedSerializer
from lxml import etree
from playwright.sync_api import expect

from simulators.demo.house import DemoHouse, demo_house
from tests.browser import DeskPhone, chromium, need_chromium
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import redis_server

NUMBER, PASSWORD = "70003", "4817263950"
BOXES = "/messaging/mailboxes"


@dataclass(frozen=True)
class WatchedHouse:
    """Two workers, everything they log, and the Redis between them."""

    house: DemoHouse
    o2g: Simulator
    log: IO[bytes]
    shared: redis.Redis

    def logged(self) -> str:
        self.log.seek(0)
        return self.log.read().decode()

    def kept(self) -> dict[bytes, bytes]:
        kept: dict[bytes, bytes] = {}
        for name in self.shared.scan_iter():
            value = self.shared.get(name) if self.shared.type(name) == b"string" else None
            assert value is None or isinstance(value, bytes)
            kept[name] = value or b""
        return kept


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedHouse]:
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        url = stack.enter_context(redis_server())
        settings = {"TOUCHLINE_WORKERS": "2", "TOUCHLINE_REDIS_URL": url, "TOUCHLINE_LOG_LEVEL": "DEBUG"}
        house = stack.enter_context(demo_house(users=100, with_phone=True, settings=settings, log=log))
        o2g = Simulator(house.o2g.control)
        stack.callback(o2g.close)
        o2g.set_mailbox_password(NUMBER, PASSWORD)
        yield WatchedHouse(house, o2g, log, redis.Redis.from_url(url))


def contents(address: str) -> str:
    """What a link says to whoever reads it without a key."""
    token = httpx.URL(address).params.get("link", "")
    said = URLSafeTimedSerializer("any").loads_unsafe(token)[1] if token else ""
    return f"{address} {said}"


@pytest.mark.redis
def test_a_whole_voicemail_session_tells_the_password_to_nobody(watched: WatchedHouse) -> None:
    pages: list[str] = []

    def look(phone: Phone) -> None:
        pages.append(etree.tostring(phone.screen.tree, encoding="unicode"))
        links = (element.get(name) for element in phone.screen.tree.iter() for name in ("href", "uri"))
        pages.extend(contents(link) for link in links if link)

    o2g = watched.o2g
    for _ in range(2):
        o2g.leave_voice_message(NUMBER, "70017", 2)
    with prs_client(watched.house) as prs:
        phone = Phone(prs, NUMBER)
        look(phone_at(phone, "voicemail"))
        phone.post(phone.screen.form, {"password": PASSWORD + "9"})  # nearly right
        look(phone)
        form = phone.screen.form
        with o2g.failing(error={"path": BOXES, "method": "POST", "status": 500}):
            phone.post(form, {"password": PASSWORD})
        look(phone)
        phone_at(phone, "voicemail")
        phone.post(phone.screen.form, {"password": PASSWORD})
        assert phone.screen.id == "voicemail.messages"
        look(phone)
        kept = watched.kept()
        phone.get(phone.screen.choices[0].href)
        look(phone)
        phone.press("Listen")
        look(phone)
        o2g.end_calls()
        phone.back()
        phone.press("Delete")
        look(phone)
        o2g.lose_sessions()
        phone.choose("Delete")
        phone.settle()
        look(phone)
        phone.press("Delete")
        look(phone)
        kept |= watched.kept()
        phone.press("Keep")
        phone.back()
    assert phone.screen.id == "menu.home"
    assert len(pages) > 40
    assert [page for page in pages if PASSWORD in page] == []
    assert any(name.startswith(b"touchline:voicemail:open:") for name in kept)
    assert [name for name, value in kept.items() if PASSWORD.encode() in name + value] == []
    logged = watched.logged()
    assert logged.count('"screen": "voicemail.') > 5
    assert PASSWORD not in logged
    assert PASSWORD not in json.dumps(o2g.requests())  # the simulator hides what it was sent
    assert not any(name.startswith(b"touchline:voicemail:open:") for name in watched.kept())  # it was left


@pytest.mark.redis
def test_any_worker_knows_the_open_mailbox_and_counts_wrong_passwords(watched: WatchedHouse) -> None:
    with prs_client(watched.house) as prs:
        phone = Phone(prs, NUMBER)
        phone_at(phone, "voicemail")
        phone.post(phone.screen.form, {"password": PASSWORD})
        message = phone.screen.choices[0].href
    for _ in range(8):  # each on a connection of its own, which the kernel hands to either worker
        with prs_client(watched.house) as prs:
            other = Phone(prs, NUMBER)
            other.get(message)
            assert other.screen.id == "voicemail.message"
    told = []
    for guess in range(4):
        with prs_client(watched.house) as prs:
            other = Phone(prs, "70002")
            phone_at(other, "voicemail")
            if other.screen.fields:
                other.post(other.screen.form, {"password": str(guess)})
            told.append(other.status)
    assert told == [403, 403, 429, 429]


@pytest.mark.redis
@pytest.mark.browser
def test_the_phone_page_plays_a_message(watched: WatchedHouse) -> None:
    need_chromium()
    watched.o2g.leave_voice_message(NUMBER, "70017", 2)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        desk = DeskPhone(page, watched.house.phone)
        desk.power_on(NUMBER)
        page.evaluate("window.phone.go(`${window.phone.desk.touchline}/phone/voicemail`)")
        desk.wait("voicemail.home")
        desk.type_text(PASSWORD)
        expect(desk.display).not_to_contain_text(PASSWORD)
        desk.press("key-ok")
        desk.wait("voicemail.messages")
        assert watched.o2g.voice_messages(NUMBER)[0]["unread"]
        desk.press("key-ok")
        desk.wait("voicemail.message")
        speaker = page.get_by_test_id("loudspeaker")
        speaker.click()
        expect(speaker).to_have_attribute("data-state", "playing")
        assert not watched.o2g.voice_messages(NUMBER)[0]["unread"]
        assert PASSWORD not in page.content()
        desk.press("key-back")
        desk.wait("voicemail.messages")
        expect(speaker).to_be_hidden()


def phone_at(phone: Phone, application: str) -> Phone:
    phone.open(application)
    return phone
