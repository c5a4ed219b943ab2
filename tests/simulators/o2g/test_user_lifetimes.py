"""What time does to users: the audit at midnight (a simulator of its own, whose clock is moved)."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g.clients import session
from tests.simulators.o2g.conftest import ListenTo


@pytest.fixture(scope="module")
def lonely_o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=40) as running:
        yield running


@pytest.fixture
def o2g(lonely_o2g: RunningO2G) -> RunningO2G:
    return lonely_o2g


def test_L81_a_deleted_user_comes_back_at_midnight(
    admin: httpx.Client, control: httpx.Client, listen: ListenTo
) -> None:
    record = admin.get("/users/oxe70020").json()
    made = admin.post("/usermanagement", json={"nodeId": 1, "deviceNumbers": [str(n) for n in range(69000, 69100)]})
    on_demand = made.json()["users"][0]["loginName"]
    with listen(admin, "userManagement") as channel:
        admin.delete("/usermanagement/oxe70020").raise_for_status()
        admin.delete(f"/usermanagement/{on_demand}").raise_for_status()
        # A session lives for 30 minutes, so that each step is shorter.
        for _ in range(24 * 3):
            control.post("/clock", json={"seconds": 1200}).raise_for_status()
            admin.post("/sessions/keepalive").raise_for_status()
        assert channel.wait_for("OnUserCreated")["user"] == record
        assert {e["user"]["loginName"] for e in channel.named("OnUserCreated")} == {"oxe70020"}
    assert admin.get("/users/oxe70020").json() == record
    assert on_demand not in admin.get("/logins").json()["loginNames"]


def test_L81_a_user_made_on_demand_is_gone_after_a_restart(o2g: RunningO2G, control: httpx.Client) -> None:
    with session(o2g, o2g.login, o2g.password) as before:
        body = {"nodeId": 1, "deviceNumbers": [str(n) for n in range(69000, 69100)]}
        made = before.post("/usermanagement", json=body).json()["users"][0]["loginName"]
        before.delete("/usermanagement/oxe70021").raise_for_status()
        control.post("/restart", json={"down_seconds": 0}).raise_for_status()
    with session(o2g, o2g.login, o2g.password) as after:
        logins = after.get("/logins").json()["loginNames"]
        assert made not in logins
        assert "oxe70021" in logins
