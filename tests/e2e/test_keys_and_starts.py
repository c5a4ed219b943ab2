"""Keys that are exchanged, and servers that start anew, while people use their phones."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import redis_server

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """Whose O2G and settings the servers of these tests use."""
    with demo_house(users=100) as running:
        yield running


@contextmanager
def server(house: DemoHouse, port: int, *keys: str, **settings: str) -> Iterator[DemoHouse]:
    """Start another Touchline of the house."""
    chosen = dict(house.settings) | {"TOUCHLINE_LINK_KEYS": json.dumps(keys)} | settings
    with touchline({name: value for name, value in chosen.items() if value}, port) as running:
        yield DemoHouse(house.o2g, running, "", house.certificates, chosen)


def anna_in_forwarding(house: DemoHouse) -> str:
    """Open a screen and give the link of another one on it."""
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        return next(item.href for item in phone.open("forwarding").items if "/divert?" in item.href)


def follow(house: DemoHouse, link: str) -> int:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        phone.get(link)
        return phone.status


def call_of_greta(house: DemoHouse) -> str:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        anna.post(anna.open("directory").form, {"last_name": "lindqvist", "first_name": "greta"})
        return next(key.href for key in anna.settle().soft_keys if key.label == "Call")


def test_a_key_that_is_replaced_signs_nobody_out(house: DemoHouse) -> None:
    port = free_port()
    with server(house, port, OLD) as before:
        link = anna_in_forwarding(before)
    with server(house, port, OLD, NEW) as between:
        assert follow(between, link) == 200
        newer = anna_in_forwarding(between)
    with server(house, port, NEW) as after:
        assert follow(after, newer) == 200
        assert follow(after, link) == 403


def test_a_key_is_replaced_without_a_pause(house: DemoHouse, tmp_path: Path) -> None:
    """`kill -HUP` reads the file anew: new processes take over from the old ones, on the same port."""
    file = tmp_path / "touchline.toml"
    file.write_text(f"link_keys = {json.dumps([OLD])}\n", encoding="utf-8")
    with server(house, free_port(), TOUCHLINE_LINK_KEYS="", TOUCHLINE_CONFIG=str(file)) as running:
        link = anna_in_forwarding(running)
        file.write_text(f"link_keys = {json.dumps([OLD, NEW])}\n", encoding="utf-8")
        os.kill(running.touchline.process.pid, signal.SIGHUP)
        with server(house, free_port(), NEW) as judge:  # it knows the new key only
            end = time.monotonic() + 20
            while True:
                assert follow(running, link) == 200
                newer = anna_in_forwarding(running)
                if follow(judge, newer.replace(running.touchline.url, judge.touchline.url)) == 200:
                    break
                assert time.monotonic() < end, "the new key does not sign"


def test_an_action_is_not_done_again_after_a_start_that_forgot_it(house: DemoHouse) -> None:
    o2g, port = Simulator(house.o2g.control), free_port()
    with server(house, port, OLD) as before:
        call = call_of_greta(before)
        assert follow(before, call) == 200
        assert follow(before, call) == 409
    with server(house, port, OLD) as after:
        assert follow(after, call) == 410
        assert follow(after, call_of_greta(after)) == 200
    assert o2g.called_from("70000").count("70012") == 2
    o2g.end_calls()
    o2g.close()


@pytest.mark.redis
def test_an_action_that_waits_outlives_a_start_where_redis_remembers(house: DemoHouse) -> None:
    o2g, port = Simulator(house.o2g.control), free_port()
    with redis_server() as redis:
        with server(house, port, OLD, TOUCHLINE_REDIS_URL=redis) as before:
            used, waiting = call_of_greta(before), call_of_greta(before)
            assert follow(before, used) == 200
        with server(house, port, OLD, TOUCHLINE_REDIS_URL=redis) as after:
            assert follow(after, used) == 409
            assert follow(after, waiting) == 200
    o2g.end_calls()
    o2g.close()


def test_a_server_that_nothing_would_prove_the_presentation_server_to_does_not_start(house: DemoHouse) -> None:
    proofs = {"TOUCHLINE_PRS_SHARED_SECRET", "TOUCHLINE_PRS_CLIENT_CA", "TOUCHLINE_PRS_CLIENT_NAMES"}
    chosen = {name: value for name, value in house.settings.items() if name not in proofs}
    chosen |= {"TOUCHLINE_PUBLIC_URL": house.touchline.url, "TOUCHLINE_LISTEN": f"127.0.0.1:{free_port()}"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHLINE_")} | chosen
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:create_app()"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "nothing proves the presentation server" in ended.stderr
    assert house.settings["TOUCHLINE_O2G_PASSWORD"] not in ended.stdout + ended.stderr


def test_a_server_tells_where_it_listens(house: DemoHouse, tmp_path: Path) -> None:
    port, chosen = free_port(), {name: value for name, value in house.settings.items() if value}
    with (tmp_path / "log").open("wb") as log, touchline(chosen, port, log):
        pass
    assert f"Workers listen at: https://127.0.0.1:{port}\n" in (tmp_path / "log").read_text(encoding="utf-8")
