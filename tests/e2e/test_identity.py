"""Who may ask at all: the presentation server by its certificate and secret, over a real TLS connection."""

import json
import ssl
import time
from pathlib import Path

import httpx
import pytest

from prs.links import Holder, Link, LinkBuilder
from simulators.demo.certificates import make_certificates
from simulators.demo.house import DemoHouse
from store.shared import InProcess
from tests.house import Simulator, prs_client
from tests.pages import parse_page
from tests.phone import Phone

CLOSED = "This phone service is not open to you."


def test_the_presentation_server_is_let_in(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        phone = Phone(prs, "70000")
        phone.open()
        assert phone.status == 200


def test_a_caller_without_a_certificate_is_not(house: DemoHouse) -> None:
    with prs_client(house, certificate=False) as stranger:
        phone = Phone(stranger, "70000")
        assert CLOSED in phone.open().text
        assert phone.status == 403


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 4000])
def test_a_caller_without_the_secret_is_not(house: DemoHouse, secret: str) -> None:
    with prs_client(house, secret=secret) as stranger:
        phone = Phone(stranger, "70000")
        assert CLOSED in phone.open().text
        assert phone.status == 403


def test_a_certificate_of_the_same_authority_in_another_name_is_not_enough(house: DemoHouse) -> None:
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    trust.load_cert_chain(house.certificates.server_cert, house.certificates.server_key)
    headers = {"X-PRS-Secret": house.touchline.secret}
    with httpx.Client(verify=trust, base_url=house.touchline.url, headers=headers) as stranger:
        phone = Phone(stranger, "70000")
        assert CLOSED in phone.open().text


def test_a_certificate_of_another_authority_ends_the_connection(house: DemoHouse, tmp_path: Path) -> None:
    other = make_certificates(tmp_path)
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    trust.load_cert_chain(other.prs_cert, other.prs_key)
    with (
        httpx.Client(verify=trust, base_url=house.touchline.url) as stranger,
        pytest.raises(httpx.TransportError),
    ):
        stranger.get("/phone/", params={"number": "70000"})


def test_what_a_request_says_of_itself_changes_nothing(house: DemoHouse) -> None:
    lies = {
        "Host": "evil.example",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-SSL-Client-Verify": "SUCCESS",
        "X-Forwarded-Proto": "http",
    }
    with prs_client(house, certificate=False) as stranger:
        answer = stranger.get("/phone/", params={"number": "70000"}, headers=lies)
        assert answer.status_code == 403
    with prs_client(house) as prs:
        shown = parse_page(prs.get("/phone/", params={"number": "70000"}, headers=lies).content)
        assert all(href.startswith(f"{house.touchline.url}/phone/") for href in shown.keys.values())
        assert all(i.href.startswith(f"{house.touchline.url}/phone/") for i in shown.items if i.href)


def test_another_users_link_is_refused(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        anna, ben = Phone(prs, "70000"), Phone(prs, "70002")
        inside = anna.open("forwarding").items[0].href
        ben.get(inside)
        assert ben.status == 403
        assert "belongs to another phone" in ben.screen.text


def test_a_tampered_link_is_refused(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        inside = anna.open("forwarding").items[0].href
        anna.get(inside[:-4] + ("AAAA" if not inside.endswith("AAAA") else "BBBB"))
        assert anna.status == 403


def key(house: DemoHouse) -> str:
    """The key that the house signs with."""
    keys: list[str] = json.loads(house.settings["TOUCHLINE_LINK_KEYS"])
    return keys[-1]


def signed(house: DemoHouse, link: Link, *, at: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sign a link as the house does, but at another time."""
    with monkeypatch.context() as patch:
        patch.setattr("itsdangerous.timed.time.time", lambda: at)
        links = LinkBuilder(house.touchline.url, [key(house)], 1800, InProcess())
        return links.address(link, Holder("70000", "70000"))


def test_a_set_that_lay_idle_beyond_its_session_gets_its_application_back(
    house: DemoHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Link("forwarding", "divert", (("diversion", "forward"),))
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        anna.get(signed(house, link, at=time.time() - 86_400, monkeypatch=monkeypatch))
        assert anna.status == 200
        back = anna.screen
        assert back.title == anna.open("forwarding").title
        assert [item.label for item in back.items] == [item.label for item in anna.screen.items]


def test_an_expired_link_to_an_action_is_refused(house: DemoHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    link = Link("directory", "call", (("number", "70012"),), once=True)
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        anna.get(signed(house, link, at=time.time() - 86_400, monkeypatch=monkeypatch))
        assert anna.status == 410
        assert "too old" in anna.screen.text


def test_a_replayed_link_to_an_action_is_refused(house: DemoHouse, o2g: Simulator) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        form = anna.open("directory").form
        anna.post(form, {"last_name": "lindqvist", "first_name": "greta"})
        anna.settle()
        call = next(soft_key.href for soft_key in anna.screen.soft_keys if soft_key.label == "Call")
        before = o2g.called_from("70000")
        anna.get(call)
        assert anna.status == 200
        anna.get(call)
        assert anna.status == 409
        assert "pressed already" in anna.screen.text
        assert o2g.called_from("70000") == [*before, "70012"]
        o2g.end_calls()


def test_a_link_without_its_signature_is_refused(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        anna.get("/phone/forwarding/home")
        assert anna.status == 403
        assert "start from the menu" in anna.screen.text


def test_a_link_of_another_application_is_refused(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        anna = Phone(prs, "70000")
        inside = anna.open("forwarding").items[0].href
        anna.get(inside.replace("/forwarding/", "/directory/"))
        assert anna.status in {403, 404}


def test_health_and_readiness_answer_without_proof_and_metrics_only_here(house: DemoHouse) -> None:
    with prs_client(house) as prs:
        Phone(prs, "70000").open()
    with prs_client(house, certificate=False, secret="") as anyone:
        assert anyone.get("/healthz").status_code == 200
        assert anyone.get("/readyz").status_code == 200
        metrics = anyone.get("/metrics")
        assert metrics.status_code == 200
        assert 'touchline_screen_seconds_count{screen="menu.home",status="200"}' in metrics.text
        assert "oxe7" not in metrics.text
