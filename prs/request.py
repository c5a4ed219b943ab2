"""Reading a request of the presentation server, as the dialect says, believing nothing of it."""

import re
from dataclasses import dataclass, field

from flask import Request

from prs.dialect import Carrier, Dialect, Place
from prs.errors import InputRefused, NumberMissing, TooLarge
from prs.text import clean

DIRECTORY_NUMBER = re.compile(r"[0-9]{1,20}")  # O2G follows only numbers of digits (LIMITS L11)
DEVICE = re.compile(r"[0-9A-Za-z._-]{1,40}")
DIGITS = re.compile(r"[0-9*#]{0,64}")
FIELD_CHARACTERS = 2_000
FIELDS = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """What was entered in a form, passwords among it; everything in it is hostile until read through here."""

    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def text(self, name: str, longest: int) -> str:
        """Give a field's text, cleaned; a field that was not sent, or holds nothing that can be seen, is empty.

        Raises:
            TooLarge: it is longer than `longest` characters.
        """
        value = clean(next((value for key, value in self.values if key == name), ""))
        if len(value) > longest:
            raise TooLarge
        return value

    def cut(self, name: str, longest: int) -> str:
        """Give the beginning of a field's text, to show it again in a form that was refused."""
        return clean(next((value for key, value in self.values if key == name), ""))[:longest]


@dataclass(frozen=True, slots=True)
class PhoneRequest:
    """What a phone asks for.

    Attributes:
        number: directory number of the phone's user, digits only.
        device: the user's set as O2G names it; empty where the request does not say.
        token: the signed link; None where the address has none.
        digits: what was keyed on a screen that listens to the keypad.
    """

    number: str
    device: str
    token: str | None
    digits: str


class RequestReader:
    """Reads requests by the names of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        """Take the dialect whose names requests use."""
        self._names = dialect.request

    def secret(self, request: Request) -> str | None:
        """Give the shared secret that the request carries; the first thing read, before anything is believed."""
        return _value(request, self._names.secret)

    def names_somebody(self, request: Request) -> bool:
        """Tell whether the request says whose phone it is for."""
        return _value(request, self._names.number) is not None

    def read(self, request: Request) -> PhoneRequest:
        """Read the rest.

        Raises:
            NumberMissing: no directory number, or no digits.
            InputRefused: a parameter is not of its kind.
        """
        number = _value(request, self._names.number) or ""
        if not DIRECTORY_NUMBER.fullmatch(number):
            raise NumberMissing
        device = _value(request, self._names.device) or ""
        if device and not DEVICE.fullmatch(device):
            raise InputRefused
        digits = _value(request, self._names.digits) or ""
        if not DIGITS.fullmatch(digits):
            raise InputRefused
        return PhoneRequest(
            number=number,
            device=device,
            token=_value(request, self._names.link),
            digits=digits,
        )

    def fields(self, request: Request) -> Fields:
        """Read what was entered in a form; once the user is known, so that a refusal speaks the user's language.

        Raises:
            TooLarge: a form of more fields or longer ones than any screen has.
        """
        values = tuple(request.form.items())
        if len(values) > FIELDS or any(len(value) > FIELD_CHARACTERS for _, value in values):
            raise TooLarge
        return Fields(values)


def _value(request: Request, carrier: Carrier) -> str | None:
    if carrier.place is Place.HEADER:
        return request.headers.get(carrier.name)
    return request.args.get(carrier.name)
