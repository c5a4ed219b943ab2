"""Numbers that a person gives and O2G is to call, forward to or write to."""

import re

from services.errors import BadParameter

DIALABLE = re.compile(r"[+]?[0-9A-D*#() ]{1,49}")  # L12
DIGITS = re.compile(r"[0-9]{1,32}", re.ASCII)


def dialable(number: str) -> str:
    """Give a number without spaces around it.

    Raises:
        BadParameter: this cannot be one: digits, `+ * # A-D ( )` and spaces, at most 49 characters (L12).
    """
    number = number.strip()
    if not DIALABLE.fullmatch(number):
        raise BadParameter("this number cannot be called")
    return number
