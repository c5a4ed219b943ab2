"""Mini messages: what O2G gives away exists nowhere else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, O2GError, O2GTimeout, O2GUnreachable, UnreadableAnswer
from services.mini_messages import LONGEST, MiniMessage, length
from services.o2g import O2G
from tests.services.scripted import NOT_ALLOWED, Reply, ScriptedO2G

READ, SEND = "GET /telephony/miniMessages", "POST /telephony/miniMessages"
HELLO = MiniMessage("1001", datetime(2024, 3, 5, 14, 5, 6, 700_000, UTC), "Hello")
GIVEN = {"sender": "1001", "date": "2024-03-05T14:05:06.700Z", "message": "Hello"}

Until = Callable[[Callable[[], object]], None]


@pytest.mark.parametrize("key", ["date", "dateTime"])
def test_B30_a_message_is_kept_and_given(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, key: str) -> None:
    given = {"sender": 1001, key: GIVEN["date"], "message": "Hello"}
    scripted.on(READ, Reply(json=given))
    kept: list[MiniMessage] = []
    assert o2g.mini_messages.read_next("oxe1000", kept.append, deadline) == HELLO
    assert kept == [HELLO]
    assert [seen.query for seen in scripted.asked(READ)] == [{"loginName": "oxe1000"}]


@pytest.mark.parametrize(
    "none", [Reply(400), Reply(400, {"code": 1006}), Reply(404), Reply(200), Reply(204), Reply(json={})]
)
def test_A50_no_message_is_left(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, none: Reply) -> None:
    scripted.on(READ, none)
    kept: list[MiniMessage] = []
    assert o2g.mini_messages.read_next("oxe1000", kept.append, deadline) is None
    assert kept == []


def test_a_message_with_half_its_fields_is_kept(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(READ, Reply(json={"message": "Hello", "date": "yesterday"}))
    assert o2g.mini_messages.read_next("oxe1000", lambda _: None, deadline) == MiniMessage("", None, "Hello")


def test_L69_reading_is_not_repeated_when_its_connection_breaks(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on(READ, Reply(drop=True), Reply(json=GIVEN))
    with pytest.raises(O2GUnreachable):
        o2g.mini_messages.read_next("oxe1000", lambda _: None, deadline)
    assert len(scripted.asked(READ)) == 1


def test_L69_a_message_that_comes_late_is_still_kept(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until
) -> None:
    o2g.connect(deadline)
    scripted.on(READ, Reply(json=GIVEN, delay=0.5))
    kept: list[MiniMessage] = []
    with pytest.raises(O2GTimeout):
        o2g.mini_messages.read_next("oxe1000", kept.append, Deadline.after(0.1))
    assert kept == []
    until(lambda: kept == [HELLO])
    assert len(scripted.asked(READ)) == 1


def test_without_time_nothing_is_read(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    with pytest.raises(O2GTimeout):
        o2g.mini_messages.read_next("oxe1000", lambda _: None, Deadline.after(0))
    assert scripted.asked(READ) == []


def test_a_lost_session_costs_no_message(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.guarded = True
    scripted.on(READ, Reply(json=GIVEN), Reply(400))
    scripted.lose_sessions()
    assert o2g.mini_messages.read_next("oxe1000", lambda _: None, deadline) == HELLO


def test_a_store_that_fails_is_heard(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    def full(message: MiniMessage) -> None:
        raise OSError("no space left")

    scripted.on(READ, Reply(json=GIVEN))
    with pytest.raises(OSError, match="no space left"):
        o2g.mini_messages.read_next("oxe1000", full, deadline)


@pytest.mark.parametrize("odd", [Reply(json=[]), Reply(json="Hello"), Reply(json={"date": "x"}), Reply(body=b"<p>")])
def test_what_is_no_message_is_unreadable(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, odd: Reply) -> None:
    scripted.on(READ, odd)
    with pytest.raises(UnreadableAnswer):
        o2g.mini_messages.read_next("oxe1000", lambda _: None, deadline)


def test_without_a_licence_it_is_an_error_not_no_message(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(READ, Reply(403, NOT_ALLOWED))
    with pytest.raises(NotAllowed):
        o2g.mini_messages.read_next("oxe1000", lambda _: None, deadline)


@pytest.mark.parametrize("text", ["x", "é" * LONGEST, "🔬" * (LONGEST // 2), "a&b <c>\nd"])
def test_L114_a_message_is_sent(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, text: str) -> None:
    scripted.on(SEND, Reply(204))
    o2g.mini_messages.send("oxe1000", " 1001 ", text, deadline)
    (seen,) = scripted.asked(SEND)
    assert (seen.query, seen.body) == ({"loginName": "oxe1000"}, {"recipient": "1001", "message": text})


@pytest.mark.parametrize(
    ("recipient", "text"),
    [
        ("1001", ""),
        ("1001", " \n"),
        ("1001", "x" * 129),
        ("1001", "🔬" * 65),
        ("1001", "\ud800"),
        ("Anna", "x"),
        ("", "x"),
    ],
)
def test_L114_what_cannot_be_sent_is_not_asked(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, recipient: str, text: str
) -> None:
    with pytest.raises(BadParameter):
        o2g.mini_messages.send("oxe1000", recipient, text, deadline)
    assert scripted.asked(SEND) == []


def test_characters_are_counted_down_as_O2G_counts_them() -> None:
    assert [length(text) for text in ("", "abc", "é", "🔬", "\ud800")] == [0, 3, 1, 2, 1]


def test_a_message_without_an_answer_is_not_sent_again(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(SEND, Reply(drop=True))
    with pytest.raises(O2GUnreachable):
        o2g.mini_messages.send("oxe1000", "1001", "Hello", deadline)
    assert len(scripted.asked(SEND)) == 1


def once(happened: list[str], what: str) -> Callable[..., None]:
    return lambda *_: happened.append(what)


@pytest.mark.parametrize("none", [Reply(400), Reply(204), Reply(403, NOT_ALLOWED), Reply(503, {"code": 1000})])
def test_where_O2G_surely_gave_nothing_it_is_told(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, until: Until, none: Reply
) -> None:
    scripted.on(READ, *[none] * 4)
    happened: list[str] = []
    with suppress(O2GError):
        o2g.mini_messages.read_next("oxe1000", once(happened, "kept"), deadline, once(happened, "nothing"))
    until(lambda: happened == ["nothing"])


@pytest.mark.parametrize("odd", [Reply(drop=True), Reply(json=[]), Reply(500, {"code": 1007})])
def test_where_O2G_may_have_given_a_message_nothing_is_told(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, odd: Reply
) -> None:
    scripted.on(READ, odd)
    happened: list[str] = []
    with pytest.raises(O2GError):
        o2g.mini_messages.read_next("oxe1000", once(happened, "kept"), deadline, once(happened, "nothing"))
    assert happened == []


def test_before_O2G_is_asked_nothing_can_be_lost(o2g: O2G) -> None:
    happened: list[str] = []
    with pytest.raises(O2GTimeout):
        o2g.mini_messages.read_next("oxe1000", once(happened, "kept"), Deadline.after(0), once(happened, "nothing"))
    assert happened == ["nothing"]


def test_a_message_on_its_way_is_awaited_before_the_session_closes(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    o2g.connect(deadline)
    scripted.on(READ, Reply(json=GIVEN, delay=0.5))
    kept: list[MiniMessage] = []
    with pytest.raises(O2GTimeout):
        o2g.mini_messages.read_next("oxe1000", kept.append, Deadline.after(0.1))
    o2g.close()
    assert kept == [HELLO]
