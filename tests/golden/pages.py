"""Golden pages as files: one for an application, a family and a language, with every screen of the walk."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from tests.pages import Shown

FOLDER = Path(__file__).parent / "pages"


def gathered(seen: Mapping[str, Shown]) -> etree._Element:
    """Bring the pages of a walk together, without what differs from run to run: the signatures of links."""
    walk = etree.Element("walk")
    for name, shown in seen.items():
        screen = etree.SubElement(walk, "screen", name=name)
        page = etree.fromstring(etree.tostring(shown.tree), etree.XMLParser(remove_blank_text=True))
        for element in page.iter():
            for attribute in ("href", "uri"):
                if attribute in element.attrib:
                    element.set(attribute, urlsplit(element.attrib[attribute]).path)
        screen.append(page)
    return walk


def differences(kept: etree._Element, found: etree._Element, where: str = "") -> list[str]:
    """Compare two trees; a line for each difference, with its place."""
    here = f"{where}/{etree.QName(kept).localname}"
    if kept.get("name"):
        here += f"[{kept.get('name')}]"
    lines = []
    if kept.tag != found.tag:
        return [f"{here}: {found.tag} instead of {kept.tag}"]
    if (had := dict(kept.items())) != (has := dict(found.items())):
        lines.append(f"{here}: {has} instead of {had}")
    if (kept.text or "").strip() != (found.text or "").strip():
        lines.append(f"{here}: {found.text!r} instead of {kept.text!r}")
    if len(kept) != len(found):
        lines.append(f"{here}: {len(found)} inside instead of {len(kept)}")
    for before, after in zip(kept, found, strict=False):
        lines += differences(before, after, here)
    return lines


def file_of(application: str, family: str, language: str) -> Path:
    return FOLDER / f"{application}-{family}-{language}.xml"


def read(file: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return etree.parse(str(file), parser).getroot()


def write(file: Path, walk: etree._Element) -> None:
    etree.indent(walk)
    file.write_bytes(etree.tostring(walk, encoding="utf-8", xml_declaration=True) + b"\n")
