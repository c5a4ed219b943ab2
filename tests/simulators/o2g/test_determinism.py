"""The same seed gives the same world, in another process and asked in another order; another seed gives another."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import session

USERS = 300
ASKED = 40  # people looked at closely
CAST = 30  # at most; the same in every world
DATES = frozenset({"date", "beginDate", "convDate", "endDate"})  # a world begins when its process does

World = dict[str, Any]
Look = Callable[[httpx.Client, str], Any]


def timeless(data: Any) -> Any:
    """Leave out when things were."""
    if isinstance(data, dict):
        return {name: timeless(value) for name, value in data.items() if name not in DATES}
    return [timeless(value) for value in data] if isinstance(data, list) else data


def of_user(path: str) -> Look:
    """Read something of a user."""

    def look(admin: httpx.Client, login: str) -> Any:
        answer = admin.get(path.format(login=login), params={"loginName": login})
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return timeless(answer.json())

    return look


def messages(admin: httpx.Client, login: str) -> Any:
    """Read a user's mailboxes, with a fingerprint of the newest message's sound."""
    found = []
    about = {"loginName": login}
    for mailbox in admin.get("/messaging/mailboxes", params=about).raise_for_status().json()["mailboxes"]:
        path = f"/messaging/mailboxes/{mailbox['id']}"
        if admin.post(path, params={**about, "withUserPwd": ""}).status_code >= 400:
            continue
        listed = admin.get(f"{path}/voicemails", params=about).raise_for_status().json()["voicemails"]
        sound = b""
        if listed:
            url = f"{path}/voicemails/{listed[0]['voicemailId']}"
            sound = admin.get(url, params=about).raise_for_status().content
        found.append({"messages": timeless(listed), "sound": hashlib.sha256(sound).hexdigest()})
    return found


LOOKS: dict[str, Look] = {
    "counters": of_user("/eventSummary"),
    "routing": of_user("/routing/state"),
    "log": of_user("/comlog/records"),
    "callbacks": of_user("/telephony/incomingCallbacks"),
    "record": of_user("/users/{login}"),
    "messages": messages,  # last: who hears a message has read it
}


def survey(o2g: RunningO2G, *, backwards: bool) -> World:
    """Look at much of a world; `backwards`: the last people first."""
    with (
        httpx.Client(base_url=o2g.control, timeout=30) as control,
        session(o2g, o2g.login, o2g.password) as admin,
    ):
        people = control.get("/people", params={"limit": USERS}).json()["people"]
        logins = [person["loginName"] for person in people[CAST : CAST + ASKED]]
        world: World = {"people": people, "groups": control.get("/processingGroups").json()}
        for login in reversed(logins) if backwards else logins:
            for name, look in LOOKS.items():
                world.setdefault(name, {})[login] = look(admin, login)
        world["agents"] = control.get("/agents", params={"limit": USERS}).json()["agents"]
    return world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with simulated_o2g(users=USERS, seed=5) as o2g:
        yield survey(o2g, backwards=False)


@pytest.fixture(scope="module")
def same_seed() -> Iterator[World]:
    with simulated_o2g(users=USERS, seed=5) as o2g:
        yield survey(o2g, backwards=True)


@pytest.fixture(scope="module")
def other_seed() -> Iterator[World]:
    with simulated_o2g(users=USERS, seed=6) as o2g:
        yield survey(o2g, backwards=False)


PARTS = ["people", "agents", "groups", *sorted(LOOKS)]
SEEDED = [part for part in PARTS if part != "groups"]


@pytest.mark.parametrize("part", PARTS)
def test_the_same_seed_gives_the_same_world(world: World, same_seed: World, part: str) -> None:
    assert world[part]
    assert same_seed[part] == world[part]


@pytest.mark.parametrize("part", SEEDED)
def test_another_seed_gives_another_world(world: World, other_seed: World, part: str) -> None:
    assert other_seed[part] != world[part]


def test_the_cast_is_the_same_in_every_world(world: World, other_seed: World) -> None:
    def cast(of: World) -> list[Any]:
        return [{**person, "secret": None} for person in of["people"][:10]]

    assert cast(world) == cast(other_seed)
    assert [a for a in world["agents"] if a["number"] < "70010"] == [
        a for a in other_seed["agents"] if a["number"] < "70010"
    ]
