"""The label of a set's key in letters that the set does not have: what O2G keeps, beside what the set shows."""

from collections.abc import Iterator

import pytest

from services.deadline import Deadline
from services.own_set import OwnSet
from services.set_keys import SetKey
from tests.golden.house import GoldenHouse, golden_house
from tests.phone import Phone

POSITION = 7


@pytest.fixture(scope="module")
def inside() -> Iterator[GoldenHouse]:
    with golden_house() as running:
        yield running


def key_of(inside: GoldenHouse, number: str) -> SetKey:
    keys = inside.o2g.set_keys.programmable(own(number), Deadline.after(5))
    return next(key for key in keys if key.position == POSITION)


def own(number: str) -> OwnSet:
    return OwnSet(f"oxe{number}", number)


@pytest.fixture(params=["70000", "70002", "70003"])
def user(request: pytest.FixtureRequest, inside: GoldenHouse) -> Phone:
    """A user of each family of sets that has letters, whose key is labelled 王伟; they look at it."""
    wei = SetKey(POSITION, "70019", "王伟", locked=False)
    inside.o2g.set_keys.set_programmable(own(request.param), wei, Deadline.after(5))
    user = Phone(inside.client, request.param)
    user.open("this_set")
    user.choose("Programmed keys")
    user.choose(next(item.label for item in user.screen.items if item.detail == f"key {POSITION}"))
    return user


def test_a_label_that_the_set_spells_in_its_own_letters_stays_when_the_number_changes(
    user: Phone, inside: GoldenHouse
) -> None:
    assert user.screen.fields[1].value in ("王伟", "WangWei")
    user.type_text("Number", "70018")
    user.send()
    changed = key_of(inside, user.number)
    assert (changed.number, changed.mnemonic) == ("70018", "王伟")


def test_a_label_that_the_set_spells_stays_when_the_number_was_wrong_first(user: Phone, inside: GoldenHouse) -> None:
    user.type_text("Number", "abc")
    user.send()
    assert user.status == 400
    user.type_text("Number", "70018")
    user.send()
    assert key_of(inside, user.number).mnemonic == "王伟"


def test_a_label_that_is_written_anew_is_what_was_written(user: Phone, inside: GoldenHouse) -> None:
    user.type_text("Label", "Wei")
    user.send()
    assert key_of(inside, user.number).mnemonic == "Wei"
