"""Voice mail: opened first, per session; then listed, listened to, deleted."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.border import read
from services.calls import Call
from services.deadline import Deadline
from services.errors import (
    BadParameter,
    NotAllowed,
    NotExpected,
    NotFound,
    O2GTimeout,
    ServerProblem,
    SessionLost,
    UnreadableAnswer,
    WrongPassword,
)
from services.o2g import O2G, O2GEndpoint
from services.parties import Party
from services.voicemail import Mailbox, MailboxInfo, OpenMailbox, VoiceMessage, _message, _Messages
from tests.services.scripted import NOT_ALLOWED, Reply, ScriptedO2G
from tests.services.test_border import ANYTHING

LOGIN, BOX = "oxe70120", "70120-7-MAILBOX"
BOXES = "/messaging/mailboxes"
OPEN, LIST, DELETE = f"POST {BOXES}/{BOX}", f"GET {BOXES}/{BOX}/voicemails", f"DELETE {BOXES}/{BOX}/voicemails"
INFO = {"totalVoiceMsg": 3, "newVoiceMsg": "1", "storageUsage": 40}


def message(name: object, **other: Any) -> dict[str, Any]:
    return {
        "voicemailId": name,
        "from": {"id": {"phoneNumber": "1001"}, "firstName": "Zoë", "lastName": "Å"},
        "duration": 12,
        "date": "2026-11-20T14:05:00.000Z",
        "unread": True,
        "highPriority": False,
    } | other


@pytest.fixture
def mailbox(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> OpenMailbox:
    scripted.on(OPEN, Reply(json=INFO))
    return o2g.voicemail.open(LOGIN, BOX, "1234", deadline)


def test_L63_A83_mailboxes_of_a_user(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    can = {"listMessages": True, "getMessages": "false", "play": True, "levitate": True}
    boxes = [{"id": BOX, "name": "Embedded", "capabilities": can}, {"id": 7}, {"id": ""}, "?"]
    scripted.on(f"GET {BOXES}", Reply(json={"mailboxes": boxes}))
    assert o2g.voicemail.mailboxes(LOGIN, deadline) == (
        Mailbox(BOX, "Embedded", True, False),
        Mailbox("7", "", None, None),
    )
    assert scripted.asked(f"GET {BOXES}")[0].query == {"loginName": LOGIN}


@pytest.mark.parametrize("none", [Reply(), Reply(json={}), Reply(json={"mailboxes": []})])
def test_a_user_without_mailbox(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, none: Reply) -> None:
    scripted.on(f"GET {BOXES}", none)
    assert o2g.voicemail.mailboxes(LOGIN, deadline) == ()


def test_L62_a_mailbox_is_opened_with_its_password(
    scripted: ScriptedO2G, mailbox: OpenMailbox, caplog: pytest.LogCaptureFixture
) -> None:
    assert mailbox.info == MailboxInfo(messages=3, new=1, storage=40)
    (seen,) = scripted.asked(OPEN)
    assert (seen.query, seen.body) == ({"loginName": LOGIN}, {"password": "1234"})
    assert "1234" not in caplog.text


def test_B49_a_mailbox_is_opened_with_the_users_password_by_a_parameter_without_value(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on(OPEN, Reply(json=INFO))
    o2g.voicemail.open(LOGIN, BOX, None, deadline)
    (seen,) = scripted.asked(OPEN)
    assert (seen.query, seen.body) == ({"loginName": LOGIN, "withUserPwd": ""}, None)
    call = Call("POST /m/{id}", {"id": "7"}, {"loginName": "a&b=c"}, flags=("withUserPwd",))
    assert call.url(httpx.URL("https://o2g/r")).query == b"loginName=a%26b%3Dc&withUserPwd"


@pytest.mark.parametrize(
    ("said", "info"),
    [
        ({"totalVoiceMsg": 0, "newVoiceMsg": 0, "storageUsage": -1}, MailboxInfo(0, 0, None)),
        ({}, MailboxInfo(None, None, None)),
        (None, MailboxInfo(None, None, None)),
    ],
)
def test_L134_what_O2G_does_not_know_of_a_mailbox_is_unknown(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: object, info: MailboxInfo
) -> None:
    scripted.on(OPEN, Reply(json=said))
    assert o2g.voicemail.open(LOGIN, BOX, "1234", deadline).info == info


@pytest.mark.parametrize("refused", [Reply(403, NOT_ALLOWED), Reply(401), Reply(403), Reply(400, {"code": 1006})])
@pytest.mark.parametrize("password", ["1234", None])
def test_a_wrong_password_is_told_from_other_refusals(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, refused: Reply, password: str | None
) -> None:
    scripted.on(OPEN, refused)
    with pytest.raises(WrongPassword) as caught:
        o2g.voicemail.open(LOGIN, BOX, password, deadline)
    assert "1234" not in repr(caught.value)
    assert len(scripted.asked(OPEN)) == 1


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (Reply(403, {**NOT_ALLOWED, "helpMessage": "No license for messaging"}), NotAllowed),
        (Reply(404), NotFound),
        (Reply(500), ServerProblem),
    ],
)
def test_a_missing_licence_or_mailbox_is_no_wrong_password(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, refused: Reply, error: type[Exception]
) -> None:
    scripted.on(OPEN, refused)
    with pytest.raises(error) as caught:
        o2g.voicemail.open(LOGIN, BOX, "1234", deadline)
    assert not isinstance(caught.value, WrongPassword)


@pytest.mark.parametrize("password", ["", " ", "12 34", "1" * 33, "１２３４", "a&b", "12\n"])
def test_what_cannot_be_a_password_is_not_asked(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, password: str
) -> None:
    with pytest.raises(BadParameter):
        o2g.voicemail.open(LOGIN, BOX, password, deadline)
    assert scripted.asked(OPEN) == []


def test_L134_messages_are_asked_for_with_offset_and_limit(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline
) -> None:
    odd = message(7, **{"from": None, "duration": "12", "date": "?", "unread": "no", "highPriority": "true"})
    listed = [message("a"), odd, {"voicemailId": ""}, None, message("c")]
    scripted.on(LIST, Reply(json={"voicemails": listed}))
    assert mailbox.messages(0, 2, deadline, new_only=True) == (
        VoiceMessage("a", Party("Zoë", "Å", "1001"), datetime(2026, 11, 20, 14, 5, tzinfo=UTC), 12, True, False),
        VoiceMessage("7", None, None, 12, None, True),
    )
    assert scripted.asked(LIST)[0].query == {"loginName": LOGIN, "offset": "0", "limit": "2", "newOnly": "true"}


def test_no_messages(scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline) -> None:
    scripted.on(LIST, Reply(), Reply(json={"voicemails": []}), Reply(json={}))
    for _ in range(3):
        assert mailbox.messages(0, 8, deadline) == ()
    for offset, limit in ((-1, 8), (0, 0), (0, -1)):
        with pytest.raises(BadParameter):
            mailbox.messages(offset, limit, deadline)


def test_B32_messages_are_deleted_by_name(scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline) -> None:
    scripted.on(DELETE, Reply(204))
    mailbox.delete(["19458", "18946", "19458"], deadline)
    assert scripted.asked(DELETE)[0].query == {"loginName": LOGIN, "msgIds": "19458,18946"}


@pytest.mark.parametrize("names", [[], [""], ["a", ""], ["a,b"], ["a;b"], [" "], ["a" * 129]])
def test_L135_naming_no_message_does_not_mean_all_of_them(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline, names: list[str]
) -> None:
    with pytest.raises(BadParameter):
        mailbox.delete(names, deadline)
    assert scripted.asked(DELETE) == []


def test_A85_all_messages_are_deleted_without_naming_them(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline
) -> None:
    scripted.on(DELETE, Reply(204))
    mailbox.delete_all(deadline)
    assert scripted.asked(DELETE)[0].query == {"loginName": LOGIN}


def test_what_was_heard_is_deleted_and_nothing_of_which_O2G_does_not_say(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline
) -> None:
    listed = [message("a", unread=False), message("b"), message("c", unread=None), message("d", unread="false")]
    scripted.on(LIST, Reply(json={"voicemails": listed}), Reply(json={"voicemails": [message("b")]}))
    scripted.on(DELETE, Reply(204))
    assert mailbox.heard(deadline) == ("a", "d")
    assert mailbox.heard(deadline) == ()


def test_a_deletion_without_an_answer_is_not_repeated(scripted: ScriptedO2G, mailbox: OpenMailbox) -> None:
    scripted.on(DELETE, Reply(204, delay=5))
    with pytest.raises(O2GTimeout):
        mailbox.delete(["a"], Deadline.after(0.2))
    assert len(scripted.asked(DELETE)) == 1


WAV = b"RIFF\x04\x00\x00\x00WAVE" + bytes(40)


def test_A84_B48_a_recording_of_any_type_with_its_name(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline
) -> None:
    headers = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=voice0.wav"}
    scripted.on(f"{LIST}/19458", Reply(body=WAV, headers=headers))
    found = mailbox.download("19458", deadline)
    assert (found.content, found.media_type, found.name) == (WAV, "audio/wav", "voice0.wav")
    (seen,) = scripted.asked(f"{LIST}/19458")
    assert seen.query == {"loginName": LOGIN}
    assert "*/*" in seen.headers["Accept"]


def test_a_recording_that_is_too_large_or_nothing_or_gone(
    scripted: ScriptedO2G, mailbox: OpenMailbox, deadline: Deadline
) -> None:
    scripted.on(f"{LIST}/a", Reply(body=WAV), Reply(), Reply(404))
    with pytest.raises(UnreadableAnswer):
        mailbox.download("a", deadline, largest=20)
    with pytest.raises(UnreadableAnswer):
        mailbox.download("a", deadline)
    with pytest.raises(NotFound):
        mailbox.download("a", deadline)


def test_L62_a_mailbox_is_open_in_its_session_only(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.guarded = True
    scripted.on(OPEN, Reply(json=INFO))
    scripted.on(LIST, Reply(json={"voicemails": []}))
    mailbox = o2g.voicemail.open(LOGIN, BOX, "1234", deadline)
    assert mailbox.messages(0, 1, deadline) == ()
    scripted.lose_sessions()
    for _ in range(2):  # when it is noticed, and afterwards
        with pytest.raises(SessionLost):
            mailbox.messages(0, 1, deadline)
    assert o2g.voicemail.opened(LOGIN, BOX, "1234", deadline).messages(0, 1, deadline) == ()
    assert len(scripted.asked(OPEN)) == 2


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def timed(endpoint: O2GEndpoint, scripted: ScriptedO2G, now: list[float]) -> Iterator[O2G]:
    scripted.on(OPEN, Reply(json=INFO))
    door = O2G(endpoint, clock=lambda: now[0])
    yield door
    door.close()


def test_a_mailbox_just_opened_need_not_be_opened_again(
    scripted: ScriptedO2G, timed: O2G, now: list[float], deadline: Deadline
) -> None:
    first = timed.voicemail.opened(LOGIN, BOX, "1234", deadline)
    for used in (299.0, 598.0):
        now[0] = used
        assert timed.voicemail.opened(LOGIN, BOX, "1234", deadline) is first
    assert len(scripted.asked(OPEN)) == 1
    now[0] = 899.0
    assert timed.voicemail.opened(LOGIN, BOX, "1234", deadline) is not first
    assert len(scripted.asked(OPEN)) == 2


Other = Callable[[O2G, Deadline], OpenMailbox]


@pytest.mark.parametrize(
    "other",
    [
        lambda o2g, deadline: o2g.voicemail.opened(LOGIN, BOX, "4321", deadline),
        lambda o2g, deadline: o2g.voicemail.opened(LOGIN, BOX, None, deadline),
        lambda o2g, deadline: o2g.voicemail.open(LOGIN, BOX, "1234", deadline),
    ],
)
def test_a_mailbox_that_is_open_opens_to_nobody_else(
    scripted: ScriptedO2G, timed: O2G, deadline: Deadline, other: Other
) -> None:
    timed.voicemail.open(LOGIN, BOX, "1234", deadline)
    scripted.on(OPEN, Reply(403, NOT_ALLOWED))
    with pytest.raises(WrongPassword):
        other(timed, deadline)
    with pytest.raises(WrongPassword):  # whoever knew it asks O2G again, too
        timed.voicemail.opened(LOGIN, BOX, "1234", deadline)


def test_a_mailbox_that_O2G_closed_is_opened_again(scripted: ScriptedO2G, timed: O2G, deadline: Deadline) -> None:
    mailbox = timed.voicemail.open(LOGIN, BOX, "1234", deadline)
    scripted.on(LIST, Reply(400, {"code": 1004}), Reply(json={"voicemails": []}))
    with pytest.raises(NotExpected):
        mailbox.messages(0, 1, deadline)
    assert timed.voicemail.opened(LOGIN, BOX, "1234", deadline).messages(0, 1, deadline) == ()
    assert len(scripted.asked(OPEN)) == 2


def test_a_look_tells_the_numbers_anew_beside_the_list(scripted: ScriptedO2G, timed: O2G) -> None:
    scripted.on(OPEN, Reply(json=INFO), Reply(json=INFO | {"newVoiceMsg": 0}))
    scripted.on(LIST, Reply(json={"voicemails": [message("a")]}))
    entering, looking = Deadline.after(5), Deadline.after(5)
    timed.voicemail.open(LOGIN, BOX, "1234", entering)
    seen, listed = timed.voicemail.look(LOGIN, BOX, "1234", 0, 4, entering)
    assert (seen.info.new, [found.id for found in listed]) == (1, ["a"])
    assert len(scripted.asked(OPEN)) == 1  # this screen has just opened it
    again, _ = timed.voicemail.look(LOGIN, BOX, "1234", 0, 4, looking)
    assert again.info.new == 0
    assert again.was_opened_for(looking)
    assert len(scripted.asked(OPEN)) == 2


def test_a_look_into_a_mailbox_that_O2G_closed_meanwhile(scripted: ScriptedO2G, timed: O2G, deadline: Deadline) -> None:
    timed.voicemail.open(LOGIN, BOX, "1234", Deadline.after(5))
    scripted.on(LIST, Reply(400, {"code": 1004}), Reply(json={"voicemails": [message("a")]}))
    _, listed = timed.voicemail.look(LOGIN, BOX, "1234", 0, 4, deadline)
    assert [found.id for found in listed] == ["a"]


FIELDS = ["voicemailId", "from", "duration", "date", "unread", "highPriority"]


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), ANYTHING) | ANYTHING, max_size=4) | ANYTHING)
def test_whatever_a_mailbox_holds_is_read_or_left_out(listed: Any) -> None:
    found = read(_Messages, json.dumps({"voicemails": listed}).encode(), "a list of messages")
    for one in found.voicemails or ():
        shown = _message(one)
        assert shown.id
        assert shown.seconds is None or shown.seconds >= 0
        assert shown.left is None or shown.left.tzinfo is not None
