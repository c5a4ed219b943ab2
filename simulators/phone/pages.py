"""Reading a page of Touchline as a presentation server would: safely, leniently, and telling what was odd."""

from typing import Final

from lxml import etree
from pydantic import BaseModel, ConfigDict

from simulators.phone.vocabulary import Vocabulary, vocabulary

WARNINGS: Final = 50
DEPTH: Final = 16


class NotAPage(Exception):
    """What came is no page. The message says why, for a developer."""


class Node(BaseModel):
    """An element of a page, as the browser gets it: name, attributes, text, elements in it."""

    model_config = ConfigDict(frozen=True)

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Node", ...]


class Reading(BaseModel):
    """A page that was read: its tree, the XML made pretty, and what a developer should know."""

    model_config = ConfigDict(frozen=True)

    tree: Node
    xml: str
    warnings: tuple[str, ...]


def read_page(body: bytes) -> Reading:
    """Read a page. Unknown elements and attributes are warnings; the page is drawn without them.

    Entities are never resolved, nothing is fetched, and a document type is refused outright: no page needs one.

    Raises:
        NotAPage: it is no well-formed XML, has a document type, is too deep, or its root is not the dialect's.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, remove_blank_text=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAPage(f"not well-formed XML: {error}") from error
    document = root.getroottree()
    if document.docinfo.internalDTD is not None:
        raise NotAPage("a document type (DOCTYPE) is refused")
    words = vocabulary()
    if etree.QName(root).localname != words.root:
        raise NotAPage(f"the root is <{etree.QName(root).localname}>, not <{words.root}>")
    warnings: list[str] = []
    if etree.QName(root).namespace != words.namespace:
        warnings.append(f"the namespace is {etree.QName(root).namespace or 'missing'}, not {words.namespace}")
    tree = _node(root, words, warnings, depth=0)
    pretty = etree.tostring(document, pretty_print=True, encoding="unicode")
    return Reading(tree=tree, xml=pretty, warnings=tuple(warnings[:WARNINGS]))


def _node(element: etree._Element, words: Vocabulary, warnings: list[str], depth: int) -> Node:
    if depth > DEPTH:
        raise NotAPage(f"elements are nested deeper than {DEPTH}")
    name = etree.QName(element).localname
    known = words.elements.get(name)
    attributes = {etree.QName(key).localname: value for key, value in _attributes(element)}
    if known is not None:
        warnings += [f"<{name}> has an unknown attribute: {key}" for key in attributes if key not in known.attributes]
    children = []
    for child in element.iterchildren(tag=etree.Element):
        inner = etree.QName(child).localname
        if inner not in words.elements:
            warnings.append(f"unknown element: <{inner}> in <{name}>")
        elif known is not None and inner not in known.children:
            warnings.append(f"<{inner}> does not belong in <{name}>")
        children.append(_node(child, words, warnings, depth + 1))
    return Node(name=name, attributes=attributes, text=element.text or "", children=tuple(children))


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items()]
