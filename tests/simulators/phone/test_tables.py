"""The simulator's own tables agree with Touchline's, which it may not read."""

import tomllib
from pathlib import Path

import pytest
from lxml import etree

from simulators.phone.sets import load_sets
from simulators.phone.vocabulary import vocabulary

ROOT = Path(__file__).parents[3]
XSD = ROOT / "xml_templates" / "noe" / "dialect.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"
PAGES = sorted((Path(__file__).parent / "pages").glob("*.xml"))
SHARED = ("columns", "rows", "soft_keys", "soft_key_columns", "letters")


def phones() -> dict[str, dict[str, object]]:
    table = tomllib.loads((ROOT / "prs" / "phones.toml").read_text("utf-8"))
    return {
        station_type: {**table["families"][model["family"]], **model} for station_type, model in table["models"].items()
    }


def test_the_sets_are_those_of_touchline() -> None:
    ours = {one.station_type: one.model_dump() for one in load_sets().sets}
    theirs = phones()
    assert set(ours) == set(theirs)
    for station_type, theirs_one in theirs.items():
        one = ours[station_type]
        assert {key: one[key] for key in ("name", "family", *SHARED)} == {
            key: theirs_one[key] for key in ("name", "family", *SHARED)
        }
        assert (one["shades"] == "colour") == theirs_one["colour"]


def test_the_default_set_is_one_of_the_table() -> None:
    table = load_sets()
    assert table.default in {one.station_type for one in table.sets}


def schema_elements() -> dict[str, tuple[set[str], set[str]]]:
    """Every element that the schema declares, with its attributes and the elements in it."""
    tree = etree.parse(str(XSD))
    types = {kind.get("name"): kind for kind in tree.getroot().findall(f"{XS}complexType")}
    found: dict[str, tuple[set[str], set[str]]] = {}
    for element in tree.iter(f"{XS}element"):
        kind = types.get(element.get("type"), element.find(f"{XS}complexType"))
        attributes: set[str] = set()
        children: set[str] = set()
        if kind is not None:
            children = {str(one.get("name")) for one in kind.iter(f"{XS}element") if _owner(one) is kind}
            attributes = {str(one.get("name")) for one in kind.iter(f"{XS}attribute") if _owner(one) is kind}
        name = str(element.get("name"))
        before = found.get(name, (set(), set()))
        found[name] = (before[0] | attributes, before[1] | children)
    return found


def _owner(element: etree._Element) -> etree._Element | None:
    return next((one for one in element.iterancestors(f"{XS}complexType")), None)


def test_the_vocabulary_is_the_schema_s() -> None:
    ours = {name: (set(one.attributes), set(one.children)) for name, one in vocabulary().elements.items()}
    theirs = schema_elements()
    # The schema gives both lists one type; the action list's `active` is therefore allowed as well.
    assert ours == theirs


def test_the_names_of_requests_are_the_dialect_s() -> None:
    request = tomllib.loads((XSD.parent / "dialect.toml").read_text("utf-8"))["request"]
    words = vocabulary()
    assert {
        ("number", "query", words.number),
        ("device", "query", words.device),
        ("secret", "header", words.secret),
        ("digits", "query", words.digits),
    } <= {(name, carrier["in"], carrier["name"]) for name, carrier in request.items()}
    assert words.namespace == etree.parse(str(XSD)).getroot().get("targetNamespace")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_every_page_of_these_tests_is_one_that_touchline_could_send(file: Path) -> None:
    etree.XMLSchema(etree.parse(str(XSD))).assertValid(etree.parse(str(file)))
