"""External applications on phones: whatever they do, the set gets a page, and everything else goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from prs_apps.external.application import AT_ONCE
from simulators.o2g.process import simulated_o2g
from tests.phone import Phone
from tests.prs_apps.outside import PAGE, Outside, outside
from tests.registry_house import RegistryHouse, registry_house
from tests.walks import FAMILIES

LIST = '<HeaderBox label="News"/><ListBox active="0"><Item label="Story" href="story?id=1"/></ListBox>'


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("outside")) as application:
        yield application


@pytest.fixture(scope="module")
def house(there: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryHouse]:
    settings = {"external_inside": True, "external_ca": there.ca, "external_secrets": {"news": "s" * 16}}
    with (
        simulated_o2g(users=60) as o2g,
        registry_house(tmp_path_factory.mktemp("house"), o2g, **settings) as running,
    ):
        done = running.apps("register", "news", "--url", there.url, "--name", "en=News", "--seconds", "0.5")
        assert done.exit_code == 0, done.output
        yield running


@pytest.fixture(params=sorted(FAMILIES))
def phone(house: RegistryHouse, request: pytest.FixtureRequest) -> Phone:
    return house.phone(FAMILIES[str(request.param)])


def test_its_pages_fit_the_set_and_its_links_come_back_to_us(there: Outside, phone: Phone) -> None:
    there.serves("/news/", LIST.replace("Story", "A story of more words than any set has columns for, by far"))
    there.serves("/news/story", "<TextBox><Line>Told</Line></TextBox>")
    phone.open()
    phone.choose("News")
    (story,) = [item for item in phone.screen.items if item.href]
    assert story.href.startswith("https://phones.example/phone/news/page?link=")
    assert phone.get(story.href).text.endswith("Told")
    assert there.asked[-1].headers["X-Touchline-Number"] == phone.number


def test_anothers_link_into_it_is_refused(there: Outside, house: RegistryHouse, phone: Phone) -> None:
    there.serves("/news/", LIST)
    phone.open("news")
    (story,) = [item for item in phone.screen.items if item.href]
    other = house.phone("70010")
    other.get(story.href)
    assert (other.status, "P8" in other.screen.text) == (403, True)


def slow(request: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(1)


def says(status: int, body: bytes, **headers: str) -> Callable[[Outside], None]:
    return lambda there: there.gives("/news/", body, status, **headers)


FAULTS: dict[str, tuple[Callable[[Outside], None], str, bool]] = {
    "slow": (lambda there: there.answers.update({"/news/": slow}), "E1", True),
    "huge": (says(200, PAGE.format("<!--" + "x" * 100_000 + "-->").encode()), "E3", False),
    "invalid": (says(200, b"<html>Oops</html>"), "E3", False),
    "an entity": (says(200, b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'), "E3", False),
    "an error of its own": (says(500, b"Traceback"), "E2", True),
    "a redirect inside the network": (says(302, b"", Location="https://169.254.169.254/"), "E4", False),
    "a redirect to another server": (says(302, b"", Location="https://evil.example/"), "E4", False),
    "a redirect without end": (says(302, b"", Location="/news/"), "E2", True),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_it_does_wrong_is_a_page_with_a_code_and_the_menu_opens(there: Outside, phone: Phone, fault: str) -> None:
    misbehave, code, retry = FAULTS[fault]
    misbehave(there)
    phone.open("news")
    assert phone.status in {502, 504}
    assert f"Code {code}," in phone.screen.text
    labels = {*phone.screen.soft_key_labels, *(action.label for action in phone.screen.actions)}
    assert ("Retry" in labels) is retry
    assert "root:" not in phone.screen.text
    assert "Directory" in phone.press("Menu").labels


FORM = '<FrameBox href="order"><InputBox name="dish" label="Dish" kind="text" max="9"/></FrameBox>'


@pytest.fixture
def ordering(there: Outside, house: RegistryHouse) -> Iterator[Phone]:
    """A set that shows the form of an application which may take its time."""
    house.apps("register", "canteen", "--url", there.url, "--name", "en=Canteen", "--seconds", "5")
    there.serves("/news/", FORM)
    phone = house.phone("70000")
    phone.open("canteen")
    yield phone
    house.forget("canteen")


def posted(there: Outside) -> list[dict[str, str]]:
    """What arrived in forms."""
    return [asked.form for asked in there.asked if asked.method == "POST"]


def test_a_form_that_went_out_and_got_no_answer_may_be_done(
    there: Outside, ordering: Phone, house: RegistryHouse
) -> None:
    house.apps("change", "canteen", "--seconds", "0.5")
    there.answers["/news/order"] = slow
    before = len(posted(there))
    ordering.post(ordering.screen.form, {"dish": "Soup"})
    assert posted(there)[before:] == [{"dish": "Soup"}]
    assert (ordering.status, "Please look whether it was done." in ordering.screen.text) == (504, True)
    assert "Code X4," in ordering.screen.text
    assert "Retry" not in ordering.screen.soft_key_labels


def test_a_form_that_was_answered_with_an_error_is_not_sent_again(there: Outside, ordering: Phone) -> None:
    there.gives("/news/order", b"Traceback", 500)
    ordering.post(ordering.screen.form, {"dish": "Soup"})
    assert "Code E2," in ordering.screen.text
    assert "Retry" not in ordering.screen.soft_key_labels


def test_a_form_whose_result_is_somewhere_silent_may_be_done(
    there: Outside, ordering: Phone, house: RegistryHouse
) -> None:
    house.apps("change", "canteen", "--seconds", "0.5")
    there.gives("/news/order", b"", 303, Location="/news/ordered")
    there.answers["/news/ordered"] = slow
    ordering.post(ordering.screen.form, {"dish": "Soup"})
    assert "Code X4," in ordering.screen.text


def test_a_form_that_was_answered_is_not_sent_again_where_we_stumble_over_the_answer(
    there: Outside, ordering: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.serves("/news/order", "<TextBox><Line>Thank you</Line></TextBox>")
    form = ordering.screen.form
    before = len(posted(there))
    monkeypatch.setattr("prs_apps.external.application.read_page", stumbles)
    ordering.post(form, {"dish": "Soup"})
    assert posted(there)[before:] == [{"dish": "Soup"}]
    assert "Code X1," in ordering.screen.text
    assert "Retry" not in ordering.screen.soft_key_labels


def stumbles(*_: object) -> None:
    raise RuntimeError("a bug")


def test_retry_of_a_form_that_did_not_go_out_sends_what_was_typed(
    there: Outside, ordering: Phone, house: RegistryHouse
) -> None:
    going = threading.Event()

    def waits(_: BaseHTTPRequestHandler) -> None:
        going.wait(20)

    house.apps("change", "canteen", "--seconds", "10")  # all this takes its time on a machine that is busy
    there.answers["/news/story"] = waits
    before, form = len(there.asked), ordering.screen.form
    there.serves("/news/", LIST)
    others = [house.phone("70001") for _ in range(AT_ONCE)]
    (story,) = [item.href for item in others[0].open("canteen").items if item.href]
    threads = [threading.Thread(target=other.get, args=(story,)) for other in others]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 10
    while len(there.asked) < before + 1 + AT_ONCE:
        assert time.monotonic() < end, "not all of them wait"
        time.sleep(0.01)
    ordering.post(form, {"dish": "Soup"})
    assert "Code E1," in ordering.screen.text
    going.set()
    for thread in threads:
        thread.join()
    there.serves("/news/order", "<TextBox><Line>Thank you</Line></TextBox>")
    forms = len(posted(there))
    ordering.press("Retry")
    assert ordering.screen.text.endswith("Thank you")
    assert posted(there)[forms:] == [{"dish": "Soup"}]


def test_an_address_inside_is_not_asked_where_the_server_says_so(there: Outside, tmp_path: Path) -> None:
    there.serves("/news/", LIST)
    asked = len(there.asked)
    with simulated_o2g(users=60) as o2g, registry_house(tmp_path, o2g, external_ca=there.ca) as house:
        house.apps("register", "news", "--url", there.url, "--name", "en=News")
        phone = house.phone("70000")
        phone.open("news")
        assert (phone.status, "E4" in phone.screen.text) == (502, True)
        tried = house.apps("try", "news", "--number", "70000")
        assert (tried.exit_code, "leads inside the network" in tried.output) == (1, True)
    assert len(there.asked) == asked


def test_others_go_on_while_one_is_slow(there: Outside, house: RegistryHouse) -> None:
    there.answers["/news/"] = slow
    waiting = [threading.Thread(target=house.phone("70000").open, args=("news",)) for _ in range(20)]
    for thread in waiting:
        thread.start()
    assert "Directory" in house.phone("70001").open().labels
    for thread in waiting:
        thread.join()
