import time
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from prs.errors import LinkAltered, LinkExpired, LinkOfAnother, LinkUsed
from prs.links import Holder, Link, LinkBuilder
from store.shared import InProcess
from tests.prs.hostile import TEXT

OLD, NEW = "o" * 32, "n" * 32
ANNA = Holder("70000", "70000")
MENU = Link("menu", "home", (("which", "mine"),))


def builder(*keys: str, seconds: int = 60) -> LinkBuilder:
    return LinkBuilder("https://phones.example:8443", keys or (NEW,), seconds, InProcess())


def token(address: str) -> str:
    return parse_qs(urlsplit(address).query)["link"][0]


@given(TEXT, st.integers(), st.booleans())
def test_a_link_comes_back_as_it_went_whatever_it_carries(name: str, page: int, flag: bool) -> None:
    links = builder()
    link = Link("directory", "results", (("name", name), ("page", page), ("flag", flag)))
    address = links.address(link, ANNA)
    assert urlsplit(address).path == "/phone/directory/results"
    assert links.read(token(address), "directory", "results", ANNA) == link


def test_an_entry_needs_no_signature_and_says_nothing_of_anyone() -> None:
    assert builder().address(Link("directory", "home"), ANNA) == "https://phones.example:8443/phone/directory"


def test_an_address_is_built_from_the_configured_url_only() -> None:
    assert builder().address(MENU, ANNA).startswith("https://phones.example:8443/phone/menu/home?link=")


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_an_altered_link_is_refused(position: int, character: str) -> None:
    links = builder()
    whole = token(links.address(Link("directory", "call", (("number", "70121"),)), ANNA))
    position %= len(whole)
    altered = whole[:position] + character + whole[position + 1 :]
    if altered == whole:
        return
    try:
        link = links.read(altered, "directory", "call", ANNA)
    except LinkAltered:
        return
    # The last letter of base64 has bits that mean nothing; what they say must still be what was signed.
    assert link == Link("directory", "call", (("number", "70121"),))


def test_a_link_opens_no_other_screen() -> None:
    links = builder()
    with pytest.raises(LinkAltered):
        links.read(token(links.address(Link("directory", "card"), ANNA)), "directory", "call", ANNA)


@pytest.mark.parametrize("holder", [Holder("70001", "70000"), Holder("70000", "70001")])
def test_a_link_of_another_user_or_set_is_refused(holder: Holder) -> None:
    links = builder()
    with pytest.raises(LinkOfAnother):
        links.read(token(links.address(MENU, ANNA)), "menu", "home", holder)


def test_an_expired_link_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    links = builder(seconds=60)
    old = token(links.address(MENU, ANNA))
    now = 10**10
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now)
    with pytest.raises(LinkExpired):
        links.read(old, "menu", "home", ANNA)


@pytest.mark.parametrize("back", [0.5, 59])
def test_a_clock_that_is_set_back_spoils_no_link(monkeypatch: pytest.MonkeyPatch, back: float) -> None:
    links = builder(seconds=60)
    whole = token(links.address(MENU, ANNA))
    now = time.time() - back
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now)
    assert links.read(whole, "menu", "home", ANNA) == MENU


def test_a_link_from_too_far_in_the_future_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    links = builder(seconds=60)
    whole = token(links.address(MENU, ANNA))
    now = time.time() - 62
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now)
    with pytest.raises(LinkExpired):
        links.read(whole, "menu", "home", ANNA)


def test_that_a_link_was_used_is_known_for_as_long_as_it_may_live() -> None:
    claims: list[int] = []

    class Noting(InProcess):
        def claim(self, name: str, seconds: int) -> bool:
            claims.append(seconds)
            return super().claim(name, seconds)

    links = LinkBuilder("https://phones.example:8443", (NEW,), 60, Noting())
    links.use(token(links.address(Link("directory", "call", once=True), ANNA)))
    assert claims == [120]  # the clock may be set back by a minute just after that


def test_a_rotated_key_still_verifies_and_the_new_one_signs() -> None:
    before = token(builder(OLD).address(MENU, ANNA))
    assert builder(OLD, NEW).read(before, "menu", "home", ANNA) == MENU
    after = token(builder(OLD, NEW).address(MENU, ANNA))
    assert builder(NEW).read(after, "menu", "home", ANNA) == MENU
    with pytest.raises(LinkAltered):
        builder(OLD).read(after, "menu", "home", ANNA)


def test_a_link_that_works_once_works_once() -> None:
    links = builder()
    once = token(links.address(Link("directory", "call", once=True), ANNA))
    links.use(once)
    with pytest.raises(LinkUsed):
        links.use(once)


def test_a_link_made_twice_works_once_each() -> None:
    links = builder()
    for _ in range(2):
        links.use(token(links.address(Link("directory", "call", once=True), ANNA)))


def test_a_screens_link_cannot_be_used_for_an_action() -> None:
    links = builder()
    with pytest.raises(LinkUsed):
        links.use(token(links.address(Link("directory", "call"), ANNA)))


@pytest.mark.parametrize(
    "payload", [None, [], ["a"] * 5, ["a", "b", "c", "d", {"x": [1]}], ["a", "b", "c", "d", {}, 5]]
)
def test_a_signed_payload_of_another_version_is_refused(payload: object) -> None:
    import hashlib

    serializer = URLSafeTimedSerializer(
        [NEW], salt="touchline.link", signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    )
    signed = serializer.dumps(payload)
    assert isinstance(signed, str)
    with pytest.raises(LinkAltered):
        builder().read(signed, "c", "d", Holder("a", "b"))
