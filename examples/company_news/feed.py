"""An RSS 2.0 file, read as if its author were hostile: no entities, no network, nothing outside its folder."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree, html

LARGEST = 1024 * 1024  # bytes
LONGEST_STORY = 20_000  # characters
MOST_ITEMS = 2_000


class NoFeed(Exception):
    """There is no news that can be read; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Story:
    """A piece of news.

    Attributes:
        id: the same for the same story, also when others come before it.
        title, text: plain text.
        when: when it was published; None: the feed does not say.
    """

    id: str
    title: str
    text: str
    when: datetime | None


def read_feed(folder: Path, name: str) -> tuple[Story, ...]:
    """Read a feed, the newest story first; those without a date come behind, as they stand.

    Raises:
        NoFeed: the file is not there, not below the folder, too large, or no RSS.
    """
    body = _bytes(folder, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoFeed(f"no XML: {type(error).__name__}") from error
    if str(getattr(root.getroottree().docinfo, "doctype", "")):
        raise NoFeed("a document type is not allowed")
    if root.tag != "rss" or root.find("channel") is None:
        raise NoFeed("no RSS 2.0")
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(_stories(root), key=lambda story: story.when or oldest, reverse=True))


def _bytes(folder: Path, name: str) -> bytes:
    try:
        file = (folder / name).resolve(strict=True)
        if not file.is_relative_to(folder.resolve(strict=True)) or not file.is_file():
            raise NoFeed("the file is not one below the folder")
        with file.open("rb") as source:
            body = source.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise NoFeed(f"cannot be read: {type(error).__name__}") from error
    if len(body) > LARGEST:
        raise NoFeed(f"larger than {LARGEST} bytes")
    return body


def _stories(root: etree._Element) -> Iterator[Story]:
    for item in root.findall("channel/item")[:MOST_ITEMS]:
        title, text = _plain(item.findtext("title")), _plain(item.findtext("description"))
        if title or text:
            named = item.findtext("guid") or item.findtext("link") or f"{title}\n{text}"
            id = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:16]
            yield Story(id, title or text[:60], text, _moment(item.findtext("pubDate")))


def _plain(text: str | None) -> str:
    """Give the words of what may be HTML; whatever it would have done is gone."""
    if not text or not text.strip():
        return ""
    try:
        fragment = html.fragment_fromstring(text[:LONGEST_STORY], create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for unseen in fragment.xpath(".//script | .//style"):
        unseen.drop_tree()
    return " ".join(str(fragment.xpath("string()")).split())


def _moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
