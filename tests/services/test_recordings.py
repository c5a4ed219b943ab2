"""The sound of a voice message: what a browser is given of what O2G says of it."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recordings import LARGEST_RECORDING, Recording, recording
from services.wire import Answer

WAV = b"RIFF\x04\x00\x00\x00WAVE" + bytes(40)


def said(content: bytes = WAV, **headers: str) -> Recording:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return recording(Answer(200, httpx.Headers(pairs), content), LARGEST_RECORDING)


@pytest.mark.parametrize(
    ("content", "media_type", "given_as"),
    [
        (WAV, "audio/x-wav", "audio/wav"),
        (WAV, "text/html", "audio/wav"),
        (WAV, "", "audio/wav"),
        (b"ID3", "audio/mpeg; x=1", "audio/mpeg"),
        (b"<script>", "text/html", "application/octet-stream"),
        (b"<svg>", "image/svg+xml", "application/octet-stream"),
        (b"RIFF", "", "application/octet-stream"),
    ],
)
def test_A84_a_media_type_that_a_browser_may_have(content: bytes, media_type: str, given_as: str) -> None:
    assert said(content, content_type=media_type).media_type == given_as


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=voicefile0_7.wav", "voicefile0_7.wav"),
        ('attachment; filename="voice 7.wav"', "voice 7.wav"),
        ("attachment; filename*=UTF-8''na%C3%AFve.wav", "naïve.wav"),
        ("attachment; filename*=NO-SUCH''x.wav", "x.wav"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\voice\\\\7.wav"', "7.wav"),
        ('attachment; filename="..\\\\..\\\\7.wav"', "7.wav"),
        ('attachment; filename=".."', None),
        ('attachment; filename=".htaccess"', "htaccess"),
        ('attachment; filename="a\x07b\u202e.wav"', "ab.wav"),
        ('attachment; filename=""', None),
        ("attachment", None),
        ("", None),
    ],
)
def test_A84_a_name_without_folders(disposition: str, name: str | None) -> None:
    assert said(content_disposition=disposition).name == name


@given(st.text(max_size=60).filter(lambda text: "\r" not in text and "\n" not in text))
def test_whatever_a_name_holds_it_is_a_plain_one_or_none(text: str) -> None:
    name = said(content_disposition=f"attachment; {text}").name
    other = said(content_disposition=f'attachment; filename="{text}"').name
    for found in (name, other):
        assert found is None or (
            found.isprintable() and not set(found) & set('/\\:"<>|*?') and not found.startswith(".")
        )
