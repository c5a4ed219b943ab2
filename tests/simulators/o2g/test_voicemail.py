"""Voicemail: opened with a password, listed, listened to, emptied; counters and events follow."""

import io
import wave

import httpx
import pytest

from tests.simulators.o2g.clients import Json
from tests.simulators.o2g.conftest import ListenTo, UserOf

FRANCOIS = "70006"


def opened(control: httpx.Client, client: httpx.Client, number: str) -> tuple[str, Json]:
    """Open a mailbox; give its path and what opening told."""
    box = control.get(f"/users/{number}/mailbox").raise_for_status().json()
    path = f"/messaging/mailboxes/{box['id']}"
    return path, client.post(path, json={"password": box["password"]}).raise_for_status().json()


def leave(control: httpx.Client, number: str, **message: object) -> str:
    left = control.post(f"/users/{number}/mailbox/messages", json=message).raise_for_status().json()
    return str(left["voicemailId"])


def listed(client: httpx.Client, path: str, **params: object) -> list[str]:
    body = client.get(f"{path}/voicemails", params={k: str(v) for k, v in params.items()}).raise_for_status().json()
    return [message["voicemailId"] for message in body["voicemails"]]


def unread(client: httpx.Client) -> int:
    count: int = client.get("/eventSummary").json()["voiceMessagesNb"]
    return count


def test_a_message_is_left_read_and_deleted(user: UserOf, control: httpx.Client, listen: ListenTo) -> None:
    francois = user(FRANCOIS)
    path, info = opened(control, francois, FRANCOIS)
    assert info["newVoiceMsg"] == unread(francois)
    with listen(francois, "eventSummary", ids=["oxe70006"]) as channel:
        left = leave(control, FRANCOIS, caller="70000", seconds=3, urgent=True)
        told = channel.wait_for("OnEventSummaryUpdated")
        assert told["eventSummary"]["voiceMessagesNb"] == info["newVoiceMsg"] + 1
        message = francois.get(f"{path}/voicemails").json()["voicemails"][0]
        assert (message["voicemailId"], message["duration"], message["unread"], message["highPriority"]) == (
            left, 3, True, True,
        )  # fmt: skip
        assert message["from"]["id"] == {"loginName": "oxe70000", "phoneNumber": "70000"}
        francois.get(f"{path}/voicemails/{left}").raise_for_status()
        assert unread(francois) == info["newVoiceMsg"]
        assert francois.delete(f"{path}/voicemails/{left}").status_code == 204
        channel.wait_until(lambda: channel.named("OnEventSummaryUpdated")[2:], "left, read, deleted")
    assert left not in listed(francois, path)
    assert francois.delete(f"{path}/voicemails/{left}").status_code == 204


