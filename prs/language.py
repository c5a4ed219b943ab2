"""Languages: the catalogue nearest to what O2G reports, its texts, its direction and its way of sorting names."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from prs.collation import sort_key

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
NEAREST = Path(__file__).with_name("languages.toml")
SOURCE = "en"
CODES = 200  # O2G has 58; whatever else it may report is not kept without end

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that screens speak.

    Attributes:
        code: of the catalogue, such as `fr`.
        locale: Babel's locale, for dates and times: the reader's region, such as `fr_CH`.
    """

    code: str
    locale: Locale
    catalogue: NullTranslations

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    @property
    def script(self) -> str:
        """The script that its texts are written in, as its ISO 15924 code, such as `Latn`."""
        return _script(self.code)

    def name_of(self, other: "Language") -> str:
        """Name a language in this one, as a list shows it; this one itself in its own words: `Français`."""
        name = str(self.locale.languages.get(other.locale.language, other.code))
        return name[:1].upper() + name[1:]

    def translate(self, message: str) -> str:
        """Give a message in this language; an empty one stays empty."""
        return str(self.catalogue.gettext(message)) if message else ""

    def translate_plural(self, one: str, many: str, count: int) -> str:
        """Give the form of a message that fits `count`; `{count}` in it is replaced by the caller."""
        return str(self.catalogue.ngettext(one, many, count))

    def choose(self, texts: Mapping[str, str]) -> str:
        """Give the text in this language of several by catalogue code (`en`, `pt_BR`); else the English one, or any.

        `pt` stands in for `pt_BR`. Without texts: empty.
        """
        base = self.code.partition("_")[0]
        codes = (str(self.locale), self.code, base, SOURCE, *sorted(texts))
        return next((texts[code] for code in codes if code in texts), "")

    def sorted(self, things: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> list[T]:
        """Sort things by their names, the first one first, as a reader of this language looks them up."""
        return sorted(things, key=lambda thing: tuple(sort_key(name, self.code) for name in names(thing)))


class Languages:
    """The catalogues there are, and the nearest one for each code that O2G reports."""

    def __init__(self, default: str = SOURCE, catalogues: Path = CATALOGUES, nearest: Path = NEAREST) -> None:
        """Read every catalogue under `catalogues`.

        Raises:
            ValueError: there is no catalogue for `default`.
        """
        self._languages = {SOURCE: Language(SOURCE, Locale.parse(SOURCE), NullTranslations())}
        for file in sorted(catalogues.glob("*/LC_MESSAGES/touchline.po")):
            code = file.parent.parent.name
            self._languages[code] = Language(code, Locale.parse(code), _compiled(file))
        table = tomllib.loads(nearest.read_text(encoding="utf-8"))
        self._nearest: dict[str, str] = table["nearest"]
        self._locales: dict[str, str] = table["locales"]
        self._found: dict[str, Language] = {}
        if default not in self._languages:
            raise ValueError(f"no catalogue for the default language {default!r}: there are {', '.join(self.codes)}")
        self.default = self._languages[default]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the catalogues, sorted."""
        return tuple(sorted(self._languages))

    def named(self) -> tuple[tuple[str, str], ...]:
        """Give each catalogue's code with its name in English, English first."""
        english = self._languages[SOURCE]
        codes = [SOURCE, *(code for code in self.codes if code != SOURCE)]
        return tuple((code, english.name_of(self._languages[code])) for code in codes)

    def of(self, reported: str | None) -> Language:
        """Find the language for a code as O2G reports it, such as `fr-ch`, `en_GB` or `br`; None gives the default.

        O2G's codes are its own in places (`br` is Brazilian Portuguese, `si` Slovene): `languages.toml` tells them.
        """
        if not reported:
            return self.default
        code = reported.strip().lower().replace("_", "-")
        if code not in self._found:
            if len(self._found) >= CODES:
                return self._find(code)
            self._found[code] = self._find(code)
        return self._found[code]

    def spoken(self, reported: str) -> Language | None:
        """Find the language for one of O2G's codes only where a catalogue speaks it; None for one that another language
        stands in for, as English does for Irish."""
        language = self.of(reported)
        code = reported.strip().lower().replace("_", "-")
        try:
            meant = Locale.parse(self._locales.get(code, code), sep="-")
        except (ValueError, UnknownLocaleError):
            return None
        return language if meant.language == language.locale.language else None

    def drawn(self, language: Language, draws: Callable[[str], bool]) -> Language:
        """Give the language, or the first that a display draws of the default one and English."""
        return next((one for one in (language, self.default) if draws(one.script)), self._languages[SOURCE])

    def _find(self, code: str) -> Language:
        language = next(
            (
                self._languages[candidate]
                for candidate in (code, self._nearest.get(code, ""), code.split("-")[0])
                if candidate in self._languages
            ),
            self.default,
        )
        tag = self._locales.get(code, code)
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            return language
        return replace(language, locale=locale) if locale.language == language.locale.language else language


@lru_cache(maxsize=256)
def _script(code: str) -> str:
    _, _, script, *_ = parse_locale(str(get_global("likely_subtags")[code]))
    return script or "Latn"


def _compiled(file: Path) -> Translations:
    with file.open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=4)
def languages(default: str = SOURCE) -> Languages:
    """Give the shipped catalogues, read once."""
    return Languages(default)
