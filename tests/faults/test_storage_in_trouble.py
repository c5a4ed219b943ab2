"""A full disk, a broken database file, a folder that takes nothing: phones go on, and words tell what to do."""

import itertools
import json
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import need

NOTHING = 1  # bytes that a file may have: every write fails, as on a full disk
GARBAGE = bytes(range(256)) * 64
WITHOUT_STORAGE = ("", "directory", "forwarding", "call_log", "calls", "this_set", "voicemail")
SENDER, ANNA = "70017", "70000"


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """Whose O2G and settings the servers of these tests use."""
    with demo_house(users=100) as running:
        yield running


@pytest.fixture
def o2g(house: DemoHouse) -> Iterator[Simulator]:
    simulator = Simulator(house.o2g.control)
    simulator.forget_messages(ANNA)
    yield simulator
    simulator.forget_messages(ANNA)
    simulator.close()


@contextmanager
def server(house: DemoHouse, database: Path | str, log: IO[bytes] | None = None) -> Iterator[DemoHouse]:
    """Start another Touchline of the house, with a database of its own."""
    settings = dict(house.settings) | {"TOUCHLINE_DATABASE_URL": f"sqlite:///{database}"}
    with touchline(settings, free_port(), log) as running:
        yield DemoHouse(house.o2g, running, "", house.certificates, settings)


def workers(house: DemoHouse) -> list[int]:
    master = house.touchline.process.pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()]


@contextmanager
def full_disk(house: DemoHouse) -> Iterator[None]:
    """Let no file of the server's grow until the context ends."""
    kept = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers(house)}
    assert kept
    for pid, (_, hard) in kept.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (NOTHING, hard))
    try:
        yield
    finally:
        for pid, limits in kept.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def anna_of(house: DemoHouse) -> Iterator[Phone]:
    with prs_client(house) as prs:
        yield Phone(prs, ANNA)


def read_one(phone: Phone) -> None:
    """Read the newest message, as soon as the set offers it."""
    end = time.monotonic() + 10
    while "Read new" not in phone.open("messages").labels:
        assert time.monotonic() < end, phone.screen.text
        time.sleep(0.05)
    phone.choose("Read new")


def phones_go_on(phone: Phone) -> None:
    for application in WITHOUT_STORAGE:
        phone.open(application)
        assert phone.status == 200, (application, phone.screen.text)


def nothing_is_read(phone: Phone, o2g: Simulator) -> None:
    """See words instead of messages, and that no message left O2G, where it is safe."""
    before = o2g.request_count("GET", "/telephony/miniMessages")
    phone.open("messages")
    assert phone.status == 503
    assert "New ones are not read, so that none is lost." in phone.screen.text
    assert o2g.request_count("GET", "/telephony/miniMessages") == before


def lines(log: IO[bytes]) -> list[dict[str, str]]:
    log.seek(0)
    return [json.loads(line) for line in log.read().decode().splitlines() if line.startswith("{")]


def remedies(log: IO[bytes]) -> list[str]:
    """Give what the log says to do about the store."""
    return [line["remedy"] for line in lines(log) if line["event"].startswith("store.") and "remedy" in line]