def test_the_sound_is_a_wav_file_of_that_length(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    sounds = []
    for seconds in (2, 5):
        answer = francois.get(f"{path}/voicemails/{leave(control, FRANCOIS, seconds=seconds)}")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        with wave.open(io.BytesIO(answer.content)) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (1, 8000)
            assert sound.getnframes() == seconds * 8000
            sounds.append(sound.readframes(8000))
    assert sounds[0] != sounds[1]
    assert any(sounds[0])


def test_B48_a_part_is_given_and_marks_the_message_read(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    left = leave(control, FRANCOIS)
    before = unread(francois)
    part = francois.get(f"{path}/voicemails/{left}", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"RI")
    assert unread(francois) == before - 1
    whole = francois.get(f"{path}/voicemails/{left}").content
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(whole)}"
    end = francois.get(f"{path}/voicemails/{left}", headers={"Range": "bytes=-10"})
    assert (end.status_code, end.content) == (206, whole[-10:])
    rest = francois.get(f"{path}/voicemails/{left}", headers={"Range": f"bytes={len(whole) - 4}-"})
    assert rest.content == whole[-4:]
    assert francois.get(f"{path}/voicemails/{left}", headers={"Range": "bytes=99999999-"}).status_code == 400
    endless = {"Range": f"bytes={'9' * 5000}-"}
    assert francois.get(f"{path}/voicemails/{left}", headers=endless).content == whole
    assert francois.get(f"{path}/voicemails/{left}", headers={"Range": "lines=1-2"}).content == whole


def test_L134_a_list_is_cut_by_offset_limit_and_new_only(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    for _ in range(3):
        leave(control, FRANCOIS, seconds=1)
    everything = listed(francois, path)
    assert listed(francois, path, offset=1, limit=2) == everything[1:3]
    assert listed(francois, path, limit=-1) == everything
    assert listed(francois, path, offset=len(everything)) == []
    francois.get(f"{path}/voicemails/{everything[1]}").raise_for_status()
    assert everything[1] not in listed(francois, path, newOnly="true")
    assert everything[0] in listed(francois, path, newOnly="true")
    for wrong in ({"offset": -1}, {"limit": -2}, {"limit": "x"}, {"newOnly": "maybe"}):
        answer = francois.get(f"{path}/voicemails", params={k: str(v) for k, v in wrong.items()})
        assert answer.status_code == 400, wrong


@pytest.mark.parametrize("separator", [",", ";"])
def test_B32_several_are_deleted(user: UserOf, control: httpx.Client, separator: str) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    left = [leave(control, FRANCOIS, seconds=1) for _ in range(3)]
    ids = separator.join([left[0], left[2], "999999"])
    assert francois.delete(f"{path}/voicemails", params={"msgIds": ids}).status_code == 204
    there = listed(francois, path)
    assert [message in there for message in left] == [False, True, False]


def test_L135_without_ids_all_are_deleted(user: UserOf, control: httpx.Client) -> None:
    ella = user("70004")
    path, _ = opened(control, ella, "70004")
    leave(control, "70004")
    assert ella.delete(f"{path}/voicemails").status_code == 204
    assert listed(ella, path) == []
    assert unread(ella) == 0
    assert opened(control, ella, "70004")[1] == {"totalVoiceMsg": 0, "newVoiceMsg": 0, "storageUsage": 0}


def test_a_full_mailbox_takes_nothing(user: UserOf, control: httpx.Client) -> None:
    david = user("70003")
    path, _ = opened(control, david, "70003")
    david.delete(f"{path}/voicemails").raise_for_status()
    for _ in range(10):
        leave(control, "70003", seconds=60)
    assert opened(control, david, "70003")[1]["storageUsage"] == 100
    assert control.post("/users/70003/mailbox/messages", json={}).status_code == 409
    david.delete(f"{path}/voicemails").raise_for_status()


def test_L62_a_mailbox_is_opened_in_each_session(user: UserOf, control: httpx.Client) -> None:
    one, other = user(FRANCOIS), user(FRANCOIS)
    path, _ = opened(control, one, FRANCOIS)
    assert one.get(f"{path}/voicemails").status_code == 200
    for refused in (
        other.get(f"{path}/voicemails"), other.delete(f"{path}/voicemails"), other.get(f"{path}/voicemails/1"),
        other.delete(f"{path}/voicemails/1"),
    ):  # fmt: skip
        assert (refused.status_code, refused.json()["type"]) == (403, "NOT_EXPECTED")


def test_L62_a_wrong_password_opens_nothing(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path = f"/messaging/mailboxes/{control.get(f'/users/{FRANCOIS}/mailbox').json()['id']}"
    assert francois.post(path, json={"password": "wrong"}).status_code == 403
    assert francois.post(path, json={}).status_code == 400
    assert francois.get(f"{path}/voicemails").status_code == 403
    anna = control.get("/users/70000/mailbox").json()
    assert francois.post(f"/messaging/mailboxes/{anna['id']}", json={"password": anna["password"]}).status_code == 400


@pytest.mark.parametrize("query", ["?withUserPwd", "?withUserPwd=", "?withUserPwd=true"])
def test_B49_the_users_password_opens_when_it_is_the_same(user: UserOf, control: httpx.Client, query: str) -> None:
    ben = user("70001")
    path = f"/messaging/mailboxes/{control.get('/users/70001/mailbox').json()['id']}"
    assert ben.post(path + query, headers={"Content-Type": "application/json"}).status_code == 200
    control.put("/users/70001/mailbox", json={"password": "9999x"}).raise_for_status()
    assert ben.post(path + query).status_code == 403
    control.put("/users/70001/mailbox", json={"password": None}).raise_for_status()


@pytest.mark.parametrize("number", ["70012", "70026", "70027"])
def test_L133_only_a_4645_can_be_read(admin: httpx.Client, number: str) -> None:
    assert admin.get("/messaging/mailboxes", params={"loginName": f"oxe{number}"}).json() == {"mailboxes": []}


def test_L63_the_mailbox_is_found_by_its_user(user: UserOf, control: httpx.Client) -> None:
    (box,) = user(FRANCOIS).get("/messaging/mailboxes").json()["mailboxes"]
    assert (box["id"], box["name"]) == (control.get(f"/users/{FRANCOIS}/mailbox").json()["id"], "Embedded")
    assert box["capabilities"]["getMessages"] is True


def test_A85_no_ids_is_not_an_empty_list_of_ids(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    left = leave(control, FRANCOIS, seconds=1)
    assert francois.delete(f"{path}/voicemails?msgIds=").status_code == 204
    assert left in listed(francois, path)


def test_an_administrator_opens_a_users_mailbox(admin: httpx.Client, control: httpx.Client) -> None:
    box = control.get("/users/70005/mailbox").json()
    who = {"loginName": "oxe70005"}
    path = f"/messaging/mailboxes/{box['id']}"
    assert admin.post(path, params=who, json={"password": box["password"]}).status_code == 200
    ids = [m["voicemailId"] for m in admin.get(f"{path}/voicemails", params=who).json()["voicemails"]]
    assert ids == [message["id"] for message in box["messages"]]


def test_A83_capabilities_are_the_documented_ones(user: UserOf) -> None:
    (box,) = user(FRANCOIS).get("/messaging/mailboxes").json()["mailboxes"]
    assert {name for name, can in box["capabilities"].items() if can} == {
        "listMessages", "getMessages", "getRecord", "resume", "send", "events",
    }  # fmt: skip
    assert len(box["capabilities"]) == 13


def test_A84_the_name_of_the_sound_tells_what_it_is(user: UserOf, control: httpx.Client) -> None:
    francois = user(FRANCOIS)
    path, _ = opened(control, francois, FRANCOIS)
    answer = francois.get(f"{path}/voicemails/{leave(control, FRANCOIS, seconds=1)}")
    assert answer.headers["Content-Disposition"].endswith(".wav")
    assert answer.content[:4] + answer.content[8:12] == b"RIFFWAVE"
