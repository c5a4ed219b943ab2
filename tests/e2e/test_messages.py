"""Messages, as people use them: read once from O2G, kept until they are deleted, answered, written."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from services.mini_messages import LONGEST
from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline
from tests.house import Simulator, prs_client
from tests.phone import Phone
from tests.servers import postgres_server, redis_server

SENDER, SENDER_NAME = "70017", "Иван Петров"
READING = ("GET", "/telephony/miniMessages")
SENDING = ("POST", "/telephony/miniMessages")


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house of its own: its store is taken away in some of the tests."""
    with demo_house(users=80) as running:
        yield running


@pytest.fixture(params=["70000", "70001", "70002", "70003"])
def user(request: pytest.FixtureRequest, house: DemoHouse, o2g: Simulator) -> Iterator[Phone]:
    """A user of each family of sets, without any message."""
    with prs_client(house) as prs:
        o2g.forget_messages(request.param)
        with sqlite3.connect(store_of(house)) as store:
            for table in ("kept_messages", "message_readings"):
                store.execute(f"DELETE FROM {table} WHERE login = ?", (f"oxe{request.param}",))
        yield Phone(prs, request.param)


@pytest.fixture
def anna(house: DemoHouse, o2g: Simulator) -> Iterator[Phone]:
    """The user of a large colour set, without any message."""
    with prs_client(house) as prs:
        o2g.forget_messages("70000")
        with sqlite3.connect(store_of(house)) as store:
            store.execute("DELETE FROM kept_messages")
            store.execute("DELETE FROM message_readings")
        yield Phone(prs, "70000")


def store_of(house: DemoHouse) -> Path:
    return Path(house.settings["TOUCHLINE_DATABASE_URL"].removeprefix("sqlite:///"))


@contextmanager
def without_store(house: DemoHouse) -> Iterator[None]:
    """Take the database away, and bring it back."""
    file = store_of(house)
    away = file.with_suffix(".away")
    file.rename(away)
    try:
        yield
    finally:
        away.rename(file)


@contextmanager
def locked_store(house: DemoHouse, o2g: Simulator, reading: Callable[[], object]) -> Iterator[None]:
    """Have a phone read, and once the reading is noted let nobody write to the store until the context ends."""
    with sqlite3.connect(store_of(house), isolation_level=None) as other:
        with o2g.failing(latency_ms=500):
            asks = threading.Thread(target=reading)
            asks.start()
            wait_until(lambda: other.execute("SELECT count(*) FROM message_readings").fetchone() == (1,))
            other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    asks.join()


