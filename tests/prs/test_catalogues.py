"""The message catalogues: complete, true to the code's messages, and short where a set has no room.

Each `…_faults` function gives one line for each mistake in a catalogue; the last tests prove that they find them.
"""

import ast
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po

from prs.text import width

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = {file.parent.parent.name: file for file in ROOT.glob("translations/*/LC_MESSAGES/touchline.po")}
LANGUAGES = {"ar", "de", "es", "fr", "it", "nl", "pt", "zh"}
SOFT_KEY_COLUMNS = min(
    family["soft_key_columns"]
    for family in tomllib.loads((ROOT / "prs/phones.toml").read_text(encoding="utf-8"))["families"].values()
    if family["soft_keys"]
)


def messages_of_the_code() -> Catalog:
    """Extract the messages as `make messages` does: its keywords, its mapping of files."""
    _, target = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nmessages:")
    keywords = parse_keywords(re.findall(r" -k (\S+)", target.split("\n\n")[0]))
    with (ROOT / "translations/babel.cfg").open(encoding="utf-8") as mapping:
        method_map, options_map = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalogue = Catalog()
    for file, line, message, _, context in extract_from_dir(
        ROOT, method_map, options_map, keywords=DEFAULT_KEYWORDS | keywords
    ):
        catalogue.add(message, locations=[(file, line)], context=context)
    return catalogue


def soft_key_labels(files: Iterable[Path]) -> set[str]:
    """Collect the messages that label soft keys: the literals that `SoftKey(…)` is given.

    A literal stands in the call, `SoftKey(visit._("…"))`, maybe one of two, `visit._("…" if here else "…")`; or in a
    table of the same file, `SoftKey(translate(view.key))`, whose rows name the field: `View(key=N_("…"))`.

    Raises:
        ValueError: a label is no literal, so nobody can tell how wide it is.
    """
    labels: set[str] = set()
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in _calls(tree, {"SoftKey"}):
            label = next(iter(call.args), None) or _keyword(call, "label")
            try:
                labels |= _literals(label, tree)
            except ValueError as error:
                raise ValueError(f"{file.name}:{call.lineno}: the label of a soft key is {error}") from None
    return labels


def _literals(text: ast.expr | None, tree: ast.Module) -> set[str]:
    """List all that an expression can say, without running it.

    Raises:
        ValueError: that cannot be told.
    """
    match text:
        case ast.Constant(value=str(literal)):
            return {literal}
        case ast.Call(args=[said, *_]):
            return _literals(said, tree)
        case ast.IfExp(body=one, orelse=other):
            return _literals(one, tree) | _literals(other, tree)
        case ast.Attribute(attr=field):
            rows = list(_calls(tree, _classes_with(field, tree)))
            if rows:
                return set().union(*(_literals(_keyword(row, field), ast.Module([], [])) for row in rows))
    raise ValueError("no literal")


def _classes_with(field: str, tree: ast.Module) -> set[str]:
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == field
    }


def _calls(tree: ast.Module, names: set[str]) -> Iterable[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in names)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def completeness_faults(catalogue: Catalog, code: Catalog) -> list[str]:
    """Tell what is missing, unfinished or left over, compared with the messages of the code."""
    wanted, standing = ({message.id: message for message in _messages(c)} for c in (code, catalogue))
    return [
        *(f"missing: {id_}" for id_ in wanted if id_ not in standing),
        *(f"not in the code: {id_}" for id_ in standing if id_ not in wanted),
        *(f"obsolete: {message.id}" for message in catalogue.obsolete.values()),
        *(f"untranslated: {id_}" for id_, m in standing.items() if not all(form.strip() for form in _forms(m.string))),
        *(f"fuzzy: {id_}" for id_, message in standing.items() if message.fuzzy),
    ]


def placeholder_faults(catalogue: Catalog) -> list[str]:
    """Tell which translations do not have exactly the placeholders of their message."""
    return [
        f"placeholders: {message.id}: {form}"
        for message in _messages(catalogue)
        for form in _forms(message.string)
        if form and _placeholders(form) != _placeholders(_forms(message.id)[-1])
    ]


def soft_key_faults(catalogue: Catalog, labels: Iterable[str]) -> list[str]:
    """Tell which labels are wider than a soft key of the narrowest set; untranslated ones count as they are."""
    shown = {label: message.string if (message := catalogue.get(label)) else label for label in labels}
    return [
        f"too wide: {label}: {form}"
        for label, translation in shown.items()
        for form in _forms(translation or label)
        if width(form) > SOFT_KEY_COLUMNS
    ]


