"""Incidents that the options plan: each happens when its time has come, and not before."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from simulators.o2g.process import ROOT, RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import Channel, channel, session, subscribe, trusting, until

ANNA = "/users/oxe70000"
PLAN_SECONDS = 1000  # no test takes as long in real time, so that only the clock that it moves gets there


@contextmanager
def o2g_with(*incidents: dict[str, Any]) -> Iterator[tuple[RunningO2G, httpx.Client]]:
    """Run a simulator with these incidents; give it and its control interface."""
    options = ("--incidents", json.dumps(incidents))
    with simulated_o2g(users=20, options=options) as o2g, httpx.Client(base_url=o2g.control, timeout=30) as control:
        yield o2g, control


def move(control: httpx.Client, seconds: float) -> None:
    control.post("/clock", json={"seconds": seconds}).raise_for_status()


def accepts(o2g: RunningO2G) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", httpx.URL(o2g.url).port or 443)) == 0


def instance_is_second(o2g: RunningO2G) -> bool:
    root = httpx.get(f"{o2g.url}/api/rest", verify=trusting(o2g))
    return root.json()["serverInfo"]["haMode"] is True


def test_all_sessions_are_lost_at_their_time() -> None:
    with (
        o2g_with({"after": PLAN_SECONDS, "what": "sessions_lost"}) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
    ):
        move(control, PLAN_SECONDS / 2)
        assert admin.get(ANNA).status_code == 200
        move(control, PLAN_SECONDS / 2)
        assert admin.get(ANNA).json()["code"] == 1001
        assert control.get("/sessions").json() == {"sessions": [], "credentials": []}


def test_one_logins_sessions_are_lost_and_no_others() -> None:
    with (
        o2g_with({"after": PLAN_SECONDS, "what": "sessions_lost", "login": "oxe70001"}) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
        session(o2g, "oxe70001", control.get("/people/70001").json()["secret"]) as user,
    ):
        assert user.get("/eventSummary").status_code == 200
        move(control, PLAN_SECONDS)
        assert user.get("/eventSummary").json()["code"] == 1001
        assert admin.get(ANNA).status_code == 200


def test_channels_are_cut_at_their_time() -> None:
    with (
        o2g_with({"after": PLAN_SECONDS, "what": "channels_broken", "fault": "cut"}) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
    ):
        heard = Channel(subscribe(admin, "eventSummary")["publicPollingUrl"], trusting(o2g))
        heard.wait_for("OnChannelInformation")
        assert not heard.ended.is_set()
        move(control, PLAN_SECONDS)
        assert heard.ended.wait(5)
        heard.close()


def test_L101_a_link_goes_down_and_comes_up_at_their_times() -> None:
    down = {"after": PLAN_SECONDS, "what": "link_down", "node": "1"}
    up = {"after": PLAN_SECONDS + 100, "what": "link_up", "node": "1"}
    with (
        o2g_with(down, up) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
        channel(o2g, admin, "system", ids=[]) as heard,
    ):
        assert control.get("/cti-links/1").json() == {"up": True}
        move(control, PLAN_SECONDS)
        assert control.get("/cti-links/1").json() == {"up": False}
        assert control.get("/cti-links/2").json() == {"up": True}
        move(control, 31)
        heard.wait_for("OnCtiLinkDown", nodeId="1")
        move(control, 69)
        heard.wait_for("OnCtiLinkUp", nodeId="1")
        assert control.get("/cti-links/1").json() == {"up": True}


def test_a_restart_at_its_time_refuses_connections_and_logs_everybody_out() -> None:
    with (
        o2g_with({"after": PLAN_SECONDS, "what": "restart", "down_seconds": PLAN_SECONDS}) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
    ):
        assert admin.get(ANNA).status_code == 200
        move(control, PLAN_SECONDS)
        until(lambda: not accepts(o2g))
        move(control, PLAN_SECONDS)
        until(lambda: accepts(o2g))
        assert admin.get(ANNA).json()["code"] == 1001
        assert not instance_is_second(o2g)


def test_L156_a_second_instance_takes_over_at_its_time() -> None:
    with (
        o2g_with({"after": PLAN_SECONDS, "what": "switch_over", "down_seconds": PLAN_SECONDS}) as (o2g, control),
        session(o2g, o2g.login, o2g.password) as admin,
    ):
        assert not instance_is_second(o2g)
        move(control, PLAN_SECONDS)
        until(lambda: not accepts(o2g))
        move(control, PLAN_SECONDS)
        until(lambda: accepts(o2g))
        assert instance_is_second(o2g)
        assert admin.get(ANNA).json()["code"] == 1001


def test_an_incident_comes_by_itself_too() -> None:
    with o2g_with({"after": 0.2, "what": "link_down", "node": "7"}) as (_, control):
        until(lambda: control.get("/cti-links/7").json() == {"up": False})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "Invalid JSON"),
        ('{"after": 1, "what": "restart"}', "valid array"),
        ('[{"after": 1}]', "incident 1"),
        ('[{"after": 1, "what": "earthquake"}]', "incident 1"),
        ('[{"what": "restart"}]', "incident 1 (restart), after"),
        ('[{"after": -1, "what": "restart"}]', "incident 1 (restart), after"),
        ('[{"after": NaN, "what": "restart"}]', "incident 1 (restart), after"),
        ('[{"after": "1", "what": "restart"}]', "incident 1 (restart), after"),
        ('[{"after": 1, "what": "restart", "downSeconds": 3}]', "incident 1 (restart), downSeconds"),
        ('[{"after": 1, "what": "switch_over", "down_seconds": 86401}]', "incident 1 (switch_over), down_seconds"),
        ('[{"after": 1, "what": "link_down"}]', "incident 1 (link_down), node"),
        (
            '[{"after": 1, "what": "restart"}, {"after": 1, "what": "link_up", "node": "99"}]',
            "incident 2 (link_up), node",
        ),
        ('[{"after": 1, "what": "channels_broken", "fault": "melted"}]', "incident 1 (channels_broken), fault"),
        ('[{"after": 1, "what": "sessions_lost", "login": ""}]', "incident 1 (sessions_lost), login"),
    ],
)
def test_a_plan_that_cannot_be_understood_is_refused_readably(text: str, told: str) -> None:
    command = [sys.executable, "-m", "simulators.o2g", "--incidents", text]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    last = ended.stderr.splitlines()[-1]
    assert "argument --incidents: " in last
    assert told in last
    assert "Traceback" not in ended.stderr
