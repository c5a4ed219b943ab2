"""Applications that others serve: what they answer is let in as widgets, and whatever they do harms nobody's phone."""

import hashlib
import hmac
import ipaddress
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast

import httpcore
import pytest
from httpcore import NetworkStream

from prs.dialect import load_dialect
from prs.language import languages
from prs.links import Link
from prs.models import phone_models
from prs.request import Fields
from prs.screens import Form, Item, List, Text
from prs_apps.application import House, Manifest, Visit
from prs_apps.external import External, Source, network
from prs_apps.external.application import AT_ONCE
from prs_apps.external.errors import (
    ExternalForbidden,
    ExternalRefused,
    ExternalSilent,
    ExternalTrouble,
    ExternalUnreadable,
)
from prs_apps.external.network import allowed
from services.deadline import Deadline
from services.names import Addresses, Names
from services.o2g import O2G
from services.users import Device, DeviceKind, User
from store.shared import InProcess
from tests.prs_apps.outside import PAGE, Outside, outside

SECRET = "a secret of two"
USER = User("oxe70000", "70000", "Anna", "Müller", "1", (Device("70000", DeviceKind.DESKPHONE, None, None),), None)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path) as application:
        yield application


def external(there: Outside, **source: object) -> External:
    house = House(cast("O2G", None), InProcess(), UTC)
    given = {"url": there.url, "secret": SECRET, "inside": True, "ca": there.ca, "seconds": 2.0} | source
    return External(house, Manifest("news", "News"), Source(**given), load_dialect("noe"))  # type: ignore[arg-type]


def visit(application: External, *, digits: str = "", seconds: float = 5, **fields: str) -> Visit:
    return Visit(
        USER,
        USER.devices[0],
        phone_models().of("NOE_C_Color_IP"),
        languages().of("de"),
        Deadline.after(seconds),
        application.house,
        digits,
        Fields(tuple(fields.items())),
    )


def test_a_page_becomes_a_screen_whose_links_come_back_to_us(there: Outside) -> None:
    there.serves(
        "/news/",
        '<HeaderBox label="News" note="1/2"/><ListBox active="0"><Item label="A &amp; B" href="story?id=1"/>'
        '<Item label="elsewhere" href="https://evil.example/"/></ListBox>'
        '<SoftKeys><SoftKey position="0" label="More" href="/news/more"/></SoftKeys>',
    )
    app = external(there)
    shown = app.home(visit(app))
    assert (shown.title, shown.note) == ("News", "1/2")
    story = Link("news", "page", (("target", "story?id=1"),))
    assert shown.body == (List((Item("A & B", link=story), Item("elsewhere"))),)
    assert [(key.label, key.link) for key in shown.keys] == [("More", Link("news", "page", (("target", "more"),)))]


def test_a_form_comes_back_to_us_and_is_sent_on_with_its_own_fields_only(there: Outside) -> None:
    there.serves("/news/", '<FrameBox href="find"><InputBox name="word" label="Word" kind="text" max="9"/></FrameBox>')
    there.serves("/news/find", "<TextBox><Line>found</Line></TextBox>")
    app = external(there)
    (form,) = app.home(visit(app)).body
    assert isinstance(form, Form)
    assert form.link == Link("news", "send", (("target", "find"), ("names", "word")), once=True)
    answer = app.send(visit(app, word="<&>", other="not asked for"), "find", "word")
    assert answer.body == (Text("found"),)
    assert (there.asked[-1].method, there.asked[-1].form) == ("POST", {"word": "<&>"})


def test_the_application_can_tell_who_asks_and_that_it_is_us(there: Outside) -> None:
    there.serves("/news/", "")
    app = external(there)
    app.home(visit(app))
    told = there.asked[-1].headers
    signed = [told[f"X-Touchline-{name}"] for name in ("Time", "Number", "Family")] + [told["Accept-Language"]]
    text = "".join(f"{part}\n" for part in ("GET", there.url, *signed))
    assert told["X-Touchline-Signature"] == hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    assert signed[1:] == ["70000", "large_colour", "de"]
    assert abs(int(signed[0]) - time.time()) < 60
    assert not any(SECRET in value for value in told.values())


