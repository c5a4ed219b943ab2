"""A page of the dialect, read back into a screen: how pages that others wrote are let in.

Nothing of such a page goes through as it came. It is parsed without entities and network, checked against the schema,
and made into widgets, which are then fitted, escaped and signed like those of Touchline's own applications.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urljoin

from lxml import etree

from prs import screens
from prs.dialect import Dialect
from prs.links import Link
from prs.schema import fault_of

HREF, URI = "href", "uri"
LONGEST_PAGE = 256 * 1024  # bytes
QUICKEST_REFRESH = 1.0  # seconds

Address = Callable[[str], Link | None]
Sending = Callable[[str, str], Link | None]


class NotAPage(Exception):
    """What came is no page of the dialect. `reason` says where and why, for whoever wrote it."""

    def __init__(self, reason: str) -> None:
        """Take what is wrong, in a line."""
        super().__init__(reason)
        self.reason = reason


def read_page(body: bytes, dialect: Dialect, base: str, follow: Address, send: Sending) -> screens.Screen:
    """Make a screen of a page.

    Args:
        body: XML of the dialect, at most 256 kB.
        dialect: whose schema the page must follow.
        base: the page's own address; addresses in it may be relative to it.
        follow: makes the link of an absolute address; None if nothing leads there from here.
        send: makes the link that a form is sent to, likewise; its second argument names the fields, with commas.

    Raises:
        NotAPage: it is too large, no XML, or not what the schema says.
    """
    page = _Page(_parsed(body, dialect, base), follow, send)
    return page.screen()


def _parsed(body: bytes, dialect: Dialect, base: str) -> etree._Element:
    if len(body) > LONGEST_PAGE:
        raise NotAPage(f"larger than {LONGEST_PAGE} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAPage(f"no XML: {error}") from error
    if str(getattr(root.getroottree().docinfo, "doctype", "")):
        raise NotAPage("a document type is not allowed")
    for element in root.iter():
        for name in (HREF, URI):
            if name in element.attrib:
                element.set(name, _joined(base, str(element.attrib[name])))
    if fault := fault_of(root, dialect):
        raise NotAPage(fault)
    return root


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError as error:
        raise NotAPage(f"no address: {error}") from error


class _Page:
    """One page on its way to a screen."""

    def __init__(self, root: etree._Element, follow: Address, send: Sending) -> None:
        self._root = root
        self._follow = follow
        self._send = send
        self._namespace = f"{{{etree.QName(root).namespace}}}"

    def screen(self) -> screens.Screen:
        header = self._find("HeaderBox")
        keys = {key.get("name", ""): self._link(key) for key in self._all("Keys", "Key")}
        return screens.Screen(
            title="" if header is None else header.get("label", ""),
            note="" if header is None else header.get("note", ""),
            body=tuple(self._body()),
            keys=tuple(self._soft_keys()),
            back=keys.get("back"),
            earlier=keys.get("left"),
            later=keys.get("right"),
            keypad=self._led_to("Numpad"),
            refresh=self._refresh(),
            dialog=self._dialog(),
            popup=self._popup(),
        )

    def _body(self) -> Iterable[screens.Widget]:
        for box in self._root:
            match etree.QName(box).localname:
                case "TextBox":
                    yield from (screens.Text(line.text or "") for line in box)
                case "ListBox":
                    yield screens.List(self._items(box), int(box.get("active", "0")))
                case "ActionlistBox":
                    yield screens.ActionList(self._items(box))
                case "FrameBox":
                    names = ",".join(field.get("name", "") for field in box)
                    link = self._send(box.get(HREF, ""), names)
                    if link is not None:
                        yield screens.Form(link, tuple(self._fields(box)))
                case "ProgressBar":
                    yield screens.Progress(box.get("label", ""), int(box.get("value", "0")), int(box.get("max", "1")))
                case "ImageBox":
                    # A picture would be fetched past Touchline, from wherever the page says.
                    yield screens.Text(box.get("label", ""))

    def _items(self, box: etree._Element) -> tuple[screens.Item, ...]:
        return tuple(
            screens.Item(item.get("label", ""), item.get("detail", ""), self._link(item), item.get("icon", ""))
            for item in box
        )

    def _fields(self, box: etree._Element) -> Iterable[screens.Input | screens.CheckBox | screens.DateInput]:
        for field in box:
            name, label, value = field.get("name", ""), field.get("label", ""), field.get("value", "")
            match etree.QName(field).localname:
                case "InputBox":
                    kind, longest = screens.InputKind(field.get("kind", "text")), max(1, int(field.get("max", "40")))
                    yield screens.Input(name, label, value, kind, longest, field.get("focus") in ("true", "1"))
                case "CheckBox":
                    yield screens.CheckBox(name, label, field.get("state") in ("true", "1"))
                case "DateBox":
                    yield screens.DateInput(name, label, value, screens.DateParts(field.get("format", "date")))

    def _soft_keys(self) -> Iterable[screens.SoftKey]:
        for key in sorted(self._all("SoftKeys", "SoftKey"), key=lambda key: int(key.get("position", "0"))):
            if key.get("submit") in ("true", "1"):
                yield screens.SoftKey(key.get("label", ""))
            elif (link := self._link(key)) is not None:
                yield screens.SoftKey(key.get("label", ""), link)

    def _dialog(self) -> screens.Dialog | None:
        box = self._find("DialogBox")
        if box is None:
            return None
        question = " ".join(line.text or "" for line in box.findall(f"{self._namespace}Line"))
        actions = box.findall(f"{self._namespace}Action")
        answers = tuple(screens.Item(action.get("label", ""), link=self._link(action)) for action in actions)
        leading = tuple(answer for answer in answers if answer.link is not None)
        return screens.Dialog(box.get("label", ""), question, leading) if leading else None

    def _popup(self) -> screens.Popup | None:
        box = self._find("PopupBox")
        return None if box is None else screens.Popup(box.get("label", ""), float(box.get("timeout", "2")))

    def _refresh(self) -> screens.Refresh | None:
        box, link = self._find("IdleTimer"), self._led_to("IdleTimer")
        if box is None or link is None:
            return None
        return screens.Refresh(max(QUICKEST_REFRESH, float(box.get("after", "60"))), link)

    def _led_to(self, name: str) -> Link | None:
        box = self._find(name)
        return None if box is None else self._link(box)

    def _link(self, element: etree._Element) -> Link | None:
        return self._follow(str(element.attrib[HREF])) if HREF in element.attrib else None

    def _find(self, name: str) -> etree._Element | None:
        return self._root.find(self._namespace + name)

    def _all(self, box: str, name: str) -> list[etree._Element]:
        return self._root.findall(f"{self._namespace}{box}/{self._namespace}{name}")
