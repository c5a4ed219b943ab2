"""The words of Touchline's dialect that this simulator understands: `vocabulary.toml`."""

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class Element(BaseModel):
    """What an element may carry and contain."""

    model_config = ConfigDict(frozen=True)

    attributes: frozenset[str]
    children: frozenset[str]


class Vocabulary(BaseModel):
    """The dialect, as far as a presentation server must know it.

    Attributes:
        namespace, root: of a page.
        digits, number, device: names of query parameters.
        secret, correlation: names of headers.
        elements: every element by its name.
    """

    model_config = ConfigDict(frozen=True)

    namespace: str
    root: str
    digits: str
    number: str
    device: str
    secret: str
    correlation: str
    elements: dict[str, Element]


@cache
def vocabulary() -> Vocabulary:
    """Give the vocabulary.

    Raises:
        pydantic.ValidationError: the table is wrong.
    """
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    return Vocabulary.model_validate(tomllib.loads(text))
