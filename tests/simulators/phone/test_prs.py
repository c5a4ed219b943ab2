"""The presentation server's part, over HTTPS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable

import pytest

from simulators.phone.prs import MASK, Asked, NoAnswer, PresentationServer
from tests.simulators.phone.conftest import Papers
from tests.simulators.phone.touchline import CORRELATION, PIXEL, SECRET, SOUND, FakeTouchline

Ask = Callable[[str], Asked]


def tls(papers: Papers, *, certificate: bool = True, known: bool = True) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=papers.ca if known else papers.unknown_ca)
    if certificate:
        context.load_cert_chain(papers.prs_cert, papers.prs_key)
    return context


@pytest.fixture
async def prs(touchline: FakeTouchline, papers: Papers) -> AsyncIterator[PresentationServer]:
    async with PresentationServer(touchline.url, tls(papers), SECRET, seconds=2) as opened:
        yield opened


@pytest.fixture
def ask(touchline: FakeTouchline) -> Ask:
    return lambda path: Asked(number="70000", set="70010", url=touchline.url + path)


async def test_it_asks_for_a_phone_and_gives_the_page(
    prs: PresentationServer, ask: Ask, touchline: FakeTouchline
) -> None:
    answered = await prs.ask(ask("/phone/?link=x"))
    assert (answered.status, answered.reason, answered.correlation) == (200, "", CORRELATION)
    assert answered.page is not None
    assert answered.page["name"] == "Page"
    assert answered.elapsed_ms > 0
    assert touchline.last.parameters == {"link": "x", "number": "70000", "set": "70010"}
    assert touchline.last.secret == SECRET


async def test_a_form_is_posted(prs: PresentationServer, ask: Ask, touchline: FakeTouchline) -> None:
    form = {"last_name": "a&b+c#d é", "code": "1234"}
    answered = await prs.ask(
        ask("/pages/sent").model_copy(update={"method": "POST", "form": form, "masked": frozenset({"code"})})
    )
    assert (touchline.last.method, touchline.last.form) == ("POST", form)
    assert answered.request.form == {"last_name": "a&b+c#d é", "code": MASK}


async def test_no_secret_is_shown(prs: PresentationServer, ask: Ask) -> None:
    answered = await prs.ask(ask("/other/echo_secret"))
    assert answered.request.headers["X-PRS-Secret"] == MASK
    assert SECRET not in answered.xml


async def test_connections_are_kept(prs: PresentationServer, ask: Ask, touchline: FakeTouchline) -> None:
    for _ in range(3):
        await prs.ask(ask("/phone/"))
    assert len({one.connection for one in touchline.received}) == 1


async def test_a_page_of_an_error_is_a_page(prs: PresentationServer, ask: Ask) -> None:
    answered = await prs.ask(ask("/pages/sent?status=503"))
    assert answered.status == 503
    assert answered.page is not None


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/other/html", 200, "not well-formed"),
        ("/other/empty", 200, "not well-formed"),
        ("/other/entity", 200, "DOCTYPE"),
        ("/other/foreign_root", 200, "the root is"),
        ("/other/deep", 200, "nested deeper"),
        ("/other/redirect", 302, "redirect"),
        ("/other/huge", None, "larger than 256 kB"),
        ("/nowhere", 404, "the root is <html>"),
    ],
)
async def test_what_is_no_page_says_why(
    prs: PresentationServer, ask: Ask, path: str, status: int | None, reason: str
) -> None:
    answered = await prs.ask(ask(path))
    assert answered.page is None
    assert answered.status == status
    assert reason in answered.reason


async def test_a_redirect_is_not_followed(prs: PresentationServer, ask: Ask, touchline: FakeTouchline) -> None:
    await prs.ask(ask("/other/redirect"))
    assert touchline.paths() == ["/other/redirect"]


async def test_an_address_elsewhere_is_never_asked(prs: PresentationServer, touchline: FakeTouchline) -> None:
    answered = await prs.ask(Asked(number="70000", url="https://elsewhere.test/steal"))
    assert "another place" in answered.reason
    assert answered.status is None
    assert touchline.received == []


async def test_odd_pages_are_drawn_with_warnings(prs: PresentationServer, ask: Ask) -> None:
    answered = await prs.ask(ask("/other/odd"))
    assert answered.page is not None
    assert any("content type is text/plain" in one for one in answered.warnings)
    assert any("Marquee" in one for one in answered.warnings)


async def test_a_slow_touchline_is_given_up(touchline: FakeTouchline, papers: Papers, ask: Ask) -> None:
    touchline.hold("/pages/sent")
    async with PresentationServer(touchline.url, tls(papers), seconds=0.2) as prs:
        answered = await prs.ask(ask("/pages/sent"))
    assert "no answer within 0.2 seconds" in answered.reason


async def test_a_touchline_that_is_gone(papers: Papers) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with PresentationServer(f"https://127.0.0.1:{port}", tls(papers)) as prs:
        answered = await prs.ask(Asked(number="1", url=f"https://127.0.0.1:{port}/phone/"))
    assert "no connection" in answered.reason


async def test_a_touchline_with_another_certificate_is_not_believed(
    touchline: FakeTouchline, papers: Papers, ask: Ask
) -> None:
    async with PresentationServer(touchline.url, tls(papers, known=False), SECRET) as prs:
        answered = await prs.ask(ask("/phone/"))
    assert "not to be believed" in answered.reason
    assert touchline.received == []


async def test_without_its_certificate_touchline_does_not_answer(
    touchline: FakeTouchline, papers: Papers, ask: Ask
) -> None:
    async with PresentationServer(touchline.url, tls(papers, certificate=False), SECRET) as prs:
        answered = await prs.ask(ask("/phone/"))
    assert answered.page is None
    assert answered.reason
    assert touchline.received == []


async def test_a_picture(prs: PresentationServer, ask: Ask) -> None:
    picture = await prs.picture(ask("/other/picture.png"))
    assert (picture.content_type, picture.body) == ("image/png", PIXEL)


@pytest.mark.parametrize("path", ["/other/picture.svg", "/nowhere", "/other/huge"])
async def test_what_is_no_picture_is_refused(prs: PresentationServer, ask: Ask, path: str) -> None:
    with pytest.raises(NoAnswer):
        await prs.picture(ask(path))


async def test_a_sound(prs: PresentationServer, ask: Ask) -> None:
    sound = await prs.sound(ask("/other/voice.wav"))
    assert (sound.content_type, sound.body) == ("audio/wav", SOUND)


@pytest.mark.parametrize("path", ["/other/picture.png", "/other/html", "/nowhere", "/pages/sent"])
async def test_what_is_no_sound_is_refused(prs: PresentationServer, ask: Ask, path: str) -> None:
    with pytest.raises(NoAnswer, match="no sound"):
        await prs.sound(ask(path))


async def test_a_sound_elsewhere_is_never_asked_for(prs: PresentationServer, touchline: FakeTouchline) -> None:
    with pytest.raises(NoAnswer, match="another place"):
        await prs.sound(Asked(number="70000", url="https://elsewhere.test/voice.wav"))
    assert touchline.received == []
