"""Which address is used of those that O2G gives."""

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.addresses import chosen, root, secured
from services.endpoint import Access, O2GEndpoint
from services.errors import UnreadableAnswer

ENDPOINT = O2GEndpoint("https://o2g.example:8443", "touchline", "secret")


@pytest.mark.parametrize(
    ("configured", "descriptor"),
    [
        ("https://o2g.example", "https://o2g.example/api/rest"),
        ("https://o2g.example/", "https://o2g.example/api/rest"),
        ("https://o2g.example:8443/api/rest/", "https://o2g.example:8443/api/rest"),
        ("https://proxy.example/o2g", "https://proxy.example/o2g/api/rest"),
    ],
)
def test_the_root_is_below_the_configured_address(configured: str, descriptor: str) -> None:
    assert root(O2GEndpoint(configured, "touchline", "secret")) == httpx.URL(descriptor)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://o2g.example/api/rest/1.0", "https://o2g.example/api/rest/1.0"),
        ("https://other.example:444/a?version=1.0", "https://other.example:444/a?version=1.0"),
        ("http://o2g.example:80/api", "https://o2g.example:8443/api"),
        ("http://o2g.example/api", "https://o2g.example:8443/api"),
        ("http://other.example/api", "https://other.example/api"),
        ("http://other.example:80/api", "https://other.example/api"),
        ("http://other.example:8443/api", "https://other.example:8443/api"),
        ("/api/rest/1.0/sessions", "https://o2g.example:8443/api/rest/1.0/sessions"),
    ],
)
def test_B4_no_address_is_used_without_tls(given: str, used: str) -> None:
    assert secured(ENDPOINT, given) == httpx.URL(used)


@pytest.mark.parametrize("access", list(Access))
def test_no_address_given_is_none(access: Access) -> None:
    endpoint = O2GEndpoint("https://o2g.example", "touchline", "secret", access=access)
    assert chosen(endpoint, None, " ") is None


@given(st.text())
@example("https://who:what@o2g.example/")
@example("javascript:alert(1)")
@example("//elsewhere.example/\\@o2g.example")
@example("http://o2g.example:99999/")
def test_whatever_O2G_gives_is_https_without_credentials_or_refused(given: str) -> None:
    try:
        used = secured(ENDPOINT, given)
    except UnreadableAnswer:
        return
    assert used.scheme == "https"
    assert used.host
    assert not used.userinfo