def wait_until(there: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def opened(phone: Phone) -> Phone:
    phone.open("messages")
    return phone


def labels(phone: Phone) -> list[str]:
    return [item.label for item in phone.screen.choices]


def read(phone: Phone) -> None:
    phone.open("messages")
    phone.choose("Read new")


def test_a_message_is_read_once_and_stays_until_it_is_deleted(user: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, user.number, "The plans are at the gate.")
    user.open("messages")
    assert user.screen.note == "1 new"
    read(user)
    assert "The plans are at the gate." in user.screen.text
    assert SENDER in user.screen.lines
    user.back()
    assert user.screen.note == ""
    (kept,) = user.screen.choices[:1]
    user.choose(kept.label)
    assert "The plans are at the gate." in user.screen.text
    user.press("Delete")
    user.press("Keep")
    assert "The plans are at the gate." in user.screen.text
    user.press("Delete")
    user.press("Delete")
    assert user.screen.choices == ()
    assert "There are no messages." in user.screen.text


def test_messages_are_read_one_after_the_other_the_newest_first(user: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, user.number, "first")
    o2g.message(SENDER, user.number, "second")
    read(user)
    assert "second" in user.screen.lines
    user.press("Next")
    assert "first" in user.screen.lines
    assert "Next" not in [*user.screen.soft_key_labels, *(a.label for a in user.screen.actions)]


def test_the_senders_name_is_found_once(anna: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "Hello")
    read(anna)
    assert anna.screen.title == SENDER_NAME
    anna.back()
    assert labels(anna) == [SENDER_NAME]
    before = o2g.request_count()
    anna.choose(SENDER_NAME)
    assert o2g.request_count() == before


def test_a_sender_that_nobody_knows_is_a_number(anna: Phone, o2g: Simulator) -> None:
    o2g.message("0033155667788", "70000", "Bonjour")
    read(anna)
    assert anna.screen.title == "0033155667788"


def test_a_message_is_answered(user: Phone, o2g: Simulator) -> None:
    o2g.forget_messages(SENDER)
    o2g.message(SENDER, user.number, "Are you coming?")
    read(user)
    user.press("Reply")
    user.choose("I am on my way.")
    assert user.screen.question == "I am on my way."
    before = o2g.request_count(*SENDING)
    user.press("Send")
    assert user.screen.title == "Messages"
    assert o2g.request_count(*SENDING) == before + 1


def test_who_wrote_is_called_back(user: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, user.number, "Call me")
    read(user)
    user.press("Call")
    assert o2g.called_from(user.number)[-1] == SENDER
    o2g.end_calls()


def test_retry_sends_the_text_that_was_typed(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.forget_messages("70002")
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "70002")
    anna.send()
    anna.type_text("Text", "Typed once")
    before = o2g.request_count(*SENDING)
    with o2g.failing(errors=[{"path": "/telephony/miniMessages", "method": "POST", "status": 500, "times": 2}]):
        anna.press("Send")
        assert anna.status == 502
        anna.press("Retry")
        assert anna.status == 502
    anna.press("Retry")
    assert anna.screen.title == "Messages"
    assert o2g.request_count(*SENDING) == before + 3
    with prs_client(house) as prs:
        clara = Phone(prs, "70002")
        read(clara)
        assert "Typed once" in clara.screen.text


def test_a_text_that_was_typed_arrives(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.forget_messages("70002")
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "70002")
    anna.send()
    assert anna.screen.title == "70002"
    text = "Größe <b>&amp; 你好 🙂"
    anna.type_text("Text", text)
    anna.press("Send")
    assert anna.screen.title == "Messages"
    with prs_client(house) as prs:
        clara = Phone(prs, "70002")
        read(clara)
        assert "Größe <b>&amp;" in clara.screen.text
        clara.press("Delete")
        clara.press("Delete")


def test_somebody_of_the_directory_is_written_to(anna: Phone) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.choose("From the directory")
    anna.type_text("Name", "carter")
    anna.type_text("First name", "ben")
    anna.send()
    anna.settle()
    anna.press("Choose")
    assert anna.screen.title == "70001"
    assert [field.longest for field in anna.screen.fields] == [LONGEST]


def test_a_text_that_is_too_long_is_shown_again_with_how_much(anna: Phone, o2g: Simulator) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "70002")
    anna.send()
    before = o2g.request_count(*SENDING)
    long = "🔬" * 66  # two characters each, as O2G counts
    anna.type_text("Text", long)
    anna.send()
    assert anna.status == 400
    assert "4 characters too many" in anna.screen.lines
    assert anna.screen.fields[0].value == long
    anna.type_text("Text", "x" * 300)
    anna.send()
    assert anna.status == 400
    assert "This is far too long." in anna.screen.lines
    anna.type_text("Text", "  ")
    anna.send()
    assert anna.status == 400
    assert "Enter a text, or choose one." in anna.screen.lines
    assert o2g.request_count(*SENDING) == before


@pytest.mark.parametrize("number", ["", "nobody", "7" * 50])
def test_a_number_that_is_none_is_asked_for_again(anna: Phone, number: str) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", number)
    anna.send()
    assert anna.status == 400
    assert "Enter a number that can be called." in anna.screen.lines


def test_a_number_that_gets_no_messages_is_named(anna: Phone) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "99999")
    anna.send()
    anna.choose("Yes.")
    anna.press("Send")
    assert anna.status == 400
    assert "99999 cannot get messages." in anna.screen.lines


def test_a_message_is_not_sent_twice(anna: Phone, o2g: Simulator) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "70002")
    anna.send()
    anna.choose("Yes.")
    (send,) = [answer.href for answer in anna.screen.answers if answer.label == "Send"]
    before = o2g.request_count(*SENDING)
    anna.get(send)
    anna.get(send)
    assert anna.status == 409
    assert "Nothing was done twice." in anna.screen.text
    assert o2g.request_count(*SENDING) == before + 1
    o2g.forget_messages("70002")


