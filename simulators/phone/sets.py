"""The sets that this simulator can draw: a table of its own, `sets.toml`."""

import tomllib
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SHADES = Literal["mono", "grey", "colour"]


class DeskSet(BaseModel):
    """One model of desk phone.

    Attributes:
        station_type: the OXE's name for it, as O2G reports it.
        name: what people call it.
        family: which drawing it gets.
        columns, rows: cells of its display.
        soft_keys: keys beside the display, 0 to 10, the first half at the left.
        soft_key_columns: cells of a soft key's label.
        letters: whether it has an alphabetic keyboard.
        shades: what its display can show.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    station_type: str
    name: str
    family: str
    title: str
    columns: int = Field(ge=1, le=80)
    rows: int = Field(ge=1, le=30)
    soft_keys: int = Field(ge=0, le=10)
    soft_key_columns: int = Field(ge=0, le=20)
    letters: bool
    shades: SHADES


class SetTable(BaseModel):
    """All sets, and the one to draw when nothing says which."""

    model_config = ConfigDict(frozen=True)

    sets: tuple[DeskSet, ...]
    default: str


def load_sets() -> SetTable:
    """Read the table of sets.

    Raises:
        KeyError, pydantic.ValidationError: the table is wrong.
    """
    table = tomllib.loads(resources.files(__package__).joinpath("sets.toml").read_text("utf-8"))
    families = table["families"]
    sets = tuple(
        DeskSet.model_validate({**families[model["family"]], **model, "station_type": station_type})
        for station_type, model in table["models"].items()
    )
    return SetTable(sets=sets, default=table["default"]["station_type"])
