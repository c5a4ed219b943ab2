"""The licence file's expiration: told daily around it, as the clock is moved; shown in the state of the system."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from simulators.o2g.process import DidNotStart, RunningO2G, simulated_o2g
from simulators.o2g.rules.licence_expiry import expiry_event
from tests.simulators.o2g import contract
from tests.simulators.o2g.clients import session
from tests.simulators.o2g.conftest import ListenTo

HALF_A_DAY = 43_200
EXPIRES = date(2031, 3, 5)
TOLD = "OnLicenseExpiration"


def dates(o2g: RunningO2G) -> set[str]:
    with session(o2g, o2g.login, o2g.password) as admin:
        return {lic["expiration"] for lic in admin.get("/system/status").json()["license"]["lics"]}


@pytest.fixture(scope="module")
def soon() -> Iterator[RunningO2G]:
    """Its licences expire in 32 days, so that the first day of which something is told is the second from now."""
    expires = datetime.now(UTC).date() + timedelta(days=32)
    with simulated_o2g(users=60, options=("--licences-expire", expires.isoformat())) as running:
        yield running


@pytest.fixture
def o2g(soon: RunningO2G) -> RunningO2G:
    """Its time is moved."""
    return soon


def pass_days(client: httpx.Client, control: httpx.Client, days: int) -> None:
    """Move the clock, keeping a session of a day's length alive."""
    for _ in range(days * 2):
        control.post("/clock", json={"seconds": HALF_A_DAY}).raise_for_status()
        assert client.post("/sessions/keepalive").is_success


def test_L52_the_expiration_is_told_daily_from_30_days_before_to_20_days_after(
    o2g: RunningO2G, control: httpx.Client, listen: ListenTo
) -> None:
    with session(o2g, o2g.login, o2g.password, timeToLive=86_400) as admin, listen(admin, "system") as channel:
        pass_days(admin, control, 55)
        control.post("/events", json={"event": {"eventName": "OnPbxLoaded", "nodeId": "1"}}).raise_for_status()
        channel.wait_for("OnPbxLoaded")
        assert [event["nbDays"] for event in channel.named(TOLD)] == list(range(30, -21, -1))


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2031, 2, 2), None),  # 31 before
        (date(2031, 2, 3), 30),
        (date(2031, 3, 4), 1),
        (date(2031, 3, 5), 0),
        (date(2031, 3, 6), -1),
        (date(2031, 3, 25), -20),
        (date(2031, 3, 26), None),
    ],
)
def test_L52_days_count_down_to_the_expiration_and_below_0_after_it(day: date, left: int | None) -> None:
    event = expiry_event(EXPIRES, day)
    assert (event and event["nbDays"]) == left
    assert event is None or not contract.faults_of_event(event)


def test_L52_the_date_is_shown_with_each_licence() -> None:
    with simulated_o2g(users=60, options=("--licences-expire", EXPIRES.isoformat())) as running:
        assert dates(running) == {"05-mar-2031"}


def test_licences_expire_at_the_end_of_the_second_year_unless_told_and_whenever_restarted() -> None:
    with simulated_o2g(users=60) as running, httpx.Client(base_url=running.control, timeout=30) as control:
        before = dates(running)
        assert before == {f"31-dec-{datetime.now(UTC).year + 2}"}
        for _ in range(4):
            control.post("/clock", json={"seconds": 92 * 86_400}).raise_for_status()  # into another year
        control.post("/restart").raise_for_status()
        assert dates(running) == before


def test_an_expiration_that_is_no_date_is_refused() -> None:
    with pytest.raises(DidNotStart, match="licences-expire"), simulated_o2g(options=("--licences-expire", "soon")):
        pass
