"""The dialect's schema, asked by many threads at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from lxml import etree

from prs.dialect import load_dialect
from prs.schema import fault_of

NOE = load_dialect("noe")
THREADS = 12
PAGES_EACH = 400


def page(title: str, box: str = "") -> etree._Element:
    root = etree.Element("{urn:touchline:noe:1}Page", {"id": "news.home", "lang": "en", "dir": "ltr"})
    etree.SubElement(root, "{urn:touchline:noe:1}HeaderBox", label=title)
    if box:
        etree.SubElement(root, f"{{urn:touchline:noe:1}}{box}")
    return root


def test_a_page_has_no_fault() -> None:
    assert fault_of(page("News"), NOE) == ""


def test_what_the_schema_does_not_allow_is_named() -> None:
    assert "Marquee" in fault_of(page("News", "Marquee"), NOE)


def test_threads_that_ask_at_once_each_hear_of_their_own_page() -> None:
    together = Barrier(THREADS)

    def ask(thread: int) -> list[str]:
        odd = f"Marquee{thread}"
        together.wait()
        found = []
        for _ in range(PAGES_EACH):
            found += [fault for fault in (fault_of(page("News"), NOE),) if fault]
            found += [fault for fault in (fault_of(page("News", odd), NOE),) if f"{odd}'" not in fault]
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        assert [found for found in pool.map(ask, range(THREADS)) if found] == []