def test_keyed_digits_are_sent_on(there: Outside) -> None:
    there.serves("/news/", "")
    app = external(there)
    app.page(visit(app, digits="42"), "?page=1")
    assert there.asked[-1].path == "/news/?page=1&digits=42"


def hangs(request: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(1.5)


def drips(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(40):
        request.wfile.write(b" ")
        request.wfile.flush()
        threading.Event().wait(0.05)


def drips_its_head(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(40):
        request.wfile.write(b"x")
        request.wfile.flush()
        threading.Event().wait(0.05)


def drips_the_size_of_a_chunk(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    for _ in range(40):
        request.wfile.write(b"x")
        request.wfile.flush()
        threading.Event().wait(0.05)


@pytest.mark.parametrize("answer", [hangs, drips, drips_its_head, drips_the_size_of_a_chunk])
def test_one_that_is_slow_costs_its_time_and_no_more(there: Outside, answer: object) -> None:
    there.answers["/news/"] = answer  # type: ignore[assignment]
    app = external(there, seconds=0.3)
    began = time.monotonic()
    with pytest.raises(ExternalSilent):
        app.home(visit(app))
    assert time.monotonic() - began < 1.4


def test_a_crowd_that_waits_for_a_slow_one_holds_few_threads(there: Outside) -> None:
    going_on = threading.Event()

    def waits(request: BaseHTTPRequestHandler) -> None:
        going_on.wait(10)
        request.send_error(503)

    there.answers["/news/"] = waits
    app = external(there, seconds=10)

    def press() -> str:
        with pytest.raises(ExternalTrouble) as trouble:
            app.home(visit(app, seconds=10))
        return trouble.value.reason

    with ThreadPoolExecutor(AT_ONCE + 4) as crowd:
        pressed = [crowd.submit(press) for _ in range(AT_ONCE + 4)]
        first = [one.result(timeout=5) for _, one in zip(range(4), as_completed(pressed), strict=False)]
        going_on.set()
        reasons = [one.result(timeout=5) for one in pressed]
    assert first == ["too many wait for it already"] * 4
    assert reasons.count("it answered with status 503") == AT_ONCE


def test_one_that_is_slow_has_no_more_time_than_the_screen(there: Outside) -> None:
    there.answers["/news/"] = hangs
    app = external(there, seconds=10)
    with pytest.raises(ExternalSilent):
        app.home(visit(app, seconds=0.3))


def test_one_whose_name_is_not_looked_up_costs_its_time_and_no_more(
    there: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def silent(_: str) -> Addresses:
        over.wait(60)
        return ("127.0.0.1",)

    monkeypatch.setattr(network.NAMES, "_look_up", silent)
    app = external(there, url="https://nobody-answers.example/news/", seconds=0.3)
    began = time.monotonic()
    with pytest.raises(ExternalSilent):
        app.home(visit(app))
    assert time.monotonic() - began < 30  # the name server would take a minute
    over.set()


def test_one_that_is_not_there(there: Outside) -> None:
    app = external(there, url="https://localhost:9/news/")
    with pytest.raises(ExternalSilent):
        app.home(visit(app))


@pytest.mark.parametrize("silent", [False, True])
def test_where_nobody_is_at_one_address_of_a_name_the_next_is_asked(
    there: Outside, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    port = int(there.url.split(":")[2].split("/")[0])
    backend = network.GuardedBackend(
        inside=True, names=Names(remembering=False, look_up=lambda _: ("127.0.0.9", "127.0.0.1"))
    )
    plain = backend._plain
    asked: list[tuple[str, float | None]] = []

    class Silent(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, timeout: float | None = None, *more: Any) -> NetworkStream:
            asked.append((host, timeout))
            if host == "127.0.0.9":
                raise httpcore.ConnectTimeout
            return plain.connect_tcp(host, port, timeout, *more)

    if silent:
        monkeypatch.setattr(backend, "_plain", Silent())
    backend.connect_tcp("localhost", port, 4).close()
    if silent:
        assert [host for host, _ in asked] == ["127.0.0.9", "127.0.0.1"]
        assert asked[0][1] is not None
        assert asked[0][1] <= 2


def test_one_with_another_certificate_is_not_believed(there: Outside) -> None:
    app = external(there, ca=None)
    with pytest.raises(ExternalSilent):
        app.home(visit(app))


def test_a_huge_answer_is_not_read_to_its_end(there: Outside) -> None:
    there.gives("/news/", PAGE.format("<!--" + "x" * 300_000 + "-->").encode())
    app = external(there)
    with pytest.raises(ExternalUnreadable, match="more than"):
        app.home(visit(app))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Oops</body></html>",
        b'{"error": "trace"}',
        PAGE.format("<HeaderBox/>").encode(),
        PAGE.format("<script>alert(1)</script>").encode(),
        b'<!DOCTYPE Page [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PAGE.format("<HeaderBox label='&x;'/>").encode(),
        b'<!DOCTYPE Page [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + PAGE.format("").encode(),
        b"<Page xmlns='urn:touchline:noe:1' id='x' lang='en' dir='ltr'>\x00</Page>",
        "<Page/>".encode("utf-16"),
    ],
)
def test_what_is_no_page_is_not_shown(there: Outside, body: bytes) -> None:
    there.gives("/news/", body)
    app = external(there)
    with pytest.raises(ExternalUnreadable) as refused:
        app.home(visit(app))
    assert refused.value.reason
    assert "root:" not in refused.value.reason


def test_an_error_of_its_own_is_told_without_its_words(there: Outside) -> None:
    there.gives("/news/", b"Traceback: password=hunter2", status=500)
    app = external(there)
    with pytest.raises(ExternalRefused, match="status 500") as refused:
        app.home(visit(app))
    assert "hunter2" not in refused.value.reason


@pytest.mark.parametrize(
    "location",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost:1/news/",
        "http://localhost/news/",
        "//evil.example/news/",
        "/other/",
        "/news/../secret",
        "/news/%2e%2e/secret",
        "file:///etc/passwd",
        "https://localhost@evil.example/news/",
        "https://[",
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(there: Outside, location: str) -> None:
    there.gives("/news/", b"", status=302, Location=location)
    app = external(there)
    with pytest.raises(ExternalTrouble) as refused:
        app.home(visit(app))
    assert isinstance(refused.value, ExternalForbidden)
    assert len(there.asked) == 1


def test_a_redirect_within_its_own_folder_is_followed_but_not_without_end(there: Outside) -> None:
    there.gives("/news/", b"", status=302, Location="today")
    there.serves("/news/today", "<TextBox><Line>today</Line></TextBox>")
    app = external(there)
    assert app.home(visit(app)).body == (Text("today"),)
    there.gives("/news/today", b"", status=302, Location="today")
    with pytest.raises(ExternalRefused, match="without end"):
        app.home(visit(app))


def test_an_address_inside_the_network_is_not_asked_unless_it_was_said_to_be_there(there: Outside) -> None:
    there.serves("/news/", "")
    app = external(there, inside=False)
    with pytest.raises(ExternalForbidden, match="inside the network"):
        app.home(visit(app))
    assert there.asked == []


@pytest.mark.parametrize(
    ("address", "outside_only", "inside_too"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("10.1.2.3", False, True),
        ("192.168.0.1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("100.64.0.1", False, True),
        ("::ffff:10.1.2.3", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("64:ff9b::10.1.2.3", False, True),
        ("64:ff9b::93.184.216.34", True, True),
        ("64:ff9b::169.254.169.254", False, False),
        ("64:ff9b:1::10.1.2.3", False, True),
        ("::ffff:0:10.1.2.3", False, True),
        ("::127.0.0.1", False, True),
        ("2002:a01:203::", False, True),
        ("fec0::1", False, True),
        ("224.0.0.1", False, False),
    ],
)
def test_which_addresses_are_asked(address: str, outside_only: bool, inside_too: bool) -> None:
    assert allowed(ipaddress.ip_address(address), inside=False) is outside_only
    assert allowed(ipaddress.ip_address(address), inside=True) is inside_too
