"""The registry as a file in the administration: exported, imported after a look, compared with the one that is kept."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from simulators.demo.house import DemoHouse, demo_house
from store.registered import RegisteredApplication
from store.registry import Registry
from store.registry_file import read, write
from tests.admin.office import Office, Staff

NEWS = """format = "touchline-registry"
version = 1

[[applications]]
id = "news"
kind = "external"
names = { en = "News" }
external = { url = "https://apps.example/news" }
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "registry.toml"


@pytest.fixture(scope="module")
def own_house(kept: Path) -> Iterator[DemoHouse]:
    with demo_house(users=50, settings={"TOUCHLINE_REGISTRY_FILE": str(kept)}) as running:
        yield running


@pytest.fixture(scope="module")
def staff_here(own_house: DemoHouse) -> Iterator[Staff]:
    staff = Staff(own_house)
    yield staff
    staff.database.close()


@pytest.fixture(scope="module")
def anna(own_house: DemoHouse, staff_here: Staff) -> Iterator[Office]:
    office = Office(own_house)
    office.sign_in("anna", pyotp.TOTP(staff_here.hire("anna")).now())
    yield office
    office.close()


def applications(staff: Staff) -> dict[str, RegisteredApplication]:
    return {one.id: one for one in Registry(staff.database).everything().applications}


def test_an_import_shows_what_it_would_change_before_it_does(anna: Office, staff_here: Staff) -> None:
    page = anna.send(anna.open("/admin/file"), "/import", text=NEWS)
    assert page.title == "What the file would change"
    assert page.all("//h3") == ["+ added news"]
    assert "news" not in applications(staff_here)
    shown = anna.send(page, "/import", {"do": "import"})
    assert "The file is imported" in shown.done
    assert applications(staff_here)["news"].names == (("en", "News"),)
    again = anna.send(anna.open("/admin/file"), "/import", text=NEWS)
    assert "Nothing" in again.done


def test_what_is_exported_is_what_is_registered(anna: Office, staff_here: Staff) -> None:
    answer = anna.http.get("/admin/file/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="touchline-registry.toml"'
    assert {one.id: one for one in read(answer.text)} == applications(staff_here)


def test_what_a_file_does_not_have_goes_only_if_asked_and_never_what_is_built_in(
    anna: Office, staff_here: Staff
) -> None:
    other = NEWS.replace("news", "weather").replace("News", "Weather")
    anna.send(anna.send(anna.open("/admin/file"), "/import", text=other), "/import", {"do": "import"})
    assert {"news", "weather", "directory"} <= applications(staff_here).keys()
    page = anna.send(anna.open("/admin/file"), "/import", text=other, removing=True)
    assert "− removed news" in page.all("//h3")
    assert not [heading for heading in page.all("//h3") if "directory" in heading]
    anna.send(page, "/import", {"do": "import"})
    assert "news" not in applications(staff_here)
    assert "directory" in applications(staff_here)


def test_who_imports_what_was_changed_meanwhile_sees_the_difference_anew(anna: Office, staff_here: Staff) -> None:
    page = anna.send(anna.open("/admin/file"), "/import", text=NEWS)
    anna.send(anna.open("/admin/applications"), "/calls/switch", {"to": "off"})
    shown = anna.send(page, "/import", {"do": "import"})
    assert (shown.status, "was changed after you saw" in shown.alert) == (409, True)
    assert "news" not in applications(staff_here)
    anna.send(anna.open("/admin/applications"), "/calls/switch", {"to": "on"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a file"),
        ("x = \ny = 1", "line 1"),
        ('format = "somebody-elses"\nversion = 1', "no registry of Touchline"),
        (NEWS.replace("version = 1", "version = 2"), "this Touchline reads version 1"),
        (NEWS.replace("https:", "http:"), "line 8"),
        (NEWS.replace('"News"', '""'), "line 7"),
        (NEWS + NEWS.partition("\n\n")[2], "id news: also"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing_and_says_where(
    anna: Office, staff_here: Staff, text: str, words: str
) -> None:
    before = applications(staff_here)
    shown = anna.send(anna.open("/admin/file"), "/import", text=text)
    assert shown.status == 422
    assert words in shown.alert
    assert applications(staff_here) == before


def test_a_file_is_uploaded(anna: Office) -> None:
    token = anna.open("/admin/file").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for body, status in ((NEWS.encode(), 200), (b"\xff\xfe", 422), (b"#" * 3_000_000, 413)):
        answer = anna.http.post("/admin/file/import", data={"csrf_token": token}, files={"file": ("r.toml", body)})
        assert answer.status_code == status


def test_drift_is_told_from_the_file_on(anna: Office, staff_here: Staff, kept: Path) -> None:
    kept.unlink(missing_ok=True)
    assert "cannot be compared" in anna.open("/admin/file").done
    kept.write_text("non sense\n", encoding="utf-8")
    assert "line 1" in anna.open("/admin/file").text
    kept.write_text(write(applications(staff_here).values()), encoding="utf-8")
    assert "What is registered is what" in anna.open("/admin/file").done
    anna.send(anna.open("/admin/applications"), "/calls/switch", {"to": "off"})
    shown = anna.open("/admin/file")
    assert shown.all("//h3") == ["~ changed calls"]
    assert "enabled – false" in shown.all("//tbody/tr")
    anna.send(anna.open("/admin/applications"), "/calls/switch", {"to": "on"})
