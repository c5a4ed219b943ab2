"""What was typed into a form that failed: kept for Retry, for its user only, sealed, and not for long."""

import pytest

from prs.errors import LinkExpired
from prs.links import ADDRESS_CHARACTERS, parted, with_kept
from prs.request import Fields
from prs_apps.typed import SECONDS, TypedFields
from store.sealed import Sealed
from store.shared import InProcess

TYPED = Fields((("password", "4711"), ("text", "Größe 🙂")))


def test_what_was_typed_comes_back_to_its_user_only_and_not_for_long() -> None:
    now = [0.0]
    typed = TypedFields(Sealed(InProcess(lambda: now[0]), ["k" * 32]))
    name = "name-1"
    assert typed.keep("70000", name, TYPED)
    assert typed.of("70000", name) == TYPED
    with pytest.raises(LinkExpired):
        typed.of("70001", name)
    with pytest.raises(LinkExpired):
        typed.of("70000", "name-2")
    now[0] = SECONDS
    with pytest.raises(LinkExpired):
        typed.of("70000", name)


def test_what_is_longer_than_any_form_takes_is_not_kept() -> None:
    assert not TypedFields(Sealed(InProcess(), ["k" * 32])).keep("70000", "name-1", Fields((("text", "x" * 4000),)))


def test_an_address_carries_the_name_under_which_it_is_kept() -> None:
    address = with_kept("https://phones.example/phone/a/b?link=signed.token", "name-1")
    assert parted(address.partition("link=")[2]) == ("signed.token", "name-1")
    assert parted("signed.token") == ("signed.token", "")
    assert (parted(None), parted("")) == ((None, ""), ("", ""))
    full = "https://phones.example/phone/a/b?link=" + "x" * ADDRESS_CHARACTERS
    assert with_kept(full[:ADDRESS_CHARACTERS], "name-1") == ""
