"""The phone book: found by the beginning, middle or end of names and numbers, or by the keys of a keypad."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache

from simulators.o2g.world.people import Person


class Attribute(StrEnum):
    """What is compared."""

    LAST_NAME = "lastName"
    FIRST_NAME = "firstName"
    PHONE_NUMBER = "id.phoneNumber"
    LOGIN_NAME = "id.loginName"


class Comparison(StrEnum):
    """How it is compared; never by case or accents."""

    EQUAL_IGNORE_CASE = "EQUAL_IGNORE_CASE"
    BEGIN_WITH = "BEGIN_WITH"
    CONTAIN = "CONTAIN"
    END_WITH = "END_WITH"


KEYPADS = {
    # ITU-T E.161. CCITT is our reading of the older keypad, which the reference names without drawing it.
    "ITU": {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"},
    "CCITT": {
        "1": "qz",
        "2": "abc",
        "3": "def",
        "4": "ghi",
        "5": "jkl",
        "6": "mno",
        "7": "prs",
        "8": "tuv",
        "9": "wxy",
    },
}
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Take case and accents away."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_PLAIN)


@lru_cache(maxsize=2)
def _keys(keypad: str) -> dict[str, str]:
    keys = {letter: digit for digit, letters in KEYPADS[keypad].items() for letter in letters}
    return keys | {digit: digit for digit in "0123456789"}


@lru_cache(maxsize=65_536)
def keyed(text: str, keypad: str) -> str:
    """Key a name: letters that a keypad does not have cannot be keyed (`?`), spaces and signs are left out."""
    keys = _keys(keypad)
    return "".join(keys.get(letter, "?") for letter in fold(text) if letter.isalnum())


class _Sorted:
    """Texts in order, each with its person's place; a beginning is found without looking at all."""

    def __init__(self, texts: Iterable[str]) -> None:
        entries = sorted((text, place) for place, text in enumerate(texts) if text)
        self.texts = [text for text, _ in entries]
        self.places = [place for _, place in entries]

    def beginning(self, text: str) -> set[int]:
        return set(self.places[bisect_left(self.texts, text) : bisect_left(self.texts, text + "\U0010ffff")])

    def where(self, fits: Callable[[str], bool]) -> set[int]:
        return {place for text, place in zip(self.texts, self.places, strict=True) if fits(text)}


ADDED_AT_MOST = 100  # people after those of the start


class PhoneBook:
    """Everybody, indexed. Indexes are made when first wanted."""

    def __init__(self, people: list[Person]) -> None:
        """Take the people; their places in the book are what searches give."""
        self._people = list(people)
        self._indexes: dict[str, _Sorted] = {}

    def at(self, place: int) -> Person:
        """Give who has a place."""
        return self._people[place]

    def add(self, person: Person) -> None:
        """Add somebody at the end, unless there already."""
        if person not in self._people[-ADDED_AT_MOST:]:
            self._people.append(person)
        self.renew()

    def renew(self) -> None:
        """Index everybody anew, when next wanted: names have changed."""
        self._indexes.clear()

    def prepare(self) -> None:
        """Make the indexes that a phone's search wants, so that its first user does not wait for them."""
        for attribute in (Attribute.LAST_NAME, Attribute.FIRST_NAME):
            self._index(attribute)
        self._keyed_index(Attribute.LAST_NAME, "ITU")

    def find(self, attribute: Attribute, comparison: Comparison, text: str) -> set[int]:
        """Find the places of people whose attribute compares so; an empty text finds everybody who has one."""
        index, wanted = self._index(attribute), fold(text)
        match comparison:
            case Comparison.BEGIN_WITH:
                return index.beginning(wanted)
            case Comparison.EQUAL_IGNORE_CASE:
                return index.where(lambda found: found == wanted)
            case Comparison.CONTAIN:
                return index.where(lambda found: wanted in found)
            case Comparison.END_WITH:
                return index.where(lambda found: found.endswith(wanted))

    def find_keyed(self, last_name: str, first_name: str, keypad: str) -> set[int]:
        """Find the places of people whose names begin with what was keyed; an empty first name is not compared."""
        found = self._keyed_index(Attribute.LAST_NAME, keypad).beginning(last_name)
        return found & self._keyed_index(Attribute.FIRST_NAME, keypad).beginning(first_name) if first_name else found

    def _index(self, attribute: Attribute) -> _Sorted:
        if attribute not in self._indexes:
            self._indexes[attribute] = _Sorted(fold(_text(person, attribute)) for person in self._people)
        return self._indexes[attribute]

    def _keyed_index(self, attribute: Attribute, keypad: str) -> _Sorted:
        name = f"{attribute}/{keypad}"
        if name not in self._indexes:
            self._indexes[name] = _Sorted(keyed(_text(person, attribute), keypad) for person in self._people)
        return self._indexes[name]


def _text(person: Person, attribute: Attribute) -> str:
    match attribute:
        case Attribute.LAST_NAME:
            return person.last_name
        case Attribute.FIRST_NAME:
            return person.first_name
        case Attribute.PHONE_NUMBER:
            return person.number
        case Attribute.LOGIN_NAME:
            return person.login