def header_faults(catalogue: Catalog) -> list[str]:
    """Tell what a header says that it should not: people, addresses, Babel's blanks, another language's plurals."""
    header = catalogue.header_comment + "".join(f"\n{name}: {value}" for name, value in catalogue.mime_headers)
    faults = [
        f"in the header: {found}"
        for found in re.findall(r"(?i)\S*@\S*|FIRST AUTHOR|FULL NAME|ORGANIZATION|copyright", header)
    ]
    if catalogue.fuzzy:
        faults.append("fuzzy: the header")
    if catalogue.plural_forms != Catalog(catalogue.locale).plural_forms:
        faults.append(f"plurals of another language: {catalogue.plural_forms}")
    return faults


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _placeholders(text: str) -> Counter[str] | None:
    """Count the placeholders of a text; None if its braces make no sense."""
    try:
        return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _read(file: Path) -> Catalog:
    """Read a catalogue.

    Raises:
        PoFileError: it is malformed, or has more plural forms than its language.
    """
    with file.open("rb") as source:
        return read_po(source, abort_invalid=True)


@pytest.fixture(scope="module")
def code() -> Catalog:
    return messages_of_the_code()


@pytest.fixture(scope="module")
def labels() -> set[str]:
    return soft_key_labels((ROOT / "prs_apps").rglob("*.py"))


def test_every_language_has_a_catalogue() -> None:
    assert set(CATALOGUES) == LANGUAGES


def test_the_code_has_messages_of_every_kind(code: Catalog, labels: set[str]) -> None:
    assert {"Directory", "Not possible", "This page does not exist.", ("{count} found", "{count} found")} <= {
        message.id for message in _messages(code)
    }
    assert {"Search", "Retry", "Choose", "Missed"} <= labels
    assert all(label in code for label in labels)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_message_is_translated(language: str, code: Catalog) -> None:
    assert completeness_faults(_read(CATALOGUES[language]), code) == []


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_translations_keep_the_placeholders(language: str) -> None:
    assert placeholder_faults(_read(CATALOGUES[language])) == []


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_soft_key_labels_fit_the_narrowest_set(language: str, labels: set[str]) -> None:
    assert soft_key_faults(_read(CATALOGUES[language]), labels) == []


def test_soft_key_labels_fit_untranslated(labels: set[str]) -> None:
    assert soft_key_faults(Catalog(), labels) == []


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_headers_name_the_language_and_nobody(language: str) -> None:
    catalogue = _read(CATALOGUES[language])
    assert header_faults(catalogue) == []
    assert str(catalogue.locale) == language


SOUND = """\
# French texts.
msgid ""
msgstr ""
"Language: fr\\n"
"Language-Team: French\\n"
"Last-Translator: \\n"
"Report-Msgid-Bugs-To: \\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Call"
msgstr "Appeler"

msgid "Keys {digits}"
msgstr "Touches {digits}"

msgid "{count} found"
msgid_plural "{count} found"
msgstr[0] "{count} trouvé"
msgstr[1] "{count} trouvés"
"""


def _faults(file: Path) -> list[str]:
    code = Catalog()
    for message in ("Call", "Keys {digits}", ("{count} found", "{count} found")):
        code.add(message)
    catalogue = _read(file)
    return [
        *completeness_faults(catalogue, code),
        *placeholder_faults(catalogue),
        *soft_key_faults(catalogue, {"Call"}),
        *header_faults(catalogue),
    ]


