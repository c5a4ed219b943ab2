"""Nothing personal and no secret in the log: read after all other tests of the house have used it."""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import ROOT
from tests.house import Simulator, prs_client
from tests.pages import Shown
from tests.phone import Phone
from tests.servers import postgres_server, redis_server

pytestmark = pytest.mark.reads_log_of_all

OURS = {"timestamp", "correlation", "caller", "level"}  # figures and letters that mean nobody
GUNICORN = re.compile(rb"^\[[^]]+] \[\d+] \[[A-Z]+] (?:(?:GET|POST) /phone/)?|pid:? ?\d+|/touchline-demo-\w+/")
RIGHT, WRONG = "8273645190", "9182736450"  # passwords of a mailbox
TYPED, SENT = "Zebra lunch, quietly.", "Walrus supper, unheard."  # one arrives, the other fails on the way


@dataclass(frozen=True)
class Written:
    """A house that was used, and what it wrote meanwhile; what people and servers entrusted to it."""

    house: DemoHouse
    log: bytes
    words: list[str]
    entrusted: dict[str, set[str]]


@pytest.fixture(scope="module")
def run(house: DemoHouse, house_log: IO[bytes]) -> Written:
    """The house of all tests, used once more."""
    use(house)
    return written(house, house_log)


@pytest.fixture(scope="module")
def trouble() -> Iterator[Written]:
    """A talkative house whose Redis and PostgreSQL, both with passwords, go while it is used."""
    redis_password, database_password = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        servers = stack.enter_context(ExitStack())
        database = servers.enter_context(postgres_server())
        settings = {
            "TOUCHLINE_REDIS_URL": servers.enter_context(redis_server(redis_password)),
            "TOUCHLINE_DATABASE_URL": database.replace("touchline@", f"touchline:{database_password}@"),
            "TOUCHLINE_LOG_LEVEL": "DEBUG",
        }
        house = stack.enter_context(demo_house(users=120, settings=settings, log=log))
        use(house)
        with prs_client(house) as prs:
            anna = Phone(prs, "70000")
            writing, opening = writes(anna).form, enters(anna).form
            servers.close()
            anna.post(writing, {"text": SENT})
            anna.post(opening, {"password": RIGHT})
        look(house)
        yield written(house, log)


@pytest.fixture(
    params=["run", pytest.param("trouble", marks=(pytest.mark.redis, pytest.mark.postgresql))],
)
def log(request: pytest.FixtureRequest) -> Written:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Written)
    return found


def use(house: DemoHouse) -> None:
    """Look into every application; entrust texts and passwords to it, in peace and in trouble."""
    look(house)
    o2g = Simulator(house.o2g.control)
    with prs_client(house) as prs:
        anna, clara = Phone(prs, "70000"), Phone(prs, "70002")
        o2g.forget_messages(clara.number)
        anna.post(writes(anna).form, {"text": TYPED})
        writes(anna)
        with o2g.failing(error={"path": "/telephony/miniMessages", "method": "POST", "status": 500}):
            anna.post(anna.screen.form, {"text": SENT})
        clara.open("messages")
        clara.choose("Read new")
        assert TYPED in clara.screen.text
        o2g.set_mailbox_password(anna.number, RIGHT)
        for password in (WRONG, RIGHT):
            anna.post(enters(anna).form, {"password": password})
        assert anna.screen.id == "voicemail.messages"
        anna.back()
    o2g.set_mailbox_password(anna.number, None)
    o2g.close()


def look(house: DemoHouse) -> None:
    """Open every application, search somebody, fail."""
    o2g = Simulator(house.o2g.control)
    with prs_client(house) as prs:
        for number in ("70000", "70002", "70015"):
            phone = Phone(prs, number)
            for application in [item.href for item in phone.open().items if item.href]:
                phone.get(application)
            phone.post(phone.open("directory").form, {"last_name": "smith", "first_name": "john"})
            phone.settle()
            with o2g.failing(error={"path": "/comlog", "status": 500, "type": "SERVER_PROBLEM"}):
                phone.open("call_log")
        Phone(prs, "79999").open()
    o2g.close()


