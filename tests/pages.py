"""Pages as a test sees them: parsed safely, validated against the dialect's schema, and put into a person's words."""

from dataclasses import dataclass

from lxml import etree

from prs.dialect import load_dialect
from prs.schema import fault_of

NAMESPACE = "{urn:touchline:noe:1}"
DIALECT = load_dialect("noe")


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    name: str
    label: str
    value: str
    kind: str
    longest: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a set would show of a page."""

    id: str
    language: str
    direction: str
    title: str
    note: str
    lines: tuple[str, ...]
    items: tuple[Entry, ...]
    actions: tuple[Entry, ...]
    question: str
    answers: tuple[Entry, ...]
    form: str
    fields: tuple[FieldShown, ...]
    soft_keys: tuple[Entry, ...]
    submits: tuple[str, ...]
    keys: dict[str, str]
    keypad: str
    refresh: str
    tree: etree._Element

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def choices(self) -> tuple[Entry, ...]:
        """The lines of lists that lead somewhere."""
        return tuple(item for item in self.items if item.href)

    @property
    def labels(self) -> list[str]:
        return [item.label for item in self.items]

    @property
    def soft_key_labels(self) -> list[str]:
        return [key.label for key in self.soft_keys]


def parse_page(body: bytes) -> Shown:
    """Parse and validate a page; anything that the schema does not allow fails the test that rendered it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(body, parser)
    fault = fault_of(tree, DIALECT)
    assert not fault, fault
    header = _one(tree, "HeaderBox")
    form, dialog = _one(tree, "FrameBox"), _one(tree, "DialogBox")
    soft_keys = _all(tree, "SoftKeys", "SoftKey")
    numpad, timer = _one(tree, "Numpad"), _one(tree, "IdleTimer")
    return Shown(
        id=tree.get("id", ""),
        language=tree.get("lang", ""),
        direction=tree.get("dir", ""),
        title="" if header is None else header.get("label", ""),
        note="" if header is None else header.get("note", ""),
        lines=tuple(line.text or "" for line in _all(tree, "TextBox", "Line")),
        items=_entries(_all(tree, "ListBox", "Item")),
        actions=_entries(_all(tree, "ActionlistBox", "Item")),
        question="" if dialog is None else " ".join(line.text or "" for line in dialog.findall(f"{NAMESPACE}Line")),
        answers=_entries(_all(tree, "DialogBox", "Action")),
        form="" if form is None else form.get("href", ""),
        fields=tuple(
            FieldShown(
                f.get("name", ""), f.get("label", ""), f.get("value", ""), f.get("kind", ""), int(f.get("max", "0"))
            )
            for f in _all(tree, "FrameBox", "InputBox")
        ),
        soft_keys=_entries(soft_keys),
        submits=tuple(key.get("label", "") for key in soft_keys if key.get("submit") == "true"),
        keys={key.get("name", ""): key.get("href", "") for key in _all(tree, "Keys", "Key")},
        keypad="" if numpad is None else numpad.get("href", ""),
        refresh="" if timer is None else timer.get("href", ""),
        tree=tree,
    )


def _one(tree: etree._Element, name: str) -> etree._Element | None:
    return tree.find(NAMESPACE + name)


def _all(tree: etree._Element, box: str, name: str) -> list[etree._Element]:
    return tree.findall(f"{NAMESPACE}{box}/{NAMESPACE}{name}")


def _entries(elements: list[etree._Element]) -> tuple[Entry, ...]:
    return tuple(Entry(e.get("label", ""), e.get("detail", ""), e.get("href", "")) for e in elements)
