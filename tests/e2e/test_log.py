"""Nothing personal in the log: read after all other tests of the house have used it."""

import json
import os
import re
from collections.abc import Iterator
from typing import IO

import httpx
import pytest

from simulators.demo.house import DemoHouse
from tests.house import Simulator, prs_client
from tests.phone import Phone

OURS = {"timestamp", "correlation", "caller", "level"}  # figures and letters that mean nobody
GUNICORN = re.compile(rb"^\[[^]]+] \[\d+] \[[A-Z]+] |pid:? ?\d+")


@pytest.fixture(scope="module")
def written(house: DemoHouse, house_log: IO[bytes]) -> list[str]:
    """Use the house once more, in every application and in trouble, and give every word of its log."""
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
    return list(words(os.pread(house_log.fileno(), 200_000_000, 0)))


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


def test_the_log_tells_of_screens(written: list[str]) -> None:
    assert {"menu.home", "directory.results", "forwarding.home"} <= set(written)


def test_no_name_stands_in_the_log(house: DemoHouse, written: list[str]) -> None:
    names = {part for person in people(house) for key in ("firstName", "lastName") for part in person[key].split()}
    assert len(names) > 100
    assert found(names, written) == set()


def test_no_number_stands_in_the_log(house: DemoHouse, written: list[str]) -> None:
    numbers = {person["number"] for person in people(house)} | {"79999"}
    assert found(numbers, written) == set()


def test_no_login_stands_in_the_log(house: DemoHouse, written: list[str]) -> None:
    logins = {f"oxe{person['number']}" for person in people(house)} | {house.o2g.login}
    assert found(logins, written) == set()


def test_no_secret_stands_in_the_log(house: DemoHouse, house_log: IO[bytes], written: list[str]) -> None:
    secrets = {house.touchline.secret, house.o2g.password, *json.loads(house.settings["TOUCHLINE_LINK_KEYS"])}
    log = os.pread(house_log.fileno(), 200_000_000, 0)
    assert written
    assert [secret for secret in secrets if secret.encode() in log] == []


def test_no_link_stands_in_the_log(house_log: IO[bytes], written: list[str]) -> None:
    assert written
    assert b"link=" not in os.pread(house_log.fileno(), 200_000_000, 0)