def test_Read_pressed_twice_reads_one(anna: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "first")
    o2g.message(SENDER, "70000", "second")
    anna.open("messages")
    (link,) = [item.href for item in anna.screen.choices]
    before = o2g.request_count(*READING)
    anna.get(link)
    anna.get(link)
    assert anna.status == 409
    assert o2g.request_count(*READING) == before + 1


def test_a_message_that_somebody_else_read_meanwhile(user: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, user.number, "Hello")
    user.open("messages")
    o2g.forget_messages(user.number)
    user.choose("Read new")
    assert user.status == 200
    assert "There are no messages." in user.screen.text


def test_Back_after_a_message_was_deleted(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "Hello")
    read(anna)
    anna.back()
    (shown,) = [item.href for item in anna.screen.choices]
    anna.get(shown)
    anna.press("Delete")
    anna.press("Delete")
    anna.get(shown)
    assert anna.status == 404
    assert "This message was deleted." in anna.screen.lines
    anna.press("List")
    assert anna.screen.title == "Messages"


def test_deleting_all_leaves_what_nobody_has_read(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "read")
    read(anna)
    with sqlite3.connect(store_of(house)) as store:
        store.execute(
            "INSERT INTO kept_messages (login, sender, sender_name, kept, text, opened) "
            "VALUES ('oxe70000', '70002', 'Clara Jensen', '2026-01-01 00:00:00', 'unread', 0)"
        )
    anna.open("messages")
    assert labels(anna) == ["Clara Jensen", SENDER_NAME]
    assert anna.screen.note == "1 new"
    anna.press("Delete")
    assert anna.screen.question == "Delete all messages that you have read?"
    anna.press("Delete")
    assert labels(anna) == ["Clara Jensen"]
    anna.choose("Clara Jensen")
    assert "unread" in anna.screen.lines


def test_many_messages_are_leafed_through(user: Phone, house: DemoHouse) -> None:
    with sqlite3.connect(store_of(house)) as store:
        store.executemany(
            "INSERT INTO kept_messages (login, sender, sender_name, kept, text, opened) "
            "VALUES (?, '70002', ?, '2026-01-01 00:00:00', 'text', 1)",
            [(f"oxe{user.number}", f"Sender {n:02}") for n in range(30)],
        )
    user.open("messages")
    seen = []
    while True:
        seen += [label for label in labels(user) if label.startswith("Sender")]
        if "right" not in user.screen.keys:
            break
        user.right()
    assert seen == [f"Sender {n:02}" for n in reversed(range(30))]
    while "left" in user.screen.keys:
        user.left()
    assert labels(user)[0] == "Sender 29"


def test_deleting_the_last_of_a_page_asks_O2G_once(user: Phone, house: DemoHouse, o2g: Simulator) -> None:
    kept = 0
    user.open("messages")
    while "right" not in user.screen.keys:
        with sqlite3.connect(store_of(house)) as store:
            store.execute(
                "INSERT INTO kept_messages (login, sender, sender_name, kept, text, opened) "
                "VALUES (?, '70002', 'Sender', '2026-01-01 00:00:00', 'text', 1)",
                (f"oxe{user.number}",),
            )
        kept += 1
        user.open("messages")
    user.right()
    assert labels(user) == ["Sender"]
    user.choose("Sender")
    user.press("Delete")
    before = o2g.request_count("GET", "/eventSummary")
    user.press("Delete")
    assert o2g.request_count("GET", "/eventSummary") <= before + 1  # none where the counters are live
    assert labels(user) == ["Sender"] * (kept - 1)
    assert "left" not in user.screen.keys


