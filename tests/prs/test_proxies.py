import base64
import ssl
from ipaddress import ip_address, ip_network
from urllib.parse import quote

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from prs.proxies import Origin, Proxies
from tests.prs.hostile import TEXT

PROXIES = Proxies((ip_network("10.0.0.0/24"), ip_network("2001:db8::/64")))
PROXY, STRANGER = "10.0.0.7", "192.0.2.66"
CERTIFICATE = trustme.CA().issue_cert("prs.example", common_name="PRS of the house").cert_chain_pems[0].bytes()
IN_PEM = quote(CERTIFICATE.decode())
IN_DER = base64.b64encode(ssl.PEM_cert_to_DER_cert(CERTIFICATE.decode())).decode()


def origin(peer: str, **headers: str) -> Origin:
    return PROXIES.origin({"REMOTE_ADDR": peer} | {f"HTTP_{name}": value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("192.0.2.5", "192.0.2.5"),
        ("6.6.6.6, 192.0.2.5", "192.0.2.5"),  # the left one is what the client claims
        ("6.6.6.6, 192.0.2.5, 10.0.0.8", "192.0.2.5"),  # two of our proxies in a row
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("192.0.2.5,nonsense", None),
        ("nonsense", None),
        ("192.0.2.5:4711", None),
        ("", None),
        ("192.0.2.5,", None),
        ("[2001:db8:1::5]", "2001:db8:1::5"),
        ("::ffff:192.0.2.5", "192.0.2.5"),
    ],
)
def test_a_proxy_says_for_whom_it_asks(chain: str, client: str | None) -> None:
    told = origin(PROXY, X_FORWARDED_FOR=chain).address
    assert told == (None if client is None else ip_address(client))


def test_a_stranger_says_nothing_about_itself_that_counts() -> None:
    lies = origin(STRANGER, X_FORWARDED_FOR="10.0.0.7", X_CLIENT_VERIFY="SUCCESS", X_CLIENT_CERT=IN_PEM)
    assert lies == Origin(ip_address(STRANGER), None, relayed=True)
    assert origin(STRANGER) == Origin(ip_address(STRANGER), None, relayed=False)


@pytest.mark.parametrize("header", [IN_PEM, IN_DER], ids=["as nginx writes it", "as HAProxy writes it"])
def test_a_proxy_hands_on_a_certificate_that_it_has_verified(header: str) -> None:
    shown = origin(PROXY, X_FORWARDED_FOR=STRANGER, X_CLIENT_VERIFY="SUCCESS", X_CLIENT_CERT=header)
    assert shown.certificate == frozenset({"prs.example", "PRS of the house"})


@pytest.mark.parametrize("verified", ["", "NONE", "FAILED:expired", "success", "SUCCESS,SUCCESS", "0"])
def test_a_certificate_that_the_proxy_has_not_verified_is_none(verified: str) -> None:
    assert origin(PROXY, X_CLIENT_VERIFY=verified, X_CLIENT_CERT=IN_PEM).certificate is None


@pytest.mark.parametrize("header", ["", "nonsense", IN_PEM[:200], IN_DER[:200], "(null)", f"{IN_DER},{IN_DER}"])
def test_a_certificate_that_cannot_be_read_is_none(header: str) -> None:
    assert origin(PROXY, X_CLIENT_VERIFY="SUCCESS", X_CLIENT_CERT=header).certificate is None


def test_the_same_machine_seen_through_a_socket_of_both_kinds_is_the_same() -> None:
    assert origin("::ffff:10.0.0.7", X_FORWARDED_FOR=STRANGER).address == ip_address(STRANGER)


@given(TEXT, TEXT, st.one_of(TEXT, st.just("SUCCESS")), TEXT)
def test_whatever_headers_say_an_origin_is_told(peer: str, chain: str, verified: str, certificate: str) -> None:
    for where in (peer, PROXY):
        told = origin(where, X_FORWARDED_FOR=chain, X_CLIENT_VERIFY=verified, X_CLIENT_CERT=certificate)
        assert told.certificate is None
