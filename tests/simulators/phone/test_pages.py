"""Reading pages: safely, leniently, and telling what was odd."""

from pathlib import Path

import pytest

from simulators.phone.pages import NotAPage, read_page

PAGES = Path(__file__).parent / "pages"


def test_a_page_becomes_a_tree() -> None:
    reading = read_page((PAGES / "directory_home.xml").read_bytes())
    assert reading.tree.name == "Page"
    assert reading.tree.attributes["id"] == "directory.home"
    assert [child.name for child in reading.tree.children] == ["HeaderBox", "FrameBox", "SoftKeys", "Keys"]
    assert reading.tree.children[1].children[0].attributes["name"] == "last_name"
    assert reading.warnings == ()


def test_text_of_a_line_stays_as_it_is() -> None:
    reading = read_page((PAGES / "calling.xml").read_bytes())
    assert [line.text for line in reading.tree.children[1].children] == ["Alice Martin", "70012"]


@pytest.mark.parametrize("file", sorted(PAGES.glob("*.xml")), ids=lambda file: file.stem)
def test_pages_of_touchline_raise_no_warning(file: Path) -> None:
    assert read_page(file.read_bytes()).warnings == ()


def test_what_is_unknown_is_warned_of_and_left_to_the_phone_to_ignore() -> None:
    reading = read_page(
        b'<Page id="odd" lang="en" dir="ltr" colour="red"><Marquee/><ListBox><SoftKey/></ListBox></Page>'
    )
    told = "\n".join(reading.warnings)
    assert "namespace is missing" in told
    assert "<Page> has an unknown attribute: colour" in told
    assert "unknown element: <Marquee> in <Page>" in told
    assert "<SoftKey> does not belong in <ListBox>" in told


def test_no_more_than_fifty_warnings() -> None:
    assert len(read_page(b"<Page>" + b"<Odd/>" * 500 + b"</Page>").warnings) == 50


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not well-formed"),
        (b"<Page>", "not well-formed"),
        (b"\x00\xff\xfe", "not well-formed"),
        (b'<Page a="&undeclared;"/>', "not well-formed"),
        (b"<CiscoIPPhoneMenu/>", "the root is <CiscoIPPhoneMenu>"),
        (b"<!DOCTYPE Page><Page/>", "DOCTYPE"),
        (b'<!DOCTYPE Page [<!ENTITY f SYSTEM "file:///etc/passwd">]><Page>&f;</Page>', "DOCTYPE"),
        (b"<Page>" + b"<FrameBox>" * 40 + b"</FrameBox>" * 40 + b"</Page>", "nested deeper"),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotAPage, match=reason):
        read_page(body)


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE Page [<!ENTITY e0 "ha">{entities}]><Page id="&e11;"/>'.encode()
    with pytest.raises(NotAPage):
        read_page(body)