def writes(phone: Phone) -> Shown:
    """Go to where a text to 70002 is typed."""
    phone.open("messages")
    phone.press("Write")
    phone.type_text("Number", "70002")
    return phone.send()


def enters(phone: Phone) -> Shown:
    """Go to where a mailbox's password is typed."""
    return phone.open("voicemail")


def written(house: DemoHouse, file: IO[bytes]) -> Written:
    o2g = Simulator(house.o2g.control)
    chosen = {name: house.settings.get(f"TOUCHLINE_{name}", "") for name in ("REDIS_URL", "DATABASE_URL")}
    entrusted = {
        "secrets": {house.touchline.secret, house.o2g.password, *json.loads(house.settings["TOUCHLINE_LINK_KEYS"])},
        "passwords of servers": {urlsplit(address).password or "" for address in chosen.values()} - {""},
        "cookies": set(o2g.credentials()),
        "mailboxes": {RIGHT, WRONG},
        "texts": {TYPED, SENT},
    }
    o2g.close()
    # Where Touchline lies is no login, though its folder may be called like one; traces name the files in it.
    log = os.pread(file.fileno(), 200_000_000, 0).replace(bytes(ROOT), b"")
    return Written(house, log, list(words(log)), entrusted)


def words(log: bytes) -> Iterator[str]:
    for line in log.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            yield GUNICORN.sub(b"", line).decode(errors="replace")
            continue
        yield from (str(value) for name, value in told.items() if name not in OURS and isinstance(value, str))


def found(what: set[str], words: list[str]) -> set[str]:
    """Give those of `what` that stand in the log as words of their own."""
    seen: set[str] = set()
    for text in set(words):
        seen |= what & set(re.findall(r"\w+", text))
    return seen


def people(house: DemoHouse) -> list[dict[str, str]]:
    told: list[dict[str, str]] = httpx.get(f"{house.o2g.control}/people", params={"limit": 10_000}).json()["people"]
    return told


def test_the_log_tells_of_screens(log: Written) -> None:
    told = {"menu.home", "directory.results", "forwarding.home", "messages.send", "voicemail.messages"}
    assert told <= set(log.words)


def test_no_name_stands_in_the_log(log: Written) -> None:
    names = {part for one in people(log.house) for key in ("firstName", "lastName") for part in one[key].split()}
    assert len(names) > 60
    assert found(names, log.words) == set()


def test_no_number_stands_in_the_log(log: Written) -> None:
    numbers = {person["number"] for person in people(log.house)} | {"79999"}
    assert found(numbers, log.words) == set()


def test_no_login_stands_in_the_log(log: Written) -> None:
    logins = {f"oxe{person['number']}" for person in people(log.house)} | {log.house.o2g.login}
    assert found(logins, log.words) == set()


def test_no_secret_code_of_anybody_stands_in_the_log(log: Written) -> None:
    o2g = Simulator(log.house.o2g.control)
    codes = {o2g.secret_code(person["number"]) for person in people(log.house)[:30]}
    o2g.close()
    assert len(codes) > 20
    assert found(codes, log.words) == set()


@pytest.mark.parametrize("kind", ["secrets", "cookies", "mailboxes", "texts"])
def test_nothing_that_was_entrusted_stands_in_the_log(log: Written, kind: str) -> None:
    assert log.entrusted[kind]
    assert [one for one in log.entrusted[kind] if one.encode() in log.log] == []


@pytest.mark.redis
@pytest.mark.postgresql
def test_no_password_of_redis_or_the_database_stands_in_the_log_when_they_go(trouble: Written) -> None:
    passwords = trouble.entrusted["passwords of servers"]
    assert len(passwords) == 2
    assert {"store.gone", "rates_counted_alone"} <= set(trouble.words)
    assert [password for password in passwords if password.encode() in trouble.log] == []


def test_no_link_stands_in_the_log(log: Written) -> None:
    assert log.words
    assert b"link=" not in log.log
