"""The people whose phone can be put on the desk."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Person(BaseModel):
    """One person of the selector. `set` is the set's number in O2G; empty where the request should not say."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str = Field(min_length=1, max_length=40)
    name: str = ""
    set: str = ""
    station_type: str = ""
    language: str = ""


def load_people(file: Path | None) -> tuple[Person, ...]:
    """Read the people from a JSON list of `{number, name, set, station_type, language}`; no file means nobody.

    Raises:
        OSError: the file cannot be read.
        pydantic.ValidationError: it is not such a list.
    """
    if file is None:
        return ()
    return TypeAdapter(tuple[Person, ...]).validate_json(file.read_bytes())