def test_a_sound_catalogue_has_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "touchline.po"
    file.write_text(SOUND, encoding="utf-8")
    assert _faults(file) == []


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        pytest.param('msgid "Call"\nmsgstr "Appeler"\n', "", "missing: Call", id="a message is missing"),
        pytest.param('"Appeler"', '""', "untranslated: Call", id="a message is untranslated"),
        pytest.param('"Appeler"', '" "', "untranslated: Call", id="a translation is blank"),
        pytest.param('"{count} trouvés"', '""', "untranslated: ('{count} found', ", id="a plural form is untranslated"),
        pytest.param(
            'msgstr[1] "{count} trouvés"\n', "", "untranslated: ('{count} found', ", id="a plural form is missing"
        ),
        pytest.param(
            'msgid_plural "{count} found"',
            'msgid_plural "{count} were found"',
            "missing: ('{count} found', '{count} found')",
            id="a message has another plural",
        ),
        pytest.param("(n > 1)", "(n != 1)", "plurals of another language: ", id="another language's plurals"),
        pytest.param('msgid "Call"', '#, fuzzy\nmsgid "Call"', "fuzzy: Call", id="a message is fuzzy"),
        pytest.param("# French texts.", "#, fuzzy", "fuzzy: the header", id="the header is fuzzy"),
        pytest.param(
            'msgid "Call"', '#~ msgid "Gone"\n#~ msgstr "Parti"\n\nmsgid "Call"', "obsolete: Gone", id="obsolete"
        ),
        pytest.param(
            'msgid "Call"', 'msgid "New"\nmsgstr "Neuf"\n\nmsgid "Call"', "not in the code: New", id="not in the code"
        ),
        pytest.param("Touches {digits}", "Touches", "placeholders: Keys {digits}: ", id="a placeholder is missing"),
        pytest.param(
            "Touches {digits}", "{digits} {digits}", "placeholders: Keys {digits}: ", id="a placeholder twice"
        ),
        pytest.param("Touches {digits}", "Touches {chiffres}", "placeholders: Keys ", id="a placeholder is translated"),
        pytest.param("Touches {digits}", "Touches {digits", "placeholders: Keys {digits}: ", id="a brace is open"),
        pytest.param("{count} trouvés", "trouvés", "placeholders: ('{count} found', ", id="a placeholder of a plural"),
        pytest.param("Appeler", "Appelons", "too wide: Call: Appelons", id="a soft key is too wide"),
        pytest.param("Appeler", "呼叫号码", "too wide: Call: 呼叫号码", id="wide characters count twice"),
        pytest.param("Translator: ", "Translator: A <a@b.example>", "in the header: <a@b.example>", id="an address"),
        pytest.param("# French texts.", "# FIRST AUTHOR, 2026.", "in the header: FIRST AUTHOR", id="a blank author"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, sound: str, broken: str, fault: str) -> None:
    assert SOUND.count(sound) == 1
    file = tmp_path / "touchline.po"
    file.write_text(SOUND.replace(sound, broken), encoding="utf-8")
    assert any(fault in found for found in _faults(file)), _faults(file)


def test_a_plural_form_too_many_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "touchline.po"
    file.write_text(SOUND + 'msgstr[2] "{count} de trop"\n', encoding="utf-8")
    with pytest.raises(PoFileError):
        _read(file)


def test_soft_keys_are_found_however_they_are_translated(tmp_path: Path) -> None:
    file = tmp_path / "application.py"
    file.write_text(
        'a = SoftKey(visit._("Call"), link)\n'
        'b = (SoftKey(say(N_("Retry")), link),)\n'
        'c = screens.SoftKey(label=visit._("Stop"))\n'
        'd = Text(visit._("No soft key"))\n',
        encoding="utf-8",
    )
    assert soft_key_labels([file]) == {"Call", "Retry", "Stop"}


TABLE = """\
class View:
    key: str
    title: str

VIEWS = (View(key=N_("All"), title=N_("All calls")), View(key=N_("Missed"), title=N_("Missed calls")))
keys = [SoftKey(translate(view.key), link) for view in VIEWS]
"""


def test_soft_keys_are_found_in_a_table_and_in_a_choice(tmp_path: Path) -> None:
    file = tmp_path / "application.py"
    file.write_text(TABLE + 'a = SoftKey(visit._("Choose") if pick else visit._("Call"), link)\n', encoding="utf-8")
    assert soft_key_labels([file]) == {"All", "Missed", "Choose", "Call"}


@pytest.mark.parametrize(
    "label",
    [
        pytest.param("key=missed", id="a row has a variable"),
        pytest.param('N_("Missed")', id="a row does not name the field"),
        pytest.param("key=other.key", id="a row takes it from another"),
    ],
)
def test_a_table_that_nobody_can_measure_is_refused(tmp_path: Path, label: str) -> None:
    file = tmp_path / "application.py"
    file.write_text(TABLE.replace('key=N_("Missed")', label), encoding="utf-8")
    with pytest.raises(ValueError, match=r"application\.py:6"):
        soft_key_labels([file])


@pytest.mark.parametrize("label", ["label", "row.label", '"Call" if known else label'])
def test_a_soft_key_that_nobody_can_measure_is_refused(tmp_path: Path, label: str) -> None:
    file = tmp_path / "application.py"
    file.write_text(f"\nSoftKey(visit._({label}), link)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"application\.py:2"):
        soft_key_labels([file])
