from contextlib import suppress

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from prs.dialect import load_dialect
from prs.errors import InputRefused, NumberMissing, PhoneError, TooLarge
from prs.request import Fields, PhoneRequest, RequestReader
from tests.prs.hostile import TEXT

READER = RequestReader(load_dialect("noe"))
APP = Flask("reading")


def read(**query: str) -> PhoneRequest:
    with APP.test_request_context("/phone/", query_string=query):
        return READER.read(request)


def entered(form: dict[str, str]) -> Fields:
    with APP.test_request_context("/phone/", data=form, method="POST"):
        return READER.fields(request)


def test_a_request_says_whose_phone_asks() -> None:
    asked = read(number="70000", set="70001", link="t", digits="68*")
    assert (asked.number, asked.device, asked.token, asked.digits) == ("70000", "70001", "t", "68*")


def test_parameters_that_we_do_not_know_do_no_harm() -> None:
    assert read(number="70000", skin="dark", index="7").number == "70000"


@pytest.mark.parametrize("number", ["", "7000a", "70 00", "+3370000", "70000\n", "٧٠٠٠٠", "7" * 21, "#70000"])
def test_a_number_that_is_no_directory_number_is_refused(number: str) -> None:
    with pytest.raises(NumberMissing):
        read(number=number)


def test_digits_are_digits() -> None:
    with pytest.raises(InputRefused):
        read(number="70000", digits="6a")


def test_a_set_is_named_as_o2g_names_sets() -> None:
    with pytest.raises(InputRefused):
        read(number="70000", set="../x")


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(TooLarge):
        entered({f"f{n}": "x" for n in range(41)})


def test_a_field_that_is_too_long_is_refused_and_can_be_shown_again_cut() -> None:
    fields = entered({"name": "x" * 41})
    with pytest.raises(TooLarge):
        fields.text("name", 40)
    assert fields.cut("name", 40) == "x" * 40
    assert entered({"name": f"  {'x' * 40}  "}).text("name", 40) == "x" * 40


@pytest.mark.parametrize("nothing", ["", "   ", "\x00\x01", "\u200b", "\t\n"])
def test_what_cannot_be_seen_was_not_entered(nothing: str) -> None:
    assert entered({"name": nothing}).text("name", 40) == ""


@given(TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=5))
def test_whatever_is_sent_is_read_or_refused_with_a_screen(
    number: str, device: str, digits: str, form: dict[str, str]
) -> None:
    with suppress(PhoneError):
        fields = entered(form)
        assert all(len(fields.cut(name, 40)) <= 40 for name in form)
        asked = read(number=number, set=device, digits=digits)
        assert asked.number.isascii()
        assert asked.number.isdigit()
