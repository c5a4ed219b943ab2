"""A dialect: the folder of `xml_templates/` that says how screens are written and how requests are read.

The shipped dialect `noe` is Touchline's own, not ALE's, whose vocabulary is not public.
"""

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

TEMPLATES = Path(__file__).resolve().parent.parent / "xml_templates"


class Place(StrEnum):
    """Where in a request something stands."""

    QUERY = "query"
    HEADER = "header"


class Carrier(BaseModel):
    """Where the presentation server puts one thing, and under which name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Place = Field(alias="in")
    name: str = Field(min_length=1)


class RequestNames(BaseModel):
    """What a request carries: see `dialect.toml` of the dialect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Carrier
    device: Carrier
    secret: Carrier
    link: Carrier
    digits: Carrier


class RegistrationNames(BaseModel):
    """What is answered where an application's key is registered: see `dialect.toml` of the dialect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_schema: str = Field(alias="schema")


class Dialect(BaseModel):
    """The names of one dialect, as its `dialect.toml` gives them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    content_type: str
    dialect_schema: str = Field(alias="schema")
    request: RequestNames
    registration: RegistrationNames

    @property
    def folder(self) -> Path:
        """Where the dialect's templates are."""
        return TEMPLATES / self.name

    @property
    def schema_file(self) -> Path:
        """The XSD that describes its pages."""
        return self.folder / self.dialect_schema

    @property
    def registration_schema_file(self) -> Path:
        """The XSD that describes what a key's registration is answered with."""
        return self.folder / self.registration.answer_schema


def load_dialect(name: str) -> Dialect:
    """Read a dialect by the name of its folder.

    Raises:
        FileNotFoundError: there is no such folder, or no `dialect.toml` in it.
        pydantic.ValidationError: `dialect.toml` misses or misspells something.
    """
    return Dialect.model_validate(tomllib.loads((TEMPLATES / name / "dialect.toml").read_text(encoding="utf-8")))
