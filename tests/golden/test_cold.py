"""The first screen that a user opens after a start, when nothing is known of them yet."""

from collections.abc import Iterator

import pytest

from services.deadline import Deadline
from tests.golden import calls
from tests.golden.house import GoldenHouse, golden_house
from tests.walks import WALKS, users_of

IDENTITY = {"GET /users", "GET /users/{loginName}", "GET /users/{loginName}/preferences"}
IDENTITY_IN_A_ROW = 2
TRIES = (
    3  # a busy machine makes calls side by side look like one after the other, and O2G is asked for its operators once
)
USERS = {application: users_of(application)["large_colour"] for application in WALKS}


def cold(house: GoldenHouse, application: str, number: str) -> tuple[int, int]:
    """Open an application as its first user does; how many calls in a row tell who that is, and how many follow."""
    house.o2g.users.forget(f"oxe{number}")
    house.o2g.agents._forget(f"oxe{number}")
    answer = house.client.get(f"/phone/{application}", params={"number": number})
    assert answer.status_code == 200
    made = sorted(house.recorder.pending, key=lambda call: call[1])
    first = next((index for index, (operation, *_) in enumerate(made) if operation not in IDENTITY), len(made))
    return tuple(calls.visited("/phone/", part).in_a_row for part in (made[:first], made[first:]))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def house() -> Iterator[GoldenHouse]:
    with golden_house() as running:
        yield running


@pytest.mark.parametrize("application", WALKS)
def test_a_first_screen_asks_two_in_a_row_once_its_user_is_known(house: GoldenHouse, application: str) -> None:
    measured = [cold(house, application, USERS[application]) for _ in range(TRIES)]
    assert max(identity for identity, _ in measured) == IDENTITY_IN_A_ROW
    assert min(after for _, after in measured) <= calls.MOST_IN_A_ROW, measured


def test_a_withdrawn_agents_first_screen_too(house: GoldenHouse) -> None:
    number = users_of("agent")["large"]
    house.simulator.set_agent(number, subState="WITHDRAW", pgNumber="61001", withdrawReason=3)
    measured = [cold(house, "agent", number) for _ in range(TRIES)]
    assert min(after for _, after in measured) <= calls.MOST_IN_A_ROW, measured


def test_a_user_who_is_known_is_not_asked_for_again(house: GoldenHouse) -> None:
    number = USERS["forwarding"]
    house.o2g.users.by_number(number, Deadline.after(5))
    house.o2g.users.language(f"oxe{number}", Deadline.after(5))
    house.client.get("/phone/forwarding", params={"number": number})
    assert not IDENTITY & {operation for operation, *_ in house.recorder.pending}
