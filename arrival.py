"""What has arrived of a request, and whether it is there as a whole. Reads no socket and waits for nothing.

A head is read only as far as it tells where the request ends; gunicorn's parser judges it for good, and refuses what is
refused here, too. Whatever could be read in two ways is not handed on at all.
"""

import re
from enum import Enum

LARGEST_HEAD = 32 * 1024  # bytes of request line and header fields
LARGEST_BODY = 64 * 1024  # bytes; a longer one of a known length is handed on unread, for a page that refuses it
EMPTY_LINES = 16  # before a request; RFC 9112 has one overlooked, at least
LONGEST_CHUNK_LINE = 64  # bytes; nobody needs extensions of chunks

LINE_END = b"\r\n"
HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\d{1,12}")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")


class Standing(Enum):
    """How far a request has come."""

    PARTIAL = "more is to come"
    WHOLE = "all of it is here"
    LONG_BODY = "its head is here; its body is longer than any"
    LONG_HEAD = "its head is longer than any"
    LONG_CHUNKS = "its body, of a length that nobody has told, is longer than any"
    UNREADABLE = "nobody can tell where it ends"


class Arrival:
    """The bytes of a request, as they come in.

    Attributes:
        received: what there is, without what a server is to overlook.
        invites: whether the client waits to be told that it may send the body.
    """

    def __init__(self, received: bytes = b"") -> None:
        """Begin with what has been received already."""
        self.received = bytearray()
        self.invites = False
        self._standing = Standing.PARTIAL
        self._overlooked = 0
        self._searched = 0
        self._body_at: int | None = None
        self._length: int | None = None  # None with a body: it comes in chunks
        self._chunk_at = 0
        self.add(received)

    @property
    def begun(self) -> bool:
        """Tell whether anything of a request is there."""
        return bool(self.received)

    def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        self.received += piece
        if self._body_at is None:
            while self.received.startswith(LINE_END):  # empty lines before a request are overlooked (RFC 9112, 2.2)
                del self.received[: len(LINE_END)]
                self._overlooked += 1
                if self._overlooked > EMPTY_LINES:
                    self._standing = Standing.UNREADABLE
                    return

    def standing(self) -> Standing:
        """Tell how far the request has come."""
        if self._standing is Standing.PARTIAL and self._body_at is None:
            self._standing = self._read_head()
        if self._standing is Standing.PARTIAL and self._body_at is not None:
            self._standing = self._read_body(self._body_at)
        return self._standing

    def _read_head(self) -> Standing:
        end = self.received.find(HEAD_END, max(0, self._searched - len(HEAD_END)))
        self._searched = len(self.received)
        if max(end, len(self.received) if end < 0 else 0) > LARGEST_HEAD:
            return Standing.LONG_HEAD
        if end < 0:
            return Standing.PARTIAL
        request, *fields = bytes(self.received[:end]).split(LINE_END)
        standing = self._read_framing(fields)
        kept = [field for field in fields if _name(field) != b"expect"]
        head = LINE_END.join((request, *kept)) + HEAD_END
        self.received[: end + len(HEAD_END)] = head  # we invite the body ourselves: gunicorn is not to do it again
        self._body_at = self._chunk_at = len(head)
        return standing

    def _read_framing(self, fields: list[bytes]) -> Standing:
        values: dict[bytes, list[bytes]] = {b"content-length": [], b"transfer-encoding": [], b"expect": []}
        for field in fields:
            name = _name(field)
            if name.strip() != name and name.strip() in values:
                return Standing.UNREADABLE
            if name in values:
                values[name].append(field.partition(b":")[2].strip(b" \t"))
        lengths, codings, expects = values.values()
        if len(lengths) + len(codings) > 1 or any(value.lower() != b"100-continue" for value in expects):
            return Standing.UNREADABLE
        if codings:
            self.invites = bool(expects)
            return Standing.PARTIAL if codings[0].lower() == b"chunked" else Standing.UNREADABLE
        if lengths and not LENGTH.fullmatch(lengths[0]):
            return Standing.UNREADABLE
        self._length = int(lengths[0]) if lengths else 0
        if self._length > LARGEST_BODY:
            return Standing.LONG_BODY
        self.invites = bool(expects and self._length)
        return Standing.PARTIAL

    def _read_body(self, begin: int) -> Standing:
        if self._length is not None:
            return Standing.WHOLE if len(self.received) >= begin + self._length else Standing.PARTIAL
        while True:
            end = self.received.find(LINE_END, self._chunk_at, self._chunk_at + LONGEST_CHUNK_LINE)
            if end < 0:
                long = len(self.received) >= self._chunk_at + LONGEST_CHUNK_LINE
                return Standing.UNREADABLE if long else Standing.PARTIAL
            size = CHUNK.fullmatch(self.received, self._chunk_at, end)
            if size is None:
                return Standing.UNREADABLE
            if int(size[1], 16) == 0:
                return self._read_trailers(end)
            following = end + len(LINE_END) + int(size[1], 16)
            if following - begin > LARGEST_BODY:
                return Standing.LONG_CHUNKS
            if len(self.received) < following + len(LINE_END):
                return Standing.PARTIAL
            if self.received[following : following + len(LINE_END)] != LINE_END:
                return Standing.UNREADABLE
            self._chunk_at = following + len(LINE_END)

    def _read_trailers(self, end: int) -> Standing:
        """Nobody sends fields after a body to us: an empty line ends it."""
        after = bytes(self.received[end : end + len(HEAD_END)])
        if after == HEAD_END:
            return Standing.WHOLE
        return Standing.PARTIAL if HEAD_END.startswith(after) else Standing.UNREADABLE


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].lower()