def whole(database: Path) -> bool:
    with sqlite3.connect(database) as looking:
        return bool(looking.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def test_a_full_disk(house: DemoHouse, o2g: Simulator, tmp_path: Path) -> None:
    database = tmp_path / "touchline.db"
    with server(house, database) as running, anna_of(running) as anna:
        o2g.message(SENDER, ANNA, "before")
        read_one(anna)
        assert "before" in anna.screen.text
        o2g.message(SENDER, ANNA, "while it is full")
        with full_disk(running):
            phones_go_on(anna)
            nothing_lost_while(anna, o2g)
            phones_go_on(anna)
        read_one(anna)
        assert "while it is full" in anna.screen.text
    assert whole(database)
    with server(house, database) as again, anna_of(again) as anna:
        assert len(anna.open("messages").choices) >= 2
        assert anna.status == 200


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a file system of 16 MB to the servers of this test, and to nobody else: that needs no root."""
    disk, python = tmp_path / "disk", tmp_path / "python"
    disk.mkdir()
    mount = [need("unshare"), "-Urm", "sh", "-c", f'mount -t tmpfs -o size=16m none {disk} && exec "$@"', "sh"]
    if subprocess.run([*mount, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system of their own")
    python.write_text(f'#!/bin/sh\nexec {shlex.join(mount)} {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    return disk


def fill(disk: Path) -> Path:
    """Leave no byte free; gives the file that takes it all."""
    filler = disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as written:
        written.writelines(itertools.repeat(bytes(4096)))
    return filler


def test_a_disk_without_a_byte_left(house: DemoHouse, o2g: Simulator, small_disk: Path, tmp_path: Path) -> None:
    """The system's own word for it: a limit on files' sizes, as above, is told in another, and takes other ways."""
    with (
        TemporaryFile() as log,
        server(house, small_disk / "touchline.db", log) as running,
        anna_of(running) as anna,
    ):
        inside = Path(f"/proc/{running.touchline.process.pid}/root{small_disk}")
        o2g.message(SENDER, ANNA, "before")
        read_one(anna)
        assert "before" in anna.screen.text
        o2g.message(SENDER, ANNA, "while it is full")
        filler = fill(inside)
        phones_go_on(anna)
        nothing_lost_while(anna, o2g)
        assert remedies(log), lines(log)
        filler.unlink()
        read_one(anna)
        assert "while it is full" in anna.screen.text
        for file in inside.glob("touchline.db*"):
            shutil.copy(file, tmp_path)
    assert whole(tmp_path / "touchline.db")


def nothing_lost_while(phone: Phone, o2g: Simulator) -> None:
    """Want to read a message that could not be kept: it stays in O2G, where it is safe."""
    asked = o2g.request_count("GET", "/telephony/miniMessages")
    read_one(phone)
    assert phone.status == 503
    assert "New ones are not read, so that none is lost." in phone.screen.text
    assert o2g.request_count("GET", "/telephony/miniMessages") == asked


def test_a_full_disk_that_the_log_is_on_too(house: DemoHouse, tmp_path: Path) -> None:
    with TemporaryFile() as log, server(house, tmp_path / "touchline.db", log) as running, anna_of(running) as anna:
        phones_go_on(anna)
        with full_disk(running):
            phones_go_on(anna)
        phones_go_on(anna)
        assert sum(int(line["lines"]) for line in lines(log) if line["event"] == "log.unwritten") > 0
        assert lines(log)[-1]["event"] == "screen"


@pytest.mark.parametrize("broken", ["garbage", "truncated"])
def test_a_file_that_is_broken_at_the_start(house: DemoHouse, o2g: Simulator, tmp_path: Path, broken: str) -> None:
    database = tmp_path / "touchline.db"
    backup = made(house, o2g, database)
    database.write_bytes(GARBAGE if broken == "garbage" else database.read_bytes()[:5000])
    contents = database.read_bytes()
    with TemporaryFile() as log, server(house, database, log) as running, anna_of(running) as anna:
        phones_go_on(anna)
        nothing_is_read(anna, o2g)
        assert any("backup" in remedy for remedy in remedies(log)), lines(log)
        assert database.read_bytes() == contents, "somebody may want to mend it"
        put_in_place(backup, database)
        assert "kept" in read_first(anna)


def test_an_empty_file_is_a_new_database(house: DemoHouse, o2g: Simulator, tmp_path: Path) -> None:
    database = tmp_path / "touchline.db"
    database.touch()
    with server(house, database) as running, anna_of(running) as anna:
        o2g.message(SENDER, ANNA, "hello")
        read_one(anna)
        assert "hello" in anna.screen.text


def test_a_file_that_breaks_while_it_is_used(house: DemoHouse, o2g: Simulator, tmp_path: Path) -> None:
    database = tmp_path / "touchline.db"
    backup = made(house, o2g, database)
    with TemporaryFile() as log, server(house, database, log) as running, anna_of(running) as anna:
        assert "kept" in read_first(anna)
        other = tmp_path / "garbage.db"
        other.write_bytes(GARBAGE)
        put_in_place(other, database)
        phones_go_on(anna)
        nothing_is_read(anna, o2g)
        assert any("backup" in remedy for remedy in remedies(log)), lines(log)
        put_in_place(backup, database)
        assert "kept" in read_first(anna)


@pytest.mark.parametrize("folder", ["/proc", "/dev/null/touchline"])
def test_a_folder_that_takes_nothing(house: DemoHouse, o2g: Simulator, folder: str) -> None:
    """Neither takes a file of anybody's, root's neither."""
    with TemporaryFile() as log, server(house, f"{folder}/touchline.db", log) as running, anna_of(running) as anna:
        phones_go_on(anna)
        nothing_is_read(anna, o2g)
        assert remedies(log), lines(log)


def made(house: DemoHouse, o2g: Simulator, database: Path) -> Path:
    """Make a database with a message in it, and give a copy."""
    with server(house, database) as running, anna_of(running) as anna:
        o2g.message(SENDER, ANNA, "kept")
        read_one(anna)
    assert whole(database)
    return Path(shutil.copy(database, database.with_suffix(".backup")))


def put_in_place(file: Path, database: Path) -> None:
    """Put a file in the place of the database, as an administrator does."""
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    for beside in database.parent.glob(f"{database.name}-*"):
        beside.unlink()
    copy.rename(database)


def read_first(phone: Phone) -> str:
    """Open the first message that is kept."""
    phone.open("messages")
    assert phone.status == 200, phone.screen.text
    phone.get(phone.screen.choices[0].href)
    return phone.screen.text
