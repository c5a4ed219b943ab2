"""A mailbox at the simulated O2G: opened, listed, listened to, emptied."""

import io
import wave

import httpx
import pytest

from services.deadline import Deadline
from services.errors import NotFound, SessionLost, WrongPassword
from services.o2g import O2G
from services.voicemail import Mailbox

FRANCOIS, WITHOUT = "70006", "oxe70012"
LOGIN = f"oxe{FRANCOIS}"


@pytest.fixture
def mailbox(simulated: O2G, deadline: Deadline) -> Mailbox:
    (found,) = simulated.voicemail.mailboxes(LOGIN, deadline)
    return found


@pytest.fixture
def password(world: httpx.Client) -> str:
    return str(world.get(f"/users/{FRANCOIS}/mailbox").raise_for_status().json()["password"])


def leave(world: httpx.Client, **message: object) -> str:
    left = world.post(f"/users/{FRANCOIS}/mailbox/messages", json=message).raise_for_status().json()
    return str(left["voicemailId"])


def test_a_user_without_a_mailbox_that_O2G_serves(simulated: O2G, deadline: Deadline) -> None:
    assert simulated.voicemail.mailboxes(WITHOUT, deadline) == ()


def test_messages_are_listed_heard_and_deleted(
    simulated: O2G, world: httpx.Client, mailbox: Mailbox, password: str, deadline: Deadline
) -> None:
    assert (mailbox.lists_messages, mailbox.gives_messages) == (True, True)
    left = leave(world, caller="70000", seconds=3, urgent=True)
    opened = simulated.voicemail.open(LOGIN, mailbox.id, password, deadline)
    assert opened.info.new is not None
    assert opened.info.messages is not None
    assert opened.info.storage is not None
    newest = opened.messages(0, 1, deadline, new_only=True)[0]
    assert (newest.id, newest.seconds, newest.new, newest.urgent) == (left, 3, True, True)
    assert newest.left is not None
    assert newest.sender is not None
    assert (newest.sender.number, newest.sender.last_name) == ("70000", "Müller")

    sound = opened.download(left, deadline)
    with wave.open(io.BytesIO(sound.content)) as heard:
        assert heard.getnframes() // heard.getframerate() == 3
    assert (sound.media_type, sound.name) == ("audio/wav", f"voicefile0_{left}.wav")
    assert opened.messages(0, 1, deadline)[0].new is False

    opened.delete([left], deadline)
    opened.delete([left], deadline)  # gone already
    assert left not in [message.id for message in opened.messages(0, 100, deadline)]
    with pytest.raises(NotFound):
        opened.download(left, deadline)
    after = simulated.voicemail.open(LOGIN, mailbox.id, password, deadline).info
    assert (after.messages, after.new) == (opened.info.messages - 1, opened.info.new - 1)


def test_messages_come_page_by_page(
    simulated: O2G, world: httpx.Client, mailbox: Mailbox, password: str, deadline: Deadline
) -> None:
    for _ in range(5):
        leave(world, caller="70001", seconds=1)
    opened = simulated.voicemail.open(LOGIN, mailbox.id, password, deadline)
    everything = opened.messages(0, 100, deadline)
    assert len(everything) == opened.info.messages
    assert opened.messages(2, 2, deadline) == everything[2:4]
    assert opened.messages(len(everything), 2, deadline) == ()


def test_what_was_heard_is_deleted_and_new_messages_stay(
    simulated: O2G, world: httpx.Client, mailbox: Mailbox, password: str, deadline: Deadline
) -> None:
    new, heard = leave(world, caller="70001", seconds=1), leave(world, caller="70002", seconds=1)
    opened = simulated.voicemail.open(LOGIN, mailbox.id, password, deadline)
    opened.download(heard, deadline)
    assert heard in opened.heard(deadline)
    opened.delete(opened.heard(deadline), deadline)
    rest = opened.messages(0, 100, deadline)
    assert new in [message.id for message in rest]
    assert all(message.new for message in rest)
    opened.delete_all(deadline)
    assert opened.messages(0, 1, deadline) == ()


def test_a_wrong_password_and_the_users_own(
    simulated: O2G, mailbox: Mailbox, password: str, deadline: Deadline
) -> None:
    with pytest.raises(WrongPassword):
        simulated.voicemail.open(LOGIN, mailbox.id, "0" * 9, deadline)
    own = simulated.voicemail.open(LOGIN, mailbox.id, None, deadline)  # of this user both are the same
    assert own.messages(0, 1, deadline) is not None
    with pytest.raises(NotFound):
        simulated.voicemail.open("oxe70000", mailbox.id, password, deadline)  # another user's


def test_a_lost_session_closes_the_mailbox(
    simulated: O2G, world: httpx.Client, mailbox: Mailbox, password: str, deadline: Deadline
) -> None:
    opened = simulated.voicemail.open(LOGIN, mailbox.id, password, deadline)
    world.delete("/sessions").raise_for_status()
    with pytest.raises(SessionLost):
        opened.messages(0, 1, deadline)
    again = simulated.voicemail.opened(LOGIN, mailbox.id, password, deadline)
    assert len(again.messages(0, 1, deadline)) <= 1
