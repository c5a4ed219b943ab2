"""O2G's JSON at the border: read tolerantly, written strictly.

Reading takes what DISCREPANCIES shows of real servers: numbers as strings, booleans as strings, unknown keys, a lone
item where a list belongs, a broken item among good ones. A value that cannot be understood counts as absent, never as
zero or false; an answer without what it must have is unreadable.
"""

import json
import re
from enum import StrEnum
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from services.errors import UnreadableAnswer

LONE_SURROGATES = re.compile("[\ud800-\udfff]")
LARGEST = 2**63 - 1


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return LONE_SURROGATES.sub("\ufffd", value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return str(value)
    return None


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := _text(item)))


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value, re.ASCII):
        return int(value)
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(value, float) and abs(value) <= LARGEST and value.is_integer():
        return int(value)
    return None


def _count(value: object) -> int | None:
    number = _whole(value)
    return number if number is not None and number >= 0 else None


Text = Annotated[str, BeforeValidator(_text)]
MaybeText = Annotated[str | None, BeforeValidator(_text)]
MaybeTexts = Annotated[tuple[str, ...] | None, BeforeValidator(_texts)]
MaybeFlag = Annotated[bool | None, BeforeValidator(_flag)]
MaybeWhole = Annotated[int | None, BeforeValidator(_whole)]
Count = Annotated[int, BeforeValidator(_count)]
MaybeCount = Annotated[int | None, BeforeValidator(_count)]


class OpenEnum(StrEnum):
    """Values of the reference that a newer O2G may add to: one that is not known is UNKNOWN, which each must have."""

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003
        return cls("UNKNOWN")


class Reading(BaseModel):
    """What O2G says: snake_case here, O2G's spelling on the wire; what is not named is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class Writing(BaseModel):
    """What O2G is told: only what the reference names, of exactly its type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel, populate_by_name=True)

    def wire(self) -> bytes:
        """Write it as JSON in O2G's spelling, leaving out what is None."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


Shape = TypeVar("Shape", bound=Reading)
Name = TypeVar("Name", bound=StrEnum)


def one(shape: type[Shape]) -> BeforeValidator:
    """Read an object that may be missing; one that cannot be read is None."""
    return BeforeValidator(lambda value: _readable(shape, value))


def many(shape: type[Shape]) -> BeforeValidator:
    """Read a list of objects, leaving out those that cannot be read, so that one of them spoils no other."""

    def read(value: object) -> tuple[Shape, ...] | None:
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        return tuple(found for item in items if (found := _readable(shape, item)) is not None)

    return BeforeValidator(read)


def true_ones(names: type[Name]) -> BeforeValidator:
    """Read an object of booleans, such as capabilities, as the set of the names that are true; None: it is no object.

    `names` has O2G's spelling as values. A boolean that is missing or cannot be read is not true.
    """

    def read(value: object) -> frozenset[Name] | None:
        if not isinstance(value, dict):
            return None
        return frozenset(name for name in names if _flag(value.get(name.value)))

    return BeforeValidator(read)


def _readable(shape: type[Shape], value: object) -> Shape | None:
    try:
        return shape.model_validate(value)
    except ValidationError:
        return None


def parse(body: bytes) -> object:
    """Read JSON, replacing what is not UTF-8.

    Raises:
        UnreadableAnswer: it is no JSON.
    """
    try:
        return json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise UnreadableAnswer("O2G answered something that is no JSON") from None


def read(shape: type[Shape], body: bytes, what: str) -> Shape:
    """Read an answer of a given shape; `what` names it in the error.

    Raises:
        UnreadableAnswer: it is no JSON, or lacks what it must have.
    """
    value = parse(body)
    try:
        return shape.model_validate(value)
    except ValidationError:
        raise UnreadableAnswer(f"O2G's answer is not {what}") from None


def within(value: str | None, longest: int) -> str:
    """Shorten a text of O2G's that is kept for an administrator, without control characters."""
    return "".join(character for character in (value or "")[:longest] if character.isprintable())
