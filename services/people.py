"""People as O2G's phone book gives them, and how one asks for them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from services.border import MaybeText, Reading, Writing, many, one
from services.errors import BadParameter, O2GError

LIMIT = 100  # the most that O2G gives of one search (L122): as many may mean that there are more
TERM_CHARACTERS = 100
DIGITS = re.compile(r"[0-9]{1,32}")
# The format of the reference: "number to show"<number to dial>; the usual format is the number alone.
SHOWN_AND_DIALLED = re.compile(r'\s*"(?P<shown>[^"]*)"\s*<(?P<dialled>[^<>]*)>\s*')


@dataclass(frozen=True, slots=True)
class Person:
    """An entry of the phone book.

    Attributes:
        first_name: may be empty.
        last_name: may be empty.
        number: what to dial; empty where the entry has none.
        display_number: what to show of it.
        login: login name where the entry is a user of O2G.
    """

    first_name: str
    last_name: str
    number: str
    display_number: str
    login: str | None


@dataclass(frozen=True, slots=True)
class NameQuery:
    """Search by the beginning of names, as typed.

    Both given: last name and first name begin so. Only `last_name` given, the field that people fill in with whatever
    part of the name they know: either of the names begins so, or, of two words, one name begins with the first and the
    other with the rest ("anna müller", "müller anna"). Only `first_name` given: the first name begins so.
    """

    last_name: str
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class KeypadQuery:
    """Search by the keys of the last name's letters on an ITU keypad (2 = ABC … 9 = WXYZ)."""

    digits: str


Query = NameQuery | KeypadQuery


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """How far a search is.

    Attributes:
        people: who was found until now, in O2G's order, never more than `LIMIT`.
        finished: nothing more comes, for whatever reason.
        timed_out: O2G gave up, it took too long, or it was stopped: there may be more people than these.
        failed: what broke the search off; the people found before it stay.
    """

    people: tuple[Person, ...]
    finished: bool
    timed_out: bool
    failed: O2GError | None


class Attribute(StrEnum):
    """What of an entry is compared."""

    LAST_NAME = "lastName"
    FIRST_NAME = "firstName"


class Operation(StrEnum):
    """How it is compared, or how criteria are combined."""

    OR = "OR"
    AND = "AND"
    BEGIN_WITH = "BEGIN_WITH"


class Criterion(Writing):
    """A comparison (`field`, text) or a combination (no field, list of criteria), as the reference's examples."""

    operation: Operation
    field: Attribute | None = None
    operand: "str | list[Criterion]"


class SearchRequest(Writing):
    """A search by names."""

    limit: int = Field(default=LIMIT, ge=1, le=LIMIT)
    filter: Criterion


class SearchByDtmfRequest(Writing):
    """A search by keys."""

    keyboard_type: Literal["ITU"] = "ITU"
    last_name: str = Field(pattern=r"^[0-9]+$")
    limit: int = Field(default=LIMIT, ge=1, le=LIMIT)


def request(query: Query) -> SearchRequest | SearchByDtmfRequest:
    """Write a query as O2G wants it.

    Raises:
        BadParameter: nothing to look for, more than 100 characters, or keys that are no digits.
    """
    if isinstance(query, KeypadQuery):
        if not DIGITS.fullmatch(query.digits):
            raise BadParameter("a search by keypad takes 1 to 32 digits")
        return SearchByDtmfRequest(last_name=query.digits)
    last_name, first_name = query.last_name.strip(), query.first_name.strip()
    if not last_name and not first_name:
        raise BadParameter("a search needs a name")
    if max(len(last_name), len(first_name)) > TERM_CHARACTERS:
        raise BadParameter("a name to search for is too long")
    if not last_name:
        return SearchRequest(filter=_begins(Attribute.FIRST_NAME, first_name))
    if first_name:
        return SearchRequest(filter=_both(last_name, first_name))
    either = [_begins(Attribute.LAST_NAME, last_name), _begins(Attribute.FIRST_NAME, last_name)]
    one, _, rest = last_name.partition(" ")
    if rest.strip():
        either += [_both(one, rest.strip()), _both(rest.strip(), one)]
    return SearchRequest(filter=Criterion(operation=Operation.OR, operand=either))


def _both(last_name: str, first_name: str) -> Criterion:
    both = [_begins(Attribute.LAST_NAME, last_name), _begins(Attribute.FIRST_NAME, first_name)]
    return Criterion(operation=Operation.AND, operand=both)


def _begins(attribute: Attribute, text: str) -> Criterion:
    return Criterion(operation=Operation.BEGIN_WITH, field=attribute, operand=text)


class _Identifier(Reading):
    login_name: MaybeText = None
    phone_number: MaybeText = None


class _Contact(Reading):
    id: Annotated[_Identifier | None, one(_Identifier)] = None
    first_name: MaybeText = None
    last_name: MaybeText = None


class _Element(Reading):
    contacts: Annotated[tuple[_Contact, ...] | None, many(_Contact)] = None


class Portion(Reading):
    """What O2G gives of a search at a time: OK, NOK (nothing yet), FINISH or TIMEOUT, and people."""

    result_code: MaybeText = None
    result_elements: Annotated[tuple[_Element, ...] | None, many(_Element)] = None

    def people(self) -> tuple[Person, ...]:
        """Give the entries that have a name or a number."""
        contacts = (contact for element in self.result_elements or () for contact in element.contacts or ())
        people = (_person(contact) for contact in contacts)
        return tuple(person for person in people if person.last_name or person.first_name or person.number)


def _person(contact: _Contact) -> Person:
    number, shown = _numbers((contact.id.phone_number if contact.id is not None else None) or "")
    return Person(
        first_name=(contact.first_name or "").strip(),
        last_name=(contact.last_name or "").strip(),
        number=number,
        display_number=shown,
        login=(contact.id.login_name if contact.id is not None else None) or None,
    )


def _numbers(given: str) -> tuple[str, str]:
    """Split a phone number into what is dialled and what is shown; each stands for the other where one is empty."""
    both = SHOWN_AND_DIALLED.fullmatch(given)
    if both is None:
        return given.strip(), given.strip()
    dialled, shown = both["dialled"].strip(), both["shown"].strip()
    return dialled or shown, shown or dialled
