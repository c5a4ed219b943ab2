"""Addresses of pages: only Touchline's, and never for another phone."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from simulators.phone.addresses import AddressRefused, Origin

TOUCHLINE = Origin("https://touchline.test:8443")


def test_the_server_adds_its_own_parameters() -> None:
    url = TOUCHLINE.addressed("https://touchline.test:8443/phone/?link=a%26b%2Bc", {"number": "70000", "set": "70000"})
    assert parse_qsl(urlsplit(url).query) == [("link", "a&b+c"), ("number", "70000"), ("set", "70000")]


def test_a_page_cannot_speak_for_another_phone() -> None:
    url = TOUCHLINE.addressed(
        "https://touchline.test:8443/phone/?number=1&set=2&number=3", {"number": "70000", "set": ""}
    )
    assert parse_qsl(urlsplit(url).query) == [("number", "70000")]


@pytest.mark.parametrize(
    "url",
    [
        "http://touchline.test:8443/phone/",
        "https://touchline.test/phone/",
        "https://touchline.test:9443/phone/",
        "https://elsewhere.test:8443/phone/",
        "https://touchline.test:8443@elsewhere.test/",
        "https://user:word@touchline.test:8443/",
        "https://touchline.test:8443.elsewhere.test/",
        "https://touchline.test:8443\\@elsewhere.test/",
        "https://touchline.test:port/",
        "https://[::1/",
        "//elsewhere.test/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/phone/",
        "",
        "https://touchline.test:8443/" + "a" * 5000,
    ],
)
def test_an_address_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        TOUCHLINE.addressed(url, {})


def test_a_hostile_path_stays_one_line_of_ascii() -> None:
    url = TOUCHLINE.addressed("https://touchline.test:8443/phone/ä b?x=1 HTTP/1.1\r\nEvil: yes", {"number": "7\r\n0"})
    assert url.isascii()
    assert not any(character.isspace() for character in url)


@pytest.mark.parametrize(
    "url",
    ["http://touchline.test", "touchline.test", "https://a@touchline.test", "https://t.test/x", "https://t.test:none"],
)
def test_touchline_is_an_https_origin(url: str) -> None:
    with pytest.raises(AddressRefused):
        Origin(url)
