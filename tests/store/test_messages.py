"""Kept messages: nobody else's, none twice, none lost while there is a store."""

from datetime import UTC, datetime, timedelta

import pytest

from store.database import Database
from store.errors import StoreGone
from store.messages import MessagesInDatabase, MessageStore, NoMessageStore, ReceivedMessage

ANNA, OMAR = "oxe70000", "oxe70001"
NOW = datetime(2026, 11, 21, 8, 30, 5, 123456, tzinfo=UTC)
HELLO = ReceivedMessage("70017", NOW - timedelta(hours=3), "Привет, 你好 🙂\x00")


@pytest.fixture
def messages(database: Database) -> MessageStore:
    return MessagesInDatabase(database)


def keep(messages: MessageStore, text: str = "Hello", login: str = ANNA) -> int:
    kept = messages.keep(messages.begin(login, NOW), login, ReceivedMessage("70017", None, text), NOW)
    assert kept is not None
    return kept


def texts(messages: MessageStore, login: str = ANNA, offset: int = 0, limit: int = 10) -> list[str]:
    return [message.text for message in messages.page(login, offset, limit).messages]


def test_a_message_is_given_back_as_it_came(messages: MessageStore) -> None:
    id = messages.keep(messages.begin(ANNA, NOW), ANNA, HELLO, NOW)
    assert id is not None
    found = messages.open(ANNA, id)
    assert found is not None
    assert (found.sender, found.sent, found.kept, found.text) == ("70017", HELLO.sent, NOW, "Привет, 你好 🙂\ufffd")


def test_a_message_without_a_date_has_none(messages: MessageStore) -> None:
    found = messages.open(ANNA, keep(messages))
    assert found is not None
    assert found.sent is None


def test_what_nobody_opened_comes_first_and_then_the_newest(messages: MessageStore) -> None:
    first, second = keep(messages, "first"), keep(messages, "second")
    keep(messages, "third")
    messages.open(ANNA, first)
    messages.open(ANNA, second)
    assert texts(messages) == ["third", "second", "first"]
    keep(messages, "fourth")
    assert texts(messages) == ["fourth", "third", "second", "first"]
    page = messages.page(ANNA, 1, 2)
    assert [message.text for message in page.messages] == ["third", "second"]
    assert (page.total, page.unopened, page.newest) == (4, 2, first + 3)
    assert messages.page(ANNA, 9, 2).messages == ()


def test_nobody_sees_or_deletes_anothers_message(messages: MessageStore) -> None:
    id = keep(messages, login=OMAR)
    assert messages.open(ANNA, id) is None
    assert not messages.delete(ANNA, id)
    messages.name_sender(ANNA, id, "Somebody")
    messages.delete_opened(ANNA, id)
    assert [(m.text, m.sender_name) for m in messages.page(OMAR, 0, 9).messages] == [("Hello", "")]


def test_a_message_is_deleted_once(messages: MessageStore) -> None:
    id = keep(messages)
    assert messages.delete(ANNA, id)
    assert not messages.delete(ANNA, id)
    assert messages.open(ANNA, id) is None


def test_deleting_all_spares_what_nobody_opened_and_what_came_later(messages: MessageStore) -> None:
    opened, unopened, later = (keep(messages, text) for text in ("opened", "unopened", "later"))
    messages.open(ANNA, opened)
    messages.open(ANNA, later)
    assert messages.delete_opened(ANNA, unopened) == 1
    assert texts(messages) == ["unopened", "later"]


def test_a_senders_name_is_remembered(messages: MessageStore) -> None:
    id = keep(messages)
    messages.name_sender(ANNA, id, "Иван Петров")
    found = messages.open(ANNA, id)
    assert found is not None
    assert found.sender_name == "Иван Петров"


def test_a_commit_that_is_repeated_keeps_one_copy(messages: MessageStore) -> None:
    reading = messages.begin(ANNA, NOW)
    assert messages.keep(reading, ANNA, HELLO, NOW) is not None
    assert messages.keep(reading, ANNA, HELLO, NOW) is None
    assert messages.page(ANNA, 0, 9).total == 1


def test_a_reading_that_never_ended_is_told_later(messages: MessageStore) -> None:
    lost, given, none = (messages.begin(ANNA, NOW) for _ in range(3))
    messages.keep(given, ANNA, HELLO, NOW)
    messages.end(none)
    assert messages.interrupted(ANNA, NOW) == ()
    assert [found.id for found in messages.interrupted(ANNA, NOW + timedelta(seconds=1))] == [lost]
    assert messages.interrupted(OMAR, NOW + timedelta(days=1)) == ()
    messages.end(lost)
    messages.end(lost)
    assert messages.interrupted(ANNA, NOW + timedelta(days=1)) == ()


def test_without_a_database_nothing_is_kept_and_that_is_said() -> None:
    nothing: MessageStore = NoMessageStore()
    with pytest.raises(StoreGone):
        nothing.begin(ANNA, NOW)
    with pytest.raises(StoreGone):
        nothing.page(ANNA, 0, limit=9)
