"""The sound of a voice message, as it came over the wire: from a stranger, to a browser."""

from dataclasses import dataclass, field
from email.message import Message
from pathlib import PureWindowsPath

from services.errors import UnreadableAnswer
from services.wire import LARGEST_ANSWER, Answer

LARGEST_RECORDING = LARGEST_ANSWER
LONGEST_NAME = 100
UNSAFE = frozenset('<>:"/\\|?*')
SOUNDS = frozenset(
    {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/mpeg", "audio/ogg", "audio/basic"}
)


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound.

    Attributes:
        content: its bytes.
        media_type: `audio/wav` for what is a WAV file, whatever O2G calls it; another audio type that O2G gives; else
            `application/octet-stream`. Never one that a browser would run.
        name: a file name without folders, from Content-Disposition (A84); None where O2G gives none that is usable.
    """

    content: bytes = field(repr=False)
    media_type: str
    name: str | None


def recording(answer: Answer, largest: int) -> Recording:
    """Read a sound of at most `largest` bytes.

    Raises:
        UnreadableAnswer: it is larger, or there is nothing.
    """
    if not answer.body:
        raise UnreadableAnswer("O2G gave a voice message without sound", status=answer.status)
    if len(answer.body) > largest:
        raise UnreadableAnswer("O2G's voice message is too long", status=answer.status)
    return Recording(
        content=answer.body,
        media_type=_media_type(answer.body, answer.headers.get("content-type", "")),
        name=_name(answer.headers.get("content-disposition", "")),
    )


def _media_type(content: bytes, said: str) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    said = said.partition(";")[0].strip().lower()
    return said if said in SOUNDS else "application/octet-stream"


def _name(disposition: str) -> str | None:
    header = Message()
    header["Content-Disposition"] = disposition
    try:
        given = header.get_filename()
    except (LookupError, ValueError):  # an encoding that there is not
        return None
    last = PureWindowsPath(given or "").name  # takes both kinds of slash
    name = "".join(letter for letter in last if letter.isprintable() and letter not in UNSAFE).strip(". ")
    return name[:LONGEST_NAME] or None
