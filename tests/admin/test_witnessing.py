"""What is remembered of pages: bounded, and without anybody's number or link."""

from datetime import UTC, datetime

from lxml import etree

from admin.witnessing import KEPT, SCREENS, SERVERS, Witness, masked
from prs_apps.witness import Sighting

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PAGE = b"""<Page xmlns="urn:x">
  <HeaderBox label="Not possible" note="70121"/>
  <TextBox><Line>Call 70121, reference 12345678</Line></TextBox>
  <Item label="Menu" href="https://phones.example/phone/?link=secret&amp;number=70121"/>
</Page>"""


def sighting(**told: object) -> Sighting:
    given = {"screen": "menu.home", "status": 200, "seconds": 0.1, "server": "192.0.2.1", "model": "IP Touch 4068"}
    return Sighting(**{**given, "trouble": "", "correlation": "12345678", "body": b"", **told})  # type: ignore[arg-type]


def test_numbers_and_links_are_taken_off_a_page_and_its_reference_is_not() -> None:
    lines, source = masked(PAGE, "12345678")
    assert lines == ("Not possible •••", "Call •••, reference 12345678", "Menu")
    assert etree.fromstring(source).xpath("string(//*[@label='Menu']/@href)") == "•••"
    assert "70121" not in source
    assert "secret" not in source


def test_what_is_no_page_is_not_kept() -> None:
    assert masked(b"<not xml", "1") == ((), "")
    assert masked(b"", "1") == ((), "")
    assert masked(b"<a>" + b"x" * 100_000 + b"</a>", "1") == ((), "")
    assert masked(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "1")[0] in ((), ("",))


def test_refusals_push_no_failure_out_of_sight() -> None:
    witness = Witness(lambda: NOW)
    witness.see(sighting(status=500, trouble="X1", correlation="failure", body=PAGE))
    for number in range(KEPT * 3):
        witness.see(sighting(status=403, trouble="P1", correlation=f"refusal{number}", server=""))
    assert [one.correlation for one in witness.failed()] == ["failure"]
    assert len(witness.refused()) == KEPT
    assert witness.refused()[0].correlation == f"refusal{KEPT * 3 - 1}"
    unproven = witness.unproven()
    assert unproven is not None
    assert unproven.count == KEPT * 3


def test_servers_and_screens_are_bounded() -> None:
    witness = Witness(lambda: NOW)
    for number in range(SERVERS + 5):
        witness.see(sighting(server=f"192.0.2.{number}"))
    for number in range(SCREENS + 5):
        witness.see(sighting(screen=f"screen{number}"))
    assert len(witness.servers()) == SERVERS
    assert witness.servers()[0].address == "192.0.2.1"
    assert len(witness.slowest(SCREENS * 2)) == SCREENS


def test_the_slowest_screen_comes_first_with_what_is_usual() -> None:
    witness = Witness(lambda: NOW)
    for seconds in (0.1, 0.2, 3.0):
        witness.see(sighting(screen="slow", seconds=seconds))
    witness.see(sighting(screen="fast", seconds=0.01))
    slow, fast = witness.slowest(9)
    assert (slow.screen, slow.slowest, slow.median, slow.count) == ("slow", 3.0, 0.2, 3)
    assert fast.screen == "fast"
