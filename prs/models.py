"""Phone models: what a screen may assume of a set. The table is data, in `phones.toml`."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field, field_validator

from prs.legible import Scripts, known_scripts

TABLE = Path(__file__).with_name("phones.toml")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PhoneModel:
    """One model of set.

    Attributes:
        station_type: what O2G calls it (`devices[].subType`), such as `NOE_C_Color_IP`.
        name: what is printed on it.
        family: the family whose figures it has: `one_line`, `small`, `large`, `large_colour`.
        columns, rows: cells of its display; a wide character takes two columns.
        soft_keys: keys beside the display, 0 to 10.
        soft_key_columns: cells of a soft key's label.
        list_items: items of one page of a list.
        letters: it has an alphabetic keyboard.
        colour: its display has colours.
        scripts: what its display draws, ISO 15924 codes; empty: everything.
    """

    station_type: str
    name: str
    family: str
    columns: int
    rows: int
    soft_keys: int
    soft_key_columns: int
    list_items: int
    letters: bool
    colour: bool
    scripts: Scripts

    def draws(self, script: str) -> bool:
        """Tell whether its display draws a script, named by its ISO 15924 code."""
        return not self.scripts or script in self.scripts


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: int = Field(ge=8, le=200)
    rows: int = Field(ge=1, le=60)
    soft_keys: int = Field(ge=0, le=10)
    soft_key_columns: int = Field(ge=0, le=40)
    list_items: int = Field(ge=1, le=40)
    letters: bool
    colour: bool
    scripts: Scripts

    @field_validator("scripts")
    @classmethod
    def _known(cls, scripts: Scripts) -> Scripts:
        unknown = set(scripts) - known_scripts()
        if unknown:
            raise ValueError(f"scripts.toml has no {', '.join(sorted(unknown))}")
        return scripts


class _Model(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    name: str
    family: str


class _Nearest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    order: list[tuple[str, str]]
    fallback: str


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    families: dict[str, _Figures]
    models: dict[str, _Model]
    nearest: _Nearest


class PhoneModels:
    """The table of models, and the nearest family for a station type that is not in it."""

    def __init__(self, table: Path = TABLE) -> None:
        """Read the table.

        Raises:
            pydantic.ValidationError: the table has a figure that is missing, misspelt or out of range.
        """
        data = _Table.model_validate(tomllib.loads(table.read_text(encoding="utf-8")))
        self._families = {
            name: PhoneModel(station_type="", name=name, family=name, **figures.model_dump())
            for name, figures in data.families.items()
        }
        self._models: dict[str, PhoneModel] = {}
        for station_type, model in data.models.items():
            figures = data.families[model.family].model_dump() | (model.model_extra or {})
            checked = _Figures.model_validate(figures)
            self._models[station_type.upper()] = PhoneModel(
                station_type=station_type, name=model.name, family=model.family, **checked.model_dump()
            )
        self._nearest = data.nearest
        self._reported: set[str] = set()

    @property
    def families(self) -> tuple[PhoneModel, ...]:
        """One model for each family, with the family's own figures."""
        return tuple(self._families.values())

    @property
    def least(self) -> PhoneModel:
        """What every set can show; for pages to a set that could not be told."""
        return min(self._families.values(), key=lambda family: (family.rows, family.soft_keys))

    @property
    def known(self) -> tuple[PhoneModel, ...]:
        """Every model of the table."""
        return tuple(self._models.values())

    def of(self, station_type: str | None) -> PhoneModel:
        """Find the model of a station type; an unknown one gets the nearest family, and is logged once."""
        wanted = (station_type or "").upper()
        known = self._models.get(wanted)
        if known is not None:
            return known
        family = next((name for part, name in self._nearest.order if part in wanted), self._nearest.fallback)
        if wanted and wanted not in self._reported and len(self._reported) < 100:
            self._reported.add(wanted)
            log.warning("unknown_station_type", station_type=wanted[:60], family=family)
        return self._families[family]


@lru_cache(maxsize=1)
def phone_models() -> PhoneModels:
    """Give the shipped table, read once."""
    return PhoneModels()
