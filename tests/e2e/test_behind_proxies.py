"""Touchline behind a real nginx and a real HAProxy, set up with the samples of deploy/."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.house import prs_client
from tests.phone import Phone
from tests.reverse_proxies import PROXIES
from tests.servers import free_port, need

NUMBER = {"number": "70000"}


@dataclass(frozen=True)
class Behind:
    """A house behind a proxy: where phones reach the proxy, and what is behind it."""

    house: DemoHouse
    url: str

    def client(self, *, certificate: bool = True, server_certificate: bool = False) -> httpx.Client:
        made = self.house.certificates
        trust = ssl.create_default_context(cafile=str(made.ca))
        if server_certificate:
            trust.load_cert_chain(made.server_cert, made.server_key)
        elif certificate:
            trust.load_cert_chain(made.prs_cert, made.prs_key)
        headers = {"X-PRS-Secret": self.house.touchline.secret}
        return httpx.Client(verify=trust, base_url=self.url, headers=headers, timeout=15)


@pytest.fixture(scope="module", params=sorted(PROXIES))
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    need(request.param, "usr/sbin")
    port = free_port()
    settings = {
        "TOUCHLINE_TRUSTED_PROXIES": '["127.0.0.1/32"]',
        "TOUCHLINE_PRS_NETWORKS": '["127.0.0.0/8"]',
        "TOUCHLINE_PUBLIC_URL": f"https://127.0.0.1:{port}",
    }
    folder = tmp_path_factory.mktemp(request.param)
    with (
        demo_house(users=100, settings=settings) as house,
        PROXIES[request.param](house.touchline.url, house.certificates, folder, port),
    ):
        yield Behind(house, f"https://127.0.0.1:{port}")


def test_the_presentation_server_is_let_in_through_a_proxy(behind: Behind) -> None:
    with behind.client() as prs:
        phone = Phone(prs, "70000")
        shown = phone.open("directory")
        assert phone.status == 200
        phone.post(shown.form, {"last_name": "smith", "first_name": ""})
        assert phone.settle().items


def test_a_caller_without_a_certificate_is_not_let_in_through_a_proxy(behind: Behind) -> None:
    with behind.client(certificate=False) as stranger:
        assert stranger.get("/phone/", params=NUMBER).status_code == 403


def test_a_certificate_in_another_name_is_not_let_in_through_a_proxy(behind: Behind) -> None:
    with behind.client(server_certificate=True) as stranger:
        assert stranger.get("/phone/", params=NUMBER).status_code == 403


@pytest.mark.parametrize(
    "names", [("X-Client-Verify", "X-Client-Cert"), ("X_Client_Verify", "X_Client_Cert")], ids=["as is", "underscores"]
)
def test_a_proxy_does_not_hand_on_what_a_client_says_of_its_certificate(behind: Behind, names: tuple[str, str]) -> None:
    pem = behind.house.certificates.prs_cert.read_text()
    lies = {names[0]: "SUCCESS", names[1]: str(httpx.QueryParams({"c": pem})).removeprefix("c=").replace("+", "%20")}
    with behind.client(certificate=False) as stranger:
        assert stranger.get("/phone/", params=NUMBER, headers=lies).status_code == 403


def test_a_proxy_does_not_hand_on_where_a_client_says_it_comes_from(behind: Behind) -> None:
    with behind.client() as prs:
        for lie in ("192.0.2.1", "nonsense", "192.0.2.1, 127.0.0.1"):
            assert prs.get("/phone/", params=NUMBER, headers={"X-Forwarded-For": lie}).status_code == 200


def test_the_proxy_itself_is_not_the_presentation_server(behind: Behind) -> None:
    """What comes from its address without its headers has no certificate, whatever the handshake showed."""
    with prs_client(behind.house) as direct:
        assert direct.get("/phone/", params=NUMBER).status_code == 403


def test_figures_are_not_told_through_a_proxy_on_the_same_machine(behind: Behind) -> None:
    with behind.client() as prs:
        assert prs.get("/metrics").status_code == 404
        assert prs.get("/healthz").status_code == 200


def test_a_proxys_headers_from_anywhere_else_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    settings = {"TOUCHLINE_TRUSTED_PROXIES": '["192.0.2.1/32"]', "TOUCHLINE_PRS_NETWORKS": '["192.0.2.0/24"]'}
    with demo_house(users=50, settings=settings) as house:
        pem = house.certificates.prs_cert.read_text()
        lies = {
            "X-Forwarded-For": "192.0.2.7",
            "X-Client-Verify": "SUCCESS",
            "X-Client-Cert": str(httpx.QueryParams({"c": pem})).removeprefix("c=").replace("+", "%20"),
        }
        for certificate in (True, False):
            with prs_client(house, certificate=certificate) as stranger:
                assert stranger.get("/phone/", params=NUMBER, headers=lies).status_code == 403
                assert stranger.get("/metrics", headers=lies).status_code == 403