def test_without_a_store_no_message_is_taken_from_O2G(user: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.message(SENDER, user.number, "Do not lose me")
    user.open("messages")
    (link,) = [item.href for item in user.screen.choices]
    before = o2g.request_count(*READING)
    with without_store(house):
        user.get(link)
        assert user.status == 503
        assert "New ones are not read, so that none is lost." in user.screen.text
        user.open("messages")
        assert user.status == 503
        assert o2g.request_count(*READING) == before
    user.press("Retry")
    user.choose("Read new")
    assert "Do not lose me" in user.screen.text


def test_a_message_is_not_deleted_where_the_store_is_gone(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "Hello")
    read(anna)
    anna.press("Delete")
    with without_store(house):
        anna.press("Delete")
        assert anna.status == 503
        assert "What is kept here cannot be reached now." in anna.screen.text
    anna.open("messages")
    assert labels(anna) == [SENDER_NAME]


def test_a_store_that_goes_away_while_O2G_answers_gets_the_message_later(
    anna: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    o2g.message(SENDER, "70000", "Late, but here")
    anna.open("messages")
    (link,) = [item.href for item in anna.screen.choices]
    with locked_store(house, o2g, lambda: anna.get(link)):
        wait_until(lambda: anna.status == 504)
    assert "It appears in the list when it comes." in anna.screen.text
    wait_until(lambda: SENDER in labels(opened(anna)))
    anna.choose(SENDER)
    assert "Late, but here" in anna.screen.lines
    assert labels(opened(anna)) == [SENDER_NAME]


def test_a_server_that_dies_before_it_could_keep_a_message_says_so_afterwards(
    anna: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    o2g.message(SENDER, "70000", "Nobody will ever know")
    with touchline(house.settings, free_port()) as doomed, prs_client(replace(house, touchline=doomed)) as prs:
        dying = Phone(prs, "70000")
        dying.open("messages")
        (link,) = [item.href for item in dying.screen.choices]
        with locked_store(house, o2g, lambda: dying.get(link)):
            wait_until(lambda: dying.status == 504)
            os.killpg(doomed.process.pid, signal.SIGKILL)
            doomed.process.wait()
    assert labels(opened(anna)) == []  # a reading that has just begun may still end
    with sqlite3.connect(store_of(house)) as store:
        store.execute("UPDATE message_readings SET begun = datetime(begun, '-3 minutes')")
    assert labels(opened(anna)) == ["Message lost?"]
    anna.choose("Message lost?")
    assert "It may be lost." in anna.screen.text
    anna.press("Done")
    assert labels(anna) == []


def test_an_o2g_that_fails_again_and_again_leaves_one_line_about_it(
    anna: Phone, house: DemoHouse, o2g: Simulator
) -> None:
    o2g.message(SENDER, "70000", "Still there")
    anna.open("messages")
    with o2g.failing(errors=[{"path": "/telephony/miniMessages", "status": 500, "times": 100}]):
        anna.choose("Read new")
        for _ in range(9):
            assert anna.status == 502
            anna.press("Retry")
    with sqlite3.connect(store_of(house)) as store:
        store.execute("UPDATE message_readings SET begun = datetime(begun, '-3 minutes')")
        assert store.execute("SELECT count(*) FROM message_readings").fetchone() == (10,)
    assert labels(opened(anna)).count("Message lost?") == 1
    anna.choose("Message lost?")
    anna.press("Done")
    assert "Message lost?" not in labels(anna)
    anna.choose("Read new")
    assert "Still there" in anna.screen.lines
    anna.press("Delete")
    anna.press("Delete")


def test_a_connection_that_breaks_while_a_message_comes_is_told(anna: Phone, house: DemoHouse, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "Hello")
    anna.open("messages")
    with o2g.failing(reset=1, reset_path="/api/rest/1.0/telephony/miniMessages"):
        anna.choose("Read new")
    assert anna.status == 504
    assert "Please look whether it was done." in anna.screen.text
    with sqlite3.connect(store_of(house)) as store:
        assert store.execute("SELECT count(*) FROM message_readings").fetchone() == (1,)


@pytest.mark.parametrize(
    ("status", "type", "code"),
    [(403, "NOT_ALLOWED", "O7"), (500, "SERVER_PROBLEM", "O13"), (503, "NOT_READY", "O4"), (404, "NOT_FOUND", "")],
)
def test_what_O2G_refuses_while_reading_is_told_and_leaves_nothing_open(
    anna: Phone, house: DemoHouse, o2g: Simulator, status: int, type: str, code: str
) -> None:
    o2g.message(SENDER, "70000", "Hello")
    anna.open("messages")
    refusal = {"path": "/telephony/miniMessages", "status": status, "type": type, "times": 20}
    with o2g.failing(errors=[refusal]):
        anna.choose("Read new")
    assert f"Code {code}" in anna.screen.text if code else anna.screen.title == "Messages"
    with sqlite3.connect(store_of(house)) as store:
        (open_readings,) = store.execute("SELECT count(*) FROM message_readings").fetchone()
    assert open_readings == (1 if status == 500 else 0)  # a server's problem may come after it erased the message
    read(anna)
    assert "Hello" in anna.screen.lines


@pytest.mark.parametrize(("status", "type", "code"), [(403, "NOT_ALLOWED", "O7"), (500, "SERVER_PROBLEM", "O13")])
def test_what_O2G_refuses_while_sending_is_told(anna: Phone, o2g: Simulator, status: int, type: str, code: str) -> None:
    anna.open("messages")
    anna.press("Write")
    anna.type_text("Number", "70002")
    anna.send()
    anna.type_text("Text", "Hello")
    with o2g.failing(errors=[{"path": "/telephony/miniMessages", "status": status, "type": type, "times": 20}]):
        anna.press("Send")
    assert f"Code {code}" in anna.screen.text


def test_without_a_licence_what_is_kept_can_be_read(anna: Phone, o2g: Simulator) -> None:
    o2g.message(SENDER, "70000", "Hello")
    read(anna)
    with o2g.failing(errors=[{"path": "/eventSummary", "status": 403, "type": "NOT_ALLOWED", "times": 20}]):
        anna.open("messages")
        assert anna.screen.labels == ["New ones: not allowed", SENDER_NAME]
        assert anna.screen.soft_key_labels == ["Delete"]
        anna.choose(SENDER_NAME)
    assert "Hello" in anna.screen.lines


def test_a_counter_that_O2G_does_not_tell_is_unknown_and_reading_is_offered(user: Phone, o2g: Simulator) -> None:
    o2g.set_counters(user.number, newTextNb=None)
    user.open("messages")
    (item,) = user.screen.choices
    assert (item.label, item.detail) == ("Read new", "unknown")
    user.choose("Read new")
    assert user.screen.title == "Messages"
    o2g.set_counters(user.number, newTextNb=0)


def test_hostile_text_is_shown_as_text(user: Phone, o2g: Simulator) -> None:
    o2g.message("<b>&amp;\u202e\x00", user.number, "</TextBox><Item href='https://evil.example'/>\x00\u202e" * 2)
    read(user)
    assert user.status == 200
    assert "</TextBox><Item" in user.screen.text.replace(" ", "").replace("TextBox>", "TextBox>")
    user.back()
    assert user.status == 200


def test_no_screen_asks_O2G_more_than_it_shows(anna: Phone, o2g: Simulator) -> None:
    def asked(step: Callable[[], object]) -> list[str]:
        before = o2g.request_count()
        step()
        return sorted(f"{r['method']} {r['path'].removeprefix('/api/rest/1.0')}" for r in o2g.requests()[before:])

    o2g.message(SENDER, "70000", "Hello")
    assert asked(lambda: anna.open("messages")) == ["GET /eventSummary"]
    assert asked(lambda: anna.choose("Read new")) == ["GET /eventSummary", "GET /telephony/miniMessages"]
    assert asked(lambda: anna.press("Delete")) == []
    assert asked(lambda: anna.press("Keep")) == []
    assert asked(lambda: anna.press("Reply")) == []
    assert asked(lambda: anna.choose("Yes.")) == []
    assert asked(lambda: anna.press("Send")) == ["GET /eventSummary", "POST /telephony/miniMessages"]
    assert asked(lambda: anna.press("Write")) == ["GET /comlog/records"]
    o2g.forget_messages(SENDER)


@pytest.mark.postgresql
@pytest.mark.redis
def test_workers_share_messages_in_PostgreSQL() -> None:
    with (
        postgres_server() as database,
        redis_server() as redis,
        demo_house(
            users=40,
            settings={
                "TOUCHLINE_DATABASE_URL": database,
                "TOUCHLINE_REDIS_URL": redis,
                "TOUCHLINE_WORKERS": "2",
            },
        ) as house,
    ):
        simulator = Simulator(house.o2g.control)
        simulator.forget_messages("70000")
        simulator.message(SENDER, "70000", "Hello, 你好 🙂")
        with prs_client(house) as prs:
            read(Phone(prs, "70000"))
        for _ in range(6):  # another connection each time, to the one worker or the other
            with prs_client(house) as prs:
                anna = opened(Phone(prs, "70000"))
                anna.choose(SENDER_NAME)
                assert "Hello, 你好 🙂" in anna.screen.lines
        simulator.close()
