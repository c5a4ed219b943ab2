"""Directory search: begun, given in portions, ended (L61, L120 to L123)."""

import itertools
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from simulators.o2g.rules.searches import TooManySearches
from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, created, json_answer, not_allowed, not_found
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import Person
from simulators.o2g.world.phone_book import Attribute, Comparison, PhoneBook

DEPTH = 8  # of criteria within criteria
Digits = Annotated[str, Field(pattern=r"^[0-9]*$", max_length=64)]


class Combination(StrEnum):
    """How criteria are put together."""

    AND = "AND"
    OR = "OR"


class Criterion(BaseModel):
    """A comparison of an attribute with a text, or a combination of criteria."""

    operation: Comparison | Combination
    field: Attribute | None = None
    operand: "str | list[Criterion]"


class SearchRequest(BaseModel):
    """A search by names and numbers."""

    filter: Criterion
    limit: int = Field(default=100, ge=1, le=100)


class DtmfRequest(BaseModel):
    """A search by the keys of a keypad."""

    lastName: Digits
    firstName: Digits = ""
    keyboardType: Literal["CCITT", "ITU"]
    limit: int = Field(default=100, ge=1, le=100)


@operation("POST", "/directory/search")
def search(request: Request) -> Answer:
    """Begin a search by criteria."""
    login = _login(request)
    wanted = request.read(SearchRequest)
    return _begin(request, login, _places(request.o2g.world.phone_book, wanted.filter, DEPTH), wanted.limit)


@operation("POST", "/directory/searchbydtmf")
def search_by_dtmf(request: Request) -> Answer:
    """Begin a search by keys."""
    login = _login(request)
    wanted = request.read(DtmfRequest)
    if not wanted.lastName and not wanted.firstName:
        raise bad_parameter("lastName is empty")
    found = request.o2g.world.phone_book.find_keyed(wanted.lastName, wanted.firstName, wanted.keyboardType)
    return _begin(request, login, found, wanted.limit)


@operation("GET", "/directory/search")
def results(request: Request) -> Answer:
    """Give what was found since the last time."""
    login = _login(request)
    if request.o2g.faults.search_timeout:
        request.o2g.searches.stop(request.session, login)
        return json_answer({"resultCode": "TIMEOUT"})
    given = request.o2g.searches.next(request.session, login)
    if given is None:
        raise not_found("no search is running")
    code, people = given
    if not people:
        return json_answer({"resultCode": code})
    contacts = [_contact(person) for person in people]
    return json_answer({"resultCode": code, "resultElements": [{"contacts": contacts}]})


@operation("DELETE", "/directory/search")
def stop(request: Request) -> Answer:
    """End a search; ending none is harmless."""
    request.o2g.searches.stop(request.session, _login(request))
    return NO_CONTENT


def _login(request: Request) -> str:
    """Tell for whom a search is: an administrator may search for nobody in particular (L121)."""
    if request.session.identity.admin and not request.query.get("loginName"):
        return ""
    return request.subject().login


def _begin(request: Request, login: str, places: set[int], limit: int) -> Answer:
    found = map(request.o2g.world.phone_book.at, sorted(places))
    users = request.o2g.world.by_login
    people = list(itertools.islice((person for person in found if person.login in users), limit))
    try:
        request.o2g.searches.begin(request.session, login, people, stuck=request.o2g.faults.search_stuck)
    except TooManySearches as error:
        raise not_allowed(str(error)) from error
    return created(f"{request.o2g.addresses.api}/api/rest/1.0/directory/search/", "search")


def _places(book: PhoneBook, criterion: Criterion, depth: int) -> set[int]:
    operand = criterion.operand
    if isinstance(criterion.operation, Comparison):
        if not isinstance(operand, str) or criterion.field is None:
            raise bad_parameter(f"{criterion.operation} needs a field and a text")
        return book.find(criterion.field, criterion.operation, operand)
    if isinstance(operand, str) or not operand or depth == 0:
        raise bad_parameter(f"{criterion.operation} needs a list of criteria, not too deep")
    found = [_places(book, inner, depth - 1) for inner in operand]
    return set.intersection(*found) if criterion.operation is Combination.AND else set.union(*found)


def _contact(person: Person) -> dict[str, object]:
    return {
        "id": {"loginName": person.login, "phoneNumber": person.number},
        "firstName": person.first_name,
        "lastName": person.last_name,
    }
