"""A user arranges the menu: moves, hides, takes the administrator's order again; on every family of sets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.o2g.process import simulated_o2g
from store.registry import MenuOrders
from tests.phone import Phone
from tests.registry_house import RegistryHouse, registry_house
from tests.walks import FAMILIES


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryHouse]:
    with simulated_o2g(users=60) as o2g, registry_house(tmp_path_factory.mktemp("house"), o2g) as running:
        yield running


@pytest.fixture(params=sorted(FAMILIES))
def phone(house: RegistryHouse, request: pytest.FixtureRequest) -> Iterator[Phone]:
    number = FAMILIES[str(request.param)]
    yield house.phone(number)
    MenuOrders(house.store).forget(f"oxe{number}")


def menu(phone: Phone) -> list[str]:
    return [item.label for item in phone.open().items if item.href]


def arrange(phone: Phone, label: str) -> None:
    """Open the menu's arrangement, and the page of one application; small sets have it on a later page."""
    phone.open()
    phone.press("Arrange")
    while not any(item.label.startswith(label) for item in phone.screen.items):
        phone.right()
    phone.choose(next(item.label for item in phone.screen.items if item.label.startswith(label)))


def test_an_application_moves_up_and_down(phone: Phone) -> None:
    before = menu(phone)
    arrange(phone, before[1])
    phone.choose("Up")
    assert menu(phone) == [before[1], before[0], *before[2:]]
    arrange(phone, before[1])
    phone.choose("Down")
    phone.choose("Down")
    assert menu(phone) == [before[0], before[2], before[1], *before[3:]]


def test_the_first_cannot_move_up_and_the_last_not_down(phone: Phone) -> None:
    names = menu(phone)
    arrange(phone, names[0])
    assert [item.label for item in phone.screen.choices if item.label in {"Up", "Down"}] == ["Down"]
    arrange(phone, names[-1])
    assert [item.label for item in phone.screen.choices if item.label in {"Up", "Down"}] == ["Up"]


def test_an_application_is_hidden_and_shown_again(phone: Phone) -> None:
    before = menu(phone)
    arrange(phone, before[0])
    phone.choose("Hide")
    assert menu(phone) == before[1:]
    arrange(phone, before[0])
    phone.choose("Show")
    assert menu(phone) == before


def test_who_hides_everything_is_told_and_can_undo_it(phone: Phone) -> None:
    before = menu(phone)
    for label in before:
        arrange(phone, label)
        phone.choose("Hide")
    assert menu(phone) == []
    assert "You have hidden all of it." in phone.screen.text
    phone.press("Arrange")
    phone.press("Reset")
    assert menu(phone) == before


def test_one_users_order_is_not_anothers(house: RegistryHouse, phone: Phone) -> None:
    other = house.phone("70004")
    before = menu(other)
    arrange(phone, menu(phone)[0])
    phone.choose("Hide")
    assert menu(other) == before


def test_what_is_registered_later_comes_behind_what_the_user_placed(house: RegistryHouse, phone: Phone) -> None:
    arrange(phone, menu(phone)[1])
    phone.choose("Up")
    house.change("this_set", order=1)
    house.register(id="outside", kind="external", order=0, names={"en": "Aa"}, external={"url": "https://x.example/"})
    try:
        assert menu(phone)[-1] == "Aa"
    finally:
        house.forget("outside")
        house.change("this_set", order=80)


def test_an_application_that_was_taken_away_meanwhile_is_no_page(house: RegistryHouse, phone: Phone) -> None:
    house.register(id="outside", kind="external", order=0, names={"en": "Aa"}, external={"url": "https://x.example/"})
    arrange(phone, "Aa")
    house.forget("outside")
    phone.choose("Hide")
    assert (phone.status, "P5" in phone.screen.text) == (404, True)


def test_the_order_survives_a_new_start(tmp_path: Path) -> None:
    with simulated_o2g(users=60) as o2g:
        with registry_house(tmp_path, o2g) as house:
            phone = house.phone("70000")
            before = menu(phone)
            arrange(phone, before[0])
            phone.choose("Hide")
        with registry_house(tmp_path, o2g) as house:
            assert menu(house.phone("70000")) == before[1:]
